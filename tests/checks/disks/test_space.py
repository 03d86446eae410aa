from __future__ import annotations

from typing import Any

import pytest

from envdoctor import Evidence, Finding, Fix, Manual, Run, Safety, SetVariable, Severity
from envdoctor.facts.conda.condarc import Condarc, CondarcValue
from envdoctor.facts.dependencies.declared import DeclaredRequirement, DeclaredRequirements
from envdoctor.facts.disks.caches import Cache, Caches, CacheTool
from envdoctor.facts.disks.volumes import DiskPlace, DiskPlaces, Use
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.project.environment import InstalledPackages
from envdoctor.facts.project.project import ProjectManager
from envdoctor.facts.python.distributions import Distribution
from envdoctor.testing import assess
from envdoctor_checks.disks.space import disk_full
from tests.builders import HOME, PROJECT, ROOT, make_commands, make_hit
from tests.checks.disks.literals import (
    BOTH,
    CACHES,
    MADE_BY_UV,
    OF_PIP,
    OF_UV,
    OF_VENV,
    PIP,
    UV_CACHE,
    places,
    targets,
    volume,
)

FULL = volume("/tmp", kind="tmpfs", free=50 * 10**6)
TIGHT = volume("/tmp", kind="tmpfs", free=900 * 10**6)
TORCH = DeclaredRequirements((DeclaredRequirement("torch>=2", "pyproject.toml:3"),))


def judged(where: DiskPlaces, **more: Any) -> list[Finding]:
    facts = {"caches": CACHES, "commands": BOTH, "builders": OF_PIP, "targets": OF_VENV}
    return assess(disk_full, where, *{**facts, **more}.values())


@pytest.mark.sick("DSK002")
def test_pip_gets_another_directory_for_what_it_unpacks() -> None:
    assert judged(places(temporary=FULL)) == [
        Finding(
            "only 50 MB are free where the temporary directory /tmp lies",
            Fix("Use another directory for temporary files", SetVariable("TMPDIR", "/var/tmp")),
            "/tmp",
            (Evidence("tmpfs: 50000000 bytes free for this user, 10000000 files", "/tmp"),),
            Severity.ERROR,
        )
    ]


@pytest.mark.sick("DSK002")
def test_without_another_of_the_systems_it_is_one_in_the_home() -> None:
    [finding] = judged(places(temporary=FULL, elsewhere=FULL))
    path = f"{HOME}/tmp"
    assert finding.fix.actions == (Run("mkdir", "-p", path), SetVariable("TMPDIR", path))
    noexec = volume("/var", no_execution=True)
    [finding] = judged(places(temporary=FULL, elsewhere=noexec, home=FULL))
    assert isinstance(finding.fix.actions[0], Run | Manual)
    assert SetVariable("TMPDIR", "/var/tmp") not in finding.fix.actions


@pytest.mark.sick("DSK002")
def test_uv_needs_room_in_its_cache() -> None:
    [finding] = judged(places(uv=FULL), builders=OF_UV, targets=MADE_BY_UV)
    assert finding.message == f"only 50 MB are free where uv's cache {UV_CACHE} lies"
    assert finding.fix == Fix("Clean the cache of uv", Run("uv", "cache", "prune"), safety=Safety.DESTRUCTIVE)


@pytest.mark.sick("DSK002")
def test_one_full_disk_is_one_finding() -> None:
    root = volume(free=20 * 10**6)
    [finding] = judged(places(**dict.fromkeys(("environment", "uv", "pip", "temporary"), root)))
    assert finding.message == f"only 20 MB are free where the environment {ROOT} and the temporary directory /tmp lie"
    assert finding.fix.actions == (Run("uv", "cache", "prune"), Run("pip", "cache", "purge"))


@pytest.mark.sick("DSK002")
def test_inodes_run_out_before_bytes() -> None:
    [finding] = judged(places(environment=volume("/small", free_files=999)))
    assert finding.message == f"only 999 more files can be made where the environment {ROOT} lies"
    assert finding.severity is Severity.ERROR
    [step] = finding.fix.actions
    assert isinstance(step, Manual)
    assert "envs --sizes" in step.text


