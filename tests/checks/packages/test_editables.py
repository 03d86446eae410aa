from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from envdoctor import EditFile, Evidence, Finding, Fix, Manual, Run, Safety
from envdoctor.facts.packages.editables import Editables, EnvironmentEditables, LostEditable
from envdoctor.facts.packages.targets import Target
from envdoctor.facts.project.pyproject import Pyproject
from envdoctor.testing import assess
from envdoctor_checks.packages.editables import editable_source_gone
from tests.checks.packages.literals import NOTHING, PYTHON, ROOT, SITE, WITH_UV, made_by_uv, record, target

PTH = f"{SITE}/my_lib.pth"


def lost(where: Target | None = None, **more: Any) -> Editables:
    found = LostEditable("my-lib", "1.0", record("my_lib-1.0"), "/src/lib", "/src/lib/src", PTH, **more)
    return Editables((EnvironmentEditables(where or target(), (found,)),))


@pytest.mark.sick("PKG008")
def test_a_working_copy_that_is_gone_is_uninstalled() -> None:
    assert assess(editable_source_gone, lost(), NOTHING) == [
        Finding(
            f"my-lib 1.0 in {ROOT} is a working copy, and /src/lib/src is not there",
            Fix(
                "Uninstall my-lib, or install it from its new place",
                Run(PYTHON, "-m", "pip", "uninstall", "--yes", "my-lib"),
                safety=Safety.CHANGES_STATE,
            ),
            "/src/lib/src",
            (Evidence("/src/lib/src", PTH), Evidence("installed from /src/lib", record("my_lib-1.0"))),
        )
    ]


@pytest.mark.sick("PKG008")
def test_it_is_installed_again_where_it_is_found() -> None:
    [finding] = assess(editable_source_gone, lost(made_by_uv(), source_exists=True), WITH_UV)
    assert finding.fix.actions == (Run("uv", "pip", "install", "--python", PYTHON, "--editable", "/src/lib"),)
    [finding] = assess(editable_source_gone, lost(), NOTHING, Pyproject("/new/lib/pyproject.toml", "my-lib"))
    assert finding.fix.actions == (Run(PYTHON, "-m", "pip", "install", "--editable", "/new/lib"),)


@pytest.mark.sick("PKG008")
def test_the_link_of_setup_py_develop_is_deleted() -> None:
    link = LostEditable("my-lib", "", f"{SITE}/my-lib.egg-link", "/src", "/src", f"{SITE}/my-lib.egg-link")
    paths = f"{SITE}/easy-install.pth"
    listed = Editables((EnvironmentEditables(target(), (replace(link, path_file=paths),)),))
    [finding] = assess(editable_source_gone, listed, NOTHING)
    assert finding.message == f"my-lib in {ROOT} is a working copy, and /src is not there"
    gone = (Run("rm", "-f", "--", link.record), EditFile(paths, remove=("/src",)))
    assert finding.fix == Fix("Delete the link to /src", *gone, safety=Safety.DESTRUCTIVE)
    [finding] = assess(editable_source_gone, listed, NOTHING, Pyproject("/new/pyproject.toml", "My_Lib"))
    assert finding.fix.actions == (*gone, Run(PYTHON, "-m", "pip", "install", "--editable", "/new"))


@pytest.mark.sick("PKG008")
def test_what_only_the_reader_can_do() -> None:
    [finding] = assess(editable_source_gone, lost(plugged=True), NOTHING)
    assert finding.fix.actions == (Manual("Mount what /src/lib/src is on, or uninstall my-lib"),)
    [finding] = assess(editable_source_gone, lost(target(externally_managed=True)), NOTHING)
    assert finding.fix.actions == (Manual(f"Uninstall my-lib from {SITE}"),)


@pytest.mark.healthy("PKG008")
def test_working_copies_that_are_there() -> None:
    assert assess(editable_source_gone, Editables((EnvironmentEditables(target()),)), NOTHING) == []
