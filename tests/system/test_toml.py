from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from envdoctor.system import toml
from envdoctor.system.files import Unreadable
from envdoctor.system.toml import Malformed, find_line, read_toml

TEXT = """\
[project]
name = "x"
dependencies = [
    "httpx>=0.27",
    "rich",
]

[ "dependency-groups" ]
dev = ["rich"]

[tool.poetry.dependencies]
"python" = "^3.11"
rich.version = "*"

[tool.poetry.dependencies.numpy]
version = "1"
"""


@pytest.mark.parametrize(
    ("table", "key", "within", "line"),
    [
        ("project", "name", "", 2),
        ("project", "dependencies", "", 3),
        ("project", "dependencies", "rich", 5),
        ("project", "dependencies", "absent", 3),
        ("dependency-groups", "dev", "rich", 9),
        ("tool.poetry.dependencies", "python", "", 12),
        ("tool.poetry.dependencies", "rich", "", 13),
        ("tool.poetry.dependencies", "numpy", "", 15),
        ("project", "requires-python", "", 0),
    ],
)
def test_lines_are_found_where_a_reader_sees_them(table: str, key: str, within: str, line: int) -> None:
    assert find_line(TEXT, table, key, within) == line


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"[project]\nname = \n", "{path}:2: Invalid value"),
        (b"[project]\nname = ", "{path}:2: Invalid value"),
        (b"name = '\xff'\n", "{path}: line 1 is not UTF-8"),
        (b"x = " + b"[" * 3000 + b"]" * 3000, "{path}: nested too deeply"),
        (b"a" + b".a" * 50_000 + b" = 1", "{path}: nested too deeply"),
        (b"x = 1\0", "{path}: a binary file"),
    ],
)
def test_what_cannot_be_read_says_where_and_why(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_bytes(content)
    with pytest.raises(Unreadable) as caught:
        read_toml(str(path))
    assert str(caught.value) == message.format(path=path)


def test_a_number_of_thousands_of_digits_is_malformed(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text(f"x = {'9' * 5000}")
    with pytest.raises(Malformed, match="Exceeds the limit"):
        read_toml(str(path))


def test_who_asks_while_another_still_looks_gets_the_same_line(monkeypatch: pytest.MonkeyPatch) -> None:
    text = 'a = [\n"one",\n"two",\n]\n'
    others: list[int] = []

    class Looked:
        """An expression that is looked for by two at the same moment."""

        def finditer(self, line: str) -> Iterator[re.Match[str]]:
            monkeypatch.setattr(toml, "STRING", expression)
            others.append(toml.line_with(text, "two"))
            return expression.finditer(line)

    expression = toml.STRING
    monkeypatch.setattr(toml, "STRING", Looked())
    assert toml.line_with(text, "two") == 3
    assert others == [3]
