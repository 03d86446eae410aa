from __future__ import annotations

from envdoctor.facts.session.search_path import EntryKind, PathEntry, SearchPath
from envdoctor.render.html.search_path import picture
from tests.render.html.html_world import VENV, Reader, commands, search_path


def test_each_directory_stands_in_its_place_with_what_it_answers_to() -> None:
    read = Reader(picture(search_path(), commands()))
    assert read.classes("li") == ["answers", "answers", "bad", "answers", "other", "other"]
    assert read.classes("span").count("pill taken") == 3
    assert f"1.{VENV}/bin✓ python2./opt/conda/bin✓ pippython (hidden)" in read.text.replace(
        "python (hidden)✓ pip", "✓ pippython (hidden)"
    )
    assert "3./gone/bin ✗ does not exist" in read.text
    assert "5./bin the same directory as place 4" in read.text


def test_the_table_says_the_same() -> None:
    read = Reader(picture(search_path(), commands()))
    assert len(read.of("tr")) == 7
    assert "2/opt/conda/binpippythonin use" in read.text
    assert "3/gone/bin--does not exist" in read.text


def test_odd_elements_are_explained_and_many_are_cut() -> None:
    kinds = [EntryKind.EMPTY, EntryKind.RELATIVE, EntryKind.TILDE]
    odd = [
        PathEntry(number, "" if kind is EntryKind.EMPTY else kind.value, "/x", kind)
        for number, kind in enumerate(kinds)
    ]
    text = Reader(picture(SearchPath(tuple(odd)), commands())).text
    assert "(an empty element: the working directory) empty: another place after every cd" in text
    assert "bash alone knows what ~ means here" in text
    many = tuple(PathEntry(number, f"/{number}", f"/{number}") for number in range(150))
    assert "and 50 more" in Reader(picture(SearchPath(many), commands())).text
