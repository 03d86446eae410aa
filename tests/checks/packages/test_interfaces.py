from __future__ import annotations

import pytest

from envdoctor import Evidence, Finding, Fix, Run, Safety
from envdoctor.facts.packages.interfaces import EnvironmentInterfaces, Interfaces, OlderInterface
from envdoctor.facts.packages.managed import ManagedPackages
from envdoctor.facts.project.project import ProjectManager
from envdoctor.testing import assess
from envdoctor_checks.packages.interfaces import binary_interface_split
from tests.checks.packages.literals import NOTHING, PYTHON, ROOT, SITE, target

NAME = "numpy.core._multiarray_umath"
PANDAS = OlderInterface("pandas", "2.1.4", f"{SITE}/pandas/x.so", NAME)
SCIPY = OlderInterface("scipy", "1.11.4", f"{SITE}/scipy/x.so", NAME)


def found(*older: OlderInterface, may_be_older: bool = True, near: bool = False) -> Interfaces:
    one = EnvironmentInterfaces(target(near=near), "numpy", "2.2.6", "pip", ">=2", older, may_be_older)
    return Interfaces((one,))


@pytest.mark.sick("PKG006")
def test_numpy_1_is_installed_where_nothing_forbids_it() -> None:
    assert assess(binary_interface_split, found(PANDAS), NOTHING) == [
        Finding(
            f"pandas 2.1.4 in {ROOT} was compiled for numpy<2, and numpy is 2.2.6",
            Fix("Install numpy<2", Run(PYTHON, "-m", "pip", "install", "numpy<2"), safety=Safety.CHANGES_STATE),
            ROOT,
            (Evidence(f"pandas 2.1.4 holds {NAME}", PANDAS.module),),
        )
    ]


@pytest.mark.sick("PKG006")
def test_otherwise_what_was_compiled_for_it_is_upgraded() -> None:
    [finding] = assess(binary_interface_split, found(PANDAS, SCIPY, may_be_older=False), NOTHING)
    assert finding.message.startswith("pandas 2.1.4 and one more package in ")
    assert finding.fix.actions == (Run(PYTHON, "-m", "pip", "install", "--upgrade", "pandas", "scipy"),)


@pytest.mark.sick("PKG006")
@pytest.mark.parametrize(
    ("manager", "verb"), [("uv", "add"), ("poetry", "add"), ("pdm", "add"), ("pipenv", "install"), ("pixi", "add")]
)
def test_in_the_environment_of_a_manager_the_project_asks_for_another_version(manager: str, verb: str) -> None:
    managed = ManagedPackages(ProjectManager(manager), "/proj", ("numpy", "pandas"))
    [finding] = assess(binary_interface_split, found(PANDAS, near=True), NOTHING, managed)
    assert finding.fix.actions == (Run(manager, verb, "numpy<2", directory="/proj"),)


@pytest.mark.healthy("PKG006")
def test_packages_that_were_compiled_for_numpy_2() -> None:
    assert assess(binary_interface_split, found(), NOTHING) == []
