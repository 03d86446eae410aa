from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor import __version__
from envdoctor.cli.commands import COMMANDS
from tests.cli.command import run

pytestmark = pytest.mark.tools


def test_version_and_help(tmp_path: Path) -> None:
    assert run("--version", home=tmp_path).stdout == f"envdoctor {__version__}\n"
    shown = run("--help", home=tmp_path)
    assert shown.returncode == 0
    for name, text in COMMANDS.items():
        assert name in shown.stdout
        assert text.split(" (")[0].split(",")[0] in shown.stdout
        assert run(name, "--help", home=tmp_path).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["--selct", "PY"], "--select"),
        (["chek"], "Did you mean 'check'?"),
        (["PIP0O1"], "Did you mean 'PIP001'?"),
        (["pip"], "`envdoctor check --select PIP`"),
        (["no such word"], "check, "),
        (["PIP001", "--al"], "--all"),
    ],
)
def test_a_wrong_word_names_the_right_one(tmp_path: Path, arguments: list[str], hint: str) -> None:
    done = run(*arguments, home=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert hint in done.stderr


@pytest.mark.parametrize("word", ["PIP001", "pip001", "pip-installs-elsewhere"])
def test_the_code_or_name_of_a_check_in_place_of_a_command_explains_it(tmp_path: Path, word: str) -> None:
    assert run(word, home=tmp_path).stdout == run("explain", "PIP001", home=tmp_path).stdout != ""


@pytest.mark.parametrize(("shell", "marker"), [("bash", "complete"), ("zsh", "compdef"), ("fish", "complete")])
def test_completion_scripts_are_made(tmp_path: Path, shell: str, marker: str) -> None:
    assert marker in run(home=tmp_path, _ENVDOCTOR_COMPLETE=f"{shell}_source").stdout


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("envdoctor wh", "plain,which"),
        ("envdoctor --sel", "plain,--select"),
        ("envdoctor check --fai", "plain,--fail-on"),
        ("envdoctor explain PIP00", "plain,PIP001"),
        ("envdoctor PIP00", "plain,PIP001"),
        ("envdoctor pip-ins", "plain,pip-installs-elsewhere"),
        ("envdoctor --select pip-ins", "plain,pip-installs-elsewhere"),
        ("envdoctor --ignore ENV,PI", "plain,ENV,PIP"),
        ("envdoctor check --python pyth", "plain,python3"),
    ],
)
def test_words_are_completed(tmp_path: Path, words: str, expected: str) -> None:
    position = str(len(words.split()) - 1)
    completed = run(home=tmp_path, _ENVDOCTOR_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=position)
    assert expected in completed.stdout.splitlines()


@pytest.mark.parametrize("name", ["a\n::error::b", "a\x1b[2J\rb"])
def test_a_hostile_name_stays_in_the_line_of_the_message(tmp_path: Path, name: str) -> None:
    """In the place of a value, and in the name of a directory with a configuration that is wrong."""
    place = tmp_path / name
    place.mkdir()
    (place / "envdoctor.toml").write_text("x = [")
    calls = ([name], ["--select", name], ["envs", "--under", f"{place}/no"], ["replay", f"{place}/no"], ["config"])
    for call in (*calls, ["--output", f"json={place}/no/x"], ["explain", name], ["init"]):
        done = run(*call, home=place)
        assert (done.returncode, done.stdout) == (2, "")
        assert "\x1b" not in done.stderr
        assert "\r" not in done.stderr
        assert not [line for line in done.stderr.splitlines() if line.startswith("::")]
