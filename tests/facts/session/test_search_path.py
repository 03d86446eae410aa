from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.session.search_path import (
    EntryKind,
    PathEntry,
    SearchPath,
    probe_search_path,
)
from envdoctor.system.processes import Process
from tests.support import make_session


def entries(path: str, cwd: Path | None, home: Path | None = None) -> tuple[PathEntry, ...]:
    env = {"PATH": path} | ({"HOME": str(home)} if home else {})
    return probe_search_path(make_session(env, cwd=cwd)).entries


def test_a_normal_element_keeps_its_spelling_and_shows_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "link").symlink_to("bin")
    spelled = f"{tmp_path}//link/"
    assert entries(spelled, tmp_path) == (PathEntry(0, spelled, spelled, real=str(tmp_path / "bin")),)


def test_the_order_duplicates_and_missing_directories_are_kept(tmp_path: Path) -> None:
    gone = f"{tmp_path}/gone"
    found = entries(f"{gone}:{tmp_path}:{tmp_path}", tmp_path)
    assert [(entry.position, entry.text, entry.exists) for entry in found] == [
        (0, gone, False),
        (1, str(tmp_path), True),
        (2, str(tmp_path), True),
    ]


def test_an_empty_element_is_the_working_directory(tmp_path: Path) -> None:
    _, empty = entries("/:", tmp_path)
    assert empty == PathEntry(1, "", str(tmp_path), EntryKind.EMPTY, real=str(tmp_path))


def test_a_relative_element_has_no_directory_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    assert entries("bin", tmp_path) == (PathEntry(0, "bin", None, EntryKind.RELATIVE, real=str(tmp_path / "bin")),)


def test_a_tilde_is_what_bash_alone_expands(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    mine, others = entries("~/bin:~nobody/bin", Path("/"), home=tmp_path)
    assert mine == PathEntry(0, "~/bin", None, EntryKind.TILDE, real=str(tmp_path / "bin"), searched=False)
    assert others == PathEntry(1, "~nobody/bin", None, EntryKind.TILDE, exists=False, searched=False)


@pytest.mark.parametrize(("shell", "searched"), [("bash", True), ("zsh", False)])
def test_bash_looks_behind_a_tilde(shell: str, searched: bool) -> None:
    shells = (Process(2, shell), Process(1, "bash"))
    [entry] = probe_search_path(make_session({"PATH": "~/bin", "HOME": "/"}, processes=shells)).entries
    assert entry.searched == searched


def test_a_file_is_not_a_place_to_search(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    [entry] = entries(f"{tmp_path}/file", tmp_path)
    assert not entry.exists


def test_without_a_working_directory_relative_elements_lead_nowhere() -> None:
    empty, relative = entries(":bin", None)
    assert (empty.exists, empty.directory, relative.exists) == (False, None, False)


def test_an_unset_path_has_no_elements() -> None:
    assert probe_search_path(make_session({})) == SearchPath()


def test_a_directory_is_recognised_by_any_spelling(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "link").symlink_to("bin")
    path = SearchPath(entries(f"/gone:{tmp_path}/link/", tmp_path))
    assert path.position(f"{tmp_path}/bin") == 1
    assert path.position(f"{tmp_path}/link") == 1
    assert path.position("/gone/") == 0
    assert path.position(str(tmp_path)) is None
