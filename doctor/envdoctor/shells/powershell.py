"""The steps of a fix as PowerShell says them."""

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
from envdoctor.text.patterns import pattern
from envdoctor.text.visible import visible

PLAIN = pattern(r"[\w./\\:=+-]+")
QUOTES = pattern(r"['\u2018-\u201b]")  # PowerShell takes each of them for a single quote


def command(action: AnyAction) -> str:  # noqa: PLR0911, PLR0912, C901 - one branch a kind of step
    """The line to paste for one step."""
    quote = _quote
    match action:
        case Run():
            variables = "".join(f"$env:{name} = {quote(value)}; " for name, value in action.variables)
            program, *arguments = action.argv
            call = program if program == quote(program) else f"& {quote(program)}"
            line = variables + " ".join([call, *map(quote, arguments)])
            return f"Push-Location {quote(action.directory)}; {line}; Pop-Location" if action.directory else line
        case SetVariable():
            return f"$env:{action.name} = {_literal(action.value)}"
        case CopyVariable():
            return f"$env:{action.name} = $env:{action.source}"
        case SetFromOutput():
            return f"$env:{action.name} = {' '.join(map(quote, action.argv))}"
        case UnsetVariable():
            return f"Remove-Item Env:{action.name}"
        case PrependPath():
            name = action.variable
            return f"$env:{name} = {quote(action.directory)} + [IO.Path]::PathSeparator + $env:{name}"
        case RemoveFromPath():
            name, separator = action.variable, "[IO.Path]::PathSeparator"
            splits = "'[:;]'" if action.semicolons else separator
            kept = f"$env:{name} -split {splits} | Where-Object {{ $_ -ne {_literal(action.directory)} }}"
            return f"$env:{name} = ({kept}) -join {separator}"
        case Activate(manager=Manager.CONDA):
            return f"conda activate {quote(action.environment)}"
        case Activate():
            return f"& {quote(f'{action.environment}/Scripts/Activate.ps1')}"
        case Deactivate(manager=Manager.CONDA):
            return "conda deactivate"
        case Deactivate():
            return "if (Test-Path Function:deactivate) { deactivate } else { Remove-Item Env:VIRTUAL_ENV* }"
        case EditFile():
            return _edit(action)
        case Manual():
            return f"# {visible(action.text)}"
        case _:
            assert_never(action)


def _edit(action: EditFile) -> str:
    path, copy = _literal(action.path), _literal(f"{action.path}.before-envdoctor")
    steps = []
    if action.remove:
        gone = ", ".join(map(_literal, action.remove))
        copied = f"$b = {copy}; while (Test-Path $b) {{ $b += '+' }}; Copy-Item {path} $b"
        steps.append(f"& {{ {copied}; Get-Content $b | Where-Object {{ $_ -notin {gone} }} | Set-Content {path} }}")
    if action.add:
        unfinished = f"(Test-Path {path}) -and (Get-Content -Raw {path}) -match '[^\\n]\\z'"
        steps.append(f"if ({unfinished}) {{ Add-Content {path} '' }}")
        steps.append(f"Add-Content {path} {', '.join(map(_literal, action.add))}")
    return "; ".join(steps)


def _quote(text: str) -> str:
    return text if PLAIN.fullmatch(text) else _literal(text)


def _literal(text: str) -> str:
    return "'" + QUOTES.sub(r"\g<0>\g<0>", text) + "'"
