from __future__ import annotations

import pytest

from envdoctor.fleet.conditions import BadCondition
from tests.fleet.world import asked, fill, report, sick_and_well


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> str:
    odd = report(facts={"Odd": {"dirs": ["/a[1]_%"]}})
    return fill(tmp_path_factory.mktemp("fleet"), sick_and_well() | {"n_1": odd})


@pytest.mark.parametrize(
    ("conditions", "machines"),
    [
        ((), "m1 m2 m3 m4 m5 m6 n_1"),
        (("Libc.version=2.17",), "m1 m2"),
        (("Libc.version=2.*",), "m1 m2 m3 m4 m5 m6"),
        (("Libc.version!=2.17",), "m3 m4 m5 m6 n_1"),
        (("L*.version=2.28", "!PIP001"), "m5"),
        (("lib001",), "m1 m2"),
        (("!LIB001", "machine=m*"), "m3 m4 m5 m6"),
        (("machine=m_1",), ""),
        (("machine!=m*",), "n_1"),
        (("Odd.dirs[/a[1]_%]=listed",), "n_1"),
    ],
)
def test_conditions_choose_machines(source: str, conditions: tuple[str, ...], machines: str) -> None:
    found = asked(source, where=conditions)
    assert sorted(name for group in found.groups for name in group.machines) == machines.split()
    assert found.machines + found.left_out == 7


def test_a_place_that_is_misspelt_names_the_nearest(source: str) -> None:
    with pytest.raises(BadCondition, match=r"\(the nearest place is Libc\.version\)"):
        asked(source, where=("lbc.version!=2",))


def test_sessions_are_those_of_the_machines_that_are_looked_at(source: str) -> None:
    assert asked(source, where=("LIB001",)).sessions == (("ssh command (bash, login)", 2),)
    assert asked(source, where=("machine=none",)).sessions == ()


@pytest.mark.parametrize("condition", ["Lib.version=2", "XYZ999", "' OR 1=1 --"])
def test_what_no_report_has_is_no_condition(source: str, condition: str) -> None:
    with pytest.raises(BadCondition, match="no report has such a place or code"):
        asked(source, where=(condition,))
