from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envdoctor.text.plain import is_plain, plain

RANDOM = "Zq7pLm2xVb9kTr4wNc8h"


@pytest.mark.parametrize(
    "text",
    [
        "six =< 1.16.0",
        "numpy>=1.26.0rc1; python_version < '3.13'",
        "torch==2.1.0+cu121",
        "h5py, s3fs and 7zip",
        "unknown field `index-ulr`",
        "found character '\\t' that cannot start any token",
        "ModuleNotFoundError: No module named 'foo_bar2'",
        "Expected matching RIGHT_PARENTHESIS for LEFT_PARENTHESIS, after version specifier",
        "manylinux2014_x86_64, py311, cp313, UTF-8",
        "/home/ann/My Projects/app/.venv",
        "https://mirror.example/simple",
        "naïve résumé",
        ">= 3.9, <4",
        "",
    ],
)
def test_words_names_versions_and_marks_are_quoted(text: str) -> None:
    assert plain(text) == text
    assert is_plain(text)


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        (f"{RANDOM} and more", "… and more"),
        (f"six =< {RANDOM}", "six =< …"),
        (f"key = '{RANDOM}'", "key = '…'"),
        (f"https://me:{RANDOM}@mirror.example/simple", "…"),
        ("0123456789abcdef0123", "…"),
        ("0b1c2d3e-0b1c-4d3e-8f90-0b1c2d3e4f50", "…"),
        ("qwertzuiopasdfghjkl", "…"),
        ("4111111111111111", "…"),
    ],
)
def test_what_is_no_word_is_left_out(text: str, quoted: str) -> None:
    assert plain(text) == quoted
    assert not is_plain(text)
    assert plain(quoted) == quoted


@given(st.text())
def test_to_quote_twice_is_to_quote_once(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize("piece", ["a", "A", "Ab", "a1", "1a", "-", "a-", "1", "1a2", "é", "Abc1"])
def test_a_long_text_takes_a_time_like_its_length(piece: str) -> None:
    def cost(size: int) -> float:
        start = time.process_time()
        for _ in range(5):
            plain(piece * size + "Zq7!")
        return time.process_time() - start

    assert cost(80_000) < 40 * cost(8_000) + 0.2
