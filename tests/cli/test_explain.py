from __future__ import annotations

import pytest
from click.testing import CliRunner

from envdoctor.cli.explain import command
from envdoctor.cli.output import UsageProblem
from envdoctor.engine.registry import Registry


@pytest.mark.parametrize("word", ["PIP001", "pip001", "pip-installs-elsewhere"])
def test_a_page_is_found_by_its_code_or_name(word: str) -> None:
    shown = CliRunner().invoke(command, [word], standalone_mode=False)
    assert shown.return_value == 0
    assert shown.stdout.startswith("PIP001")
    assert "Why it matters" in shown.stdout


def test_all_pages_hold_every_check() -> None:
    shown = CliRunner().invoke(command, ["--all"], standalone_mode=False).stdout
    assert all(check.code in shown for check in Registry.load(third_party=False).checks)


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["PIP0O1"], "did you mean PIP001?"),
        ([], "envdoctor explain CODE"),
        (["PIP001", "--all"], "envdoctor explain CODE"),
    ],
)
def test_a_wrong_call_says_what_is_right(words: list[str], hint: str) -> None:
    failed = CliRunner().invoke(command, words, standalone_mode=False)
    assert isinstance(failed.exception, UsageProblem)
    assert hint in str(failed.exception)
