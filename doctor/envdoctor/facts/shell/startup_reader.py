"""What does the text of a start-up file do to the search path, to variables, and to the names of commands?"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from msgspec.structs import replace

from envdoctor.facts.shell.conda_blocks import conda_blocks
from envdoctor.facts.shell.expansion import (
    Edit,
    TooLong,
    expand,
    marked,
    split_list,
    unmarked,
    unquoted,
)
from envdoctor.facts.shell.harmless import INTERACTIVE, are_harmless, is_harmless, without_words
from envdoctor.facts.shell.parser import Command, Place, commands
from envdoctor.facts.shell.startup_lines import (
    EXPORTS,
    NAMES,
    LineKind,
    StartupLine,
)
from envdoctor.facts.shell.tokenizer import Broken
from envdoctor.text import limits
from envdoctor.text.patterns import pattern

# the tools whose arguments are kept; another's may hold a secret
TOOLS = (
    *("pyenv", "conda", "mamba", "micromamba", "mise", "rtx", "asdf", "direnv", "brew", "pixi", "uv", "uvx", "pipx"),
    *("poetry", "pdm", "hatch"),
)
PYENV_VIRTUALENV = "pyenv-virtualenv"  # its `pyenv virtualenv-init` puts no shims of Pythons on the search path
ASSIGNMENT = pattern(r"([A-Za-z_][A-Za-z0-9_]*)(\+?)=(.*)", re.DOTALL)
SUBSTITUTION = pattern(r"(?:\$\(|<\(|\(|`)(.*)[)`]", re.DOTALL)
HOLDS_SUBSTITUTION = pattern(r"[^(`]*+[(`][^)`]*+[)`]")


def read_lines(
    file: str, text: str, known: Mapping[str, str], *, fish: bool = False, exports_all: bool = False
) -> Iterator[StartupLine]:
    """What a start-up file does. Raises `shell_syntax.Broken` where it cannot be read any further.

    `known` are the variables whose values are known when it begins, to expand paths with; `exports_all` is for
    `/etc/environment`, where each assignment is an export.
    """
    blocks = tuple(conda_blocks(file, text, known))
    yield from (block for block in blocks if block.end is None)
    waiting = [block for block in blocks if block.end is not None]
    reading = _FishReading(file, known) if fish else _Reading(file, known, exports_all=exports_all)
    try:
        for command in commands(text, fish=fish):
            around = next((block for block in blocks if block.number <= command.line <= (block.end or 0)), None)
            if around is None:
                yield from reading.take(command)
            elif around in waiting:  # its first command tells where it stands
                waiting.remove(around)
                yield replace(around, place=Place.FUNCTION) if command.place is Place.FUNCTION else around
    except Broken:
        yield from waiting
        raise
    yield from waiting
    yield from (replace(line, kind=LineKind.ASSIGNMENT) for line in reading.unexported.values())
    if text.endswith(("\\", "\\\n")):  # what is appended would belong to the last line
        yield StartupLine(file=file, number=len(text.splitlines()), text="\\", kind=LineKind.STOP, name="\\")


class _Reading:
    """Goes through the commands of one file of bash, zsh or sh."""

    def __init__(self, file: str, known: Mapping[str, str], *, exports_all: bool = False) -> None:
        self.file = file
        self.known = dict(known)
        self.exports_all = exports_all
        self.previous: tuple[str, ...] = ()
        self.unexported: dict[str, StartupLine] = {}
        self._room = limits.VALUES

    def _expand(self, text: str) -> str:
        """What a word comes to. Raises TooLong, also where all words of a file together would fill the memory."""
        found = expand(text, self.known)
        self._room -= max(len(found) - len(text), 0)
        if self._room < 0:
            raise TooLong(f"its values come to more than {limits.VALUES:,} characters")
        return found

    def take(self, command: Command) -> Iterator[StartupLine]:
        """What a command does, if it is of interest."""
        first, rest = unquoted(command.words[0]), command.words[1:]
        piped_from, self.previous = (self.previous if command.piped else ()), command.words
        if first in (".", "source") and piped_from and rest in ((), ("-",)):
            yield from self._initialise(command, piped_from, f"{' '.join(piped_from)} | {first}")
        elif first in (".", "source", "eval") and rest:
            yield from self._source(command, first, rest)
        elif first in ("return", "exit") or (first == "exec" and rest):
            yield from self._end(command, first)
        elif first == "function" and rest and unquoted(rest[0]) in NAMES:
            yield self._line(command, LineKind.FUNCTION, unquoted(rest[0]), f"function {unquoted(rest[0])}")
        elif first == "alias":
            yield from self._alias(command, rest)
        elif first == "unset" and "-f" not in rest:
            yield from self._removed(command, rest)
        else:
            yield from self._variables(command, first, rest)

    def _line(
        self,
        command: Command,
        kind: LineKind,
        name: str,
        text: str,
        value: str | None = None,
        edit: Edit | None = None,
        directories: tuple[str, ...] = (),
    ) -> StartupLine:
        return StartupLine(
            file=self.file,
            number=command.line,
            text=text,
            kind=kind,
            name=name,
            value=value,
            edit=edit,
            directories=directories,
            place=command.place,
            interactive_only=_asks(command) and kind is not LineKind.GUARD,
        )

    def _end(self, command: Command, first: str) -> Iterator[StartupLine]:
        """A command after which the rest of the file is not read."""
        if command.place is Place.FUNCTION:
            return
        if _asks(command) and first != "exec":
            yield self._line(command, LineKind.GUARD, first, f"{without_words(command.when[-1])} … {first}")
        else:
            yield self._line(command, LineKind.STOP, first, first)  # the condition may hold a secret

    def _source(self, command: Command, first: str, words: tuple[str, ...]) -> Iterator[StartupLine]:
        """`eval "$(tool …)"`, `source <(tool …)` and `. file`."""
        called = unquoted(" ".join(words)) if first == "eval" else words[0]
        if inner := SUBSTITUTION.fullmatch(called):
            yield from self._initialise(command, tuple(inner[1].split()), f"{first} {' '.join(words)}")
        elif first != "eval":
            yield self._line(command, LineKind.SOURCE, self._expand(marked(words[0])), f"{first} {words[0]}")

    def _initialise(self, command: Command, words: tuple[str, ...], text: str) -> Iterator[StartupLine]:
        """What a tool prints is run."""
        called = tuple(word for word in words if not ASSIGNMENT.fullmatch(word) and word not in ("command", "env"))
        if not called:
            return
        program = self._expand(marked(called[0]))
        tool = os.path.basename(program)
        if any(map(ASSIGNMENT.fullmatch, words)):
            text = " ".join(called)
        if tool in TOOLS:
            name = PYENV_VIRTUALENV if tool == "pyenv" and "virtualenv-init" in called else tool
            if not are_harmless(called[1:]):
                text, called = f"{tool} …", (*called[:1], *filter(is_harmless, called[1:]))
            yield self._line(command, LineKind.INIT, name, text, " ".join([program, *map(unquoted, called[1:])]))
        else:
            yield self._line(command, LineKind.INIT, tool, f"{tool} …")

    def _alias(self, command: Command, words: tuple[str, ...]) -> Iterator[StartupLine]:
        for word in words:
            name, equals, target = unquoted(word).partition("=")
            if equals and name in NAMES:
                text, shown = _of_alias(name, target)
                yield self._line(command, LineKind.ALIAS, name, f"alias {text or word}", shown)

    def _variables(self, command: Command, first: str, rest: tuple[str, ...]) -> Iterator[StartupLine]:
        """Assignments, exported or not. `NAME=value command` sets it for that command alone and does not count."""
        exported, words = self.exports_all, command.words
        if first in ("export", "declare", "typeset"):
            options = [word for word in rest if word.startswith("-")]
            exported, words = first == "export" or any("x" in option for option in options), rest
            text = f"{first} {' '.join(options)} ".replace("  ", " ")
        elif all(map(ASSIGNMENT.fullmatch, words)):
            text = ""
        else:
            return
        for word in words:
            if found := ASSIGNMENT.fullmatch(word):
                line = self._assign(command, found, f"{text}{word}")
                if line and (exported or line.kind is LineKind.PATH):
                    yield line
                elif line:
                    self.unexported[line.name] = line
            elif exported and word in self.unexported:
                yield self.unexported.pop(word)

    def _removed(self, command: Command, words: Iterable[str]) -> Iterator[StartupLine]:
        for name in filter(EXPORTS.__contains__, words):
            if command.place is not Place.FUNCTION:
                self.unexported.pop(name, None)
            yield self._line(command, LineKind.UNSET, name, " ".join(command.words))

    def _assign(self, command: Command, assignment: re.Match[str], text: str) -> StartupLine | None:
        name, adds, raw = assignment.groups()
        if name == "path" and raw.startswith("("):  # zsh's other name for the search path
            name, raw = "PATH", ":".join(raw[1:-1].replace("$path", "$PATH").split())
            adds = f"{adds}:" if adds else ""
        value = f"${name}{adds[1:]}{marked(raw)}" if adds else marked(raw)
        line = self._edit(command, name, value, text) if name == "PATH" or name in EXPORTS else None
        if not HOLDS_SUBSTITUTION.match(value):
            self.known[name] = self._expand(value)
        return line

    def _edit(self, command: Command, name: str, value: str, text: str) -> StartupLine:
        """A variable that is set, with what becomes of its elements if it is a list of directories."""
        kind = LineKind.PATH if name == "PATH" else LineKind.EXPORT
        edit, elements = split_list(name, value)
        expanded = tuple(self._expand(element) for element in elements)
        is_list = name.endswith("PATH")
        return self._line(
            command, kind, name, text, unmarked(value), edit if is_list else None, expanded if is_list else ()
        )


class _FishReading(_Reading):
    """Goes through the commands of one file of fish."""

    def _alias(self, command: Command, words: tuple[str, ...]) -> Iterator[StartupLine]:
        if len(words) > 1 and "=" not in words[0]:
            words = (f"{words[0]}={' '.join(words[1:])}",)
        yield from super()._alias(command, words)

    def _variables(self, command: Command, first: str, rest: tuple[str, ...]) -> Iterator[StartupLine]:
        options = [word for word in rest if word.startswith("-")]
        words = [word for word in rest if not word.startswith("-")]
        if first == "fish_add_path":
            elements = ":".join(map(marked, words))
            added = f"$PATH:{elements}" if _has(options, "a", "append") else f"{elements}:$PATH"
            yield self._edit(command, "PATH", added, " ".join(command.words))
        elif first == "set" and _has(options, "e", "erase"):
            yield from self._removed(command, words)
        elif first == "set" and words:
            name, values = words[0], [marked(word) for word in words[1:]]
            value = (":" if name.endswith("PATH") else " ").join(values)
            if _has(options, "p", "prepend"):
                value = f"{value}:${name}"
            elif _has(options, "a", "append"):
                value = f"${name}:{value}"
            if name == "PATH" or (name in EXPORTS and _has(options, "x", "export")):
                yield self._edit(command, name, value, " ".join(command.words))
            if not HOLDS_SUBSTITUTION.match(value):
                self.known[name] = self._expand(value)


def _of_alias(name: str, target: str) -> tuple[str | None, str]:
    """The text to show of an alias, None for all of it, and what it stands for as far as that holds no secret."""
    first, *rest = target.split() or [""]
    if ASSIGNMENT.match(first):
        return f"{name}='{first.partition('=')[0]}=…'", ""
    return (None, target) if are_harmless(rest) else (f"{name}='{first} …'", first)


def _asks(command: Command) -> bool:
    """Whether the command depends on the shell being interactive."""
    return any(map(_is_interactive, command.when))


@lru_cache(maxsize=256)
def _is_interactive(head: str) -> bool:
    return INTERACTIVE.search(head) is not None


def _has(options: Iterable[str], short: str, long: str) -> bool:
    return any(option == f"--{long}" or (option[1:2] != "-" and short in option) for option in options)
