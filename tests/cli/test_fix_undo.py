"""`envdoctor fix --undo`: what was written is taken back, and what is left is told."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

import pytest

from envdoctor.apply import editing
from envdoctor.cli.fix_undo import foreign_home, state_of
from envdoctor.engine.fix import EditFile
from tests.apply.world import state_in
from tests.cli.command import run
from tests.support import make_session


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    for name, code in (("one", "PIP007"), ("two", "PY006")):
        (tmp_path / name).write_text("a")
        editing.apply(state_in(tmp_path), EditFile(str(tmp_path / name), add=("b",)), code)
    return tmp_path


@pytest.mark.tools
def test_everything_is_taken_back(edited: Path) -> None:
    done = run("fix", "--undo", home=edited)
    lines = [f"✓ PY006: undone: {edited}/two", f"✓ PIP007: undone: {edited}/one"]
    assert (done.returncode, done.stdout.splitlines(), done.stderr) == (0, lines, "")
    assert [(edited / name).read_text() for name in ("one", "two")] == ["a", "a"]
    again = run("fix", "--undo", home=edited)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "envdoctor: there is nothing to take back\n")


@pytest.mark.tools
def test_what_was_written_for_one_check_alone(edited: Path) -> None:
    shown = run("fix", "--undo", "--dry-run", "pip007", home=edited)
    assert shown.stdout.startswith(f"? PIP007: would be undone: {edited}/one, written at 20")
    done = run("fix", "--undo", "pip007", home=edited)
    assert done.stdout == f"✓ PIP007: undone: {edited}/one\n"
    assert (edited / "two").read_text() != "a"
    wrong = run("fix", "--undo", "PY007", home=edited)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "nothing in effect was written for PY007; did you mean PY006?" in wrong.stderr


@pytest.mark.tools
def test_what_was_changed_by_hand_is_told_and_fails(edited: Path) -> None:
    (edited / "one").write_text((edited / "one").read_text().replace("\nb\n", "\nc\n"))
    done = run("fix", "--undo", home=edited)
    assert done.returncode == 1
    assert (
        f"? PIP007: left as it is: {edited}/one: it was changed by hand; as it was before it is kept at " in done.stdout
    )


@pytest.mark.tools
@pytest.mark.parametrize(
    "arguments",
    [("--undo", "--apply"), ("--yes",), ("--dry-run",), ("--undo", "--session"), ("--apply", "--format", "json")],
)
def test_what_does_not_go_together_is_refused(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = run("fix", *arguments, home=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert os.listdir(tmp_path) == []


def test_the_home_of_who_typed_sudo_is_not_written_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = pwd.getpwuid(0)
    fields = (*entry[:5], str(tmp_path), entry[6])
    monkeypatch.setattr(pwd, "getpwuid", lambda _: pwd.struct_passwd(fields))
    session = make_session({"HOME": str(tmp_path), "SUDO_UID": "1234"})
    assert (
        foreign_home(session)
        == f"the home directory {tmp_path} is that of user 1234: run it as that user, without sudo"
    )
    assert foreign_home(make_session({"HOME": str(tmp_path)})) is None
    assert foreign_home(make_session({"HOME": str(tmp_path), "SUDO_UID": "x"})) is None
    assert foreign_home(make_session({"HOME": "/", "SUDO_UID": "1234"})) is None


def test_a_home_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert (
        foreign_home(make_session({"HOME": "/gone"}))
        == "the home directory /gone cannot be used: No such file or directory"
    )
    assert state_of(make_session({"HOME": str(tmp_path)})).directory == f"{tmp_path}/.local/state/envdoctor"
