"""How a patient takes a fix from `envdoctor fix`: in this shell, applied, or read and pasted."""

from __future__ import annotations

import enum
import re
import shlex
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from tests.clinic.shell import Done

Types = Callable[[str], Done]
"""Types a line into a shell."""
ANSWERING = Path(__file__).parent / "answering.py"
LEFT = re.compile(r"envdoctor: to be typed in this shell: (.*)$", re.MULTILINE)
TAKEN_IN = {"fish": "{} | source"}


class Way(enum.Enum):
    """How a fix was taken."""

    SESSION = "`fix --session`"
    APPLIED = "`fix --apply`"
    BOTH = "`fix --apply`, then `fix --session`"
    TYPED = "`fix --apply`, and the line that it says"
    PRINTED = "`fix`, pasted"
    BY_HAND = "by hand"
    PARTLY_BY_HAND = "partly by hand"


def taken(types: Types, command: str, shell: str, code: str, fixes: Sequence[dict[str, Any]], options: str) -> Way:
    """Take the fixes of a check, which stand in the report, by the command that is made for them. Each must succeed.

    Args:
        types: types into the patient's shell.
        command: how `envdoctor` is typed.
        shell: the name of the shell.
        code: the check.
        fixes: its fixes.
        options: more options, of an examination of this check alone.
    """
    narrow = f"--select {code} {options} {code}".replace("  ", " ")
    if all(_is_for_session(fix) for fix in fixes):
        _succeeds(types, _evaluated(f"{command} fix --session {narrow}", shell))
        return Way.SESSION
    if not all(_can_be_applied(fix) for fix in fixes):
        _succeeds(types, _evaluated(f"{command} fix {narrow}", shell))
        return Way.PRINTED
    line = f"{shlex.quote(sys.executable)} {shlex.quote(str(ANSWERING))} {command} fix --apply --yes {narrow}"
    done = types(line)
    told = done.stdout + done.stderr
    if f"{code}: not applied" in told:  # by the rules about what envdoctor runs: it is left to the person
        _succeeds(types, _evaluated(f"{command} fix {narrow}", shell))
        return Way.PRINTED
    expected = 3 if "to be completed in this shell" in told else 0
    assert done.status == expected, f"{line}: exit {done.status}\n{told}"
    assert expected or "resolved" in told, told
    if "resolved for new shells" in told:
        _succeeds(types, _evaluated(f"{command} fix --session {narrow}", shell))
        return Way.BOTH
    if lines := LEFT.findall(told):
        _succeeds(types, "\n".join(lines))
        return Way.TYPED
    return Way.APPLIED


def by_hand(fixes: Iterable[dict[str, Any]]) -> Way | None:
    """How far fixes are left to a person; None where commands do it all."""
    manual = [step["kind"] == "manual" for fix in fixes for step in fix["actions"]]
    if not any(manual):
        return None
    return Way.BY_HAND if all(manual) else Way.PARTLY_BY_HAND


def options_of(arguments: Iterable[str]) -> str:
    """The options of an examination without those that choose its checks."""
    words = iter(shlex.split(" ".join(arguments)))
    return shlex.join(word for word in words if word != "--select" or not next(words))


def _is_for_session(fix: dict[str, Any]) -> bool:
    return (fix["scope"], fix["safety"]) == ("session", "safe")


def _can_be_applied(fix: dict[str, Any]) -> bool:
    kinds = {step["kind"] for step in fix["actions"]}
    as_root = any(step.get("argv", [""])[0] == "sudo" for step in fix["actions"])
    return fix["scope"] == "lasting" and not as_root and bool(kinds & {"run", "edit-file"})


def _evaluated(command: str, shell: str) -> str:
    return TAKEN_IN.get(shell, 'eval "$({})"').format(command)


def _succeeds(types: Types, line: str) -> Done:
    done = types(line)
    assert done.status == 0, f"{line}: exit {done.status}\n{done.stdout}{done.stderr}"
    return done
