"""What must be there so that a probe is called, or a check judges."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from envdoctor import Fact, Finding, Session, Severity, Unavailable, check, probe
from envdoctor.engine.gate import OPEN, Gate
from envdoctor.engine.index import FactRow, Index, Rows
from envdoctor.engine.wiring import SignatureError, needs_of
from tests.support import make_session


class Leaf(Fact, frozen=True):
    worm: bool = False
    note: str | None = None


class Branch(Fact, frozen=True):
    leaves: tuple[Leaf, ...] = ()

    @property
    def bare(self) -> bool:
        return not self.leaves


class Tree(Fact, frozen=True):
    branches: tuple[Branch, ...] = ()
    owner: str | None = None


class Saw(Fact, frozen=True):
    pass


FULL = Tree((Branch(), Branch((Leaf(), Leaf(worm=True)))))


@pytest.mark.parametrize(
    ("way", "tree", "leads"),
    [
        ("Tree", Tree(), True),
        ("Saw", Tree(), False),
        ("Tree.owner", Tree(), False),
        ("Tree.owner", Tree(owner="ada"), True),
        ("Tree.branches", Tree(), False),
        ("Tree.branches", FULL, True),
        ("Tree.branches.leaves", Tree((Branch(),)), False),
        ("Tree.branches.leaves.worm", FULL, True),
        ("Tree.branches.leaves.note", FULL, False),
        ("Tree.branches.bare", FULL, True),
        ("Tree.owner.beyond", Tree(), False),
    ],
)
def test_a_way_leads_through_every_member_to_anything_that_is_true(way: str, tree: Tree, leads: bool) -> None:
    assert Gate((way,)).is_shut([tree, None]) is not leads


def test_one_of_several_is_enough_and_an_empty_variable_is_none() -> None:
    gate = Gate(("Tree.owner",), ("SAW", "AXE"))
    assert gate.is_shut([Tree(), make_session({"SAW": ""})])
    assert not gate.is_shut([Tree(), make_session({"SAW": "", "AXE": "1"})])
    assert not gate.is_shut([Tree(owner="ada"), make_session({})])
    assert not OPEN.is_shut([])


calls: list[str] = []


@probe(where=("Tree.owner",), where_set=("SAW",), otherwise="nobody saws here")
def look_for_a_saw(session: Session, tree: Tree | None) -> Saw:
    calls.append(session.env.get("SAW", ""))
    return Saw()


@probe
def look_at_the_tree(_session: Session) -> Tree:
    return Tree()


def test_a_probe_is_not_called_where_its_gate_is_shut() -> None:
    calls.clear()
    with pytest.raises(Unavailable, match="nobody saws here"):
        look_for_a_saw(make_session({}), None)
    assert look_for_a_saw(make_session({"SAW": "mine"}), Tree()) == Saw()
    assert calls == ["mine"]


@check("TEA002", severity=Severity.INFO, since="1", where=("Tree.branches.leaves.worm",))
def worm_inside(tree: Tree) -> Iterator[Finding]:
    """There is a worm."""
    calls.append(repr(tree))
    yield from ()


def test_a_check_is_silent_where_its_gate_is_shut() -> None:
    calls.clear()
    assert list(worm_inside(Tree((Branch((Leaf(),)),)))) == []
    assert calls == []
    assert list(worm_inside(tree=FULL)) == []
    assert calls == [repr(FULL)]


@check("TEA003", severity=Severity.INFO, since="1", where=("Tree.crown",))
def no_such_field(tree: Tree) -> Iterator[Finding]:
    yield from ()


@check("TEA004", severity=Severity.INFO, since="1", where=("Saw",))
def no_such_parameter(tree: Tree) -> Iterator[Finding]:
    yield from ()


@pytest.mark.parametrize("faulty", [no_such_field, no_such_parameter])
def test_a_way_that_leads_through_no_fact_of_the_parameters_is_refused(faulty: object) -> None:
    with pytest.raises(SignatureError, match="leads through no fact of its parameters"):
        needs_of(faulty)


def test_the_index_keeps_the_gate_of_a_fact_and_says_why_it_is_shut() -> None:
    row = FactRow("nowhere.at.all", ("Tree?",), ("Tree.owner",), ("SAW",), "nobody saws here")
    fact = Index(Rows({}, {"Saw": row, "Tree": FactRow(__name__)})).facts["Saw"]
    assert fact.gate == Gate(("Tree.owner",), ("SAW",), "nobody saws here")
