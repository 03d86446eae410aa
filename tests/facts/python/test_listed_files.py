from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.python.listed_files import ListedFile, read_list


@pytest.mark.parametrize(
    ("text", "files"),
    [
        (
            "a.py,sha256=x,12\nb.dist-info/RECORD,,\n",
            [ListedFile("a.py", "sha256=x", 12), ListedFile("b.dist-info/RECORD", "", 0)],
        ),
        ('"a,b.py",sha256=x,1\r\n', [ListedFile("a,b.py", "sha256=x", 1)]),
        ("only-a-path\n,,\n\n", [ListedFile("", "", 0)]),
        ('"never closed', []),
        ("", []),
    ],
)
def test_each_row(tmp_path: Path, text: str, files: list[ListedFile]) -> None:
    (tmp_path / "RECORD").write_text(text)
    assert list(read_list(f"{tmp_path}/RECORD")) == files


def test_where_no_list_is_there_is_no_file(tmp_path: Path) -> None:
    assert read_list(f"{tmp_path}/RECORD") == ()
