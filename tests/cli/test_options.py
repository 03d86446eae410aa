from __future__ import annotations

from pathlib import Path

import click
import pytest

from envdoctor.cli.choices import Choices
from envdoctor.cli.options import judging, split_outputs, split_words
from tests.cli.command import run

CONTEXT = click.Context(click.Command("check"))
PARAMETER = click.Option(["--select"])


@pytest.mark.tools
@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["--select", "PIP0O1"], "did you mean PIP001?"),
        (["--select", "pip-instals-elsewhere"], "did you mean pip-installs-elsewhere?"),
        (["--ignore", "NOPE"], "`envdoctor list` shows every code"),
        (["--select", "PIP001", "--ignore", "PIP001"], "the selection leaves no check to run"),
        (["--format", "jsn"], "json"),
        (["--output", "jsn=x"], "FORMAT=FILE"),
        (["--output", "json=/no/such/place"], "cannot write /no/such/place: no file can be made in /no/such: No such"),
        (["--output", "json=/"], "cannot write /: it is a directory"),
        (["--output", "json=/dev/full"], "cannot write /dev/full: No space left on device"),
        (["--fail-on", "eror"], "error"),
        (["--timeout", "-1"], "--timeout"),
        (["--timeout", "nan"], "'nan' is not a number of seconds"),
        (["--python", "/no/such/python"], "/no/such/python is neither an interpreter nor an environment"),
    ],
)
def test_a_wrong_value_exits_with_2_says_what_is_right_and_prints_nothing(
    tmp_path: Path, arguments: list[str], hint: str
) -> None:
    done = run(*arguments, home=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert hint in done.stderr
    assert "Traceback" not in done.stderr


def test_words_are_split_at_commas_and_options_repeat() -> None:
    assert split_words(CONTEXT, PARAMETER, ("PY, PIP001", "ENV")) == ("PY", "PIP001", "ENV")


def test_a_document_has_a_known_format_and_a_file() -> None:
    assert split_outputs(CONTEXT, PARAMETER, ("json=a=b.json",)) == (("json", "a=b.json"),)
    for wrong in ("json", "json=", "=x", "jsn=x"):
        with pytest.raises(click.BadParameter, match="FORMAT=FILE"):
            split_outputs(CONTEXT, PARAMETER, (wrong,))


def test_the_options_are_the_choices_and_have_their_defaults() -> None:
    @click.command()
    @judging
    def command(**chosen: object) -> object:
        return chosen

    chosen = command.main([], standalone_mode=False)
    assert Choices(**chosen) == Choices()
