from __future__ import annotations

import pytest

from envdoctor import (
    EditFile,
    Evidence,
    Finding,
    Fix,
    Manual,
    Safety,
    Severity,
)
from envdoctor.facts.shell.aliases import CommandAlias, CommandAliases
from envdoctor.facts.shell.parser import Place
from envdoctor.facts.shell.startup_lines import LineKind, StartupLine
from envdoctor.testing import assess
from envdoctor_checks.python.aliases import alias_overrides_python

RC = "/home/ada/.bashrc"


def alias(
    name: str,
    value: str | None,
    *,
    runs: str | None = None,
    place: Place = Place.TOP,
    whole: bool = True,
    kind: LineKind = LineKind.ALIAS,
) -> CommandAlias:
    text = f"alias {name}='{value}'"
    line = StartupLine(file=RC, number=4, text=text, kind=kind, name=name, value=value, place=place)
    target = value.split()[0] if value else None
    return CommandAlias(line, target, runs, text if whole else None)


def judged(*aliases: CommandAlias) -> list[Finding]:
    return assess(alias_overrides_python, CommandAliases("bash", aliases))


@pytest.mark.sick("PY010")
def test_an_alias_with_a_path_beats_every_environment() -> None:
    assert judged(alias("python", "/usr/bin/python3", runs="/usr/bin/python3")) == [
        Finding(
            "in bash, `python` is `/usr/bin/python3` whatever environment is active",
            where=f"{RC}:4",
            evidence=(
                Evidence("alias python='/usr/bin/python3'", f"{RC}:4"),
                Evidence("it runs /usr/bin/python3", f"{RC}:4"),
            ),
            fix=Fix(
                "Remove the line; open shells keep the alias until they end",
                EditFile(RC, remove=("alias python='/usr/bin/python3'",)),
                safety=Safety.CHANGES_STATE,
            ),
            severity=Severity.WARNING,
        )
    ]


@pytest.mark.sick("PY010")
@pytest.mark.parametrize(
    "found",
    [
        alias("python", "python3"),
        alias("pip", "pip3"),
        alias("deactivate", "conda deactivate"),
        alias("python", None, kind=LineKind.FUNCTION),
        alias("python", "/usr/bin/python3", runs="/usr/bin/python3", place=Place.CONDITION),
    ],
    ids=lambda found: found.line.text,
)
def test_some_are_information(found: CommandAlias) -> None:
    [finding] = judged(found)
    assert finding.severity is Severity.INFO


def test_a_definition_of_several_lines_is_left_to_its_owner() -> None:
    [finding] = judged(alias("pip", "/usr/bin/pip", whole=False))
    assert finding.fix.actions == (Manual(f"Remove `pip` in {RC}:4, or give it another name"),)


@pytest.mark.healthy("PY010")
@pytest.mark.parametrize(
    "found",
    [
        alias("pip", "python -m pip"),
        alias("pip3", "python3 -m pip"),
        alias("pip", "uv pip"),
        alias("python", "uv run python"),
        alias("pip", "/home/ada/.local/bin/uv pip"),
        alias("python", "python -q"),
        alias("python", "/opt/homebrew/bin/python3", place=Place.CONDITION),
    ],
    ids=lambda found: found.line.text,
)
def test_what_goes_through_the_environment_or_is_for_another_machine(found: CommandAlias) -> None:
    assert judged(found) == []
