from __future__ import annotations

import pytest

from envdoctor.facts.project.python_pins import PythonPin, understand
from envdoctor.facts.project.requires_python import (
    admits,
    best,
    can_be_met,
    lowest,
)
from envdoctor.facts.python.available import PythonAtHand


@pytest.mark.parametrize(
    ("alternatives", "version", "answer"),
    [
        ((">=3.11",), "3.11.0", True),
        ((">=3.11",), "3.9.18", False),
        ((">=3.11.5",), "3.11", True),
        ((">=3.12", "==2.7.*"), "2.7.18", True),
        ((">=3.13",), "3.13.0rc1", False),
        (("",), "2.7", True),
        (("about 3",), "3.11", None),
        ((">=3",), "three", None),
    ],
)
def test_a_version_is_admitted(alternatives: tuple[str, ...], version: str, answer: bool | None) -> None:
    assert admits(alternatives, version) is answer


@pytest.mark.parametrize(
    ("alternatives", "pin", "answer"),
    [
        ((">=3.12",), "3.11", False),
        ((">=3.11.5",), "3.11", True),
        ((">=3.11.5",), "3.11.4", False),
        ((">=3.12",), "3", True),
        (("<3",), "3", False),
        ((">=3.12",), ">=3.9,<3.12", False),
        ((">=3.12",), ">=3.9", True),
        (("",), ">=3.9", True),
        ((">=3.12,<3.13",), "3.12.1", True),
        (("!=3.11.*,>=3.9",), "3.11", False),
        ((">=3.12",), "cpython-3.9.1-linux-x86_64-gnu", False),
        ((">=3.12",), "system", None),
        ((">=3.12",), "/usr/bin/python3.9", None),
        (("about 3",), "3.11", None),
        ((">=3.12",), ">=3.9.*", None),
    ],
)
def test_a_pin_can_be_met(alternatives: tuple[str, ...], pin: str, answer: bool | None) -> None:
    assert can_be_met(alternatives, PythonPin(pin, 1, *understand(pin))) is answer


def test_the_newest_python_at_hand_that_fits_is_best() -> None:
    pythons = [PythonAtHand(version, f"/{version}") for version in ("3.9", "3.12", "3.12.1", "3.13.0", "3.8.1")]
    assert best((">=3.9,<3.13",), pythons) == PythonAtHand("3.12", "/3.12")
    assert best((">=3.9",), pythons) == PythonAtHand("3.13.0", "/3.13.0")
    assert best((">=3.14",), pythons) is None


@pytest.mark.parametrize(
    ("alternatives", "minor"),
    [((">=3.12",), "3.12"), ((">=3.6",), "3.8"), (("<3.8",), "3.7"), (("==3.5.*",), "3.5"), (("<2",), None)],
)
def test_the_lowest_that_is_still_to_be_had(alternatives: tuple[str, ...], minor: str | None) -> None:
    assert lowest(alternatives) == minor
