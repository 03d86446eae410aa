from __future__ import annotations

import pytest

from envdoctor.engine.fix import (
    Activate,
    CopyVariable,
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
from envdoctor.shells.dialects import Shell, commands

pytestmark = pytest.mark.tools  # every step is run in a real shell


def test_every_quote_of_powershell_is_quoted() -> None:
    steps = (SetVariable("X", "a\u2019; x \u201b"), Run("uv", "\u2018"))
    assert commands(steps, Shell.POWERSHELL) == (
        "$env:X = 'a\u2019\u2019; x \u201b\u201b'",
        "uv '\u2018\u2018'",
    )


def test_powershell_joins_what_cannot_be_shown_by_its_number() -> None:
    steps = (Run("rm", "a\x1b\nb'"), SetVariable("X", "\x07"))
    escape = "[char]::ConvertFromUtf32"
    assert commands(steps, Shell.POWERSHELL) == (
        f"rm ('' + 'a' + {escape}(0x1b) + {escape}(0xa) + 'b''')",
        f"$env:X = ('' + {escape}(0x7))",
    )


def test_powershell_is_rendered() -> None:
    """There is no PowerShell to run these in: the text is what was read in its documentation."""
    steps = (
        SetVariable("X", "it's"),
        Run("uv", "pip", "install", "a b", variables=(("Y", "1"),), directory="C:\\w d"),
        CopyVariable("X", "Y"),
        SetFromOutput("X", ("pip", "config", "get", "a b")),
        UnsetVariable("X"),
        PrependPath("C:\\x"),
        RemoveFromPath("C:\\x"),
        Activate("C:\\v"),
        Activate("ml", Manager.CONDA),
        EditFile("C:\\rc", remove=("a",), add=("b",)),
        Manual("Ask."),
    )
    assert commands(steps, Shell.POWERSHELL) == (
        "$env:X = 'it''s'",
        "Push-Location 'C:\\w d'; $env:Y = '1'; uv pip install 'a b'; Pop-Location",
        "$env:X = $env:Y",
        "$env:X = pip config get 'a b'",
        "Remove-Item Env:X",
        "$env:PATH = 'C:\\x' + [IO.Path]::PathSeparator + $env:PATH",
        (
            "$env:PATH = ($env:PATH -split [IO.Path]::PathSeparator | Where-Object { $_ -ne 'C:\\x' }) "
            "-join [IO.Path]::PathSeparator"
        ),
        "& C:\\v/Scripts/Activate.ps1",
        "conda activate ml",
        (
            "& { $b = 'C:\\rc.before-envdoctor'; while (Test-Path $b) { $b += '+' }; Copy-Item 'C:\\rc' $b; "
            "Get-Content $b | Where-Object { $_ -notin 'a' } | Set-Content 'C:\\rc' }; "
            "if ((Test-Path 'C:\\rc') -and (Get-Content -Raw 'C:\\rc') -match '[^\\n]\\z') "
            "{ Add-Content 'C:\\rc' '' }; "
            "Add-Content 'C:\\rc' 'b'"
        ),
        "# Ask.",
    )
