from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from envdoctor.facts.disks.caches import CacheTool
from envdoctor.facts.disks.volumes import FEW_FILES, MUCH, DiskPlace, DiskPlaces, Use, Volume, placed
from envdoctor.facts.session.mounts import Mount, Mounts
from envdoctor.system import silent_mounts
from tests.support import make_session, see

MOUNTS = Mounts((Mount("/", "ext4", "/dev/sda1"), Mount("/far", "nfs4")))


def answering(**said: Any) -> Any:
    facts = {
        "f_frsize": 4096,
        "f_bfree": 100,
        "f_bavail": 60,
        "f_files": 50,
        "f_ffree": 20,
        "f_favail": 10,
        "f_flag": 0,
    }
    return lambda _: SimpleNamespace(**{**facts, **said})


@pytest.mark.parametrize(
    ("free", "free_files", "may_be_full"),
    [
        (MUCH, FEW_FILES, False),
        (MUCH - 1, FEW_FILES, True),
        (MUCH, FEW_FILES - 1, True),
        (MUCH, None, False),
        (None, FEW_FILES - 1, True),
        (None, None, False),
    ],
)
def test_where_it_is_worth_asking_whether_there_is_room(
    free: int | None, free_files: int | None, may_be_full: bool
) -> None:
    assert Volume(directory="/", kind="ext4", free=free, free_files=free_files).may_be_full is may_be_full


def test_places_differ_by_their_file_systems() -> None:
    here, there = (Volume(directory=directory, kind="ext4", number=1) for directory in ("/", "/data"))
    places = [DiskPlace(use=Use.HOME, path=f"{volume.directory}x", volume=volume) for volume in (here, here, there)]
    assert not DiskPlaces(tuple(places[:2])).differ
    assert DiskPlaces(tuple(places)).differ


def test_a_place_that_is_not_there_is_on_the_file_system_above_it(tmp_path: Path) -> None:
    place = placed(MOUNTS, Use.CACHE, f"{tmp_path}/a/b", CacheTool.UV)
    assert not place.exists
    assert (place.volume.directory, place.volume.kind, place.volume.device) == ("/", "ext4", "/dev/sda1")
    assert place.volume.number == tmp_path.stat().st_dev
    assert place.name == f"uv's cache {tmp_path}/a/b"
    assert placed(MOUNTS, Use.HOME, str(tmp_path)).name == f"the home directory {tmp_path}"


def test_a_link_leads_to_its_own_file_system(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/proc")
    mounts = Mounts((Mount("/", "ext4"), Mount("/proc", "proc")))
    assert placed(mounts, Use.PROJECT, f"{tmp_path}/link").volume.kind == "proc"


def test_what_is_kept_back_for_root_is_roots_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.statvfs", answering())
    for user, free, files in ((1000, 60 * 4096, 10), (0, 100 * 4096, 20)):
        monkeypatch.setattr("os.geteuid", lambda user=user: user)
        volume = placed(MOUNTS, Use.HOME, str(tmp_path)).volume
        assert (volume.free, volume.free_files) == (free, files)


def test_flags_and_files_that_are_not_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.statvfs", answering(f_files=0, f_flag=os.ST_RDONLY | os.ST_NOEXEC))
    volume = placed(MOUNTS, Use.HOME, str(tmp_path)).volume
    assert (volume.free_files, volume.read_only, volume.no_execution) == (None, True, True)


def test_what_does_not_answer_has_a_kind_and_no_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(path: str) -> bool:
        raise silent_mounts.Unanswered("/far", "nfs4")

    monkeypatch.setattr("os.path.lexists", silent)
    volume = placed(MOUNTS, Use.ENVIRONMENT, "/far/home/.venv").volume
    assert (volume.kind, volume.network, volume.number, volume.free) == ("nfs4", True, None, None)


def test_the_places_of_a_session(tmp_path: Path) -> None:
    env = {"HOME": str(tmp_path), "TMPDIR": str(tmp_path), "UV_NO_CACHE": "1", "HF_HOME": f"{tmp_path}/hf"}
    found = see(DiskPlaces, make_session(env, cwd=tmp_path))
    assert found.of(Use.CACHE, CacheTool.UV) == ()
    [hub] = found.of(Use.CACHE, CacheTool.HUGGING_FACE)
    assert (hub.path, hub.origin, hub.exists) == (f"{tmp_path}/hf/hub", "HF_HOME", False)
    [temporary] = found.of(Use.TEMPORARY)
    assert (temporary.path, temporary.origin) == (str(tmp_path), "TMPDIR")
    assert "/tmp" in [place.path for place in found.of(Use.ELSEWHERE)]
    assert [place.path for place in (*found.of(Use.PROJECT), *found.of(Use.HOME))] == [str(tmp_path)] * 2
