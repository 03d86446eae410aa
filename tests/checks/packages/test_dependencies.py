from __future__ import annotations

from typing import Any

import pytest

from envdoctor import Evidence, Finding, Fix, Manual, Run, Safety, Severity
from envdoctor.facts.dependencies.declared import DeclaredRequirement, DeclaredRequirements
from envdoctor.facts.dependencies.lock import LockedPackage, ProjectLock
from envdoctor.facts.packages.dependencies import NewerPython, UnmetRequirement
from envdoctor.facts.packages.managed import ManagedPackages
from envdoctor.facts.project.project import ProjectManager
from envdoctor.testing import assess
from envdoctor_checks.packages.dependencies import dependency_unmet, package_needs_newer_python
from tests.checks.packages.literals import (
    NOTHING,
    PYTHON,
    ROOT,
    SITE,
    WITH_UV,
    dependencies,
    made_by_uv,
    record,
    target,
)

PIP = (PYTHON, "-m", "pip", "install")


def unmet(dependent: str, text: str, name: str, installed: str | None = None, **more: Any) -> UnmetRequirement:
    place = more.pop("place", SITE if installed else None)
    return UnmetRequirement(dependent, "1.0", record(f"{dependent}-1.0"), text, name, installed, place, **more)


AA = unmet("aa", "bb>=2", "bb", "1.0")
CC = unmet("cc", "bb<3,>=1.5", "bb", "1.0")


@pytest.mark.sick("PKG001")
def test_a_version_that_suits_all_is_installed() -> None:
    found = dependencies(unmet=(AA, CC), limits=(("bb", ">=2"), ("bb", "<3,>=1.5"), ("other", "<1")))
    assert assess(dependency_unmet, found, NOTHING) == [
        Finding(
            "aa 1.0 requires bb>=2, and bb is 1.0; so does one more",
            Fix(
                "Install a version that suits them all",
                Run(*PIP, "bb<3,>=1.5,>=2"),
                safety=Safety.CHANGES_STATE,
            ),
            ROOT,
            (
                Evidence("aa 1.0 requires bb>=2, and bb is 1.0", record("aa-1.0")),
                Evidence("cc 1.0 requires bb<3,>=1.5, and bb is 1.0", record("cc-1.0")),
            ),
            Severity.WARNING,
        )
    ]


@pytest.mark.sick("PKG001")
def test_what_is_missing_is_installed_by_who_made_the_environment() -> None:
    found = dependencies(made_by_uv(), unmet=(unmet("torch", "numpy", "numpy"),), limits=(("numpy", ""),))
    [finding] = assess(dependency_unmet, found, WITH_UV)
    assert finding.message == "torch 1.0 requires numpy, which is not installed"
    assert finding.severity is Severity.ERROR
    assert finding.fix.actions == (Run("uv", "pip", "install", "--python", PYTHON, "numpy"),)


@pytest.mark.sick("PKG001")
def test_in_conda_it_is_conda_for_what_conda_has_installed() -> None:
    conda = target(is_conda=True, is_venv=False)
    for installer, argv in (
        ("conda", ("conda", "install", "--yes", "--prefix", ROOT, "bb>=2")),
        ("pip", (*PIP, "bb>=2")),
    ):
        one = unmet("aa", "bb>=2", "bb", "1.0", installer=installer)
        [finding] = assess(dependency_unmet, dependencies(conda, unmet=(one,), limits=(("bb", ">=2"),)), NOTHING)
        assert finding.fix.actions == (Run(*argv),)


@pytest.mark.sick("PKG001")
def test_what_commands_cannot_mend_is_said() -> None:
    both = (AA, unmet("cc", "bb<2", "bb", "1.0"))
    [finding] = assess(dependency_unmet, dependencies(unmet=both, limits=(("bb", ">=2"), ("bb", "<2"))), NOTHING)
    text = "No version of bb suits all that require it: upgrade or uninstall aa 1.0, cc 1.0"
    assert finding.fix == Fix("Upgrade the packages that require it", Manual(text))
    system = target(externally_managed=True, is_venv=False)
    [finding] = assess(dependency_unmet, dependencies(system, unmet=(AA,), limits=(("bb", ">=2"),)), NOTHING)
    assert finding.fix.actions == (Manual(f"Use the system's package manager for bb>=2: pip is to keep off {ROOT}"),)
    shadowing = unmet("aa", "bb>=2", "bb", "1.0", place="/ros")
    where = target(directories=("/ros", SITE))
    [finding] = assess(dependency_unmet, dependencies(where, unmet=(shadowing,), limits=(("bb", ">=2"),)), NOTHING)
    text = f"bb 1.0 in /ros comes before all that is installed in {ROOT}: upgrade it there, or remove the directory"
    assert finding.fix.actions == (Manual(text),)


