"""The steps of a fix as PowerShell says them."""

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
from envdoctor.shells.part import Part
from envdoctor.shells.quoting import joined
from envdoctor.shells.quoting import powershell as quote
from envdoctor.shells.quoting import powershell_literal as literal
from envdoctor.text.visible import visible


def command(action: AnyAction) -> str:  # noqa: PLR0911, PLR0912, C901 - one branch a kind of step
    """The line to paste for one step."""
    match action:
        case Run():
            variables = "".join(f"$env:{name} = {literal(value)}; " for name, value in action.variables)
            program, *arguments = action.argv
            call = program if program == quote(program) else f"& {quote(program)}"
            line = variables + " ".join([call, *map(quote, arguments)])
            return f"Push-Location {quote(action.directory)}; {line}; Pop-Location" if action.directory else line
        case SetVariable():
            return f"$env:{action.name} = {literal(action.value)}"
        case CopyVariable():
            return f"$env:{action.name} = $env:{action.source}"
        case SetFromOutput():
            return f"$env:{action.name} = {joined(action.argv, quote)}"
        case UnsetVariable():
            return f"Remove-Item Env:{action.name}"
        case PrependPath():
            name = action.variable
            return f"$env:{name} = {literal(action.directory)} + [IO.Path]::PathSeparator + $env:{name}"
        case RemoveFromPath():
            name, separator = action.variable, "[IO.Path]::PathSeparator"
            splits = "'[:;]'" if action.semicolons else separator
            kept = f"$env:{name} -split {splits} | Where-Object {{ $_ -ne {literal(action.directory)} }}"
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
    path, copy = literal(action.path), literal(f"{action.path}.before-envdoctor")
    steps = []
    if action.remove:
        gone = ", ".join(map(literal, action.remove))
        copied = f"$b = {copy}; while (Test-Path $b) {{ $b += '+' }}; Copy-Item {path} $b"
        steps.append(f"& {{ {copied}; Get-Content $b | Where-Object {{ $_ -notin {gone} }} | Set-Content {path} }}")
    if action.add:
        unfinished = f"(Test-Path {path}) -and (Get-Content -Raw {path}) -match '[^\\n]\\z'"
        steps.append(f"if ({unfinished}) {{ Add-Content {path} '' }}")
        steps.append(f"Add-Content {path} {', '.join(map(literal, action.add))}")
    return "; ".join(steps)


def group(parts: Sequence[Part]) -> str:
    """The fixes as one block for `Invoke-Expression`: cut off anywhere it is no command at all."""
    lines = ["& {", "$r = 0"]
    for part in parts:
        steps = "; ".join(map(_evaluated, part.actions))
        said = f"[Console]::Error.WriteLine({literal(part.failure)}); $r = 1"
        lines += [f"# {visible(part.title)}", f"try {{ $ErrorActionPreference = 'Stop'; {steps} }} catch {{ {said} }}"]
    return "".join(f"{line}\n" for line in (*lines, "$global:LASTEXITCODE = $r", "}"))


def _evaluated(action: AnyAction) -> str:
    """A step that stops its fix where it fails: a program does so by its exit status."""
    if isinstance(action, UnsetVariable):
        return f"Remove-Item Env:{action.name} -ErrorAction SilentlyContinue"
    failed = "; if ($LASTEXITCODE) { throw $LASTEXITCODE }" if isinstance(action, Run | SetFromOutput) else ""
    return f"{command(action)}{failed}"
