from __future__ import annotations

import pytest
from click.testing import CliRunner

from envdoctor.cli.commands import COMMANDS, envdoctor


def said(*words: str) -> str:
    shown = CliRunner().invoke(envdoctor, words, standalone_mode=False)
    assert shown.return_value in (0, None), shown.exception
    return shown.stdout


def test_help_alone_is_the_help_of_the_program() -> None:
    assert said("help") == said("--help")


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command_is_what_its_own_option_says(name: str) -> None:
    shown = said("help", name)
    assert shown == said(name, "--help")
    assert "\\b" not in shown


@pytest.mark.parametrize("word", ["PIP001", "pip-installs-elsewhere"])
def test_help_of_a_check_is_its_manual_page(word: str) -> None:
    assert said("help", word) == said("explain", "PIP001")


def test_help_of_an_unknown_word_says_what_is_near() -> None:
    shown = CliRunner().invoke(envdoctor, ["help", "chek"])
    assert shown.exit_code == 2
    assert "Did you mean 'check'?" in shown.stderr
