from __future__ import annotations

import pytest

from envdoctor import Evidence, Finding, Fix, Manual, RemoveFromPath, Run, Severity
from envdoctor.facts.packages.backports import Backport, Backports, EnvironmentBackports
from envdoctor.testing import assess
from envdoctor_checks.packages.backports import stdlib_backport_in_front
from tests.checks.packages.literals import NOTHING, PYTHON, record, target


def found(*backports: Backport) -> Backports:
    return Backports((EnvironmentBackports(target(), backports),))


@pytest.mark.sick("PKG014")
def test_one_in_front_of_the_library_is_taken_off_the_path() -> None:
    front = Backport("enum34", "1.1", "/old/enum34-1.1.dist-info", "/old", kills=True)
    assert assess(stdlib_backport_in_front, found(front), NOTHING) == [
        Finding(
            "enum34 1.1 in /old comes before the standard library, which has the module",
            Fix("Remove the directory from PYTHONPATH", RemoveFromPath("/old", "PYTHONPATH")),
            front.record,
            (Evidence("enum34 1.1", front.record),),
            Severity.ERROR,
        )
    ]


@pytest.mark.sick("PKG014")
def test_one_that_is_never_imported_is_information() -> None:
    inert = Backport("typing", "3.7", record("typing-3.7"), kills=True, installer="pip")
    [finding] = assess(stdlib_backport_in_front, found(inert), NOTHING)
    assert finding.message == ("typing 3.7 is never imported: the library of Python 3.11 has the module")
    assert finding.severity is None
    assert finding.fix.actions == (Run(PYTHON, "-m", "pip", "uninstall", "--yes", "typing"),)
    by_conda = Backport("typing", "3.7", record("typing-3.7"), installer="conda")
    [finding] = assess(stdlib_backport_in_front, found(by_conda), NOTHING)
    assert finding.fix.actions == (Manual(f"Uninstall typing with what installed {by_conda.record}"),)


@pytest.mark.healthy("PKG014")
def test_no_backport() -> None:
    assert assess(stdlib_backport_in_front, found(), NOTHING) == []
