from __future__ import annotations

import pytest

from envdoctor.facts.pip.options import (
    CHOICES,
    OPTIONS,
    VARIABLES,
    Kind,
    refused,
)


@pytest.mark.parametrize(
    ("option", "value", "accepted"),
    [
        ("user", "YES", None),
        ("no-user", "0", None),
        ("user", "", None),
        ("user", "maybe", Kind.SWITCH.value),
        ("no-cache-dir", "x", Kind.SWITCH.value),
        ("verbose", "2", None),
        ("verbose", "true", None),
        ("verbose", "-1", Kind.COUNT.value),
        ("retries", "0x10", None),
        ("retries", "many", Kind.INTEGER.value),
        ("default-timeout", "1e2", None),
        ("timeout", "15s", Kind.NUMBER.value),
        ("exists-action", "w b", None),
        ("exists-action", "x", "s, i, w, b, a"),
        ("upgrade-strategy", "lazy", "only-if-needed, eager"),
        ("index-url", "???", None),
        ("bogus", "x", None),
    ],
)
def test_values_that_pip_refuses(option: str, value: str, accepted: str | None) -> None:
    assert refused(option, value) == accepted


def test_every_option_with_choices_names_them() -> None:
    assert {option for option, kind in OPTIONS.items() if kind is Kind.CHOICE} == set(CHOICES)
    assert len(set(VARIABLES)) == len(VARIABLES)
