"""Every reader survives what the fuzzers have found, monsters made by hand, and anything else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.fuzz.growth import MOST, growth_of, shapes_of
from tests.fuzz.targets import TARGETS, give

pytestmark = pytest.mark.thorough

CORPUS = Path(__file__).parent / "corpus"
FOUND = sorted(CORPUS.glob("*/*"))
DEEP = 20_000
DEEP_LINES = 4_000  # each costs a reader of lines more than a character does
DOUBLING = """
a{1} = [{{include-group = 'g{0}'}}]
b{1} = [{{include-group = 'g{0}'}}]
g{1} = [{{include-group = 'a{1}'}}, {{include-group = 'b{1}'}}]
"""
MONSTERS = {
    "nothing": b"",
    "zero bytes": b"\0" * 100,
    "not UTF-8": b"a = \xff\xfe\nName: \xff\nVersion: \xff\n",
    "UTF-16": '[a]\nb = "c"\n'.encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf[a]\nb = 1\n",
    "carriage returns": b"[a]\rb = 1\rhome = /usr\r",
    "lone surrogates": b'{"argv": ["/\\ud800/python"], "language": "python", "name": "\\ud800"}',
    "encoded surrogates": "a = '\ud800'".encode("utf-8", "surrogatepass"),
    "a huge number": b"a = " + b"9" * 5_000,
    "a huge JSON number": b'{"a": ' + b"9" * 5_000 + b', "dir_info": {"editable": true}}',
    "a huge version": b"a==" + b"9" * 5_000 + b"\n- a=" + b"9" * 5_000 + b"\nversion = 3." + b"9" * 5_000,
    "nested brackets": b"[" * DEEP,
    "nested tables": b'{"a":' * DEEP,
    "nested parentheses": b"a; " + b"(" * DEEP,
    "nested blocks": b"if a; then\n" * DEEP_LINES,
    "nested functions": b"f() {\n" * DEEP_LINES,
    "a NUL in a path": b'{"argv": ["/a\\u0000/python"], "language": "python", "url": "file:///a\\u0000"}',
    "an address without its end": b'{"url": "http://[::1", "dir_info": {"editable": true}}\nhttp://[::1\n--index-url http://[',
    "an escape too far": b'"\\UFFFFFFFF": 1',
    "values that double": b"".join(b"A=$A$A\n" for _ in range(40)) + b"export PATH=$A\n",
    "groups that double": (
        "[dependency-groups]\ng0 = ['x']\n" + "".join(map(DOUBLING.format, range(39), range(1, 40)))
    ).encode(),
    "anchors that multiply": b"a0: &a0 [x]\n"
    + b"".join(b"a%d: &a%d [%s]\n" % (n, n, b"*a%d," % (n - 1) * 9) for n in range(1, 12)),
}


@pytest.mark.parametrize("path", FOUND, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_was_found_stays_repaired(path: Path) -> None:
    give(path.parent.name, path.read_bytes())


def test_every_target_has_something_to_begin_with() -> None:
    assert {path.parent.name for path in FOUND} == set(TARGETS)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("monster", MONSTERS.values(), ids=MONSTERS)
def test_no_monster_breaks_a_reader(target: str, monster: bytes) -> None:
    give(target, monster)


@pytest.mark.parametrize("target", TARGETS)
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@example(content=b"a = 1\n[a]\n")
@given(
    content=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
)
def test_nothing_at_all_breaks_a_reader(target: str, content: bytes) -> None:
    give(target, content)


@pytest.mark.parametrize("target", TARGETS)
def test_twice_as_much_costs_about_twice(target: str) -> None:
    grown = {(shape.before, shape.unit, shape.after): growth_of(target, shape) for shape in shapes_of(target)}
    assert {shape: growth for shape, growth in grown.items() if growth >= MOST} == {}
