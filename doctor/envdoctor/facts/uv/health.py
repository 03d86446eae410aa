"""Does uv work at all here, with everything that is set for it? Only uv itself knows, for its own version."""

from __future__ import annotations

import os
import re

from msgspec.structs import replace

from envdoctor.engine.fact import (
    Fact,
    Refused,
    TimedOut,
    Unavailable,
    probe,
)
from envdoctor.facts.uv.installations import UvCopies, UvCopy
from envdoctor.facts.uv.settings import UvSettings
from envdoctor.system.child_processes import Completed, Ending
from envdoctor.system.files import Unreadable, are_unique, read_text
from envdoctor.system.session import Session
from envdoctor.text.patterns import pattern
from envdoctor.text.plain import is_plain, plain

QUESTION = ("cache", "dir")  # reads all that every command reads, and writes nothing

ESCAPES = pattern(r"\x1b\[[0-9;]*m")
VARIABLE = pattern(r"environment variable `([A-Z_0-9]+)`|invalid value for ([A-Z_0-9]+),")
OPTION = pattern(r"for '--([a-z-]+)[ ']")
FILE = pattern(r"[Ff]ailed to parse:? `?([^`\n]{1,4096}?\.toml)`?(?: during|$)", re.MULTILINE)
MISSING_FILE = pattern(r"failed to (?:read from|open) file `([^`]+)`")
MARKS = pattern(r"[ |]*+\^++")
LINE = pattern(r"TOML parse error at line (\d{1,9})")
OF_DIRECTORY = ("UV_CONFIG_FILE", "UV_ENV_FILE", "UV_PROJECT", "UV_WORKING_DIR", "UV_WORKING_DIRECTORY")
OPTIONS = {"directory": ("UV_WORKING_DIR", "UV_WORKING_DIRECTORY"), "system": ("UV_SYSTEM_PYTHON",)}


class UvComplaint(Fact, frozen=True):
    """One thing that uv finds wrong with what is set for it.

    Attributes:
        said: what, in uv's words without the list of what would be right.
        variable: the variable that it is about, if it is about one.
        file: the file that it is about, as uv names it.
        line: where in the file, from 1.
        text: that line; None if the file holds it elsewhere too, so that it cannot be taken out by its text, and if it
            holds more than words.
    """

    said: str
    variable: str | None = None
    file: str | None = None
    line: int | None = None
    text: str | None = None


class UvAnswer(Fact, frozen=True):
    """What the first uv says when it reads everything that is set for it.

    Attributes:
        command: the question that was put to it.
        refusal: why it refuses every command; None if it works.
        warnings: what it warns of.
    """

    command: str
    refusal: UvComplaint | None = None
    warnings: tuple[UvComplaint, ...] = ()


@probe
def probe_uv_answer(session: Session, copies: UvCopies, settings: UvSettings) -> UvAnswer:
    """Have the first uv read its variables and files as the user's next command will; not where nothing is set."""
    command = " ".join(("uv", *QUESTION))
    if not settings.variables and not settings.files:
        return UvAnswer(command)
    if copies.first.version is None:
        raise (Refused if copies.first.refused else Unavailable)(copies.first.silence)
    done = _asked(session, copies.first)
    if done.ending is Ending.REFUSED:
        raise Refused(f"{copies.first.path} {done.stderr}")
    if done.ending is not Ending.EXITED:
        raise TimedOut(f"{command}: {done.ending.value}")
    texts = re.split(r"(?<!\n)\n+(?=(?:warning|error|hint): )", ESCAPES.sub("", done.stderr).strip())
    names = tuple(variable.name for variable in settings.variables)
    refusals = [complaint(text, names) for text in texts if text.startswith("error: ")]
    warnings = tuple(_sure(complaint(text, names), settings) for text in texts if text.startswith("warning: "))
    refusal = refusals[0] if refusals else complaint("\n".join(texts) or f"exit status {done.status}", names)
    return UvAnswer(command, None if done.ok else _sure(refusal, settings), warnings)


def _asked(session: Session, uv: UvCopy) -> Completed:
    """What uv says in the working directory; a script, which may load anything there, is only told where that is."""
    env, here = session.own_environment(), session.cwd or "/"
    if not uv.is_script:
        return session.run(uv.path, *QUESTION, env=env, cwd=here)
    for name in OF_DIRECTORY:
        if (value := env.get(name)) and not os.path.isabs(value):
            raise Refused(f"{uv.path} is a script, which is not run in the working directory, and {name} is relative")
    done = session.run(uv.path, "--project", here, *QUESTION, env=env)
    if "--project" in done.stderr:
        raise Refused(f"{uv.path} is a script, which is not run in the working directory")
    return done


def _sure(found: UvComplaint, settings: UvSettings) -> UvComplaint:
    """The complaint without a line that its file does not hold exactly once."""
    if found.text is None:
        return found
    try:
        lines = read_text(settings.path_of(found.file or "")).splitlines()
    except Unreadable:
        lines = []
    return found if are_unique([found.text], lines) else replace(found, text=None)


def complaint(text: str, names: tuple[str, ...]) -> UvComplaint:
    """What a message of uv is about; `names` are the variables that are set."""
    lines = text.splitlines()
    # what marks point at from below is quoted, and not said
    said = [
        line.strip(" |^") for line, below in zip(lines, [*lines, ""][1:], strict=True) if not MARKS.fullmatch(below)
    ]
    told = [line for line in said if line and not re.match(r"\d+ \||For more information|\[possible values", line)]
    last = re.sub(r"^(error|warning|cause|Caused by): ", "", told[-1] if told else text)
    file, line = FILE.search(text) or MISSING_FILE.search(text), LINE.search(text)
    return UvComplaint(
        plain(re.sub(r",? expected one of .*", "", last)),
        _variable(text, names),
        file[1] if file else None,
        int(line[1]) if line else None,
        _line(text, line[1]) if line else None,
    )


def _line(text: str, number: str) -> str | None:
    """The line that a message quotes; None where it holds more than words, since its key may be unknown."""
    quoted = re.search(rf"^ *{number} \| (.*)$", text, re.MULTILINE)
    return quoted[1] if quoted and is_plain(quoted[1]) else None


def _variable(text: str, names: tuple[str, ...]) -> str | None:
    """The variable that a message means, perhaps by the option that the variable stands for."""
    if found := VARIABLE.search(text):
        return found[1] or found[2]
    option = OPTION.search(text)
    if option is None:
        return None
    candidates = (*OPTIONS.get(option[1], ()), f"UV_{option[1].upper().replace('-', '_')}")
    return next((name for name in candidates if name in names), None)
