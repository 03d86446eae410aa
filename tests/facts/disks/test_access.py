from __future__ import annotations

import os
from pathlib import Path

import pytest

from envdoctor.facts.disks import access as module
from envdoctor.facts.disks import rights
from envdoctor.facts.disks.access import CacheAccess, CacheFault, buckets
from envdoctor.facts.disks.caches import Cache, CacheTool
from tests.support import make_session, see

ME, ANN = 3_999_999, 3_999_998


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of an ordinary user with uv and pip: who owns what, and may write where, is said by `world`."""
    for name in ("uv", "pip"):
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin" / name).write_text("#!/bin/sh\n")
        (tmp_path / "bin" / name).chmod(0o755)
    monkeypatch.setattr("os.geteuid", lambda: ME)
    return tmp_path


def world(monkeypatch: pytest.MonkeyPatch, owners: dict[str, int], user: int = ME) -> None:
    """Directories belong to the nearest above them that is listed, and only their owners may write."""

    def owner_of(path: str) -> int | None:
        while path not in owners and path != "/":
            path = os.path.dirname(path)
        return owners.get(path, 0)

    def is_writable(path: str) -> bool:
        return os.path.isdir(path) and (user == 0 or owner_of(path) == user)

    monkeypatch.setattr("os.geteuid", lambda: user)
    monkeypatch.setattr(module, "owner_of", owner_of)
    monkeypatch.setattr(module, "is_writable", is_writable)
    monkeypatch.setattr(module, "account", {0: "root", ANN: "ann"}.get)


def look(home: Path, **env: str) -> CacheAccess:
    return see(CacheAccess, make_session({"HOME": str(home), "PATH": f"{home}/bin", **env}, cwd=home))


def made(home: Path, *names: str) -> str:
    for name in names:
        (home / ".cache" / name).mkdir(parents=True, exist_ok=True)
    return f"{home}/.cache"


def test_a_cache_that_is_not_there_yet_can_be_made(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world(monkeypatch, {str(home): ME})
    assert look(home) == CacheAccess()


def test_one_bucket_of_another_is_enough_and_a_file_is_none(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = made(home, "uv/archive-v0", "uv/interpreter-v5", "uv/other", "uv/environments-v2")
    Path(cache, "uv/CACHEDIR.TAG").touch()
    assert [Path(path).name for path in buckets(f"{cache}/uv")] == ["archive-v0", "environments-v2", "interpreter-v5"]
    world(monkeypatch, {str(home): ME, f"{cache}/uv/other": 0, f"{cache}/uv/CACHEDIR.TAG": 0})
    assert look(home) == CacheAccess(runs_tools=True)
    world(monkeypatch, {str(home): ME, f"{cache}/uv/interpreter-v5": 0})
    [fault] = look(home).faults
    assert (fault.place, fault.owner, fault.mine, fault.user, fault.at_home) == (
        f"{cache}/uv/interpreter-v5",
        "root",
        False,
        ME,
        True,
    )
    assert look(home, UV_NO_CACHE="1").faults == ()
    assert look(home, PATH="").faults == ()


def test_what_keeps_both_from_being_made(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = made(home, ".")
    world(monkeypatch, {str(home): ME, cache: 0})
    faults = look(home).faults
    assert [(fault.cache.tool, fault.place) for fault in faults] == [(CacheTool.UV, cache), (CacheTool.PIP, cache)]
    assert faults[0].elsewhere == f"{home}/.uv-cache/uv"


def test_a_link_to_a_disk_that_is_not_there(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = made(home, ".")
    Path(cache, "uv").symlink_to(f"{home}/scratch/uv")
    Path(cache, "pip").touch()
    world(monkeypatch, {str(home): ME})
    uv, pip = look(home).faults
    assert (uv.place, uv.no_directory, uv.creatable) == (f"{cache}/uv", True, f"{home}/scratch/uv")
    assert (pip.place, pip.no_directory, pip.creatable) == (f"{cache}/pip", True, None)


def test_conda_writes_to_the_first_of_its_caches_that_it_may(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "bin/conda").write_text("#!/bin/sh\n")
    (home / "bin/conda").chmod(0o755)
    world(monkeypatch, {str(home): ME})
    assert look(home, CONDA_PKGS_DIRS=f"/opt/pkgs:{home}/pkgs").faults == ()
    [fault] = look(home, CONDA_PKGS_DIRS="/opt/pkgs").faults
    assert (fault.cache.path, fault.place) == ("/opt/pkgs", "/opt" if os.path.exists("/opt") else "/")


def test_root_spoils_the_cache_of_another(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = made(home, "uv/archive-v0", "pip")
    mine = {str(home): ANN, f"{cache}/uv/archive-v0": 0}
    world(monkeypatch, mine, user=0)
    found = {fault.cache.tool: fault for fault in look(home).faults}
    assert found[CacheTool.UV] == CacheFault(
        cache=Cache(CacheTool.UV, f"{cache}/uv"),
        place=f"{cache}/uv/archive-v0",
        owner="root",
        mine=True,
        user=ANN,
        at_home=True,
        spoiled_for="ann",
    )
    assert (found[CacheTool.PIP].owner, found[CacheTool.PIP].user, found[CacheTool.PIP].mine) == ("ann", 0, False)
    monkeypatch.setattr(module, "_home_of", lambda name: str(home) if name == "ann" else None)
    [fault] = look(home / "bin", SUDO_USER="ann").faults[:1]
    assert fault.spoiled_for == "ann"


def test_root_says_nothing_of_what_is_its_own_or_from_outside(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = made(home, "uv/archive-v0", "pip")
    world(monkeypatch, {str(home): 0}, user=0)
    assert look(home).faults == ()
    world(monkeypatch, {str(home): ME, f"{cache}/uv": 0}, user=0)  # nobody here has that number
    assert [fault.cache.tool for fault in look(home).faults] == [CacheTool.PIP]
    world(monkeypatch, {str(home): ANN}, user=0)
    assert [fault.spoiled_for for fault in look(home, PIP_NO_CACHE_DIR="1").faults] == []


def test_the_rights_that_count_are_those_in_effect() -> None:
    assert rights.EFFECTIVE
