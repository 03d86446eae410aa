"""The steps of a fix as bash and zsh say them."""

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
from envdoctor.text.visible import visible


def command(action: AnyAction) -> str:  # noqa: PLR0911, PLR0912, C901 - one branch a kind of step
    """The line to paste for one step."""
    quote = shlex.quote
    match action:
        case Run():
            line = " ".join([*(f"{name}={quote(value)}" for name, value in action.variables), shlex.join(action.argv)])
            return f"(cd {quote(action.directory)} && {line})" if action.directory else line
        case SetVariable():
            return f"export {action.name}={quote(action.value)}"
        case CopyVariable():
            return f'export {action.name}="${action.source}"'
        case SetFromOutput():
            return f'export {action.name}="$({shlex.join(action.argv)})"'
        case UnsetVariable():
            return f"unset {action.name}"
        case PrependPath():
            name = action.variable
            return f'export {name}={quote(action.directory)}"${{{name}:+:${name}}}"'
        case RemoveFromPath():
            return _remove(action)
        case Activate(manager=Manager.CONDA):
            return f"conda activate {quote(action.environment)}"
        case Activate():
            return f"source {quote(f'{action.environment}/bin/activate')}"
        case Deactivate(manager=Manager.CONDA):
            return "conda deactivate"
        case Deactivate():
            return "deactivate 2>/dev/null || unset VIRTUAL_ENV VIRTUAL_ENV_PROMPT"
        case EditFile():
            return edit(action)
        case Manual():
            return f"# {visible(action.text)}"
        case _:
            assert_never(action)


def _remove(action: RemoveFromPath) -> str:
    """Take an element out of a list variable with nothing but the shell's own expansions.

    Colons are doubled first, so that neighbouring elements do not share one and every occurrence is matched.
    """
    name, separator = action.variable, "[:;]" if action.semicolons else ":"
    if not action.directory:
        loop = 'while [ "$_p" != "${_p//::/:}" ]; do _p=${_p//::/:}; done'
        return f"_p=${{{name}//{separator}/:}}; {loop}; _p=${{_p#:}}; export {name}=${{_p%:}}; unset _p"
    return (
        f'_d={shlex.quote(f":{action.directory}:")}; _p=:${{{name}//{separator}/::}}:; _p=${{_p//"$_d"/}}; '
        f"_p=${{_p#:}}; _p=${{_p%:}}; export {name}=${{_p//::/:}}; unset _d _p"
    )


def edit(action: EditFile) -> str:
    """Keep the file's owner, mode and links: copy it aside, then write the lines that stay back into it.

    A copy from before stays as it is. What is added begins on a line of its own, also behind an unfinished last line.
    """
    path = shlex.quote(action.path)
    steps = []
    if action.remove:
        lines = " ".join(f"-e {shlex.quote(line)}" for line in action.remove)
        copy = shlex.quote(f"{action.path}.before-envdoctor")
        copied = f'b={copy}; while [ -e "$b" ]; do b="$b+"; done; cp -p {path} "$b"'
        steps.append(f'({copied} && {{ grep -vxF {lines} "$b" >| {path} || [ $? -eq 1 ]; }})')
    if action.add:
        ended = f'[ -z "$(tail -c 1 {path})" ] || echo'
        steps.append(f"{{ {ended}; printf '%s\\n' {shlex.join(action.add)}; }} >> {path}")
    return " && ".join(steps)
