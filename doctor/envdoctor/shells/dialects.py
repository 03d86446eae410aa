"""In which shells are fixes written, and what are the lines to paste?"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import assert_never

from envdoctor.engine.fix import AnyAction


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


def dialect_of(name: str | None) -> Shell:
    """The shell whose lines are shown to who calls from this one: bash's, if it is none of these."""
    return NAMES.get(name or "", Shell.BASH)


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
