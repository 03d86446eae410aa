"""Requirements that are read without `packaging` are read as it does; all others it reads itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Theirs

from envdoctor.text import limits
from envdoctor.text.requirements import Requirement, read, read_plain
from envdoctor.text.versions import are_plain, fits

PIECES = [
    "a",
    "Zope",
    ".",
    "-",
    "_",
    "[",
    "]",
    "x-1",
    ",",
    " ",
    "\t",
    "\n",
    ">=",
    "==",
    "~=",
    "<",
    "!=",
    "1",
    "1.2",
    ".*",
]
PIECES += ["(", ")", ";", "@", "+cu", "rc1", "1!", "===", "v2", "é"]


@given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join))
def test_what_is_read_plainly_is_what_packaging_reads(text: str) -> None:
    plain = read_plain(text)
    if plain is not None:
        theirs = Theirs(text)
        assert (plain.name, set(plain.extras)) == (theirs.name, theirs.extras)
        assert plain.specifiers == str(theirs.specifier)
        assert (theirs.marker, theirs.url, plain.marker, plain.url) == (None, None, "", "")


@given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join))
def test_no_requirement_is_one_to_packaging_alone(text: str) -> None:
    try:
        theirs: Theirs | None = Theirs(text)
    except InvalidRequirement:
        theirs = None
    assert (read(text) is None) == (theirs is None)


@pytest.mark.parametrize(
    ("text", "requirement"),
    [
        ("numpy", Requirement("numpy")),
        (" Zope.Interface >=1.2, < 3 ", Requirement("Zope.Interface", (), "<3,>=1.2")),
        ("uvicorn[standard]==0.30.*", Requirement("uvicorn", ("standard",), "==0.30.*")),
        ("a~=1.4", Requirement("a", (), "~=1.4")),
    ],
)
def test_names_with_plain_specifiers_are_read_here(text: str, requirement: Requirement) -> None:
    assert read_plain(text) == read(text) == requirement


@pytest.mark.parametrize(
    ("text", "requirement"),
    [
        ("a[x,b]", Requirement("a", ("b", "x"))),
        ("a>=1rc1", Requirement("a", (), ">=1rc1")),
        ("a (>=1)", Requirement("a", (), ">=1")),
        ("a; python_version < '3'", Requirement("a", (), "", 'python_version < "3"')),
        ("a @ https://x.example/a.whl", Requirement("a", url="https://x.example/a.whl")),
        ("a~=1", None),
        ("a>=1.*", None),
        ("a>=1,,<2", None),
        ("-r more.txt", None),
        ("", None),
        ("a" * (limits.REQUIREMENT + 1), None),
    ],
)
def test_others_are_read_by_packaging_or_none(text: str, requirement: Requirement | None) -> None:
    assert read_plain(text) is None
    assert read(text) == requirement


@pytest.mark.parametrize(
    ("specifiers", "version", "verdict"),
    [
        (">=3.9,<4", "3.11.7", True),
        (">=3.12", "3.11.7", False),
        (">=3.12, garbage", "3.11.7", None),
        (">=3.6.*", "3.11.7", None),
        ("", "3.11.7", True),
        ("", "who knows", None),
        ("==2.1.0", "2.1.0+cu121", True),
        (">=1", "who knows", None),
    ],
)
def test_specifiers_fit_as_packaging_says(specifiers: str, version: str, verdict: bool | None) -> None:
    assert fits(specifiers, version) is verdict


@pytest.mark.parametrize("specifiers", ["", ">=1,", "~=1", "===1", ">=1.*", "==1+x", ">=1rc1", "1"])
def test_only_numbers_are_plain(specifiers: str) -> None:
    assert not are_plain(specifiers)
    assert are_plain(">= 1.2,!=1.3.*,~=1.0")
