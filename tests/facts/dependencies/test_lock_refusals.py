from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.dependencies import lock_refusals
from envdoctor.facts.dependencies.lock_formats import read_lock
from envdoctor.facts.project.project import ProjectManager
from envdoctor.system.toml import Document
from tests.clinic.projects import write
from tests.facts.dependencies.refusals_world import CONFLICT, PROJECT, refused, said

POETRY = ProjectManager.POETRY
LOCK = 'version = {}\nrequires-python = ">=3.9"\n'


def test_git_knows_the_lock_while_it_waits(tmp_path: Path) -> None:
    write(tmp_path / ".git/MERGE_HEAD", "x")
    write(tmp_path / "app/uv.lock", CONFLICT)
    [found] = refused(tmp_path / "app")
    assert found.resumable


def test_a_newer_schema_and_a_newer_revision(tmp_path: Path) -> None:
    write(tmp_path / "uv.lock", LOCK.format(2))
    assert said(tmp_path) == [(0, "uses an unsupported schema version (v2, but only v1 is supported)")]
    assert said(tmp_path, version=(0, 99, 0)) == []
    write(tmp_path / "uv.lock", LOCK.format("1\nrevision = 99"))
    assert said(tmp_path) == []


@pytest.mark.parametrize(("version", "count"), [("3.0", 1), ("2.9", 0), ("1.0", 0), ("x", 0)])
def test_a_newer_lock_of_poetry(tmp_path: Path, version: str, count: int) -> None:
    write(tmp_path / "poetry.lock", f'[metadata]\nlock-version = "{version}"\n')
    assert len(said(tmp_path, POETRY)) == count


def test_a_line_of_thousands_of_digits_is_none(tmp_path: Path) -> None:
    for number in ("²", "9" * 5_000):
        write(tmp_path / "poetry.lock", f"[metadata]\nlock-version = '{number}.1'\n")
        assert refused(tmp_path, POETRY) == []


def test_a_lock_is_read_once_whatever_is_looked_for_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "pyproject.toml", PROJECT)
    write(tmp_path / "uv.lock", 'version = 1\nrequires-python = ">=3.9"\nrevision = "x"\n')
    read: list[str] = []

    def reading(path: str) -> Document:
        read.append(path)
        return read_lock(path)

    monkeypatch.setattr(lock_refusals, "read_lock", reading)
    [refusal] = refused(tmp_path, ProjectManager.UV)
    assert refusal.said == "`revision` is no whole number"
    assert read == [f"{tmp_path}/uv.lock"]
