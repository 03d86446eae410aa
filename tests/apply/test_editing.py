"""An edit of a real file: what it would do, and what it does."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from envdoctor.apply import editing
from envdoctor.apply.blocks import Mismatch
from envdoctor.apply.state import Refused
from envdoctor.engine.fix import EditFile
from tests.apply.world import files, state_in, take_back, write

ADDED = b"# >>> envdoctor C >>>\nX=1\n# <<< envdoctor C <<<\n"


def test_a_preview_writes_nothing_and_names_the_real_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "dotfiles").mkdir()
    (tmp_path / "dotfiles" / "rc").write_bytes(b"a\n")
    (tmp_path / ".bashrc").symlink_to("dotfiles/rc")
    edit = EditFile(str(tmp_path / ".bashrc"), add=("X=1",))
    shown = editing.preview(edit, "C")
    assert (shown.named, shown.path) == (edit.path, str(tmp_path / "dotfiles" / "rc"))
    assert (shown.before, shown.after) == (b"a\n", b"a\n" + ADDED)
    assert editing.preview(edit, "C", {shown.path: b"b\n"}).after == b"b\n" + ADDED
    assert sorted(os.listdir(tmp_path)) == [".bashrc", "dotfiles"]


def test_the_file_behind_a_link_is_edited_and_the_link_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "dotfiles" / ".git").mkdir(parents=True)
    real = tmp_path / "dotfiles" / "rc"
    real.write_bytes(b"a\n")
    (tmp_path / ".bashrc").symlink_to("dotfiles/rc")
    write(tmp_path, ("C", EditFile(str(tmp_path / ".bashrc"), add=("X=1",))))
    assert (tmp_path / ".bashrc").is_symlink()
    assert real.read_bytes() == b"a\n" + ADDED
    assert sorted(os.listdir(tmp_path / "dotfiles")) == [".git", "rc"]
    take_back(tmp_path)
    assert real.read_bytes() == b"a\n"


def test_the_file_as_it_was_is_kept_with_its_mode_and_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "pip.conf"
    file.write_bytes(b"a\n")
    file.chmod(0o600)
    state = state_in(tmp_path)
    first = editing.apply(state, EditFile(str(file), add=("X=1",)), "C")
    second = editing.apply(state, EditFile(str(file), add=("X=1",)), "C")
    assert first.backup is not None
    assert second.backup is not None
    assert Path(first.backup).read_bytes() == b"a\n"
    assert Path(first.backup).stat().st_mode & 0o777 == 0o600
    assert first.backup.endswith("-pip.conf.before-envdoctor")
    assert Path(second.backup).read_bytes() == b"a\n" + ADDED


def test_what_needs_nothing_leaves_no_trace(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"a\n")
    done = editing.apply(state_in(tmp_path), EditFile(str(tmp_path / "f"), remove=("X",)), "C")
    assert not done.written
    assert editing.apply(state_in(tmp_path), EditFile(str(tmp_path / "g"), remove=("X",)), "C").written is False
    assert files(tmp_path) == {"f": b"a\n"}


def test_a_file_that_changed_since_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"a\n")
    with pytest.raises(Mismatch):
        editing.apply(state_in(tmp_path), EditFile(str(tmp_path / "f"), remove=("X",), add=("Y",)), "C")
    assert os.listdir(state_in(tmp_path).backups) == []


@pytest.mark.parametrize("name", ["a b", "a\nb", "\udcff", "-rf", "'", "x" * 255, "😀" * 60])
def test_any_name_of_a_file_will_do(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(b"a\n")
    write(tmp_path, ("C", EditFile(str(file), add=("X=1",))))
    assert file.read_bytes() == b"a\n" + ADDED
    assert [undone.path for undone in take_back(tmp_path)] == [str(file)]
    assert file.read_bytes() == b"a\n"


def test_a_name_that_no_file_can_have_is_refused(tmp_path: Path) -> None:
    for name in ("a\0b", "x" * 300, "\ud800"):
        with pytest.raises(Refused):
            editing.apply(state_in(tmp_path), EditFile(f"{tmp_path}/{name}", add=("X=1",)), "C")


def test_two_names_of_one_file_are_edited_in_place(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"a\n")
    (tmp_path / "g").hardlink_to(tmp_path / "f")
    write(tmp_path, ("C", EditFile(str(tmp_path / "f"), add=("X=1",))))
    assert (tmp_path / "g").read_bytes() == b"a\n" + ADDED
    assert (tmp_path / "g").samefile(tmp_path / "f")
    assert [name for name in os.listdir(state_in(tmp_path).backups) if name.endswith("planned")] == []


def test_a_pin_is_exchanged_without_a_marker(tmp_path: Path) -> None:
    pin = tmp_path / ".python-version"
    pin.write_bytes(b"3.7.1\n")
    write(tmp_path, ("PRJ005", EditFile(str(pin), remove=("3.7.1",), add=("3.12",))))
    assert pin.read_bytes() == b"3.12\n"
    take_back(tmp_path)
    assert pin.read_bytes() == b"3.7.1\n"
