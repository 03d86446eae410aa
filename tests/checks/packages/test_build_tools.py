from __future__ import annotations

import pytest

from envdoctor import Evidence, Finding, Fix, Run, Safety
from envdoctor.facts.packages.build_tools import BuildTools, EnvironmentBuildTools, NeedsTool
from envdoctor.facts.packages.managed import ManagedPackages
from envdoctor.facts.packages.targets import Target
from envdoctor.facts.project.project import ProjectManager
from envdoctor.testing import assess
from envdoctor_checks.packages.build_tools import packaging_tool_missing
from tests.checks.packages.literals import NOTHING, PYTHON, ROOT, SITE, target

FS = NeedsTool(f"{SITE}/fs/__init__.py", "pkg_resources", "import pkg_resources")


def found(*needs: NeedsTool, setuptools: str | None = None, where: Target | None = None) -> BuildTools:
    return BuildTools((EnvironmentBuildTools(where or target(), setuptools, needs),))


@pytest.mark.sick("PKG010")
def test_a_setuptools_that_has_it_is_installed() -> None:
    assert assess(packaging_tool_missing, found(FS, setuptools="82.0.0"), NOTHING) == [
        Finding(
            f"{FS.path} imports pkg_resources, which {ROOT} lacks: setuptools 82.0.0 has none",
            Fix(
                "Install a setuptools that has the module",
                Run(PYTHON, "-m", "pip", "install", "setuptools<82"),
                safety=Safety.CHANGES_STATE,
            ),
            ROOT,
            (Evidence("import pkg_resources", FS.path),),
        )
    ]
    [finding] = assess(packaging_tool_missing, found(FS, FS), NOTHING)
    assert finding.message.endswith("lacks: it has no setuptools, and so does one more file")


@pytest.mark.sick("PKG010")
def test_in_the_environment_of_a_manager_it_becomes_the_projects_own() -> None:
    managed = ManagedPackages(ProjectManager.UV, "/proj", ("fs",))
    [finding] = assess(packaging_tool_missing, found(FS, where=target(near=True)), NOTHING, managed)
    assert finding.fix.actions == (Run("uv", "add", "setuptools<82", directory="/proj"),)


@pytest.mark.healthy("PKG010")
def test_nothing_needs_it() -> None:
    assert assess(packaging_tool_missing, found(), NOTHING) == []
