from __future__ import annotations

import pytest

from envdoctor import EditFile, Evidence, Finding, Fix, Safety, UnsetVariable
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.uv.managed_pythons import UvPython, UvPythons
from envdoctor.facts.uv.settings import UvSettings, UvValue, UvVariable
from envdoctor.testing import assess
from envdoctor_checks.uv.managed import no_managed_python
from tests.builders import UV_AND_PIP

TOML = "/home/me/.config/uv/uv.toml"
SUMMARY = "Let uv use the Pythons of the system too"
NONE = UvPythons("/home/me/.local/share/uv/python")


def judged(settings: UvSettings, pythons: UvPythons | None = NONE) -> list[Finding]:
    return assess(no_managed_python, UV_AND_PIP, settings, *([pythons] if pythons else []))


def variables(**values: str) -> UvSettings:
    return UvSettings(tuple(UvVariable(name, value) for name, value in values.items()))


@pytest.mark.sick("UV008")
@pytest.mark.parametrize("pythons", [NONE, None])
def test_variables_leave_no_python(pythons: UvPythons | None) -> None:
    settings = variables(UV_PYTHON_PREFERENCE="only-managed", UV_PYTHON_DOWNLOADS="never")
    first, second = "UV_PYTHON_PREFERENCE=only-managed", "UV_PYTHON_DOWNLOADS=never"
    assert judged(settings, pythons) == [
        Finding(
            f"uv may use no Python but its own, and has none: {first} and {second}",
            Fix(SUMMARY, UnsetVariable("UV_PYTHON_PREFERENCE")),
            first,
            (Evidence(first, "only managed Pythons"), Evidence(second, "no downloads by themselves")),
        )
    ]


@pytest.mark.sick("UV008")
def test_files_and_the_switch_count_too() -> None:
    text = 'python-preference = "only-managed"'
    preference = UvValue("python-preference", "only-managed", TOML, 1, text)
    values = (preference, UvValue("python-downloads", "manual", TOML, 2, 'python-downloads = "manual"'))
    [finding] = judged(UvSettings(values=values))
    assert finding.fix == Fix(SUMMARY, EditFile(TOML, remove=(text,)), safety=Safety.CHANGES_STATE)
    [finding] = judged(variables(UV_MANAGED_PYTHON="1", UV_PYTHON_DOWNLOADS="manual"))
    assert finding.fix.actions == (UnsetVariable("UV_MANAGED_PYTHON"),)


@pytest.mark.healthy("UV008")
@pytest.mark.parametrize(
    ("settings", "pythons"),
    [
        (variables(UV_PYTHON_PREFERENCE="only-managed"), NONE),
        (variables(UV_PYTHON_PREFERENCE="only-managed", UV_PYTHON_DOWNLOADS="automatic"), NONE),
        (variables(UV_PYTHON_PREFERENCE="managed", UV_PYTHON_DOWNLOADS="never"), NONE),
        (variables(UV_MANAGED_PYTHON="0", UV_PYTHON_DOWNLOADS="never"), NONE),
        (
            variables(UV_PYTHON_PREFERENCE="only-managed", UV_PYTHON_DOWNLOADS="never"),
            UvPythons("/d", (UvPython("/d/cpython-3.12.1-linux-x86_64-gnu", "cpython", "3.12.1"),)),
        ),
    ],
)
def test_there_is_a_python_to_use(settings: UvSettings, pythons: UvPythons) -> None:
    assert judged(settings, pythons) == []


@pytest.mark.healthy("UV008")
def test_without_uv_its_settings_do_nothing() -> None:
    settings = variables(UV_PYTHON_PREFERENCE="only-managed", UV_PYTHON_DOWNLOADS="never")
    assert assess(no_managed_python, Commands(), settings) == []
