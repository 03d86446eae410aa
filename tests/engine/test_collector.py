from __future__ import annotations

import threading
import time

from envdoctor import Fact, Session, probe
from envdoctor.engine.collector import Enquiry, establish
from envdoctor.engine.fact import Known, Missing, MissingKind
from tests import samples
from tests.support import make_session


class Left(Fact, frozen=True):
    """Known only if the other probe runs at the same time."""


class Right(Fact, frozen=True):
    """The same."""


BARRIER = threading.Barrier(2, timeout=10)


@probe
def look_left(_session: Session) -> Left:
    BARRIER.wait()
    return Left()


@probe
def look_right(_session: Session) -> Right:
    BARRIER.wait()
    return Right()


def test_independent_probes_run_side_by_side() -> None:
    known = establish([Left, Right], make_session())
    assert known == {Left: Left(), Right: Right()}


class Never(Fact, frozen=True):
    """Its probe hangs in the system."""


class AfterNever(Fact, frozen=True):
    """Needs what never comes."""


RELEASE = threading.Event()


@probe
def hang(_session: Session) -> Never:
    RELEASE.wait(60)
    return Never()


@probe
def follow(_never: Never) -> AfterNever:
    return AfterNever()


def test_a_probe_that_hangs_is_left_behind_and_named_slow() -> None:
    late = Missing(MissingKind.TIMED_OUT, "timed out after 1.2 s")
    begin = time.monotonic()
    try:
        known = establish([Never, AfterNever, samples.Weather], make_session(timeout=0.1))
    finally:
        RELEASE.set()
    assert known == {Never: late, AfterNever: late, samples.Weather: samples.Weather(rain=False)}
    assert time.monotonic() - begin < 30


def test_what_is_sought_twice_is_found_out_once() -> None:
    enquiry = Enquiry(make_session())
    enquiry.seek([samples.Ground])
    ground = enquiry.wait()[samples.Ground]
    enquiry.seek([samples.Ground, samples.Moon])
    known = enquiry.wait()
    assert known[samples.Ground] is ground
    assert known.keys() == {samples.Ground, samples.Weather, samples.Moon}


class Hen(Fact, frozen=True):
    """Needs the egg."""


class Egg(Fact, frozen=True):
    """Needs the hen."""


@probe
def lay(_hen: Hen) -> Egg:
    return Egg()


@probe
def hatch(_egg: Egg) -> Hen:
    return Hen()


def test_facts_that_need_each_other_are_broken_and_others_are_not() -> None:
    known = establish([Hen, samples.Weather], make_session())
    broken = Missing(MissingKind.BROKEN, "it stands on facts whose probes need each other")
    assert known == {Hen: broken, Egg: broken, samples.Weather: samples.Weather(rain=False)}


ORDER: list[str] = []


class Seed(Fact, frozen=True):
    """What the tree stands on."""


class Stone(Fact, frozen=True):
    """What nothing stands on."""


class Tree(Fact, frozen=True):
    """Grows from the seed."""


@probe
def sow(_session: Session) -> Seed:
    ORDER.append("seed")
    return Seed()


@probe
def lift(_session: Session) -> Stone:
    ORDER.append("stone")
    return Stone()


@probe
def grow(_seed: Seed) -> Tree:
    ORDER.append("tree")
    return Tree()


def test_what_others_wait_for_comes_first() -> None:
    establish([Stone, Tree], make_session())
    assert ORDER[0] == "seed"
    assert sorted(ORDER) == ["seed", "stone", "tree"]


class Spun(Fact, frozen=True):
    """Its probe never stops computing."""


class Unspun(Fact, frozen=True):
    """Needs what never comes."""


@probe
def spin(_session: Session) -> Spun:
    while not RELEASE.is_set():
        pass
    return Spun()


@probe
def unspin(_spun: Spun) -> Unspun:
    return Unspun()


def test_a_probe_that_computes_for_ever_is_left_behind_too() -> None:
    RELEASE.clear()
    try:
        known = establish([Spun, Unspun, samples.Weather], make_session(timeout=0.1))
    finally:
        RELEASE.set()
    late = Missing(MissingKind.TIMED_OUT, "timed out after 1.2 s")
    assert known == {Spun: late, Unspun: late, samples.Weather: samples.Weather(rain=False)}


def test_what_is_given_is_taken_and_nothing_beneath_it_is_sought() -> None:
    given: dict[type[Fact], Known] = {samples.Weather: Missing(MissingKind.UNAVAILABLE, "it is said so")}
    known = establish([samples.Weather], make_session(), given)
    assert known == given
    hen = Hen()
    assert establish([Egg], make_session(), {Hen: hen}) == {Hen: hen, Egg: Egg()}
