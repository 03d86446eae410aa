from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.packages.files import ListedFile, listed_files
from envdoctor.facts.python.distributions import Distribution
from tests.facts.packages.packages_world import add


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
    info = add(tmp_path, "x-1", RECORD=text)
    assert list(listed_files(Distribution("x", "1", str(info)))) == files


def test_where_no_list_is_there_is_no_file(tmp_path: Path) -> None:
    info = add(tmp_path, "x-1", RECORD=None)
    assert listed_files(Distribution("x", "1", str(info))) == ()
    assert listed_files(Distribution("x", "1", f"{tmp_path}/x-1.egg-info")) == ()
