"""What envdoctor has written is taken back, and nothing else."""

from __future__ import annotations

import contextlib
import itertools
import os
import random
from pathlib import Path

import pytest

from envdoctor.apply.blocks import Mismatch
from envdoctor.apply.undoing import Ending, Undone
from envdoctor.engine.fix import EditFile
from tests.apply.world import state_in, take_back, write

CONTENTS = [b"a\nX=1\nb\n", b"a\r\nX=1\r\nb", b"\xef\xbb\xbfX=1", b"X=1\n", b"a\nX=1"]


def edits(file: Path) -> list[tuple[str, EditFile]]:
    return [
        ("ONE1", EditFile(str(file), add=("one",))),
        ("TWO2", EditFile(str(file), remove=("X=1",), add=("X=2",))),
        ("SIX6", EditFile(str(file), add=("six", ""))),
    ]


@pytest.mark.parametrize("content", [*CONTENTS, None])
@pytest.mark.parametrize("order", list(itertools.permutations(("ONE1", "TWO2", "SIX6"))))
def test_several_checks_in_one_file_are_undone_in_any_order(
    tmp_path: Path, content: bytes | None, order: tuple[str, ...]
) -> None:
    file = tmp_path / ".bashrc"
    if content is not None:
        file.write_bytes(content)
    made = [(code, edit) for code, edit in edits(file) if content is not None or code != "TWO2"]
    write(tmp_path, *made)
    for code in order:
        expected = [Ending.UNDONE] if code in dict(made) else []
        assert [undone.ending for undone in take_back(tmp_path, code)] == expected
    assert (file.read_bytes() if file.exists() else None) == content


def test_what_the_user_wrote_since_stays(tmp_path: Path) -> None:
    file = tmp_path / ".bashrc"
    file.write_bytes(b"a\nX=1\nb")
    write(tmp_path, *edits(file))
    file.write_bytes(b"# mine\n" + file.read_bytes() + b"c\n")
    assert {undone.ending for undone in take_back(tmp_path)} == {Ending.UNDONE}
    assert file.read_bytes() == b"# mine\na\nX=1\nb\nc\n"


def test_a_block_that_was_changed_by_hand_stays_and_is_told(tmp_path: Path) -> None:
    file = tmp_path / ".bashrc"
    file.write_bytes(b"a\n")
    write(tmp_path, ("ONE1", EditFile(str(file), add=("one",))), ("SIX6", EditFile(str(file), add=("six",))))
    file.write_bytes(file.read_bytes().replace(b"one\n", b"mine\n"))
    six, one = take_back(tmp_path)
    assert six == Undone("SIX6", str(file), Ending.UNDONE)
    assert (one.code, one.ending) == ("ONE1", Ending.KEPT)
    assert one.reason is not None
    assert one.reason.startswith("it was changed by hand; as it was before it is kept at ")
    assert Path(one.reason.rpartition(" at ")[2]).read_bytes() == b"a\n"
    assert file.read_bytes() == b"a\n# >>> envdoctor ONE1 >>>\nmine\n# <<< envdoctor ONE1 <<<\n"


def test_of_several_blocks_the_changed_one_stays(tmp_path: Path) -> None:
    file = tmp_path / ".bashrc"
    file.write_bytes(b"X\na\nY\n")
    write(tmp_path, ("ONE1", EditFile(str(file), remove=("X", "Y"))))
    changed = file.read_bytes().replace(b"# Y\n", b"# Z\n")
    file.write_bytes(changed)
    [undone] = take_back(tmp_path)
    assert undone == Undone("ONE1", str(file), Ending.KEPT, "it was changed by hand")
    assert file.read_bytes() == b"X\na\n" + changed.partition(b"a\n")[2]
    file.write_bytes(file.read_bytes().replace(b"# Z\n", b"# Y\n"))
    assert [undone.ending for undone in take_back(tmp_path)] == [Ending.UNDONE]
    assert file.read_bytes() == b"X\na\nY\n"


def test_a_block_that_is_gone_is_told_once(tmp_path: Path) -> None:
    file = tmp_path / ".bashrc"
    file.write_bytes(b"a\n")
    write(tmp_path, ("ONE1", EditFile(str(file), add=("one",))))
    file.write_bytes(b"a\n")
    assert take_back(tmp_path) == [Undone("ONE1", str(file), Ending.GONE)]
    assert take_back(tmp_path) == []


def test_a_file_that_is_gone_stays_gone(tmp_path: Path) -> None:
    file = tmp_path / ".bashrc"
    file.write_bytes(b"a\n")
    write(tmp_path, ("ONE1", EditFile(str(file), add=("one",))))
    file.unlink()
    assert take_back(tmp_path) == [Undone("ONE1", str(file), Ending.GONE)]
    assert not file.exists()


