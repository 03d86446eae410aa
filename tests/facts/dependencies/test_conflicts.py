"""Conflicts that git has left in a file, and whether it still waits."""

from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.dependencies.conflicts import WAITING, first_mark, is_merging


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> topic\n", (2, "<<<<<<< HEAD")),
        ("<<<<<<<\n", (1, "<<<<<<<")),
        ("a\n>>>>>>> topic\n", (2, ">>>>>>> topic")),
        ("<<<<<<< " + "x y " * 25, (1, "<<<<<<< " + "x y " * 13)),
        ("<<<<<<< Zq7pLm2xVb9kTr4w\n", (1, "<<<<<<< …")),
        ("Title\n=======\n", None),
        ("<<<<<<<< eight\n <<<<<<< indented\n<<<<<<<HEAD\n", None),
        ("", None),
    ],
)
def test_the_first_mark_is_named_with_its_line(text: str, mark: tuple[int, str] | None) -> None:
    assert first_mark(text) == mark


@pytest.mark.parametrize("name", WAITING)
def test_git_waits_where_it_keeps_the_other_side(name: str, tmp_path: Path) -> None:
    (tmp_path / "repository/.git").mkdir(parents=True)
    (tmp_path / "repository/deep").mkdir()
    file = str(tmp_path / "repository/deep/uv.lock")
    assert not is_merging(file)
    (tmp_path / "repository/.git" / name).touch()
    assert is_merging(file)
    (tmp_path / "repository/deep/.git").mkdir()  # a repository of its own
    assert not is_merging(file)
