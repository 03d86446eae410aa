"""The steps of a fix as bash and zsh say them."""

from __future__ import annotations

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
from envdoctor.shells import quoting
from envdoctor.shells.part import Part
from envdoctor.shells.quoting import Quote, joined
from envdoctor.text.visible import visible

DEACTIVATE = (
    'case "$(command -v deactivate)" in deactivate) deactivate ;; *) {0}unset VIRTUAL_ENV VIRTUAL_ENV_PROMPT ;; esac'
)
"""`command -v` prints the bare name of a function alone: a program of that name must not be run in its place."""

RETURN = "r=$(printf '\\r')"


def command(  # noqa: PLR0911, PLR0912, C901 - one branch a kind of step
    action: AnyAction, quote: Quote = quoting.posix, own: str = ""
) -> str:
    """The line to paste for one step. It also works where the shell stops at unset variables.

    `own` stands before the shell's own commands: a backslash there keeps an alias of that name out.
    """
    match action:
        case Run():
            variables = "".join(f"{name}={quote(value)} " for name, value in action.variables)
            line = variables + joined(action.argv, quote)
            return f"(cd {quote(action.directory)} && {line})" if action.directory else line
        case SetVariable():
            return f"{own}export {action.name}={quote(action.value)}"
        case CopyVariable():
            return f'{own}export {action.name}="${{{action.source}-}}"'
        case SetFromOutput():
            return f'{own}export {action.name}="$({joined(action.argv, quote)})"'
        case UnsetVariable():
            return f"{own}unset {action.name}"
        case PrependPath():
            name = action.variable
            return f'{own}export {name}={quote(action.directory)}"${{{name}:+:${name}}}"'
        case RemoveFromPath():
            return _remove(action, quote, own)
        case Activate(manager=Manager.CONDA):
            return f"conda activate {quote(action.environment)}"
        case Activate():
            return f"source {quote(f'{action.environment}/bin/activate')}"
        case Deactivate(manager=Manager.CONDA):
            return "conda deactivate"
        case Deactivate():
            return DEACTIVATE.format(own)
        case EditFile():
            return edit(action, quote)
        case Manual():
            return f"# {visible(action.text)}"
        case _:
            assert_never(action)


def _remove(action: RemoveFromPath, quote: Quote, own: str) -> str:
    """Take an element out of a list variable with nothing but the shell's own expansions.

    Colons are doubled first, so that neighbouring elements do not share one and every occurrence is matched.
    """
    name, separator = action.variable, "[:;]" if action.semicolons else ":"
    if not action.directory:
        loop = 'while [ "$_p" != "${_p//::/:}" ]; do _p=${_p//::/:}; done'
        start = f"_p=${{{name}-}}; _p=${{_p//{separator}/:}}; {loop}; _p=${{_p#:}}"
        return f'{start}; {own}export {name}="${{_p%:}}"; {own}unset _p'
    return (
        f'_d={quote(f":{action.directory}:")}; _p=${{{name}-}}; _p=:${{_p//{separator}/::}}:; _p=${{_p//"$_d"/}}; '
        f'_p=${{_p#:}}; _p=${{_p%:}}; {own}export {name}="${{_p//::/:}}"; {own}unset _d _p'
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


def group(parts: Sequence[Part], quote: Quote = quoting.posix) -> str:
    """The fixes as one group for `eval`: cut off anywhere it is no command at all, and its status is the verdict.

    A step that fails stops its own fix only.
    """
    lines = ["{ _envdoctor_r=0"]
    for part in parts:
        steps = " && ".join(f"{{ {_evaluated(action, quote)}; }}" for action in part.actions)
        said = f"\\printf '%s\\n' {quote(part.failure)} >&2; _envdoctor_r=1;"
        lines += [f"# {visible(part.title)}", f"{{ {steps}; }} || {{ {said} }}"]
    lines += [
        "\\hash -r 2>/dev/null",
        "[ $_envdoctor_r = 0 ] && \\unset _envdoctor_r || { \\unset _envdoctor_r; (exit 1); }",
        "}",
    ]
    return "".join(f"{line}\n" for line in lines)


def _evaluated(action: AnyAction, quote: Quote) -> str:
    """A step that fails where what it is made of fails, with no alias of the user's in it."""
    if isinstance(action, SetFromOutput):
        output = f'_envdoctor_o="$({joined(action.argv, quote)})"'
        return f'{output} && \\export {action.name}="$_envdoctor_o" && \\unset _envdoctor_o'
    if isinstance(action, Activate | Deactivate) and action.manager is Manager.CONDA:
        return _conda(action, quote)
    if action == Run("hash", "-r"):
        return "\\hash -r 2>/dev/null || :"  # it fails where nothing is remembered
    return command(action, quote, own="\\")


def _conda(action: Activate | Deactivate, quote: Quote) -> str:
    """What conda's function does, also where the shell has only the program of that name."""
    words = ("activate", action.environment) if isinstance(action, Activate) else ("deactivate",)
    asked = f'_envdoctor_o="$(conda shell.posix {joined(words, quote)})"'
    without = f'{asked} && \\eval "$_envdoctor_o" && \\unset _envdoctor_o'
    return f'case "$(command -v conda)" in conda) conda {joined(words, quote)} ;; *) {without} ;; esac'
