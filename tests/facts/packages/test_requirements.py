from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from packaging.markers import Marker

from envdoctor.facts.packages.requirements import LONGEST, Markers, Requirement, of_egg, parse

VALUES = {
    "python_version": "3.12",
    "python_full_version": "3.12.1",
    "sys_platform": "linux",
    "platform_machine": "x86_64",
    "os_name": "posix",
    "implementation_name": "cpython",
    "platform_system": "Linux",
}


def unusual(marker: str) -> bool | None:
    raise AssertionError(f"{marker} is not understood")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Foo_Bar", Requirement("Foo_Bar", "foo-bar")),
        ("bb (>=2)", Requirement("bb (>=2)", "bb", ">=2")),
        ("dd[fast]>=1,<2 ; python_version<'3'", Requirement("dd[fast]>=1,<2", "dd", ">=1,<2", "python_version<'3'")),
        (
            "bb @ https://host/b;1.whl ; os_name=='nt'",
            Requirement("bb @ https://host/b;1.whl", "bb", "", "os_name=='nt'"),
        ),
        ("bb>=2.0.*", Requirement("bb>=2.0.*", "bb", ">=2.0.*", legacy=True)),
        ("bb ( >= 2 , < 3 )", Requirement("bb ( >= 2 , < 3 )", "bb", ">= 2 , < 3")),
        ("pip>=1;", Requirement("pip>=1", "pip", ">=1")),
    ],
)
def test_a_line(line: str, expected: Requirement) -> None:
    assert parse(line) == expected


@pytest.mark.parametrize("line", ["", "-x", "a b", "a>=", "a>>1", "a (>=1", "a 1.0", "[x]"])
def test_what_is_no_requirement(line: str) -> None:
    assert parse(line) is None


def test_the_sections_of_an_older_form() -> None:
    text = "aa>=1\n\n[:python_version < '3']\nfutures\n\n[fast]\nbb\n[fast:os_name == 'nt']\ncc\n"
    assert list(of_egg(text)) == ["aa>=1", "futures ; python_version < '3'"]


def test_what_is_longer_than_any_marker_is_malformed() -> None:
    assert Markers(VALUES, unusual).holds("(" * 1_001) is None


@pytest.mark.parametrize(
    ("marker", "verdict"),
    [
        ("", True),
        ("python_version >= '3.9'", True),
        ("python_version < '3.9'", False),
        ('extra == "x"', False),
        ('extra == "x" or os_name == "posix"', True),
        ("(extra == 'x' or os_name == 'posix') and sys_platform == 'win32'", False),
        ("platform_machine in 'x86_64 aarch64'", True),
        ("'linux' not   in sys_platform", False),
        ("python_full_version == '3.12.*'", True),
    ],
)
def test_markers(marker: str, verdict: bool) -> None:
    assert Markers(VALUES, unusual).holds(marker) is verdict


def test_what_is_not_understood_is_asked_elsewhere_once() -> None:
    asked: list[str] = []

    def otherwise(marker: str) -> bool | None:
        asked.append(marker)
        return None

    markers = Markers(VALUES, otherwise)
    odd = [
        'a == "b";extra == "c"',
        "os_name",
        "'3' < python_version",
        "sys_platform > 'a'",
        "(os_name == 'nt'",
        "'a' == 'a'",
    ]
    assert [markers.holds(marker) for marker in (*odd, *odd)] == [None] * 12
    assert asked == odd


ATOM = st.sampled_from(
    [
        "python_version >= '3.8'",
        "python_version < '3.12'",
        "python_version == '3.12'",
        "sys_platform == 'win32'",
        "sys_platform != 'win32'",
        "extra == 'test'",
        "platform_machine in 'x86_64 arm64'",
        "python_full_version < '3.12.2'",
        "implementation_name == 'cpython'",
    ]
)
MARKER = st.recursive(
    ATOM, lambda inner: st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})")
)


@given(st.lists(st.tuples(MARKER, st.sampled_from([" and ", " or "])).map("".join), max_size=3), MARKER)
def test_the_verdict_is_that_of_packaging(before: list[str], last: str) -> None:
    marker = "".join(before) + last
    assume(len(marker) <= LONGEST)
    assert Markers(VALUES, unusual).holds(marker) == Marker(marker).evaluate({**VALUES, "extra": ""})
