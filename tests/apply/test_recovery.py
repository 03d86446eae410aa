"""What a killed run has left is told and brought to an end."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from envdoctor.apply import change, putting
from envdoctor.apply.blocks import edited
from envdoctor.apply.journal import Intent, Journal
from envdoctor.apply.recovery import is_between, resolve
from envdoctor.apply.target import digest
from envdoctor.engine.fix import EditFile
from tests.apply.world import state_in, take_back

OLD = b"a\nX=1\nb\n"


class Interrupted:
    """A journal with one write that nobody knows the end of."""

    def __init__(self, home: Path, *, in_place: bool) -> None:
        self.file = home / ".bashrc"
        self.state = state_in(home)
        done = edited(OLD, EditFile(str(self.file), remove=("X=1",)), "PY006")
        self.new = done.content
        self.backup = change.keep(self.state.backups, "backup", OLD, 0o644)
        planned = change.keep(self.state.backups, "planned", self.new, 0o600) if in_place else None
        temporary = None if in_place else putting.temporary_for(str(self.file))
        if temporary:
            Path(temporary).write_bytes(b"half")
        intent = Intent(
            "1", "now", "PY006", str(self.file), digest(OLD), digest(self.new), temporary, self.backup, planned
        )
        journal = Journal(self.state.journal)
        journal.begin(
            Intent(**{name: getattr(intent, name) for name in intent.__struct_fields__} | {"blocks": done.blocks})
        )

    def told(self) -> str:
        [sentence] = resolve(Journal(self.state.journal))
        assert resolve(Journal(self.state.journal)) == []
        return sentence.removeprefix(f"PY006: envdoctor was interrupted while it wrote {self.file}: ")


@pytest.mark.parametrize("in_place", [False, True])
@pytest.mark.parametrize(
    ("change_to", "told", "in_effect"),
    [
        (lambda case: case.new, "it was written nevertheless", True),
        (lambda case: OLD, "nothing was changed yet", False),
        (lambda case: b"c\n" + case.new, "it was written, and changed by somebody else since", True),
        (
            lambda case: b"other\n",
            "it was changed by somebody else since; as it was before it is kept at BACKUP",
            False,
        ),
        (lambda case: None, "it is no longer there; as it was before it is kept at BACKUP", False),
    ],
)
def test_each_ending_is_told(
    tmp_path: Path, in_place: bool, change_to: Callable[[Interrupted], bytes | None], told: str, in_effect: bool
) -> None:
    case = Interrupted(tmp_path, in_place=in_place)
    if (now := change_to(case)) is not None:
        case.file.write_bytes(now)
    assert case.told() == told.replace("BACKUP", case.backup)
    assert bool(Journal(case.state.journal).in_effect()) is in_effect
    assert (case.file.read_bytes() if now is not None else None) == now
    assert sorted(os.listdir(tmp_path)) == ([".bashrc", ".local"] if now is not None else [".local"])
    assert Path(case.backup).read_bytes() == OLD


def test_what_was_cut_in_the_middle_is_as_before(tmp_path: Path) -> None:
    for cut in range(len(OLD)):
        home = tmp_path / str(cut)
        home.mkdir()
        case = Interrupted(home, in_place=True)
        torn = case.new[:cut] + (OLD + case.new[len(OLD) :])[cut:]
        case.file.write_bytes(torn)
        assert case.told() in (
            "it was written in part, and is as it was before again",
            "it was written nevertheless",
            "nothing was changed yet",
        )
        assert case.file.read_bytes() in (OLD, case.new)
        take_back(home)
        assert case.file.read_bytes() == OLD


def test_what_cannot_be_mended_stays_open_and_is_told_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = Interrupted(tmp_path, in_place=True)
    case.file.write_bytes(OLD + case.new[len(OLD) :])

    def fails(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(putting, "write_in_place", fails)
    told = resolve(Journal(case.state.journal))
    assert told == [
        f"PY006: envdoctor was interrupted while it wrote {case.file}; as it was before it is kept at {case.backup}"
    ]
    assert resolve(Journal(case.state.journal)) == told
    monkeypatch.undo()
    assert case.told() == "it was written in part, and is as it was before again"


def test_a_directory_in_its_place_is_told_once(tmp_path: Path) -> None:
    case = Interrupted(tmp_path, in_place=False)
    case.file.mkdir()
    assert case.told() == f"{case.file} is a directory; as it was before it is kept at {case.backup}"


@pytest.mark.parametrize(
    ("old", "new"), [(b"abc", b"abcdef"), (b"abc", b"xbz"), (b"abcdef", b"xbc"), (b"", b"a"), (b"a", b"")]
)
def test_what_a_killed_write_leaves_is_known(old: bytes, new: bytes) -> None:
    tail = new[len(old) :]
    left = [old + tail[:length] for length in range(len(tail) + 1)]
    left += [new[:length] + (old + tail)[length:] for length in range(min(len(old), len(new)) + 1)]
    assert all(is_between(now, old, new) for now in left)
    assert not is_between(old + b"?", old, new)
    assert not is_between(b"?" + (old + tail), old, new)
