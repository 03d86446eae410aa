"""The steps of a fix as bash and zsh say them."""

from __future__ import annotations

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
from envdoctor.shells import quoting
from envdoctor.shells.quoting import Quote, joined
from envdoctor.text.visible import visible

DEACTIVATE = (
    'case "$(command -v deactivate)" in deactivate) deactivate ;; *) unset VIRTUAL_ENV VIRTUAL_ENV_PROMPT ;; esac'
)
"""`command -v` prints the bare name of a function alone: a program of that name must not be run in its place."""

RETURN = "r=$(printf '\\r')"


def command(action: AnyAction, quote: Quote = quoting.posix) -> str:  # noqa: PLR0911, PLR0912, C901 - one branch a step
    """The line to paste for one step. It also works where the shell stops at unset variables."""
    match action:
        case Run():
            variables = "".join(f"{name}={quote(value)} " for name, value in action.variables)
            line = variables + joined(action.argv, quote)
            return f"(cd {quote(action.directory)} && {line})" if action.directory else line
        case SetVariable():
            return f"export {action.name}={quote(action.value)}"
        case CopyVariable():
            return f'export {action.name}="${{{action.source}-}}"'
        case SetFromOutput():
            return f'export {action.name}="$({joined(action.argv, quote)})"'
        case UnsetVariable():
            return f"unset {action.name}"
        case PrependPath():
            name = action.variable
            return f'export {name}={quote(action.directory)}"${{{name}:+:${name}}}"'
        case RemoveFromPath():
            return _remove(action, quote)
        case Activate(manager=Manager.CONDA):
            return f"conda activate {quote(action.environment)}"
        case Activate():
            return f"source {quote(f'{action.environment}/bin/activate')}"
        case Deactivate(manager=Manager.CONDA):
            return "conda deactivate"
        case Deactivate():
            return DEACTIVATE
        case EditFile():
            return edit(action, quote)
        case Manual():
            return f"# {visible(action.text)}"
        case _:
            assert_never(action)


def _remove(action: RemoveFromPath, quote: Quote) -> str:
    """Take an element out of a list variable with nothing but the shell's own expansions.

    Colons are doubled first, so that neighbouring elements do not share one and every occurrence is matched.
    """
    name, separator = action.variable, "[:;]" if action.semicolons else ":"
    if not action.directory:
        loop = 'while [ "$_p" != "${_p//::/:}" ]; do _p=${_p//::/:}; done'
        return f"_p=${{{name}-}}; _p=${{_p//{separator}/:}}; {loop}; _p=${{_p#:}}; export {name}=${{_p%:}}; unset _p"
    return (
        f'_d={quote(f":{action.directory}:")}; _p=${{{name}-}}; _p=:${{_p//{separator}/::}}:; _p=${{_p//"$_d"/}}; '
        f"_p=${{_p#:}}; _p=${{_p%:}}; export {name}=${{_p//::/:}}; unset _d _p"
    )


def edit(action: EditFile, quote: Quote) -> str:
    """Keep the file's owner, mode and links: copy it aside, then write the lines that stay back into it.

    A copy from before stays as it is. What is added begins on a line of its own, also behind an unfinished last line,
    and ends as the lines of the file do: a carriage return before the line end is no part of a line.
    """
    path = quote(action.path)
    steps = []
    if action.remove:
        lines = " ".join(f'-e {quote(line)} -e {quote(line)}"$r"' for line in action.remove)
        copied = f'b={quote(f"{action.path}.before-envdoctor")}; while [ -e "$b" ]; do b="$b+"; done; cp -p {path} "$b"'
        steps.append(f'({RETURN}; {copied} && {{ grep -vxF {lines} "$b" >| {path} || [ $? -eq 1 ]; }})')
    if action.add:
        kept = rf'{RETURN}; grep -q "$r\$" {path} 2>/dev/null || r='
        ended = f'[ -z "$(tail -c 1 {path})" ] || echo "$r"'
        added = joined(action.add, quote)
        steps.append(f'({kept}; {{ {ended}; printf "%s$r\\n" {added}; }} >> {path})')
    return " && ".join(steps)
