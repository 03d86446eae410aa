from __future__ import annotations

import os
from pathlib import Path

import pytest

from envdoctor.cli.envs_sizes import measure
from envdoctor.facts.environments import disk_usage
from envdoctor.facts.environments.kinds import Kind, KnownEnvironment
from envdoctor.system.session import Session, silent
from tests.support import make_session


def environment(root: Path) -> KnownEnvironment:
    return KnownEnvironment(path=str(root), real=str(root), kind=Kind.UV)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with an environment that shares a file with uv's cache, and with a tool called uv."""
    for name in (".cache/uv/archive-v0/shared", ".cache/uv/archive-v0/loose", "env", "bin"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / ".cache/uv/archive-v0/shared/file").write_bytes(b"x" * 400_000)
    (tmp_path / ".cache/uv/archive-v0/loose/file").write_bytes(b"x" * 100_000)
    os.link(tmp_path / ".cache/uv/archive-v0/shared/file", tmp_path / "env/file")
    (tmp_path / "bin/uv").write_text("#!/bin/sh\n")
    (tmp_path / "bin/uv").chmod(0o755)
    return tmp_path


def session(home: Path, **env: str) -> Session:
    return make_session({"HOME": str(home), "PATH": f"{home}/bin", **env})


def test_what_an_environment_shares_is_counted_once_and_freed_by_nothing(home: Path) -> None:
    sizes = measure([environment(home / "env")], session(home), 60, silent)
    [cache] = sizes.caches
    assert (cache.tool, cache.path, cache.origin) == ("uv", f"{home}/.cache/uv", "its usual place")
    own = sizes.environments[f"{home}/env"]
    assert cache.usage is not None
    assert own is not None
    assert own.total >= 400_000
    assert own.own < 100_000
    assert (cache.usage.files, cache.usage.total >= 500_000) == (2, True)
    freed = {" ".join(each.argv): each.frees or 0 for each in cache.cleaning}
    assert 100_000 <= freed["uv cache prune"] < 200_000
    assert 100_000 <= freed["uv cache clean"] < 200_000
    assert sizes.together < 700_000
    assert sizes.notes == ()


def test_directories_that_a_command_leaves_are_not_freed(home: Path) -> None:
    place = home / ".cache/pip/http-v2/a/b/c"
    place.mkdir(parents=True)
    (home / "bin/pip").write_text("#!/bin/sh\n")
    (home / "bin/pip").chmod(0o755)
    (place / "file").write_bytes(b"x" * 100_000)
    cache = next(cache for cache in measure([], session(home), 60, silent).caches if cache.tool == "pip")
    assert [each.frees for each in cache.cleaning] == [(place / "file").stat().st_blocks * 512]


def test_a_tool_that_is_not_there_and_one_that_makes_links_have_no_command(home: Path) -> None:
    for env in ({"PATH": ""}, {"UV_LINK_MODE": "symlink"}):
        [cache] = measure([], session(home, **env), 60, silent).caches
        assert cache.cleaning == ()


def test_a_directory_that_two_tools_share_is_listed_once(home: Path) -> None:
    env = {"PIP_CACHE_DIR": f"{home}/.cache/uv"}
    assert [cache.tool for cache in measure([], session(home, **env), 60, silent).caches] == ["uv"]


def test_what_there_was_no_time_for_is_said(home: Path) -> None:
    told: list[tuple[str, int, int]] = []
    sizes = measure([environment(home / "env")], session(home), 1e-9, lambda *step: told.append(step))
    assert sizes.notes == (
        "measuring was ended after 1e-09 s (--time-limit); not measured: 1 environment, the cache of uv",
    )
    assert told == [("measuring environments", 0, 2), ("measuring the cache of uv", 1, 2)]


def test_what_there_were_too_many_files_for_is_said(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk_usage, "MOST", 0)
    sizes = measure([environment(home / "env")], session(home), 60, silent)
    assert sizes.notes == ("measuring was ended after 0 files; not measured: the cache of uv",)