@pytest.mark.sick("PKG001")
def test_many_are_told_at_once() -> None:
    many = tuple(unmet("aa", f"b{n}", f"b{n}") for n in range(7))
    found = dependencies(unmet=many, limits=tuple((f"b{n}", "") for n in range(7)))
    [finding] = assess(dependency_unmet, found, NOTHING)
    assert finding.message == (
        f"7 packages are missing in {ROOT} or do not suit those that require them: b0, b1, b2, b3, b4 and 2 more"
    )
    assert finding.fix.actions == (Run(*PIP, *(f"b{n}" for n in range(7))),)


@pytest.mark.sick("PKG001")
def test_what_the_project_asks_for_itself_is_worse() -> None:
    declared = DeclaredRequirements((DeclaredRequirement("Aa[x]>=1", "p:1"),))
    for near, severity in ((True, Severity.ERROR), (False, Severity.WARNING)):
        found = dependencies(target(near=near), unmet=(AA,), limits=(("bb", ">=2"),))
        [finding] = assess(dependency_unmet, found, NOTHING, declared)
        assert finding.severity is severity


@pytest.mark.healthy("PKG001")
def test_what_the_lock_says_is_another_checks_affair() -> None:
    lock = ProjectLock(ProjectManager.UV, "/proj/uv.lock", (LockedPackage("aa", "1.0", ("",)),))
    near = dependencies(target(near=True), unmet=(AA,), limits=(("bb", ">=2"),))
    assert assess(dependency_unmet, near, NOTHING, lock) == []
    [_] = assess(dependency_unmet, dependencies(unmet=(AA,), limits=(("bb", ">=2"),)), NOTHING, lock)


@pytest.mark.healthy("PKG001")
def test_an_environment_that_fits_together() -> None:
    assert assess(dependency_unmet, dependencies(), NOTHING) == []


NEW = NewerPython("new", "2.0", record("new-2.0"), ">=3.12")


@pytest.mark.sick("PKG012")
def test_a_package_for_a_newer_python() -> None:
    assert assess(package_needs_newer_python, dependencies(newer_python=(NEW,)), NOTHING) == [
        Finding(
            f"new 2.0 needs Python >=3.12, and {ROOT} has 3.11.7",
            Fix(
                "Reinstall the package for this Python",
                Run(*PIP, "--force-reinstall", "new"),
                safety=Safety.CHANGES_STATE,
            ),
            ROOT,
            (Evidence("Requires-Python: >=3.12", record("new-2.0")),),
        )
    ]
    [finding] = assess(package_needs_newer_python, dependencies(made_by_uv(), newer_python=(NEW, NEW)), WITH_UV)
    assert finding.message.endswith("has 3.11.7, and so does one more")
    argv = ("uv", "pip", "install", "--python", PYTHON, *(("--reinstall-package", "new") * 2), "new", "new")
    assert finding.fix.actions == (Run(*argv),)


@pytest.mark.sick("PKG012")
def test_one_in_a_shared_directory_belongs_to_another_python() -> None:
    shared = NewerPython("new", "2.0", "/shared/new-2.0.dist-info", ">=3.12")
    [finding] = assess(package_needs_newer_python, dependencies(newer_python=(shared,)), NOTHING)
    text = "Install new with the Python that it is for, and keep /shared/new-2.0.dist-info off the path"
    assert finding.fix == Fix("Separate the packages of the two Pythons", Manual(text))


@pytest.mark.healthy("PKG012")
def test_packages_for_this_python() -> None:
    assert assess(package_needs_newer_python, dependencies(), NOTHING) == []


@pytest.mark.sick("PKG012", "PKG001")
def test_in_the_environment_of_a_manager_the_lock_is_changed() -> None:
    managed = ManagedPackages(ProjectManager.POETRY, "/proj", ("new", "beta"))
    newer = dependencies(target(near=True), newer_python=(NEW,))
    [finding] = assess(package_needs_newer_python, newer, NOTHING, managed)
    assert finding.fix.actions == (Run("poetry", "update", "new", directory="/proj"),)
    missing = dependencies(
        target(near=True), unmet=(unmet("asks", "beta>=2", "beta", "1.0"),), limits=(("beta", ">=2"),)
    )
    [finding] = assess(dependency_unmet, missing, NOTHING, managed)
    assert finding.fix.actions == (Run("poetry", "add", "beta>=2", directory="/proj"),)
    [finding] = assess(dependency_unmet, missing, NOTHING, ManagedPackages(ProjectManager.POETRY, "/proj", ("new",)))
    assert finding.fix.actions == (Run(*PIP, "beta>=2"),)
