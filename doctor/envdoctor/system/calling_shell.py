"""In which shell was envdoctor typed, and how was it started? Told from the processes above, never by `SHELL`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

import msgspec

from envdoctor.system.processes import Process
from envdoctor.text.patterns import pattern

SHELLS = frozenset(
    {"ash", "bash", "csh", "dash", "elvish", "fish", "ksh", "mksh", "nu", "pwsh", "sh", "tcsh", "xonsh", "zsh"}
)
SAME = {"rbash": "bash", "rzsh": "zsh", "oksh": "ksh", "lksh": "mksh"}
FILE_NAME = pattern(r"[-.]?([a-z]+)(-?[0-9][0-9.]*)?(-wrapped)?")
# scripts that start a command for the user: the shell that runs them is not the one the user types in
LAUNCHING = frozenset({"asdf", "conda", "envdoctor", "mise", "pipenv", "pipx", "poetry", "pyenv", "pyenv-exec", "uv"})
# bash(1) 5.2 and zshoptions(1) 5.9, fish(1) 4.0, `nu --help` 0.100:
# options whose value is the next argument
OF_POSIX = frozenset({"-o", "+o", "-O", "+O", "--rcfile", "--init-file", "--emulate"})
OF_FISH = frozenset({"-C", "-d", "-f", "-o", "--init-command", "--debug", "--debug-output", "--features", "--profile"})
OF_NU = frozenset({"-e", "-m", "--config", "--env-config", "--execute", "--log-level", "--plugin-config"})


class CallingShell(msgspec.Struct, frozen=True):
    """A shell among the processes above.

    Attributes:
        name: `bash`, `zsh`, `fish`, `dash` …
        process: the process.
        login: whether it was started as a login shell.
        interactive: whether it takes its commands from a person; None where that cannot be known.
    """

    name: str
    process: Process
    login: bool
    interactive: bool | None


class Invocation(msgspec.Struct, frozen=True):
    """What a shell was asked to do.

    Attributes:
        flags: `login`, `command`, `interactive`, as its options say.
        script: the script it runs; None if it was given a command, or takes commands from its input.
    """

    flags: frozenset[str]
    script: str | None


def find(above: Sequence[Process]) -> CallingShell | None:
    """The nearest shell among these processes, nearest first, that does not merely run a launcher's script."""
    for process in above:
        name = name_of(process)
        if name is None:
            continue
        asked = invocation(name, process.argv)
        if asked.script is not None and os.path.basename(asked.script) in LAUNCHING:
            continue
        login = "login" in asked.flags or "".join(process.argv[:1]).startswith("-")
        return CallingShell(name, process, login, _is_interactive(process, asked))
    return None


def name_of(process: Process) -> str | None:
    """Which shell a process is; None if it is none.

    The file that it runs counts, because a script goes by its own name and a login shell by `-bash`. Where several
    programs share one file, as with busybox, or a Python runs the shell, the arguments decide.
    """
    file = os.path.basename(process.exe or "")
    if file.startswith("busybox"):
        return "ash" if any(_stem(word) in ("ash", "sh") for word in process.argv[:2]) else None
    if file.startswith(("python", "pypy")):
        return "xonsh" if any(_stem(word) == "xonsh" for word in process.argv[1:3]) else None
    return _stem(file or next(iter(process.argv), process.name))


def _stem(path: str) -> str | None:
    match = FILE_NAME.fullmatch(os.path.basename(path))
    name = SAME.get(match[1], match[1]) if match else ""
    return name if name in SHELLS else None


def invocation(name: str, argv: Sequence[str]) -> Invocation:
    """What the arguments ask of a shell."""
    if name == "pwsh":
        return _of_powershell(argv)
    first = 2 if name == "xonsh" else 1
    rest = iter(argv[first:])
    flags: set[str] = set()
    for argument in rest:
        if not argument.startswith(("-", "+")) or argument in ("-", "--"):
            script = argument if argument not in ("-", "--") else next(rest, None)
            return Invocation(frozenset(flags), None if "command" in flags or "input" in flags else script)
        flags.update(_flags(argument))
        if _takes_value(name, argument):
            next(rest, None)
    return Invocation(frozenset(flags), None)


def _flags(option: str) -> Iterator[str]:
    if option.startswith("--"):
        yield option[2:].partition("=")[0]
    elif option.startswith("-"):
        meanings = {"l": "login", "c": "command", "i": "interactive", "s": "input"}
        yield from (meanings[letter] for letter in option[1:] if letter in meanings)


def _takes_value(name: str, option: str) -> bool:
    if name == "fish":
        return option in OF_FISH
    if name == "nu":
        return option in OF_NU
    bundle = option.startswith(("-", "+")) and not option.startswith("--") and option.endswith(("o", "O"))
    return option in OF_POSIX or bundle


def _of_powershell(argv: Sequence[str]) -> Invocation:
    """PowerShell's options are words of any case, with one hyphen; an argument that is no option is a script."""
    flags: set[str] = set()
    for place, argument in enumerate(argv[1:], 2):
        flag = argument[1:].lower() if argument.startswith("-") else "file"
        flags.add({"l": "login", "c": "command", "i": "interactive", "f": "file"}.get(flag, flag))
        if "command" in flags:
            break
        if "file" in flags:
            return Invocation(frozenset(flags), argv[place] if argument.startswith("-") else argument)
    return Invocation(frozenset(flags), None)


def _is_interactive(process: Process, asked: Invocation) -> bool | None:
    if "interactive" in asked.flags:
        return True
    if "command" in asked.flags or asked.script is not None:
        return False
    return True if process.terminal else None
