"""In which shells are fixes written, and what are the lines to paste?"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import assert_never

from envdoctor.engine.fix import AnyAction, UnsetVariable


class Shell(enum.Enum):
    """The shells in which fixes are written."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"
    POWERSHELL = "powershell"
    TCSH = "tcsh"
    NU = "nu"
    XONSH = "xonsh"


NAMES = {shell.value: shell for shell in Shell} | {"csh": Shell.TCSH, "pwsh": Shell.POWERSHELL}


ONE_UNSET = {
    Shell.BASH: ("unset ", " ", ""),
    Shell.ZSH: ("unset ", " ", ""),
    Shell.FISH: ("set -e ", " ", "; or true"),
    Shell.NU: ("hide-env --ignore-errors ", " ", ""),
    Shell.POWERSHELL: ("Remove-Item ", ", ", ""),
}
"""How a shell that can unset several variables at once does it: what stands before, between and behind the names."""


def dialect_of(name: str | None) -> Shell:
    """The shell whose lines are shown to who calls from this one: bash's, if it is none of these."""
    return NAMES.get(name or "", Shell.BASH)


def lines_of(steps: tuple[AnyAction, ...], shell: Shell) -> Iterator[tuple[str, AnyAction]]:
    """The lines that a reader pastes, each with the first step that it carries out: variables are unset on one line."""
    for unsets, group in groupby(steps, key=lambda step: isinstance(step, UnsetVariable)):
        some = tuple(group)
        found = commands(some, shell)
        one = ONE_UNSET.get(shell)
        if unsets and one and len(some) > 1:
            begin, between, end = one
            names = (line.removeprefix(begin).removesuffix(end) for line in found)
            yield f"{begin}{between.join(names)}{end}", some[0]
        else:
            yield from zip(found, some, strict=True)


def commands(steps: tuple[AnyAction, ...], shell: Shell) -> tuple[str, ...]:
    """The lines to paste for these steps, one each. What no command can do is a line that says so and does nothing."""
    from envdoctor.shells import fish, nu, posix, powershell, tcsh, xonsh, zsh  # a healthy session needs none of them

    command: Callable[[AnyAction], str]
    match shell:
        case Shell.BASH:
            command = posix.command
        case Shell.ZSH:
            command = zsh.command
        case Shell.FISH:
            command = fish.command
        case Shell.POWERSHELL:
            command = powershell.command
        case Shell.TCSH:
            command = tcsh.command
        case Shell.NU:
            command = nu.command
        case Shell.XONSH:
            command = xonsh.command
        case _:
            assert_never(shell)
    return tuple(command(action) for action in steps)
