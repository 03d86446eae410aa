from __future__ import annotations

from pathlib import Path

from envdoctor.facts.disks.working_directory import WorkingDirectory
from tests.support import make_session, see


def seen(pwd: str | None, cwd: Path | None = None) -> WorkingDirectory:
    return see(WorkingDirectory, make_session({} if pwd is None else {"PWD": pwd}, cwd=cwd))


def test_a_directory_that_exists(tmp_path: Path) -> None:
    assert seen("/elsewhere", tmp_path) == WorkingDirectory(str(tmp_path))


def test_a_directory_that_was_deleted(tmp_path: Path) -> None:
    path = str(tmp_path / "build" / "x")
    assert seen(path) == WorkingDirectory(path, gone=True, nearest=str(tmp_path))
    (tmp_path / "build").touch()
    assert seen(path).nearest == str(tmp_path)
    (tmp_path / "build").unlink()
    (tmp_path / "build" / "x").mkdir(parents=True)
    assert seen(path) == WorkingDirectory(path, gone=True, made_again=True, nearest=path)


def test_a_name_of_which_nothing_is_left_or_none_at_all() -> None:
    assert seen("/no-such-place/x") == WorkingDirectory("/no-such-place/x", gone=True)
    assert seen(None) == seen("relative") == WorkingDirectory(None, gone=True)
