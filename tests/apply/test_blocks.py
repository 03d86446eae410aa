"""What a fix writes into a text file, and takes out of it again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envdoctor.apply.blocks import Block, Gone, Mismatch, edited, has_markers, taken_back
from envdoctor.engine.fix import EditFile
from tests.support import needs_tool


def edit(content: bytes, code: str = "PY006", *, remove: tuple[str, ...] = (), add: tuple[str, ...] = ()) -> bytes:
    return edited(content, EditFile("f", remove, add), code).content


def test_lines_are_added_at_the_end_between_markers() -> None:
    assert edit(b"a\n", add=("b", "c")) == b"a\n# >>> envdoctor PY006 >>>\nb\nc\n# <<< envdoctor PY006 <<<\n"


def test_lines_are_taken_out_where_they_stand_as_comments() -> None:
    taken = b"# >>> envdoctor PY006 >>>\n# export X=1\n# <<< envdoctor PY006 <<<\n"
    assert edit(b"a\nexport X=1\nb\n", remove=("export X=1",)) == b"a\n" + taken + b"b\n"


def test_a_line_in_exchange_stands_where_the_other_stood() -> None:
    block = b"# >>> envdoctor PY006 >>>\n# X=1\nX=2\n# <<< envdoctor PY006 <<<\n"
    assert edit(b"a\nX=1\nexit\n", remove=("X=1",), add=("X=2",)) == b"a\n" + block + b"exit\n"


def test_every_line_with_the_text_goes_and_whole_lines_only() -> None:
    done = edited(b"X\nXY\nX\n X\n", EditFile("f", remove=("X",)), "C")
    assert done.content.count(b"\n# X\n") == 2
    assert b"\nXY\n" in done.content
    assert done.content.endswith(b"\n X\n")
    assert len(done.blocks) == 2


def test_a_line_with_a_value_alone_is_exchanged_without_markers() -> None:
    pin = EditFile(".python-version", remove=("3.7",), add=("3.12",))
    assert edited(b"3.7\n", pin, "PRJ005", marked=False).content == b"3.12\n"
    assert edited(b"", EditFile(".python-version", add=("3.12",)), "PRJ005", marked=False).content == b"3.12\n"
    assert edited(b"3.7", EditFile(".python-version", add=("3.12",)), "PRJ005", marked=False).content == b"3.7\n3.12\n"
    assert not has_markers("/p/.python-version")
    assert has_markers("/home/ada/.bashrc")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"a\r\nb\r\n", b"a\r\nb\r\n# >>> envdoctor C >>>\r\nX\r\n# <<< envdoctor C <<<\r\n"),
        (b"a\r\nb\r\nc\n", b"a\r\nb\r\nc\n# >>> envdoctor C >>>\r\nX\r\n# <<< envdoctor C <<<\r\n"),
        (b"a\r\nb\nc\n", b"a\r\nb\nc\n# >>> envdoctor C >>>\nX\n# <<< envdoctor C <<<\n"),
        (b"a", b"a\n# >>> envdoctor C >>>\nX\n# <<< envdoctor C <<<\n"),
        (b"\xef\xbb\xbf", b"\xef\xbb\xbf# >>> envdoctor C >>>\nX\n# <<< envdoctor C <<<\n"),
        (b"\xff\xfe\x0c\x85a\n", b"\xff\xfe\x0c\x85a\n# >>> envdoctor C >>>\nX\n# <<< envdoctor C <<<\n"),
        (b"a\rb\n", b"a\rb\n# >>> envdoctor C >>>\nX\n# <<< envdoctor C <<<\n"),
    ],
)
def test_line_ends_marks_and_foreign_bytes_are_the_files_own(before: bytes, after: bytes) -> None:
    assert edit(before, "C", add=("X",)) == after


def test_the_line_behind_a_byte_order_mark_and_one_with_foreign_bytes_are_found() -> None:
    assert edit(b"\xef\xbb\xbfX\r\n", "C", remove=("X",)).startswith(b"\xef\xbb\xbf# >>> envdoctor C >>>\r\n# X\r\n")
    assert b"\n# \xff=1\n" in edit(b"\xff=1\n", "C", remove=("\udcff=1",))


def test_a_line_that_is_not_there_any_more_stops_an_exchange() -> None:
    with pytest.raises(Mismatch, match="are not there"):
        edit(b"a\n", remove=("X=1",), add=("X=2",))
    with pytest.raises(Mismatch, match="are not there"):
        edit(b"first\n", remove=("first", "  its second half"))


def test_what_is_out_already_needs_nothing() -> None:
    assert edited(b"a\n", EditFile("f", remove=("X=1",)), "C") == edited(b"a\n", EditFile("f"), "C")
    assert edit(b"a\n", remove=("X=1",)) == b"a\n"


def test_a_block_that_was_changed_by_hand_stays() -> None:
    done = edited(b"a\n", EditFile("f", add=("X",)), "C")
    with pytest.raises(Mismatch, match="changed by hand"):
        taken_back(done.content.replace(b"X", b"Y"), "C", done.blocks[0])
    with pytest.raises(Gone):
        taken_back(b"a\n", "C", done.blocks[0])
    with pytest.raises(Gone):
        taken_back(b"# >>> envdoctor C >>>\nX\n", "C", done.blocks[0])


def test_other_line_ends_are_no_change_and_the_rest_of_the_file_is_nobodys_business() -> None:
    done = edited(b"a\nX\nb\n", EditFile("f", remove=("X",)), "C")
    changed = b"new\n" + done.content.replace(b"\n", b"\r\n").replace(b"b", b"B") + b"more"
    assert taken_back(changed, "C", done.blocks[0]) == b"new\na\r\nX\r\nB\r\nmore"


def test_a_block_inside_another_is_undone_first() -> None:
    one = edited(b"a\n", EditFile("f", add=("X",)), "ONE1")
    two = edited(one.content, EditFile("f", remove=("X",)), "TWO2")
    with pytest.raises(Mismatch, match="the block of TWO2 stands in it"):
        taken_back(two.content, "ONE1", one.blocks[0])
    assert taken_back(two.content, "TWO2", two.blocks[0]) == one.content


def test_a_block_inside_one_of_the_same_check() -> None:
    one = edited(b"a\n", EditFile("f", add=("X", "Y")), "C")
    two = edited(one.content, EditFile("f", remove=("X",), add=("Z",)), "C")
    assert taken_back(two.content, "C", two.blocks[0]) == one.content
    assert taken_back(one.content, "C", one.blocks[0]) == b"a\n"


def test_a_last_line_without_an_end_is_so_again_and_has_one_where_more_follows() -> None:
    done = edited(b"a\nX", EditFile("f", remove=("X",)), "C")
    assert done.blocks == (Block(done.blocks[0].digest, 1, "\n"),)
    assert done.content.endswith(b"<<<\n")
    assert taken_back(done.content, "C", done.blocks[0]) == b"a\nX"
    assert taken_back(done.content + b"b\n", "C", done.blocks[0]) == b"a\nX\nb\n"


def test_of_blocks_that_are_alike_the_unfinished_one_was_the_last() -> None:
    done = edited(b"Y\nX\nY", EditFile("f", remove=("Y",)), "C")
    assert done.blocks[0].digest == done.blocks[1].digest
    once = taken_back(done.content, "C", done.blocks[1])
    assert once.endswith(b"X\nY")
    assert taken_back(once, "C", done.blocks[0]) == b"Y\nX\nY"


LINES = st.lists(st.sampled_from([b"X", b"Y", b"a", b"", b"# X", b"\xff", b" X", b"# >>> envdoctor C >>>", b"b\r"]))
ENDS = st.sampled_from([b"\n", b"\r\n"])


@given(LINES, ENDS, st.booleans(), st.booleans(), st.sampled_from([("X",), ("Y",), ()]), st.sampled_from([("Z",), ()]))
def test_what_was_written_can_be_taken_back(
    lines: list[bytes], end: bytes, finished: bool, bom: bool, remove: tuple[str, ...], add: tuple[str, ...]
) -> None:
    content = (b"\xef\xbb\xbf" if bom else b"") + end.join(lines) + (end if finished else b"")
    try:
        done = edited(content, EditFile("f", remove, add), "PIP001")
    except Mismatch:
        return
    back = done.content
    for block in reversed(done.blocks):
        back = taken_back(back, "PIP001", block)
    assert back == content


@pytest.mark.tools
def test_pip_passes_over_what_was_taken_out(tmp_path: Path) -> None:
    value = ("index-url =", "    https://mirror.example/simple")
    content = ("[global]", *value, "timeout = 5", "[install]", "no-deps = perhaps", "")
    once = edited("\n".join(content).encode(), EditFile("f", value), "MIR001").content
    twice = edited(once, EditFile("f", ("no-deps = perhaps",)), "PIP007").content
    (tmp_path / "pip.conf").write_bytes(twice)
    env = {"PIP_CONFIG_FILE": str(tmp_path / "pip.conf"), "HOME": str(tmp_path), "PATH": ""}
    command = [sys.executable, "-m", "pip", "config", "list"]
    listed = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    assert "global.timeout='5'" in listed.stdout
    assert "mirror.example" not in listed.stdout
    assert "no-deps" not in listed.stdout


@pytest.mark.tools
@pytest.mark.parametrize(
    ("line", "new", "command"),
    [
        ("export A=1", "export A=3", ("bash", "-c", '. "$0"; echo $A$B')),
        ("export A=1", "export A=3", ("zsh", "-fc", '. "$0"; echo $A$B')),
        ("set -gx A 1", "set -gx A 3", ("fish", "--no-config", "-c", "source $argv[1]; echo $A$B")),
        ("setenv A 1", "setenv A 3", ("tcsh", "-fc", "source $argv[1]; echo ${A}${B}")),
    ],
)
@pytest.mark.parametrize("end", ["\n", ""])
def test_shells_read_on_behind_a_block(tmp_path: Path, line: str, new: str, command: tuple[str, ...], end: str) -> None:
    other = line.replace("A", "B").replace("1", "2")
    content = edited(f"{line}\n{other}{end}".encode(), EditFile("f", (line,), (new,)), "PY006").content
    (tmp_path / "rc").write_bytes(edited(content, EditFile("f", (other,), (other,)), "PY007").content)
    shell = [needs_tool(command[0]), *command[1:], str(tmp_path / "rc")]
    done = subprocess.run(shell, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("32\n", "")
