from __future__ import annotations

import pytest

from envdoctor import Evidence, Finding, Fix, Manual, Run, Safety
from envdoctor.facts.packages.managed import ManagedPackages
from envdoctor.facts.packages.wheel_tags import EnvironmentWheels, ForeignWheel, WheelTags
from envdoctor.facts.project.project import ProjectManager
from envdoctor.testing import assess
from envdoctor_checks.packages.wheel_tags import wheel_for_another_platform
from tests.checks.packages.literals import NOTHING, PYTHON, ROOT, WITH_UV, made_by_uv, record, target

OLD = ForeignWheel("old", "1.0", record("old-1.0"), ("cp310-cp310-linux_x86_64",), "x/y.so", "is for Python 3.10")


@pytest.mark.sick("PKG009")
def test_the_package_is_reinstalled() -> None:
    assert assess(wheel_for_another_platform, WheelTags((EnvironmentWheels(target(), (OLD,)),)), NOTHING) == [
        Finding(
            f"old 1.0 in {ROOT} cannot be loaded: y.so is for Python 3.10",
            Fix(
                "Reinstall the package for this Python",
                Run(PYTHON, "-m", "pip", "install", "--force-reinstall", "--no-deps", "old==1.0"),
                safety=Safety.CHANGES_STATE,
            ),
            OLD.record,
            (Evidence("made for cp310-cp310-linux_x86_64", f"{OLD.record}/WHEEL"),),
        )
    ]
    found = WheelTags((EnvironmentWheels(made_by_uv(), (OLD,)),))
    [finding] = assess(wheel_for_another_platform, found, WITH_UV)
    assert finding.fix.actions == (Run("uv", "pip", "install", "--python", PYTHON, "--reinstall", "old==1.0"),)


@pytest.mark.sick("PKG009")
def test_in_the_environment_of_a_manager_it_installs_the_package_again() -> None:
    managed = ManagedPackages(ProjectManager.PDM, "/proj", ("old",))
    found = WheelTags((EnvironmentWheels(target(near=True), (OLD,)),))
    [finding] = assess(wheel_for_another_platform, found, NOTHING, managed)
    assert finding.fix.actions == (Run("rm", "-rf", "--", OLD.record), Run("pdm", "sync", directory="/proj"))


@pytest.mark.sick("PKG009")
def test_one_in_a_shared_directory_is_left_to_the_reader() -> None:
    shared = ForeignWheel("old", "1.0", "/s/old-1.0.dist-info", (), "y.so", "is for Python 3.10")
    [finding] = assess(wheel_for_another_platform, WheelTags((EnvironmentWheels(target(), (shared,)),)), NOTHING)
    text = f"Install old for {PYTHON} elsewhere: /s/old-1.0.dist-info is for another Python"
    assert finding.fix.actions == (Manual(text),)


@pytest.mark.healthy("PKG009")
def test_wheels_for_this_python() -> None:
    assert assess(wheel_for_another_platform, WheelTags((EnvironmentWheels(target()),)), NOTHING) == []
