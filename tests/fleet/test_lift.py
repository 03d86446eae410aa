from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.fleet.world import asked, fill, libc, report, sick_and_well


def test_what_tells_the_sick_from_the_well_comes_first_and_noise_not_at_all(tmp_path: Path) -> None:
    found = asked(fill(tmp_path, sick_and_well()))
    assert [(one.code, one.sick, one.well) for one in found.differences] == [("LIB001", 2, 4), ("PIP001", 1, 5)]
    first = found.differences[0].traits[0]
    assert (first.place, first.value, first.sick, first.well, first.lift) == ("Libc.version", "2.17", 2, 0, 1.0)
    assert {trait.place for one in found.differences for trait in one.traits} == {"Libc.version"}


def test_what_is_not_there_is_a_difference_too(tmp_path: Path) -> None:
    tool = {"Tools": {"found": [{"name": "git", "version": "2.4"}]}}
    reports = {f"m{number}": report(facts=tool | libc("2.36", number)) for number in range(4)}
    reports["m8"] = report("PY001", facts={"Tools": {"found": [{"name": "hg", "version": "6"}]}} | libc("2.36", 8))
    reports["m9"] = report("PY001", facts=libc("2.36", 9))
    trait = asked(fill(tmp_path, reports)).differences[0].traits[0]
    assert (trait.place, trait.value, trait.sick, trait.well) == ("Tools.found[git].name", None, 2, 0)
    assert trait.alike == ("Tools.found[git].version",)


def test_of_values_that_tell_as_much_one_that_others_have_differently_comes_first(tmp_path: Path) -> None:
    reports = {f"w{number}": report(facts=libc("2.36", number)) for number in range(3)}
    reports["s1"] = report("PY001", facts=libc("2.17", 4) | {"A": {"b": "1"}})
    reports["s2"] = report("PY001", facts=libc("2.17", 5) | {"A": {"b": "1"}})
    (trait,) = asked(fill(tmp_path, reports)).differences[0].traits
    assert (trait.place, trait.alike) == ("Libc.version", ("A.b",))


def test_a_half_true_companion_stands_behind_the_cause(tmp_path: Path) -> None:
    def facts(number: int, *, old: bool, module: bool) -> dict[str, Any]:
        return libc("2.17" if old else "2.36", number) | ({"Module": {"name": "old"}} if module else {})

    reports = {f"w{number}": report(facts=facts(number, old=False, module=number < 3)) for number in range(10)}
    reports |= {f"s{number}": report("PY001", facts=facts(20 + number, old=True, module=True)) for number in range(2)}
    first, second = asked(fill(tmp_path, reports)).differences[0].traits
    assert (first.place, first.value, first.lift) == ("Libc.version", "2.17", 1.0)
    assert (second.place, second.value, round(second.lift, 2)) == ("Module.name", "old", 0.7)


def test_machines_that_were_judged_well_are_compared_and_not_those_that_were_not_judged(tmp_path: Path) -> None:
    reports = sick_and_well()
    for name in ("m3", "m4"):
        for result in reports[name]["results"]:
            result["outcome"] = "skipped"
    assert asked(fill(tmp_path, reports)).differences[0].well == 2
    for name in ("m5", "m6"):
        for result in reports[name]["results"]:
            result["outcome"] = "skipped"
    (tmp_path / "again").mkdir()
    assert asked(fill(tmp_path / "again", reports)).differences[0].well == 4


def test_by_names_the_findings_that_are_compared_and_without_the_well_there_is_nothing_to_compare(
    tmp_path: Path,
) -> None:
    source = fill(tmp_path, sick_and_well())
    assert [one.code for one in asked(source, by=("PIP001",)).differences] == ["PIP001"]
    assert asked(source, where=("LIB001",)).differences == ()
