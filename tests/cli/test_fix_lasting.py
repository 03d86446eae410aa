"""Which of the options that write go together."""

from __future__ import annotations

from typing import Any

import pytest

from envdoctor.cli.fix_lasting import Wish, taken
from envdoctor.cli.output import UsageProblem


def never() -> Any:
    raise AssertionError


def test_they_are_taken_out_of_the_others() -> None:
    chosen = {"apply": True, "undo": False, "dry_run": False, "yes": True, "select": ("PIP",)}
    assert taken(chosen) == Wish(apply=True, undo=False, dry_run=False, yes=True)
    assert chosen == {"select": ("PIP",)}


@pytest.mark.parametrize("name", Wish.__struct_fields__)
def test_each_of_them_is_a_wish(name: str) -> None:
    none = dict.fromkeys(Wish.__struct_fields__, False)
    assert not Wish(**none)
    assert Wish(**{**none, name: True})


@pytest.mark.parametrize(("apply", "undo"), [(True, True), (False, False)])
def test_what_is_to_be_done_must_be_said(apply: bool, undo: bool) -> None:
    with pytest.raises(UsageProblem, match="--apply or --undo"):
        Wish(apply, undo, dry_run=True, yes=True).fulfilled(never, (), alone=True)


def test_a_recording_is_never_applied() -> None:
    with pytest.raises(UsageProblem, match="change this machine, now"):
        Wish(apply=True, undo=False, dry_run=False, yes=True).fulfilled(never, (), alone=False)
