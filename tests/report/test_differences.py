from __future__ import annotations

from typing import Any

import pytest

from envdoctor.report.differences import Change, Comparison, Side, compare, said
from envdoctor.text.secrets import Masker


def side(facts: dict[str, Any], missing: dict[str, Any] | None = None) -> Side:
    return Side("a.json", "then", "0.1", facts, missing or {})


def compared(before: dict[str, Any], after: dict[str, Any]) -> Comparison:
    return compare(side(before), side(after), str)


def changes(before: Any, after: Any) -> tuple[Change, ...]:
    return compared({"Fact": {"value": before}}, {"Fact": {"value": after}}).changes


@pytest.mark.parametrize(
    ("before", "after", "texts"),
    [
        ("a", "b", ("a", "b")),
        ("", "b", ("an empty text", "b")),
        (None, "b", ("nothing", "b")),
        (True, False, ("yes", "no")),
        (1, 2, ("1", "2")),
        ([3, 11, 7], [3, 12, 1], ("3.11.7", "3.12.1")),
        ({"path": "/a", "version": "1"}, None, ("/a 1", "nothing")),
        ({"target": {"root": "/env"}, "has_pip": True}, None, ("/env", "nothing")),
        ({"requirements": [1, 2], "files": []}, None, ("requirements: 2", "nothing")),
    ],
)
def test_a_value_that_differs_is_said_in_a_few_words(before: Any, after: Any, texts: tuple[str, str]) -> None:
    assert changes(before, after) == (Change("Fact", ("value",), *texts),)


def test_what_is_the_same_is_not_told() -> None:
    assert compared({"Fact": {"a": [1, {"b": "c"}]}}, {"Fact": {"a": [1, {"b": "c"}]}}) == Comparison((), ((), ()), 0)


def test_a_list_tells_what_came_and_went_or_another_order() -> None:
    assert changes(["/a", "/b", "/b"], ["/b", "/c"]) == (
        Change("Fact", ("value",), removed=("/a", "/b"), added=("/c",)),
    )
    [reordered] = changes(["/a", "/b"], ["/b", "/a"])
    assert (reordered.before, reordered.after) == ("in this order: /a, /b", "in this order: /b, /a")


def test_records_are_matched_by_what_tells_them_apart() -> None:
    before = [{"name": "numpy", "version": "1"}, {"name": "six", "version": "1"}]
    after = [{"name": "numpy", "version": "2"}, {"name": "click", "version": "8"}]
    assert changes(before, after) == (
        Change("Fact", ("value", "numpy", "version"), "1", "2"),
        Change("Fact", ("value",), removed=("six 1",), added=("click 8",)),
    )
    twice = [{"name": "x", "path": "/a"}, {"name": "x", "path": "/b"}]
    assert changes(twice, twice[:1]) == (Change("Fact", ("value",), removed=("x /b",)),)
    same = [{"target": {"root": "/env"}, "count": 1}]
    assert changes(same, [{**same[0], "count": 2}]) == (Change("Fact", ("value", "/env", "count"), "1", "2"),)
    assert changes([{"a": 1}], [{"a": 2}]) == (Change("Fact", ("value",), removed=("nothing",), added=("nothing",)),)


def test_noise_is_left_out_and_counted() -> None:
    before = {"Fact": {"pid": 1, "shell_started": 1.5, "path": "/tmp/tmpabcd1234/x", "file": "/proc/12/maps", "n": 1}}
    after = {"Fact": {"pid": 2, "shell_started": 2.5, "path": "/tmp/tmpwxyz9876/x", "file": "/proc/99/maps", "n": 2}}
    found = compared(before, after)
    assert found.changes == (Change("Fact", ("n",), "1", "2"),)
    assert found.noise == 4
    assert len(changes("/tmp/one", "/tmp/two")) == 1


def test_the_home_directory_is_the_same_wherever_it_is() -> None:
    one = {"Examined": {"home": "/home/ada", "cwd": "/home/ada/p"}, "Fact": {"path": "/home/ada/x:/home/adam/y"}}
    two = {"Examined": {"home": "/root", "cwd": "/root/p"}, "Fact": {"path": "~/x:/home/adam/y"}}
    assert compared(one, two).changes == ()
    root = {"Examined": {"home": "/"}, "Fact": {"path": "/x"}}
    assert compared(root, {**root, "Fact": {"path": "/y"}}).changes == (Change("Fact", ("path",), "/x", "/y"),)


def test_what_was_not_recorded_is_no_difference_and_what_does_not_exist_is() -> None:
    unavailable = {"Conda": {"kind": "unavailable", "reason": "CONDA_PREFIX is not set"}}
    unrecorded = {"Conda": {"kind": "not recorded", "reason": "x"}}
    full = side({"Conda": {"prefix": "/opt/conda"}, "Other": {"a": 1}})
    found = compare(full, side({}, unavailable), str)
    assert [change.after for change in found.changes] == ["there is none: CONDA_PREFIX is not set"]
    assert found.unrecorded == ((), ("Other",))
    found = compare(side({}, unrecorded), full, str)
    assert (found.changes, found.unrecorded) == ((), (("Conda", "Other"), ()))


def test_a_fact_that_holds_nothing_is_as_good_as_none() -> None:
    missing = {"Leaks": {"kind": "unavailable", "reason": "nothing is set"}}
    assert compare(side({"Leaks": {"found": [], "any": False}}), side({}, missing), str).changes == ()
    assert compare(side({}, missing), side({}, {"Leaks": {"kind": "broken", "reason": "x"}}), str).changes == ()


def test_secrets_of_a_stranger_s_recording_are_masked() -> None:
    [change] = compare(
        side({"Fact": {"url": "https://me:hunter2secret@host/simple"}}),
        side({"Fact": {"url": "https://host/simple"}}),
        Masker().mask,
    ).changes
    assert "hunter2secret" not in str(change)


def test_a_long_value_is_cut_and_says_so() -> None:
    assert said("x" * 500) == f"{'x' * 200}… (500 characters)"
    assert said(["a"] * 9) == "a, a, a, a, a"
