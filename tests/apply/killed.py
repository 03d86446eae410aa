"""Work that is killed at each of its calls of the system, one after the other, and what the next run makes of it.

Run as a program of its own: from a process as large as that of the tests, hundreds of forks take a minute.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from envdoctor.apply import editing
from envdoctor.apply.journal import Journal
from envdoctor.apply.recovery import is_between
from envdoctor.apply.undoing import Ending
from envdoctor.engine.fix import EditFile
from tests.apply.world import dies_at, files, state_in, take_back, write

BEFORE = b"alias ll='ls -l'\nexport PYTHONHOME=/usr\n[ -f x ] && . x\nlast"
MOST_CALLS = 200


def removal(file: Path) -> EditFile:
    return EditFile(str(file), remove=("export PYTHONHOME=/usr",))


def exchange(file: Path) -> EditFile:
    return EditFile(str(file), remove=("export PYTHONHOME=/usr",), add=("export OTHER=1",))


def addition(file: Path) -> EditFile:
    return EditFile(str(file), add=("export A=1", "export B=2"))


EDITS: dict[str, Callable[[Path], EditFile]] = {"removal": removal, "exchange": exchange, "addition": addition}


def while_it_writes(place: Path, edit: Callable[[Path], EditFile], *, in_place: bool) -> int:
    """Killed at every call of a write: the file is whole, and the next run takes everything back."""
    for number in range(MOST_CALLS):
        home, file = _home(place, number, in_place=in_place)
        killed = dies_at(number, lambda home=home, file=file: write(home, ("PY007", edit(file))))  # type: ignore[misc]
        now = file.read_bytes()
        if not killed:
            assert now != BEFORE
            return number
        expected = editing.preview(edit(file), "PY007", {str(file): BEFORE}).after
        assert is_between(now, BEFORE, expected) if in_place else now in (BEFORE, expected), (number, now)
        backups = [backup.read_bytes() for backup in Path(state_in(home).backups).iterdir()]
        assert now == BEFORE or BEFORE in backups, number
        assert {undone.ending for undone in take_back(home)} <= {Ending.UNDONE}, number
        assert files(home) == {".bashrc": BEFORE, **({"other": BEFORE} if in_place else {})}, number
        assert Journal(state_in(home).journal).in_effect() == [], number
    raise AssertionError("it never came to its end")


def while_it_takes_back(place: Path, *, in_place: bool) -> int:
    """Killed at every call of an undo: the next one takes everything back."""
    for number in range(MOST_CALLS):
        home, file = _home(place, number, in_place=in_place)
        write(home, ("PY007", removal(file)), ("PY006", addition(file)))
        if not dies_at(number, lambda home=home: take_back(home, "PY007")):  # type: ignore[misc]
            return number
        take_back(home)
        assert file.read_bytes() == BEFORE, number
        assert sorted(os.listdir(home)) == [".bashrc", ".local", *(["other"] if in_place else [])], number
    raise AssertionError("it never came to its end")


def _home(place: Path, number: int, *, in_place: bool) -> tuple[Path, Path]:
    """A new home with a start-up file. One that has a second name is written in place."""
    home = place / str(number)
    home.mkdir()
    file = home / ".bashrc"
    file.write_bytes(BEFORE)
    if in_place:
        (home / "other").hardlink_to(file)
    return home, file


def main(place: str, what: str, way: str) -> None:
    """Print how many calls there were."""
    os.fsync = lambda fd: None  # as in the other tests: only a machine that loses its power forgets
    in_place = way == "in place"
    if what == "undo":
        calls = while_it_takes_back(Path(place), in_place=in_place)
    else:
        calls = while_it_writes(Path(place), EDITS[what], in_place=in_place)
    sys.stdout.write(f"{calls}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
