from __future__ import annotations

import base64
import hashlib
import json
import random
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envdoctor.report import block
from envdoctor.text import limits

DOCUMENT = {"schema": 1, "facts": {"Where": {"path": "/opt/" + random.Random(1).randbytes(900).hex()}}}
WRITTEN = block.written(DOCUMENT)
LETTERS = "".join(WRITTEN.split("\n")[1:-1])


def packed(content: bytes) -> str:
    """A block of something else."""
    letters = base64.b64encode(content).decode().rstrip("=")
    checksum = hashlib.sha256(letters.encode()).hexdigest()[:12]
    return f"envdoctor-recording 1 {len(letters)} {checksum}\n{letters}\nend-of-envdoctor-recording\n"


def test_a_block_says_how_long_it_is_and_fits_every_column() -> None:
    first, *lines, last = WRITTEN.split("\n")
    assert first == f"envdoctor-recording 1 {len(LETTERS)} {hashlib.sha256(LETTERS.encode()).hexdigest()[:12]}"
    assert last == "end-of-envdoctor-recording"
    assert max(map(len, lines)) == 76
    assert [json.loads(content) for content in block.contents(f"before\n{WRITTEN}\nafter")] == [DOCUMENT]
    assert block.contents("no block at all") == ()


@given(st.dictionaries(st.text(), st.text() | st.integers(-(2**60), 2**60) | st.none()))
def test_everything_comes_back(document: dict[str, object]) -> None:
    assert [json.loads(content) for content in block.contents(block.written(document))] == [document]


@pytest.mark.parametrize("lines", [1, 5, 13])
def test_what_is_cut_off_says_how_much_is_there(lines: int) -> None:
    kept = "\n".join(WRITTEN.split("\n")[: lines + 1])
    with pytest.raises(block.Damaged) as refused:
        block.contents(kept)
    assert str(refused.value) == f"cut off after {76 * lines:,} of {len(LETTERS):,} characters"


def test_what_lost_its_end_alone_is_whole() -> None:
    assert block.contents(WRITTEN.rpartition("\n")[0]) == block.contents(WRITTEN)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (WRITTEN.partition("\n")[2], "the recording has lost its beginning, the line `envdoctor-recording …`"),
        (
            WRITTEN.replace(LETTERS[80:90], ""),
            f"{len(LETTERS) - 10:,} of {len(LETTERS):,} characters are left",
        ),
        (WRITTEN.replace(LETTERS[80:90], LETTERS[80:90].swapcase()), "its checksum is another"),
        (WRITTEN.replace(LETTERS[80:90], "1 " + LETTERS[80:90]), "its checksum is another"),
        (
            WRITTEN.replace("recording 1 ", "recording 2 "),
            "is of version 2; this envdoctor reads 1: update it",
        ),
        (packed(b"no zlib"), "the recording cannot be unpacked: "),
        (packed(zlib.compress(b"x" * 5000)[:-9]), "or not whole"),
        (packed(b""), "or not whole"),
    ],
)
def test_what_is_damaged_says_how(text: str, message: str) -> None:
    with pytest.raises(block.Damaged) as refused:
        block.contents(text)
    assert message in str(refused.value)


def test_a_bomb_is_not_unpacked() -> None:
    bomb = packed(zlib.compress(b"0" * (limits.UNPACKED + 1), 9))
    assert len(bomb) < 50_000
    with pytest.raises(block.Damaged, match=r"the recording is larger than 20,000,000 bytes"):
        block.contents(bomb)


def test_a_whole_block_counts_and_a_damaged_one_beside_it_does_not() -> None:
    fake = "a directory called envdoctor-recording 1 99999 0123456789ab"
    assert block.contents(f"{fake}\n{WRITTEN}") == block.contents(WRITTEN)
    assert block.contents(f"{WRITTEN}\n{fake}") == block.contents(WRITTEN)
    assert block.contents(f"{WRITTEN}\n> {WRITTEN}") == block.contents(WRITTEN)
    assert len(block.contents(f"{WRITTEN}\n{block.written({**DOCUMENT, 'schema': 2})}")) == 2
