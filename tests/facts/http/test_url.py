from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envdoctor.facts.http.url import Address, Flaw, Reader, read
from envdoctor.text.secrets import Masker


def test_the_same_place_may_be_written_in_several_ways() -> None:
    def at(text: str) -> Address:
        return Address(text, "", "")

    assert at("https://m.example/simple").same_place(at("https://me:pw@M.example:443/simple/"))
    assert not at("https://m.example/simple").same_place(at("https://m.example/other"))
    assert not at("https://m.example/simple").same_place(at("http://m.example/simple"))


def test_a_directory_is_an_index_for_uv_and_none_for_pip(tmp_path: Path) -> None:
    (tmp_path / "wheels here").mkdir()
    for text in ("wheels here", str(tmp_path / "wheels here"), f"file://{tmp_path}/wheels%20here"):
        assert read(text, "X", "X", Reader.UV_INDEX, cwd=str(tmp_path)).flaw is not Flaw.NO_SCHEME
    assert read("sub", "X", "X", Reader.UV_INDEX, cwd=str(tmp_path)).flaw is Flaw.NO_SCHEME
    (tmp_path / "sub").mkdir()
    assert read("sub", "X", "X", Reader.UV_INDEX, cwd=str(tmp_path)).flaw is None
    assert read("sub", "X", "X", Reader.PIP, cwd=str(tmp_path)).flaw is Flaw.NO_SCHEME


def test_addresses_with_names_may_be_joined_by_commas() -> None:
    found = read("a=https://a.example/s,b=https://b.example/s", "X", "X", Reader.UV_INDEX)
    assert (found.name, found.flaw) == ("a", Flaw.COMMAS)


def test_a_value_of_a_megabyte_is_not_kept() -> None:
    found = read("https://m.example/" + "a" * 1_000_000, "X", "X", Reader.UV_INDEX)
    assert (found.text, found.flaw) == ("", Flaw.TOO_LONG)


@pytest.mark.parametrize(
    "text", ["@" * 2_000, "a:" * 1_000, "://" * 600, "a@b:" * 500, "%" * 2_000, "https://" + "a:b" * 600]
)
def test_no_text_makes_the_search_explode(text: str) -> None:
    read(text, "X", "X", Reader.UV_INDEX)
    Masker().mask(text)


@given(st.text(max_size=60), st.sampled_from(Reader))
def test_any_text_can_be_read(text: str, reader: Reader) -> None:
    address = read(text, "X", "X", reader)
    assert isinstance(address.host, str)
    assert address.same_place(address)
