"""The steps of a fix as tcsh and csh say them: a line each, without comments, which a typed line cannot hold."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
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
from envdoctor.shells import posix, quoting
from envdoctor.shells.part import Part
from envdoctor.text.visible import visible

DEACTIVATE = "alias deactivate | grep -q . && deactivate || unsetenv VIRTUAL_ENV; unsetenv VIRTUAL_ENV_PROMPT"
"""`deactivate` is an alias here, and the variable of an inherited activation has none beside it."""


def command(action: AnyAction) -> str:  # noqa: PLR0911, PLR0912, C901 - one branch a kind of step
    """The line to paste for one step. Values are read by `printenv`: to name a variable that is not set is an error."""
    quote = quoting.tcsh
    match action:
        case Run():
            variables = ("env", *(f"{name}={value}" for name, value in action.variables)) if action.variables else ()
            line = quoting.joined((*variables, *action.argv), quote)
            return f"(cd {quote(action.directory)} && {line})" if action.directory else line
        case SetVariable():
            return f"setenv {action.name} {quote(action.value)}"
        case CopyVariable():
            return f'setenv {action.name} "`printenv {action.source}`"'
        case SetFromOutput():
            return f'setenv {action.name} "`{quoting.joined(action.argv, quote)}`"'
        case UnsetVariable():
            return f"unsetenv {action.name}"
        case PrependPath():
            name = action.variable
            return f"setenv {name} {quote(action.directory)}\"`printenv {name} | sed '/./s/^/:/'`\""
        case RemoveFromPath():
            name, separators = action.variable, "':;' '\\n\\n'" if action.semicolons else "':' '\\n'"
            kept = f"printenv {name} | tr {separators} | grep -avxF -e {quote(action.directory)} | paste -sd: -"
            return f'if ( $?{name} ) setenv {name} "`{kept}`"'
        case Activate(manager=Manager.CONDA):
            return f"conda activate {quote(action.environment)}"
        case Activate():
            return f"source {quote(f'{action.environment}/bin/activate.csh')}"
        case Deactivate(manager=Manager.CONDA):
            return "conda deactivate"
        case Deactivate():
            return DEACTIVATE
        case EditFile():
            return f"sh -c {quote(posix.edit(action, shlex.quote))}"
        case Manual():
            return f": {quote(visible(action.text))}"
        case _:
            assert_never(action)


def group(parts: Sequence[Part]) -> str:
    """The fixes as one line for `eval`, which takes no comments and makes blanks of line ends.

    There is nothing that runs whole or not at all: the line is written at once. `eval` makes one command of several.
    """
    quote = quoting.tcsh
    lines = ["set _envdoctor_r = 0"]
    for part in parts:
        steps = " && ".join(f"eval {quote(_evaluated(action))}" for action in part.actions)
        said = f"sh -c {quote(f'echo {shlex.quote(part.failure)} >&2')}"
        lines.append(f"{steps} || eval {quote(f'{said}; set _envdoctor_r = 1')}")
    verdict = "test $_envdoctor_r = 0 && unset _envdoctor_r || eval 'unset _envdoctor_r; false'"
    return "; ".join((*lines, "rehash", verdict)) + "\n"


def _evaluated(action: AnyAction) -> str:
    """A step that fails where what it is made of fails."""
    if isinstance(action, SetFromOutput):
        output = f'set _envdoctor_o = "`{quoting.joined(action.argv, quoting.tcsh)}`"'
        return f'{output} && setenv {action.name} "$_envdoctor_o" && unset _envdoctor_o'
    return command(action)
