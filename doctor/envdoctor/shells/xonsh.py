"""The steps of a fix as xonsh says them: commands as everywhere, variables as Python."""

from __future__ import annotations

import shlex
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
from envdoctor.shells.quoting import joined
from envdoctor.shells.quoting import xonsh as quote
from envdoctor.shells.quoting import xonsh_literal as literal
from envdoctor.text.visible import visible

DEACTIVATE = "_ = [${...}.pop(name, None) for name in ('VIRTUAL_ENV', 'VIRTUAL_ENV_PROMPT')]"


def command(action: AnyAction) -> str:  # noqa: PLR0911, PLR0912, C901 - one branch a kind of step
    """The line to paste for one step."""
    match action:
        case Run():
            words = (*(f"{name}={value}" for name, value in action.variables), *action.argv)
            words = ("env", *words) if action.variables else words
            if not action.directory:
                return joined(words, quote)
            there = f"cd {shlex.quote(action.directory)} && {joined(words, shlex.quote)}"
            return f"sh -c {quote(there)}"
        case SetVariable():
            return f"${action.name} = {literal(action.value)}"
        case CopyVariable():
            return f"${action.name} = ${{...}}.get({action.source!r}, '')"
        case SetFromOutput():
            return f"${action.name} = $({joined(action.argv, quote)}).rstrip('\\n')"
        case UnsetVariable():
            return f"_ = ${{...}}.pop({action.name!r}, None)"
        case PrependPath():
            return f"${action.variable} = [{literal(action.directory)}, *${{...}}.get({action.variable!r}, [])]"
        case RemoveFromPath():
            separated = "e.split(';')" if action.semicolons else "[e]"
            elements = f"for e in ${{...}}.get({action.variable!r}, []) for p in {separated}"
            return f"${action.variable} = [p {elements} if p != {literal(action.directory)}]"
        case Activate(manager=Manager.CONDA):
            return f"conda activate {quote(action.environment)}"
        case Activate():
            path = f"$PATH = [{literal(f'{action.environment}/bin')}, *$PATH]"
            return f"$VIRTUAL_ENV = {literal(action.environment)}; {path}"
        case Deactivate(manager=Manager.CONDA):
            return "conda deactivate"
        case Deactivate():
            return DEACTIVATE
        case EditFile():
            return f"sh -c {quote(posix.edit(action, shlex.quote))}"
        case Manual():
            return f"# {visible(action.text)}"
        case _:
            assert_never(action)
