from __future__ import annotations

from typing import Any

import pytest

from envdoctor import Evidence, Finding, Fix, Run, SetVariable, Severity, UnsetVariable
from envdoctor.facts.disks.caches import Caches
from envdoctor.facts.disks.temporary import TemporaryDirectory, TemporaryProblem
from envdoctor.testing import assess
from envdoctor_checks.disks.temporary import temporary_directory_unusable
from tests.builders import HOME, make_examined
from tests.checks.disks.literals import CACHES, NO_UV_CACHE, PIP, UV


def judged(temporary: TemporaryDirectory, caches: Caches = CACHES, **more: Any) -> list[Finding]:
    return assess(
        temporary_directory_unusable, temporary, caches, more.get("commands", UV), make_examined(**more.get("who", {}))
    )


def named(value: str, problem: TemporaryProblem, **more: Any) -> TemporaryDirectory:
    facts = {"used": "/tmp", "variable": "TMPDIR", "path": value}
    return TemporaryDirectory(value=value, problem=problem, **{**facts, **more})


@pytest.mark.sick("DSK004")
def test_a_directory_that_is_gone_is_made_where_it_can_be() -> None:
    assert judged(named("/scratch/me", TemporaryProblem.MISSING, creatable=True)) == [
        Finding(
            "TMPDIR=/scratch/me does not exist, so /tmp is used instead",
            Fix("Create the directory", Run("mkdir", "-p", "/scratch/me")),
            "TMPDIR",
            (Evidence("TMPDIR=/scratch/me", "variable TMPDIR"),),
        )
    ]
    [finding] = judged(named("/gone/me", TemporaryProblem.MISSING))
    assert finding.fix.actions == (UnsetVariable("TMPDIR"),)


@pytest.mark.sick("DSK004")
def test_a_tilde_in_quotes_is_written_in_full() -> None:
    path = f"{HOME}/tmp"
    [finding] = judged(named("~/tmp", TemporaryProblem.TILDE, path=path, creatable=True))
    assert finding.message == "TMPDIR=~/tmp begins with a `~` that no shell has replaced, so /tmp is used instead"
    assert finding.fix.actions == (Run("mkdir", "-p", path), SetVariable("TMPDIR", path))
    [finding] = judged(named("$HOME/tmp", TemporaryProblem.VARIABLE, path=path))
    assert (
        finding.message == "TMPDIR=$HOME/tmp begins with a `$HOME` that no shell has replaced, so /tmp is used instead"
    )
    assert finding.fix.actions == (SetVariable("TMPDIR", path),)
    [finding] = judged(named("~bob/tmp", TemporaryProblem.TILDE, path="/proj/~bob/tmp"))
    assert finding.fix.actions == (UnsetVariable("TMPDIR"),)


@pytest.mark.sick("DSK004")
def test_uv_without_a_cache_stops_at_it() -> None:
    gone = named("/gone", TemporaryProblem.MISSING)
    [finding] = judged(gone, NO_UV_CACHE)
    assert finding.severity is Severity.ERROR
    assert finding.message == "TMPDIR=/gone does not exist; uv stops at it"
    [finding] = judged(gone, NO_UV_CACHE, commands=PIP)
    assert finding.severity is None


@pytest.mark.sick("DSK004")
def test_there_is_no_directory_at_all() -> None:
    [finding] = judged(TemporaryDirectory("/proj", misplaced=True), who={"effective_user_id": 0})
    assert finding.message.startswith("/tmp cannot be written to, and no other")
    assert finding.fix.actions == (Run("chmod", "1777", "/tmp"),)
    [finding] = judged(TemporaryDirectory(None, misplaced=True, of_the_system=False))
    assert finding.severity is Severity.ERROR
    assert finding.fix.actions == (Run("sudo", "mkdir", "-p", "-m", "1777", "/tmp"),)


@pytest.mark.healthy("DSK004")
def test_a_directory_that_is_used_is_no_more_than_a_hint() -> None:
    assert judged(TemporaryDirectory("/tmp")) == []
    assert judged(TemporaryDirectory("/scratch", "TMPDIR", "/scratch", None, "/scratch")) == []
    [finding] = judged(named("tmp", TemporaryProblem.RELATIVE, path="/proj/tmp", used="/proj/tmp"))
    assert finding.severity is Severity.INFO
    [finding] = judged(named("C:\\Temp", TemporaryProblem.RELATIVE, variable="TEMP"))
    assert finding.severity is Severity.INFO  # as WSL may have it; only Python looks at TEMP
