"""Which interpreter does a script mean? The first lines of the file say it, in one of several spellings.

- direct: `#!/env/bin/python`, with at most one argument (pipx adds `-E`)
- through env: `#!/usr/bin/env python`, which is what conda writes where the path is too long or has a space; `-S` too
- a trampoline, for the same trouble, by pip and uv: `#!/bin/sh`, then `'''exec' /env/bin/python "$0" "$@"`; pip leaves
  the path bare or puts it in `"…"`, uv in `'…'`, mamba ends the line with `#'''`
- the same with a path that is computed from the script's own place: a relocatable environment of uv
"""

from __future__ import annotations

import enum
import os
import sys

from envdoctor.engine.fact import Fact
from envdoctor.text.patterns import pattern

HEAD_SIZE = 5000  # a trampoline holds a path, which may have 4096 bytes

BLANKS = pattern(r"[ \t]+")  # what the kernel separates by; a carriage return is part of the name
EXEC = pattern(
    r"""(?:'''exec'|"exec")[ \t]++([^ \t\n]++(?:[ \t]++(?!"\$0"[ \t])[^ \t\n]++)*+)[ \t]++"\$0"[ \t]++"\$@\""""
)
# `"$(dirname -- "$(realpath -- "$0")")"/`; the quotation mark may also close only after the path that follows
OWN_DIRECTORY = pattern(
    r'"(?:\$\([^\n]{0,50}dirname[^\n]{0,50}\$\{?0\b[^\n]{0,50}?\)|`[^`\n]{0,50}dirname[^`\n]{0,50}`)("?)/'
)
ASSIGNMENT = pattern(r"[A-Za-z_][A-Za-z0-9_]*=")
SPLIT_OPTION = pattern(r"-[a-zA-Z0]*S|--split-string=?")
# env(1) of GNU coreutils 9.5, and `-P` of FreeBSD's
OPTIONS_WITH_VALUE = ("-u", "--unset", "-C", "--chdir", "-P")


class Means(enum.Enum):
    """How a header names the interpreter."""

    ABSOLUTE = "an absolute path"
    BESIDE_SCRIPT = "relative to the script's own directory"
    SEARCH_PATH = "a name looked up on the search path"
    WORKING_DIRECTORY = "relative to the working directory"


class ScriptHeader(Fact, frozen=True):
    """The header of a script.

    Attributes:
        interpreter: the interpreter as it is named: a path, or a name.
        means: how to read it.
        arguments: what the interpreter is given before the script.
        line: the first line, verbatim.
        trampoline: whether `/bin/sh` starts the interpreter, because the first line could not.
    """

    interpreter: str
    means: Means
    arguments: tuple[str, ...]
    line: str
    trampoline: bool = False

    @property
    def reach(self) -> int:
        """How many bytes the system must read to know what to start: up to the end of the first line's program."""
        rest = self.line[2:].lstrip(" \t")
        return len(os.fsencode(self.line)) - len(os.fsencode(rest)) + len(os.fsencode(BLANKS.split(rest, 1)[0]))


def parse(head: bytes, platform: str = sys.platform) -> ScriptHeader | None:
    """The header in the first bytes of a file; None if it has none. Never raises."""
    if not head.startswith(b"#!"):
        return None
    line, _, rest = head.decode("utf-8", "surrogateescape").partition("\n")
    program, *argument = BLANKS.split(line[2:].strip(" \t"), maxsplit=1)
    if not program:
        return None
    if os.path.basename(program) == "sh" and (call := EXEC.match(rest)):
        return _trampoline(call[1], line)
    # Linux hands over all that follows as a single argument, macOS splits it.
    arguments = BLANKS.split(argument[0]) if argument and platform == "darwin" else argument
    program, *arguments = _started_by_env(program, arguments) or [program, *arguments]
    return ScriptHeader(program, _means(program), tuple(arguments), line)


def _trampoline(call: str, line: str) -> ScriptHeader | None:
    if own := OWN_DIRECTORY.match(call):
        call = ("" if own[1] else '"') + call[own.end() :]
    program, *arguments = _split(call) or [""]
    if not own:
        program, *arguments = _started_by_env(program, arguments) or [program, *arguments]
    means = Means.BESIDE_SCRIPT if own else _means(program)
    return ScriptHeader(program, means, tuple(arguments), line, trampoline=True) if program else None


def _started_by_env(program: str, arguments: list[str]) -> list[str]:
    """The command that `env` starts when it is given these arguments; empty if this is not `env` or it starts none."""
    words = list(arguments) if os.path.basename(program) == "env" else []
    while words:
        if option := SPLIT_OPTION.match(words[0]):
            words[:1] = _split(words[0][option.end() :])
        elif words[0] in OPTIONS_WITH_VALUE:
            del words[:2]
        elif not words[0] or words[0].startswith("-") or ASSIGNMENT.match(words[0]):
            del words[0]
        else:
            break
    return words


def _split(words: str) -> list[str]:
    """The words of a shell command; none where quotes are left open."""
    import shlex

    try:
        return shlex.split(words)
    except ValueError:
        return []


def _means(program: str) -> Means:
    if os.path.isabs(program):
        return Means.ABSOLUTE
    return Means.WORKING_DIRECTORY if "/" in program else Means.SEARCH_PATH
