from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from envdoctor.facts.environments.search import Search
from envdoctor.facts.session.mounts import Mount, Mounts
from tests.facts.environments.condition_world import make
from tests.facts.environments.kinds_world import make_conda


def searched(start: Path, depth: int = 5, *mounts: Mount) -> Search:
    search = Search((str(start),), depth, Mounts(mounts))
    search.run(30)
    return search


def test_a_search_finds_environments_in_every_form_and_nothing_inside_them(tmp_path: Path) -> None:
    for name in ("a/.venv", "b/deep/env", "c/.tox/py311", "node_modules/x/.venv", ".hidden/env", "a/.venv/lib/nested"):
        make(tmp_path / name)
    make_conda(tmp_path / "conda")
    make_conda(tmp_path / "conda/envs/ml")
    (tmp_path / "d").mkdir()
    (tmp_path / "d/.venv").symlink_to("../.hidden/env")
    (tmp_path / "e").mkdir()
    (tmp_path / "e/.venv").write_text("../.hidden/env\n")
    (tmp_path / "f").mkdir()
    (tmp_path / "f/.venv").symlink_to("gone")
    (tmp_path / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "fifo")
    search = searched(tmp_path)
    found = sorted(os.path.relpath(path, tmp_path) for path in search.found)
    assert found == [".hidden/env", "a/.venv", "b/deep/env", "c/.tox/py311", "conda", "conda/envs/ml", "d/.venv"]
    assert (search.timed_out, search.left, search.skipped) == (False, 0, [])


def test_a_search_goes_so_deep_and_no_deeper_and_not_onto_network_drives(tmp_path: Path) -> None:
    make(tmp_path / "a/b/c/env")
    make(tmp_path / "share/env")
    assert searched(tmp_path, 3, Mount(f"{tmp_path}/share", "nfs4")).found == []
    search = searched(tmp_path, 4, Mount(f"{tmp_path}/share", "nfs4"))
    assert search.found == [f"{tmp_path}/a/b/c/env"]
    assert search.skipped == [f"{tmp_path}/share: on a network drive"]
    assert searched(tmp_path / "share", 4, Mount(f"{tmp_path}/share", "nfs4")).found == [f"{tmp_path}/share/env"]


def test_a_drive_that_does_not_answer_costs_the_time_that_was_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = threading.Event()
    monkeypatch.setattr(Search, "_look", lambda *_: released.wait(30))
    search = Search((str(tmp_path),), 3, Mounts())
    watched: list[int] = []
    search.run(0.2, lambda looked, _: watched.append(looked))
    released.set()
    assert search.timed_out
    assert watched


def test_ten_thousand_directories_are_searched(tmp_path: Path) -> None:
    for number in range(10_000):
        (tmp_path / f"d{number:05}").mkdir()
    assert searched(tmp_path).looked == 10_001


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir(0o000)
    assert searched(tmp_path).skipped == [f"{tmp_path}/secret: permission denied"]