def test_a_file_that_was_made_goes_again_unless_somebody_wrote_to_it(tmp_path: Path) -> None:
    made, used = tmp_path / "made", tmp_path / "used"
    write(tmp_path, ("ONE1", EditFile(str(made), add=("one",))), ("ONE1", EditFile(str(used), add=("one",))))
    used.write_bytes(used.read_bytes() + b"mine\n")
    take_back(tmp_path)
    assert not made.exists()
    assert used.read_bytes() == b"mine\n"


def test_a_value_that_was_changed_since_stays(tmp_path: Path) -> None:
    pin = tmp_path / ".python-version"
    pin.write_bytes(b"3.7\n")
    write(tmp_path, ("PRJ005", EditFile(str(pin), remove=("3.7",), add=("3.12",))))
    pin.write_bytes(b"3.13\n")
    [undone] = take_back(tmp_path)
    assert undone.ending is Ending.KEPT
    assert undone.reason is not None
    assert "changed by hand" in undone.reason
    assert pin.read_bytes() == b"3.13\n"


def test_a_value_that_another_check_changed_since_is_undone_after_that(tmp_path: Path) -> None:
    pin = tmp_path / ".python-version"
    pin.write_bytes(b"3.7\n")
    write(tmp_path, ("ONE1", EditFile(str(pin), remove=("3.7",), add=("3.11",))))
    write(tmp_path, ("TWO2", EditFile(str(pin), remove=("3.11",), add=("3.12",))))
    [undone] = take_back(tmp_path, "ONE1")
    assert undone.reason is not None
    assert undone.reason.startswith("TWO2 has edited it since, which has to be undone first")
    assert [undone.ending for undone in take_back(tmp_path)] == [Ending.UNDONE, Ending.UNDONE]
    assert pin.read_bytes() == b"3.7\n"


def test_without_its_copy_the_blocks_are_enough(tmp_path: Path) -> None:
    file = tmp_path / ".bashrc"
    file.write_bytes(b"a\nX=1\nb")
    write(tmp_path, *edits(file))
    for name in os.listdir(state_in(tmp_path).backups):
        Path(state_in(tmp_path).backups, name).write_bytes(b"somebody else's")
    take_back(tmp_path)
    assert file.read_bytes() == b"a\nX=1\nb"


def test_what_is_read_only_now_is_told(tmp_path: Path) -> None:
    file = tmp_path / ".bashrc"
    file.write_bytes(b"a\n")
    write(tmp_path, ("ONE1", EditFile(str(file), add=("one",))))
    file.chmod(0o400)
    [undone] = take_back(tmp_path)
    assert undone.reason is not None
    assert undone.reason.startswith(f"{file} is read-only; as it was before")


def test_the_same_fix_twice_is_two_blocks(tmp_path: Path) -> None:
    file = tmp_path / ".bashrc"
    file.write_bytes(b"a")
    edit = ("ONE1", EditFile(str(file), add=("one",)))
    write(tmp_path, edit, edit)
    assert [undone.ending for undone in take_back(tmp_path)] == [Ending.UNDONE, Ending.UNDONE]
    assert file.read_bytes() == b"a"


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_edited_and_undone_between_the_users_own_lines_nothing_is_lost(tmp_path: Path, seed: int) -> None:
    for number in range(25):
        home = tmp_path / str(number)
        home.mkdir()
        _at_random(home, random.Random(f"{seed}-{number}"))


def _at_random(home: Path, chance: random.Random) -> None:
    file, pool, codes = home / ".bashrc", ["X", "Y", "a", "", "# X"], ["A1", "B2", "C3"]
    lines = chance.choices(pool, k=chance.randint(0, 6))
    content = chance.choice(["\n", "\r\n"]).join([*lines, *chance.choice([[], [""]])]).encode()
    file.write_bytes(content)
    if chance.random() < 0.3:
        (home / "other").hardlink_to(file)
    mine: list[bytes] = []
    for step in range(chance.randint(1, 9)):
        code = chance.choice(codes)
        match chance.choice(["edit", "edit", "undo", "user"]):
            case "edit":
                remove, add = (
                    chance.choices(pool, k=chance.randint(0, 2)),
                    chance.choices([*pool, "N"], k=chance.randint(0, 2)),
                )
                with contextlib.suppress(Mismatch):
                    write(home, (code, EditFile(str(file), tuple(dict.fromkeys(remove)), tuple(add))))
            case "undo":
                take_back(home, code)
            case _:
                mine.append(b"mine %d\n" % step)
                file.write_bytes(mine[-1] + file.read_bytes())
    while take_back(home):
        pass
    now = file.read_bytes()
    assert now == content if not mine else all(line in now for line in mine)
    for line in mine:
        now = now.replace(line, b"")
    assert now.rstrip(b"\r\n") == content.rstrip(b"\r\n")
