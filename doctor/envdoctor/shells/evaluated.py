"""The fixes of one session as its shell takes them in: by `eval`, `source`, or as data."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import assert_never

from envdoctor.shells.dialects import Shell
from envdoctor.shells.part import Part
from envdoctor.shells.quoting import as_unicode

TAKEN_IN = {
    Shell.BASH: 'eval "$({})"',
    Shell.ZSH: 'eval "$({})"',
    Shell.FISH: "{} | source",
    Shell.TCSH: 'eval "`{}`"',
    Shell.POWERSHELL: '({}) -join "`n" | Invoke-Expression',
    Shell.NU: (
        "let fix = ({} | from json | default {{unset: [], set: {{}}}}); "
        "for name in $fix.unset {{ hide-env --ignore-errors $name }}; load-env $fix.set"
    ),
    Shell.XONSH: "execx($({}))",
}
"""How each shell takes in what a command prints."""
OF_DATA = frozenset({Shell.NU, Shell.XONSH})
"""The shells that are given the values of variables, and run nothing."""


REFUSAL = {Shell.FISH: "false", Shell.TCSH: "false", Shell.POWERSHELL: "$global:LASTEXITCODE = 1"}


def refused(shell: Shell) -> str:
    """What changes nothing and ends with status 1: a shell is not told how the command ended whose output it takes."""
    return "" if shell in OF_DATA else f"{REFUSAL.get(shell, '(exit 1)')}\n"


def evaluated(parts: Sequence[Part], shell: Shell, variables: Mapping[str, str]) -> str:
    """The text that a shell of this kind takes in, which has these variables now."""
    from envdoctor.shells import fish, posix, powershell, tcsh, zsh

    match shell:
        case Shell.BASH:
            return posix.group(parts)
        case Shell.ZSH:
            return zsh.group(parts)
        case Shell.FISH:
            return fish.group(parts)
        case Shell.TCSH:
            return tcsh.group(parts)
        case Shell.POWERSHELL:
            return powershell.group(parts)
        case Shell.NU | Shell.XONSH:
            return _data(parts, shell, variables)
        case _:
            assert_never(shell)


def _data(parts: Sequence[Part], shell: Shell, variables: Mapping[str, str]) -> str:
    """The variables that are different then: JSON for Nushell, whose search path is a list; Python for xonsh."""
    from envdoctor.shells.values import after

    values = after((action for part in parts for action in part.actions), variables)
    if shell is Shell.NU:
        as_text = {name: as_unicode(value) for name, value in values.set.items()}
        as_lists = {name: value.split(":") if name == "PATH" else value for name, value in as_text.items()}
        return json.dumps({"unset": values.unset, "set": as_lists}) + "\n"
    codes = ", ".join(dict.fromkeys(part.code for part in parts))
    gone = f"[__xonsh__.env.pop(name, None) for name in {values.unset!r}]"
    return f"(  # {codes}\n    {gone},\n    __xonsh__.env.update({values.set!r}),\n)\n"
