from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from envdoctor.text import versions
from envdoctor.text.versions import admits, is_satisfiable

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
    ],
)
def test_whether_any_version_suits(specifiers: str, possible: bool) -> None:
    assert is_satisfiable(specifiers) is possible


def test_packaging_is_asked_about_nothing_ordinary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(versions, "pep440")
    for specifiers in (">=1.0a1,<2", "!=1.5.*,>=1.2.post1", "~=1.4", "==1.4.2", ">=1,<3,!=2.0.1"):
        assert admits(specifiers, "1.4.2") is True
    assert admits(">=2026.1", "2026.1.post1") is True
    with pytest.raises(NameError):
        admits("===1", "1")