@pytest.mark.sick("DSK002")
def test_less_than_a_gigabyte_is_a_warning_and_torch_wants_five() -> None:
    [finding] = judged(places(temporary=TIGHT))
    assert finding.severity is Severity.WARNING
    four = places(environment=volume("/data", free=4 * 10**9))
    assert judged(four) == []
    [finding] = judged(four, declared=TORCH)
    assert finding.message == f"only 4.0 GB are free, and torch wants 5.0 GB where the environment {ROOT} lies"
    assert judged(four, declared=TORCH, installed=InstalledPackages((Distribution("torch", "2.9.1", "/x"),))) == []
    other = DeclaredRequirements((DeclaredRequirement("torch-geometric>=2", "pyproject.toml:3"),))
    assert judged(four, declared=other) == []


@pytest.mark.sick("DSK002")
def test_conda_cleans_its_own_cache_unless_environments_are_links_into_it() -> None:
    full = volume(free=1)
    pkgs = DiskPlace(use=Use.CACHE, path="/opt/conda/pkgs", volume=full, tool=CacheTool.CONDA)
    prefix = DiskPlace(use=Use.ENVIRONMENT, path="/opt/conda/envs/x", volume=full)
    conda = {
        "targets": targets(None, is_conda=True, is_venv=False),
        "commands": make_commands(make_hit("conda", "/opt/conda/bin/conda")),
        "caches": Caches((Cache(CacheTool.CONDA, "/opt/conda/pkgs"),)),
        "builders": Builders(),
    }
    [finding] = judged(DiskPlaces((prefix, pkgs)), **conda)
    assert finding.fix.actions == (Run("conda", "clean", "--all", "--yes"),)
    linking = Condarc(values=(CondarcValue("always_softlink", "true", "~/.condarc:1"),))
    [finding] = judged(DiskPlaces((prefix, pkgs)), **conda, condarc=linking)
    assert isinstance(finding.fix.actions[0], Manual)


@pytest.mark.sick("DSK002")
def test_models_are_downloaded_too_where_something_downloads_them() -> None:
    full = places(hub=volume("/models", free=5))
    assert judged(full) == []
    assert judged(full, installed=InstalledPackages((Distribution("huggingface-hub", "1.2", "/x"),)))


@pytest.mark.sick("DSK002")
def test_the_manager_of_the_project_has_a_cache_of_its_own() -> None:
    own = DiskPlace(use=Use.CACHE, path="/c/pypoetry", volume=volume("/c", free=5), tool=CacheTool.POETRY)
    where = DiskPlaces((*places().places, own))
    assert judged(where) == []
    poetry = Builders(manager=ProjectManager.POETRY, project=PROJECT)
    assert judged(where, builders=poetry)[0].where == "/c/pypoetry"


@pytest.mark.healthy("DSK002")
def test_what_the_tool_at_work_does_not_write_to_may_be_full() -> None:
    assert judged(places(temporary=FULL), builders=OF_UV, targets=MADE_BY_UV) == []  # uv unpacks in its cache
    assert judged(places(uv=FULL)) == []  # pip does not use it
    assert judged(places(pip=FULL)) == []  # pip goes on in silence
    assert judged(places(home=FULL, project=FULL)) == []


@pytest.mark.sick("DSK002")
def test_a_python_without_an_environment_is_installed_into_by_pip_too() -> None:
    plain = places(temporary=FULL).places[1:]
    assert judged(DiskPlaces(plain), targets=targets(None, is_venv=False))
    managed = targets(None, is_venv=False, externally_managed=True)
    assert judged(DiskPlaces(plain), targets=managed, builders=Builders()) == []


@pytest.mark.healthy("DSK002")
def test_numbers_that_mean_nothing() -> None:
    assert judged(places(environment=volume("/b", kind="btrfs", free_files=None))) == []
    assert judged(places(environment=volume("/img", kind="squashfs", read_only=True, free=0, free_files=0))) == []
    assert judged(places(environment=volume("/far", kind="nfs4", number=None, free=None, free_files=None))) == []
    assert judged(places(), builders=Builders(), targets=None, commands=PIP) == []
