from __future__ import annotations

import pytest

from envdoctor import Check, Severity
from envdoctor.engine.selection import (
    SelectionError,
    find,
    nearest,
    select,
)
from tests.samples import EVERY, advice, all_is_well, damp_ground, wet_ground


def test_codes_prefixes_and_slugs_select() -> None:
    assert select(EVERY, (), ()) == EVERY
    assert select(EVERY, ("AAA", "ccc002"), ()) == (wet_ground, damp_ground, all_is_well)
    assert select(EVERY, ("advice", "AAA"), ("AAA002",)) == (wet_ground, advice)


def test_the_prefix_of_a_family_is_not_the_beginning_of_another() -> None:
    short = Check(all_is_well.function, "CC001", Severity.INFO, "0.1", ())
    checks = (*EVERY, short)
    assert select(checks, ("CC",), ()) == (short,)
    assert select(checks, ("C",), ()) == (*(check for check in EVERY if check.family == "ccc"), short)


@pytest.mark.parametrize(
    ("wanted", "ignored", "problem"),
    [
        (("AAA009",), (), "no check is called 'AAA009'; did you mean AAA00"),
        (("wet-grund",), (), "no check is called 'wet-grund'; did you mean wet-ground?"),
        ((), ("XYZZY",), "no check is called 'XYZZY'; `envdoctor list` shows every code"),
        (("",), (), "no check is called ''"),
        (("AAA",), ("AAA",), "the selection leaves no check to run"),
    ],
)
def test_what_cannot_be_meant_is_refused(wanted: tuple[str, ...], ignored: tuple[str, ...], problem: str) -> None:
    with pytest.raises(SelectionError) as refused:
        select(EVERY, wanted, ignored)
    assert str(refused.value).startswith(problem)


def test_one_check_is_found_by_code_or_slug() -> None:
    assert find(EVERY, "aaa001") is find(EVERY, "Wet-Ground") is wet_ground
    with pytest.raises(SelectionError, match="'aaa' is a family of checks"):
        find(EVERY, "aaa")
    with pytest.raises(SelectionError, match="did you mean AAA00"):
        find(EVERY, "AAA009")


def test_the_nearest_word_is_near() -> None:
    assert nearest("chek", ["check", "list"]) == "check"
    assert nearest("xyzzy", ["check", "list"]) is None
