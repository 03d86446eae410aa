"""The steps of a fix as Nushell says them: variables are data there, and the search path is a list."""

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
from envdoctor.shells.quoting import nu as quote
from envdoctor.shells.quoting import nu_literal as literal
from envdoctor.text.visible import visible


def command(action: AnyAction) -> str:  # noqa: PLR0911, PLR0912, C901 - one branch a kind of step
    """The line to paste for one step."""
    match action:
        case Run():
            line = f"^{joined(action.argv, quote)}"
            if action.variables:
                pairs = ", ".join(f"{name}: {literal(value)}" for name, value in action.variables)
                line = f"with-env {{{pairs}}} {{ {line} }}"
            return f"do {{ cd {quote(action.directory)}; {line} }}" if action.directory else line
        case SetVariable():
            return f"$env.{action.name} = {literal(action.value)}"
        case CopyVariable():
            return f'$env.{action.name} = ($env.{action.source}? | default "")'
        case SetFromOutput():
            return f"$env.{action.name} = (^{joined(action.argv, quote)} | str trim --right)"
        case UnsetVariable():
            return f"hide-env --ignore-errors {action.name}"
        case PrependPath():
            return _changed(action.variable, f"prepend {literal(action.directory)}")
        case RemoveFromPath():
            kept = f"where $it != {literal(action.directory)}"
            return _changed(action.variable, kept, '--regex "[:;]"' if action.semicolons else '":"')
        case Activate(manager=Manager.CONDA):
            return f"# conda cannot activate {visible(action.environment)} in Nushell: work in bash, zsh or fish"
        case Activate():
            path = _changed("PATH", f"prepend {literal(f'{action.environment}/bin')}")
            return f"$env.VIRTUAL_ENV = {literal(action.environment)}; {path}"
        case Deactivate(manager=Manager.CONDA):
            return "# conda cannot deactivate an environment in Nushell: start a new shell"
        case Deactivate():
            return "hide-env --ignore-errors VIRTUAL_ENV VIRTUAL_ENV_PROMPT"
        case EditFile():
            return f"^sh -c {literal(posix.edit(action, shlex.quote))}"
        case Manual():
            return f"# {visible(action.text)}"
        case _:
            assert_never(action)


def _changed(variable: str, change: str, separator: str = '":"') -> str:
    """A list variable with a change; the search path is a list already, any other is text."""
    if variable == "PATH":
        return f"$env.PATH = ($env.PATH | {change})"
    elements = f'$env.{variable}? | default "" | split row {separator} | where $it != ""'
    return f'$env.{variable} = ({elements} | {change} | str join ":")'
