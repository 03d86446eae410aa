from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from envdoctor.text import versions
from envdoctor.text.versions import admits, are_plain, are_specifiers, fits, is_satisfiable, is_version, written

NUMBERS = st.lists(st.integers(0, 3), min_size=1, max_size=4).map(lambda parts: ".".join(map(str, parts)))
SUFFIX = st.sampled_from(["", "", "", "a1", "b2", "rc1", ".post1", ".dev0", "+cu121", ".post2+cpu", "rc1.post1"])
VERSION = st.tuples(st.sampled_from(["", "", "", "1!"]), NUMBERS, SUFFIX).map("".join)
OPERATOR = st.sampled_from(["==", "!=", "<=", ">=", "<", ">", "~=", "==="])
CLAUSE = st.tuples(OPERATOR, VERSION).map("".join) | st.tuples(
    st.sampled_from(["==", "!="]), NUMBERS, st.just(".*")
).map("".join)


@given(st.lists(CLAUSE, min_size=1, max_size=3).map(",".join), VERSION)
def test_the_verdict_is_that_of_packaging(specifiers: str, version: str) -> None:
    try:
        expected = SpecifierSet(specifiers).contains(Version(version), prereleases=True)
    except InvalidSpecifier:
        return
    assert admits(specifiers, version) == expected


@pytest.mark.parametrize(
    ("specifiers", "version", "verdict"),
    [
        (">=1.0", "1.1.dev0", True),
        ("<2", "2.0a1", False),
        (">1", "1.post1", False),
        ("==2.1.0", "2.1.0+cu121", True),
        (">2.1.0", "2.1.0+cu121", False),
        ("==2.1.0+cu118", "2.1.0+cu121", False),
        (">=2020", "1!1.0", True),
        (">=2.0.*", "2.1", True),
        (">=2.0.*", "1.9", False),
        ("", "1", True),
        ("~=v1.2", "1.4", True),
        (">=V1.2", "1.4", True),
        (">=1", "2004d-x", None),
        ("who knows", "1", None),
    ],
)
def test_the_cases_that_were_seen_with_pip_and_uv(specifiers: str, version: str, verdict: bool | None) -> None:
    assert admits(specifiers, version) is verdict


@pytest.mark.parametrize(
    ("specifiers", "possible"),
    [
        ("", True),
        (">=2,<3", True),
        (">2,<2.1", True),
        ("<1", True),
        (">=1,!=1", True),
        ("==1.*,>=1.5", True),
        (">=2,<2", False),
        ("<2,>=2.2.6", False),
        ("==1,==2", False),
        ("==1.*,>=2", False),
        (">=1,!=1.*", True),
        (">=1.2,!=1.2.*,<1.4", True),
        (">=1,!=1.*,<2", False),
    ],
)
def test_whether_any_version_suits(specifiers: str, possible: bool) -> None:
    assert is_satisfiable(specifiers) is possible


@given(st.lists(CLAUSE, max_size=2).map(",".join) | st.sampled_from(["1", ">=1.*", "~=1", ">= 1 , <2", "==1+x..y"]))
def test_specifiers_are_those_of_packaging(text: str) -> None:
    try:
        known = str(SpecifierSet(text))
    except InvalidSpecifier:
        assert not are_specifiers(text)
    else:
        assert are_specifiers(text)
        assert not are_plain(text) or SpecifierSet(written(text)) == SpecifierSet(known)


@given(VERSION | st.lists(st.sampled_from(["1", ".", "+", "rc", "v", " ", "x", "post", "-"]), max_size=6).map("".join))
def test_versions_are_those_of_packaging(text: str) -> None:
    try:
        Version(text)
    except InvalidVersion:
        assert not is_version(text)
    else:
        assert is_version(text)


def test_packaging_is_asked_about_nothing_ordinary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(versions, "pep440")
    for specifiers in (">=1.0a1,<2", "!=1.5.*,>=1.2.post1", "~=1.4", "==1.4.2", ">=1,<3,!=2.0.1"):
        assert admits(specifiers, "1.4.2") is True
    assert admits(">=2026.1", "2026.1.post1") is True
    assert is_version("1.0rc1")
    assert are_specifiers(">=1,<2")
    assert are_specifiers("")
    assert fits("", "1.0") is fits(">=1", "1.0") is True
    with pytest.raises(NameError):
        admits("===1", "1")
