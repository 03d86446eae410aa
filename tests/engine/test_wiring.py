from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from envdoctor import (
    Check,
    Fact,
    Finding,
    Session,
    Severity,
    check,
    probe,
)
from envdoctor.engine.reference import Need
from envdoctor.engine.wiring import (
    SignatureError,
    made_by,
    needs_of,
)
from tests import samples

if TYPE_CHECKING:
    from tests.samples import Weather

mark = check("AAA001", severity=Severity.INFO, since="0.1")


class Orphan(Fact, frozen=True):
    """A fact that no probe makes."""


@mark
def on_text(x: str) -> Iterator[Finding]:
    yield from ()


@mark
def on_nothing(x) -> Iterator[Finding]:  # type: ignore[no-untyped-def]  # noqa: ANN001 - the fault under test
    yield from ()


@mark
def on_the_session(session: Session) -> Iterator[Finding]:
    yield from ()


@mark
def on_an_orphan(orphan: Orphan) -> Iterator[Finding]:
    yield from ()


@mark
def on_a_late_import(weather: Weather) -> Iterator[Finding]:
    yield from ()


@mark
def on_two_at_once(x: samples.Weather | samples.Ground) -> Iterator[Finding]:
    yield from ()


@pytest.mark.parametrize(
    ("faulty", "problem"),
    [
        (on_text, '"x: str" is not a fact'),
        (on_nothing, "parameter 'x' has no annotation"),
        (on_the_session, "a check sees facts only, so that it can be replayed"),
        (on_an_orphan, f"{__name__} holds no probe that makes Orphan"),
        (on_a_late_import, "a fact must be imported at run time, not under TYPE_CHECKING"),
        (on_two_at_once, '"x: tests.samples.Weather | tests.samples.Ground" is not a fact'),
    ],
)
def test_a_signature_that_cannot_be_wired_is_named_with_file_and_line(faulty: Check[...], problem: str) -> None:
    code = faulty.function.__code__
    expected = f"{code.co_filename}:{code.co_firstlineno}: {faulty.function.__name__}: "
    with pytest.raises(SignatureError, match=f"^{re.escape(expected)}.*{re.escape(problem)}"):
        needs_of(faulty)


def test_needs_come_in_the_order_of_the_parameters() -> None:
    assert needs_of(samples.wet_ground) == (Need(samples.Ground), Need(samples.Weather))
    assert needs_of(samples.touch_ground) == (Need(samples.Weather), Need(samples.Moon, optional=True))
    assert needs_of(samples.look_out) == (Need(None),)


def test_a_probe_must_say_what_it_makes() -> None:
    @probe  # type: ignore[type-var]  # the fault under test
    def vague(_session: Session) -> Fact | None:
        return None

    with pytest.raises(SignatureError, match="must name the fact that the probe makes"):
        made_by(vague)


def test_a_code_is_a_prefix_and_three_digits() -> None:
    with pytest.raises(ValueError, match="'AAA1' is not a family prefix and three digits"):
        check("AAA1", severity=Severity.INFO, since="0.1")


def test_a_check_knows_its_family_name_and_manual() -> None:
    assert (samples.wet_ground.family, samples.wet_ground.slug) == ("aaa", "wet-ground")
    assert samples.wet_ground.title == "The ground is wet."
    assert samples.wet_ground.sections == ()
    assert repr(samples.wet_ground) == "<check AAA001 wet-ground>"
