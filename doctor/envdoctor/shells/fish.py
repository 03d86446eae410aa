"""The steps of a fix as fish says them."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import assert_never

from envdoctor.engine.fix import (
    Activate,
    AnyAction,
    CopyVariable,
    Deactivate,
    EditFile,
    Manager,
    Manual,
    PrependPath,
    RemoveFromPath,
    Run,
    SetFromOutput,
    SetVariable,
    UnsetVariable,
)
from envdoctor.shells import posix
from envdoctor.shells.part import Part
from envdoctor.shells.quoting import fish as quote
from envdoctor.shells.quoting import joined
from envdoctor.text.visible import visible


def command(action: AnyAction) -> str:  # noqa: PLR0911, PLR0912, C901 - one branch a kind of step
    """The line to paste for one step."""
    match action:
        case Run():
            variables = "".join(f"{name}={quote(value)} " for name, value in action.variables)
            line = variables + joined(action.argv, quote)
            return f"fish -c {quote(f'cd {quote(action.directory)}; and {line}')}" if action.directory else line
        case SetVariable():
            return f"set -gx {action.name} {quote(action.value)}"
        case CopyVariable():
            return f'set -gx {action.name} "${action.source}"'
        case SetFromOutput():
            return f"set -gx {action.name} ({joined(action.argv, quote)})"
        case UnsetVariable():
            return f"set -e {action.name}; or true"
        case PrependPath():
            return f"set -gx {action.variable} {quote(action.directory)} ${action.variable}"
        case RemoveFromPath():
            return _remove(action)
        case Activate(manager=Manager.CONDA):
            return f"conda activate {quote(action.environment)}"
        case Activate():
            return f"source {quote(f'{action.environment}/bin/activate.fish')}"
        case Deactivate(manager=Manager.CONDA):
            return "conda deactivate"
        case Deactivate():
            return "functions -q deactivate; and deactivate; or set -e VIRTUAL_ENV VIRTUAL_ENV_PROMPT; or true"
        case EditFile():
            return f"sh -c {quote(posix.edit(action, shlex.quote))}"
        case Manual():
            return f"# {visible(action.text)}"
        case _:
            assert_never(action)


def _remove(action: RemoveFromPath) -> str:
    """Keep the other elements as they are: what a command prints would be split at line ends."""
    elements = f"(string split ';' -- ${action.variable})" if action.semicolons else f"${action.variable}"
    loop = f'for e in {elements}; test "$e" != {quote(action.directory)}; and set -a k $e; end'
    return f"begin; set -l k; {loop}; true; set -gx {action.variable} $k; end"


def group(parts: Sequence[Part]) -> str:
    """The fixes as one block for `source`: cut off anywhere it is no command at all, and its status is the verdict.

    `set` passes on the status of what stood before it, so each chain begins with `true`.
    """
    lines = ["begin", "set -l r 0"]
    for part in parts:
        steps = "; and ".join(("true", *(f"begin; {_evaluated(action)}; end" for action in part.actions)))
        lines += [
            f"# {visible(part.title)}",
            f"begin; {steps}; end; or begin; printf '%s\\n' {quote(part.failure)} >&2; set r 1; end",
        ]
    return "".join(f"{line}\n" for line in (*lines, "test $r = 0", "end"))


def _evaluated(action: AnyAction) -> str:
    """A step that fails where what it is made of fails."""
    if isinstance(action, SetFromOutput):
        return f"set -l o ({joined(action.argv, quote)}); and set -gx {action.name} $o"
    return command(action)
