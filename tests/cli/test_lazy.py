from __future__ import annotations

import sys

import click
import pytest

from envdoctor.cli.lazy import LazyGroup


class Group(LazyGroup):
    known = {"version": "Print the version", "gone": "A module that is not there"}  # noqa: RUF012 - as the commands have it
    modules = "envdoctor.cli."


def test_help_lists_every_command_and_imports_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "envdoctor.cli.version", raising=False)
    group = Group()
    context = click.Context(group)
    shown = group.get_help(context)
    assert "version  Print the version" in shown
    assert "gone     A module that is not there" in shown
    assert group.list_commands(context) == ["version", "gone"]
    assert "envdoctor.cli.version" not in sys.modules


def test_a_command_comes_from_its_module_and_an_unknown_word_is_none() -> None:
    context = click.Context(Group())
    known = Group().get_command(context, "version")
    assert known is sys.modules["envdoctor.cli.version"].command
    assert Group().get_command(context, "explain") is None
