from __future__ import annotations

from envdoctor.shells.part import Part


def test_a_fix_that_fails_is_named_by_its_code() -> None:
    assert Part("PIP001", "pip is elsewhere", ()).failure == "envdoctor: PIP001 is not applied: a step has failed"
