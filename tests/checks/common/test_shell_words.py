from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from envdoctor_checks.common.shell_words import in_quotes, written
from tests.support import needs_tool

HOSTILE = ("$(touch PWN)", "`touch PWN`", "a b", 'a"b; touch PWN #', "~root", "*", "&& touch PWN", "", "=ls", "a;b|c>d")
UNWRITTEN = ("it's", "back\\slash", "a\nb", "\x1b[31m", "don't!", "\\'$(touch PWN)\"")


@pytest.mark.tools
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_what_is_written_is_the_very_word_in_each_shell(shell: str, tmp_path: Path) -> None:
    line = written("printf", "%s|", *HOSTILE, "/opt/app/bin/python")
    assert line is not None
    done = subprocess.run([needs_tool(shell), "-c", line], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "".join(f"{word}|" for word in (*HOSTILE, "/opt/app/bin/python"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("word", UNWRITTEN)
def test_what_the_shells_read_differently_is_not_written(word: str) -> None:
    assert in_quotes(word) is None
    assert written("ls", word) is None


def test_a_plain_word_stays_as_it_is() -> None:
    assert in_quotes("https://mirror.example/simple") == "https://mirror.example/simple"


def test_no_check_quotes_by_itself() -> None:
    sources = Path(__file__).parents[3].joinpath("checks/envdoctor_checks").rglob("*.py")
    assert [file.name for file in sources if "shlex" in file.read_text()] == []
