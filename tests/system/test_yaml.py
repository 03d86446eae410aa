from __future__ import annotations

import sys
from pathlib import Path

import pytest

from envdoctor.system.files import Unreadable
from envdoctor.system.yaml import NotYaml, parse_yaml, read_yaml
from envdoctor.text import limits

BOMB = "a0: &a0 [x]\n" + "".join(f"a{level}: &a{level} [{f'*a{level - 1},' * 9}]\n" for level in range(1, 12))


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a:\n  - b\n c: d\n", 3, "expected <block end>"),
        ("a\n\tb: c", 2, "found character"),
        ('"\\UFFFFFFFF"', None, "too large|not in range"),  # Python 3.11 and 3.13 say it differently
        (f"%YAML {'9' * 5000}.1\n---\n", None, "Exceeds the limit"),
        ("a:\n" + "[" * 101, 2, "nested too deeply"),
        ("- " * 20_000, None, "nested too deeply"),
        ("a: \x07", None, "unacceptable character #x0007"),
        ("*a", 1, "found undefined alias"),
    ],
)
def test_what_is_no_yaml_is_named_with_its_line(text: str, line: int | None, reason: str) -> None:
    with pytest.raises(NotYaml, match=reason) as caught:
        parse_yaml("/x", text)
    assert caught.value.line == line
    assert str(caught.value).startswith("/x: " if line is None else f"/x:{line}: ")


def test_anchors_are_not_written_out() -> None:
    node = parse_yaml("/x", BOMB)
    assert node is not None
    assert len(node.value) == 12
    assert sys.getsizeof(node.value) < 1_000


def test_nothing_and_too_much(tmp_path: Path) -> None:
    file = tmp_path / "x.yml"
    file.write_text("# nothing\n")
    assert read_yaml(str(file)) is None
    file.write_text("a" * (limits.YAML + 1))
    with pytest.raises(Unreadable, match=r"larger than 100,000 bytes"):
        read_yaml(str(file))
