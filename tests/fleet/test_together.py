from __future__ import annotations

from pathlib import Path
from typing import Any

from envdoctor.fleet.answer import Also, Difference
from tests.fleet.world import asked, fill, report


def facts(mirror: str, minor: int, number: int) -> dict[str, Any]:
    return {"Mirror": {"url": mirror}, "Python": {"version": [3, minor, number]}}


def difference(directory: Path, *, by_both: bool) -> Difference:
    """Of forty machines with two mirrors and four Pythons, those with one mirror are sick, or only with one Python."""
    reports: dict[str, Any] = {}
    for number in range(40):
        mirror, minor = "ab"[number % 2], 10 + number // 2 % 4
        sick = mirror == "a" and (minor == 12 or not by_both)
        reports[f"m{number}"] = report(*["PY001"] * sick, facts=facts(mirror, minor, number))
    return asked(fill(directory, reports)).differences[0]


def test_two_values_that_tell_only_together_come_first_and_then_each(tmp_path: Path) -> None:
    first, *others = difference(tmp_path, by_both=True).traits
    assert {(first.place, first.value), (first.also.place, first.also.value) if first.also else None} == {
        ("Python.version.series", "3.12"),
        ("Mirror.url", "a"),
    }
    assert (first.sick, first.well, first.lift) == (5, 0, 1.0)
    assert {(one.place, one.value, one.well, one.also) for one in others} == {
        ("Python.version.series", "3.12", 5, None),
        ("Mirror.url", "a", 15, None),
    }


def test_what_tells_by_itself_is_put_together_with_nothing(tmp_path: Path) -> None:
    assert [trait.also for trait in difference(tmp_path, by_both=False).traits] == [None]
    assert Also("a", "b") == Also(place="a", value="b")
