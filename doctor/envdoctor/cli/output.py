"""Where does a document go, and how wide and colourful may it be?"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TextIO

from envdoctor.text.visible import visible

if TYPE_CHECKING:
    from envdoctor.render.lines import Line

DEFAULT_WIDTH = 80
SERVICES = ("CI", "TF_BUILD", "JENKINS_URL", "TEAMCITY_VERSION", "CODEBUILD_BUILD_ARN")
"""Of these at least one is set by every CI service that facts/session/context.py knows."""


class UsageProblem(Exception):  # noqa: N818 - the user's call is wrong, not the program
    """The call cannot be carried out: exit status 2, the message on stderr, nothing on stdout."""


def write(document: str, stream: TextIO | None = None) -> None:
    """Write a document to stdout as it is."""
    (stream or sys.stdout).write(document)


def complain(message: str, *, usage: str = "") -> None:
    """Write a message to stderr as one line. Names may stand in it, whatever these hold, a secret too.

    Args:
        message: what is wrong.
        usage: what is right, in lines of our own, which come first.
    """
    from envdoctor.text.secrets import Masker

    write(harmless(f"{usage}{visible(Masker().mask(message))}\n"), sys.stderr)


def write_file(path: str, document: str) -> None:
    """Write a document to a file, which is replaced as a whole. Raises UsageProblem; the old file is then as it was."""
    from envdoctor.system.writing import write_document

    try:
        write_document(path, document)
    except OSError as error:
        raise UsageProblem(f"cannot write {path}: {error.strerror or error}") from error


def shown(lines: Sequence[Line], stream: TextIO, env: Mapping[str, str] | None = None) -> str:
    """The lines as fits the stream: wrapped and coloured on a terminal, plain elsewhere.

    `NO_COLOR` (https://no-color.org), `TERM=dumb` and a CI service switch colours off, `FORCE_COLOR`
    (https://force-color.org) switches them on, also in a pipe.
    """
    from envdoctor.render.lines import painted, plain

    env = os.environ if env is None else env
    terminal = stream.isatty()
    plainly = env.get("NO_COLOR") or env.get("TERM") == "dumb" or in_ci(env)
    colour = bool(env.get("FORCE_COLOR")) or (terminal and not plainly)
    if not terminal and not colour:
        return harmless(plain(lines), env)
    return harmless(painted(lines, _width(stream) if terminal else 10_000, colour=colour), env)


def harmless(text: str, env: Mapping[str, str] | None = None) -> str:
    """A text for the log of a CI service, which would obey commands that stand in it; elsewhere the text itself."""
    env = os.environ if env is None else env
    if not in_ci(env):
        return text
    from envdoctor.text.workflow_commands import without_commands

    return without_commands(text)


def in_ci(env: Mapping[str, str]) -> bool:
    """Whether a CI service reads what is printed. `CI=false` says that it does not, as some tools have it."""
    return any(env.get(name, "").lower() not in ("", "0", "false") for name in SERVICES)


def _width(stream: TextIO) -> int:
    """The columns of the terminal, or what `COLUMNS` says; a terminal may have none."""
    said = os.environ.get("COLUMNS", "")
    if re.fullmatch("[1-9][0-9]{0,4}", said):
        return int(said)
    try:
        return os.get_terminal_size(stream.fileno()).columns or DEFAULT_WIDTH
    except OSError:  # also where the stream has no descriptor
        return DEFAULT_WIDTH
