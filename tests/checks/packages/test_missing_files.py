from __future__ import annotations

import pytest

from envdoctor import Evidence, Finding, Fix, Run, Safety, Severity
from envdoctor.facts.packages.managed import ManagedPackages
from envdoctor.facts.packages.missing_files import EnvironmentFiles, IncompletePackage, PackageFiles
from envdoctor.facts.packages.targets import Target
from envdoctor.facts.project.project import ProjectManager
from envdoctor.testing import assess
from envdoctor_checks.packages.missing_files import package_files_missing
from tests.checks.packages.literals import NOTHING, PYTHON, ROOT, SITE, WITH_UV, made_by_uv, record, target

BIG = IncompletePackage("big", "2.0", record("big-2.0"), None, (f"{SITE}/big/a.py", f"{SITE}/big/b.py"), 3935)


def files(*found: IncompletePackage, where: Target | None = None) -> PackageFiles:
    return PackageFiles((EnvironmentFiles(where or target(), found),))


@pytest.mark.sick("PKG015")
def test_an_installation_that_was_interrupted() -> None:
    assert assess(package_files_missing, files(BIG), NOTHING) == [
        Finding(
            f"big 2.0 in {ROOT} was installed only in part: 3935 of its modules are missing",
            Fix(
                "Reinstall the package",
                Run(PYTHON, "-m", "pip", "install", "--force-reinstall", "--no-deps", "big==2.0"),
                safety=Safety.CHANGES_STATE,
            ),
            BIG.record,
            tuple(Evidence(f"{path} is not there", f"{BIG.record}/RECORD") for path in BIG.missing),
        )
    ]
    [finding] = assess(package_files_missing, files(BIG, where=made_by_uv()), WITH_UV)
    assert finding.fix.actions == (Run("uv", "pip", "install", "--python", PYTHON, "--reinstall", "big==2.0"),)


@pytest.mark.sick("PKG015")
def test_modules_that_were_deleted() -> None:
    one = IncompletePackage("jwt", "1.3", record("jwt-1.3"), "pip", (f"{SITE}/jwt/__init__.py",), 1)
    [finding] = assess(package_files_missing, files(one), NOTHING)
    assert finding.message == f"jwt 1.3 in {ROOT} is not all there: one of its modules is missing"
    assert finding.severity is Severity.WARNING


@pytest.mark.sick("PKG015")
def test_in_the_environment_of_a_manager() -> None:
    managed = ManagedPackages(ProjectManager.POETRY, "/proj", ("big",))
    [finding] = assess(package_files_missing, files(BIG, where=target(near=True)), NOTHING, managed)
    assert finding.fix.actions == (Run("rm", "-rf", "--", BIG.record), Run("poetry", "install", directory="/proj"))


@pytest.mark.healthy("PKG015")
def test_packages_that_are_all_there() -> None:
    assert assess(package_files_missing, files(), NOTHING) == []
