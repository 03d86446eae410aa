"""A small world to test the engine with: two facts, their probes, and a check for each way to end."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import (
    Evidence,
    Fact,
    Finding,
    Fix,
    Run,
    Safety,
    Session,
    SetVariable,
    Severity,
    TimedOut,
    Unavailable,
    UnsetVariable,
)
from envdoctor import check as mark
from envdoctor import probe as mark_probe
from envdoctor.engine.fact import Known, Missing, MissingKind
from envdoctor.engine.judge import judge
from envdoctor.engine.reference import Facts
from envdoctor.report.report import Report


class Weather(Fact, frozen=True):
    """Whether it rains."""

    rain: bool
    source: str = "the window"


class Ground(Fact, frozen=True):
    """Whether the ground is wet."""

    wet: bool


class Moon(Fact, frozen=True):
    """There is none."""


class Slow(Fact, frozen=True):
    """Never known in time."""


class Broken(Fact, frozen=True):
    """Its probe has a fault."""


@mark_probe
def look_out(session: Session) -> Weather:
    """Read one variable."""
    return Weather(rain=session.env.get("RAIN") == "1")


@mark_probe
def touch_ground(weather: Weather, moon: Moon | None) -> Ground:
    """Wet after rain; there is no moon."""
    assert moon is None
    return Ground(wet=weather.rain)


@mark_probe
def find_moon(_session: Session) -> Moon:
    """Answer that there is none."""
    raise Unavailable("no moon here")


@mark_probe
def wait_long(_session: Session) -> Slow:
    """Give up."""
    raise TimedOut("the slow thing timed out after 1 s")


@mark_probe
def trip(_session: Session) -> Broken:
    """Have a fault."""
    raise ZeroDivisionError("by nature")


@mark("AAA001", severity=Severity.ERROR, since="0.1")
def wet_ground(ground: Ground, weather: Weather) -> Iterator[Finding]:
    """The ground is wet."""
    if ground.wet:
        yield Finding(
            "the ground is wet [tag] and package[extra] slips",
            where="/ground",
            evidence=(Evidence("rain is True", weather.source),),
            fix=Fix("Take an umbrella", SetVariable("UMBRELLA", "on top"), undo=(UnsetVariable("UMBRELLA"),)),
        )


@mark("AAA002", severity=Severity.WARNING, since="0.1", unless=("AAA001",))
def damp_ground(ground: Ground) -> Iterator[Finding]:
    """The ground is damp, which is moot when it is wet."""
    yield Finding(f"damp: {ground.wet}", fix=Fix("Wait", Run("sleep", "1"), safety=Safety.CHANGES_STATE))


@mark("BBB001", severity=Severity.WARNING, since="0.1")
def no_moon(_moon: Moon) -> Iterator[Finding]:
    """Needs what does not exist."""
    yield from ()


@mark("BBB002", severity=Severity.WARNING, since="0.1")
def too_slow(_slow: Slow) -> Iterator[Finding]:
    """Needs what is not known in time."""
    yield from ()


@mark("BBB003", severity=Severity.WARNING, since="0.1")
def on_broken_probe(_broken: Broken) -> Iterator[Finding]:
    """Needs a fact whose probe has a fault."""
    yield from ()


@mark("BBB004", severity=Severity.WARNING, since="0.1")
def crashes(weather: Weather) -> Iterator[Finding]:
    """Has a fault itself."""
    raise ValueError(f"crashed on {weather.rain}")
    yield


@mark("CCC001", severity=Severity.INFO, since="0.1")
def advice(weather: Weather) -> Iterator[Finding]:
    """Gives advice in every weather."""
    fix = Fix("Read", Run("less", "/a path/that is long"), safety=Safety.DESTRUCTIVE)
    yield Finding("look up\x1b[2J now and then", fix=fix)
    if weather.rain:
        yield Finding("it rains", fix=fix, severity=Severity.WARNING)


@mark("CCC002", severity=Severity.ERROR, since="0.1")
def all_is_well(_weather: Weather) -> Iterator[Finding]:
    """Never finds anything."""
    yield from ()


EVERY = (wet_ground, damp_ground, no_moon, too_slow, on_broken_probe, crashes, advice, all_is_well)


def sample_report() -> Report:
    """A report with every outcome, the same each time."""
    known: dict[type[Fact], Known] = {
        Weather: Weather(rain=True),
        Ground: Ground(wet=True),
        Moon: Missing(MissingKind.UNAVAILABLE, "no moon here"),
        Slow: Missing(MissingKind.TIMED_OUT, "the slow thing timed out after 1 s"),
        Broken: Missing(MissingKind.BROKEN, "ZeroDivisionError: by nature (samples.py:1)"),
    }
    broken = ("nothing.there of example could not be loaded: ModuleNotFoundError",)
    return Report("2026-01-02T03:04:05Z", judge(EVERY, known), Facts(known), broken)
