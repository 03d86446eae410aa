from __future__ import annotations

from typing import Any

import pytest

from envdoctor import Evidence, Finding, Fix, Run, Safety, SetVariable, Severity
from envdoctor.facts.disks.access import CacheAccess
from envdoctor.facts.disks.volumes import DiskPlaces
from envdoctor.testing import assess
from envdoctor_checks.disks.execution import files_not_executable
from tests.builders import HOME, ROOT, make_examined
from tests.checks.disks.literals import BOTH, PIP, UV, places, volume

LOCKED = volume("/data", no_execution=True)


def judged(where: DiskPlaces, *, tools: bool = False, **more: Any) -> list[Finding]:
    access = CacheAccess(runs_tools=tools)
    return assess(files_not_executable, where, access, more.get("commands", BOTH), make_examined(**more.get("who", {})))


@pytest.mark.sick("DSK009")
def test_an_environment_needs_to_be_executable() -> None:
    found = [
        Finding(
            f"the environment {ROOT} is on a file system mounted with noexec: no extension module loads there, and no "
            "script runs",
            Fix(
                "Mount the file system with `exec`",
                Run("sudo", "mount", "-o", "remount,exec", "/data"),
                safety=Safety.CHANGES_STATE,
                undo=(Run("sudo", "mount", "-o", "remount,noexec", "/data"),),
            ),
            ROOT,
            (Evidence("ext4, mounted with noexec", "/data"),),
            Severity.ERROR,
        )
    ]
    assert judged(places(environment=LOCKED)) == found
    assert judged(places(environment=LOCKED, uv=LOCKED, temporary=LOCKED)) == found  # one cause
    [finding] = judged(places(environment=LOCKED), who={"effective_user_id": 0})
    assert finding.fix.actions == (Run("mount", "-o", "remount,exec", "/data"),)


@pytest.mark.sick("DSK009")
def test_a_cache_matters_to_who_runs_tools_from_it() -> None:
    [finding] = judged(places(uv=LOCKED))
    assert finding.severity is Severity.INFO
    [finding] = judged(places(uv=LOCKED), tools=True)
    assert finding.severity is Severity.WARNING
    assert finding.fix.actions == (Run("sudo", "mount", "-o", "remount,exec", "/data"),)  # it is at its usual place
    assert judged(places(uv=LOCKED), commands=PIP) == []


@pytest.mark.sick("DSK009")
def test_builds_run_in_the_directory_for_temporary_files() -> None:
    [finding] = judged(places(temporary=LOCKED))
    assert finding.severity is Severity.INFO
    assert finding.fix.actions == (SetVariable("TMPDIR", "/var/tmp"),)
    [finding] = judged(places(temporary=LOCKED, elsewhere=LOCKED))
    assert finding.fix.actions == (Run("mkdir", "-p", f"{HOME}/tmp"), SetVariable("TMPDIR", f"{HOME}/tmp"))
    [finding] = judged(places(temporary=LOCKED, elsewhere=LOCKED, home=LOCKED))
    assert isinstance(finding.fix.actions[0], Run)


@pytest.mark.healthy("DSK009")
def test_caches_of_others_and_the_home_need_not_be_executable() -> None:
    assert judged(places()) == []
    assert judged(places(pip=LOCKED, hub=LOCKED, home=LOCKED, project=LOCKED)) == []
    assert judged(places(temporary=LOCKED), commands=UV) == []  # uv builds in its cache
