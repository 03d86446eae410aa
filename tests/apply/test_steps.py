"""The steps of a fix are carried out as the user would type them, and no others."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from envdoctor import Activate, EditFile, Run, SetVariable, UnsetVariable
from envdoctor.apply import steps
from envdoctor.apply.change import Change
from envdoctor.apply.steps import Stopped, carry_out, program_of
from envdoctor.engine.fix import AnyAction, Manager, PrependPath
from envdoctor.system.session import Session
from tests.apply.world import state_in
from tests.support import make_session

pytestmark = pytest.mark.tools


def tool(directory: Path, name: str, script: str) -> None:
    directory.mkdir(exist_ok=True)
    (directory / name).write_text(f"#!/bin/sh\n{script}\n")
    (directory / name).chmod(0o755)


@pytest.fixture
def session(tmp_path: Path) -> Session:
    env = {
        "HOME": str(tmp_path),
        "PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin",
        "SECRET": "s3cret",
        "LD_LIBRARY_PATH": "",
    }
    return make_session(env, cwd=tmp_path)


def done(session: Session, *actions: AnyAction) -> list[str]:
    """Carry them out; the commands that were told of."""
    told: list[Run] = []
    carry_out(actions, "C001", session, state_in(Path(session.home or "")), told.append, [])
    return [" ".join(run.argv) for run in told]


def test_a_command_has_the_sessions_variables_and_directory(tmp_path: Path, session: Session) -> None:
    tool(tmp_path / "bin", "show", 'echo "$SECRET $EXTRA $PWD $*" > "$HOME/shown"')
    assert done(session, Run("show", "a b", "$HOME", variables=(("EXTRA", "x"),))) == ["show a b $HOME"]
    assert (tmp_path / "shown").read_text() == f"s3cret x {tmp_path} a b $HOME\n"
    (tmp_path / "other").mkdir()
    done(session, Run("show", directory=str(tmp_path / "other")))
    assert str(tmp_path / "other") in (tmp_path / "shown").read_text()


def test_a_command_has_what_the_steps_of_the_shell_before_it_set(tmp_path: Path, session: Session) -> None:
    tool(tmp_path / "late", "show", 'echo "$NEW-${SECRET-unset}-$LIST" > "$HOME/shown"')
    session.env = {**session.env, "PATH": f"{tmp_path / 'late'}:{session.env['PATH']}"}
    done(session, SetVariable("NEW", "1"), UnsetVariable("SECRET"), PrependPath("/x", "LIST"), Run("show"))
    assert (tmp_path / "shown").read_text() == "1-unset-/x\n"


def test_a_command_has_the_variables_that_the_fixes_before_have_left(tmp_path: Path, session: Session) -> None:
    tool(tmp_path / "bin", "show", 'echo "${SECRET-unset}" > "$HOME/shown"')
    state, earlier = state_in(tmp_path), (UnsetVariable("SECRET"),)
    carry_out((Run("show"),), "C001", session, state, lambda _run: None, [], earlier)
    assert (tmp_path / "shown").read_text() == "unset\n"


def test_what_only_the_shell_can_do_stops_a_command_that_needs_it_and_nothing_else(session: Session) -> None:
    with pytest.raises(Stopped, match="needs a step of the shell itself"):
        done(session, Activate("ml", Manager.CONDA), Run("true"))
    assert done(session, Run("true"), Activate("ml", Manager.CONDA)) == ["true"]


def test_a_step_that_fails_stops_the_next_and_its_output_is_told(tmp_path: Path, session: Session) -> None:
    tool(tmp_path / "bin", "fails", "i=0; while [ $i -lt 30 ]; do echo $i; i=$((i+1)); done; echo broken >&2; exit 7")
    file = tmp_path / ".bashrc"
    file.write_text("a\n")
    with pytest.raises(Stopped, match=r"^fails failed with exit status 7$") as stopped:
        done(session, Run("fails"), EditFile(str(file), add=("b",)))
    assert stopped.value.output == (*(str(number) for number in range(11, 30)), "broken")
    assert file.read_text() == "a\n"


def test_what_was_written_before_it_failed_is_known(tmp_path: Path, session: Session) -> None:
    (tmp_path / "f").write_text("a\n")
    written: list[Change] = []
    steps_of_fix = (EditFile(str(tmp_path / "f"), add=("b",)), Run("false"))
    with pytest.raises(Stopped):
        carry_out(steps_of_fix, "C001", session, state_in(tmp_path), lambda _run: None, written)
    assert [change.path for change in written] == [str(tmp_path / "f")]


def test_a_file_that_cannot_be_edited_stops_the_next(tmp_path: Path, session: Session) -> None:
    with pytest.raises(Stopped, match="is no regular file"):
        done(session, EditFile("/dev/null", add=("b",)), Run("touch", str(tmp_path / "reached")))
    assert not (tmp_path / "reached").exists()


def test_what_takes_too_long_is_ended(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "PATIENCE", 0.3)
    with pytest.raises(Stopped, match="sleep timed out after 0 s"):
        done(session, Run("sleep", "60"))


@pytest.mark.parametrize(
    ("argv", "reason"),
    [
        (("sudo", "true"), "needs the rights of root"),
        (("./here",), "is not found"),
        (("here",), "is not found"),
        (("nowhere",), "is not found"),
        (("/tmp/x/nowhere",), "is not run: neither an absolute element"),
        (("loose",), "may be written by everybody"),
    ],
)
def test_what_may_not_be_run_is_not(tmp_path: Path, session: Session, argv: tuple[str, ...], reason: str) -> None:
    tool(tmp_path, "here", "touch reached")
    tool(tmp_path / "bin", "loose", "touch reached")
    (tmp_path / "bin" / "loose").chmod(0o777)
    session.env = {**session.env, "PATH": f":.:{session.env['PATH']}"}
    with pytest.raises(Stopped, match=reason):
        done(session, Run(*argv))
    assert not (tmp_path / "reached").exists()


def test_conda_that_is_a_function_is_run_by_its_program_where_the_base_is_active(
    tmp_path: Path, session: Session
) -> None:
    root = tmp_path / "conda"
    root.mkdir()
    tool(root / "bin", "conda", 'echo "$*" > "$HOME/asked"')
    session.env = {**session.env, "CONDA_EXE": str(root / "bin" / "conda")}
    with pytest.raises(Stopped) as stopped:
        done(session, Run("conda", "install", "pip"))
    assert str(stopped.value) == (
        "conda is not found on the search path: where it is a function of your shell, type the step there"
    )
    assert not (tmp_path / "asked").exists()
    within = make_session({**session.env, "CONDA_PREFIX": str(root)}, cwd=tmp_path)
    done(within, Run("conda", "install", "pip"))
    assert (tmp_path / "asked").read_text() == "install pip\n"
    with pytest.raises(Stopped, match="mamba is not found"):
        done(within, Run("mamba", "install", "pip"))


def test_trust_lifts_the_rule_about_owners(tmp_path: Path, session: Session) -> None:
    tool(tmp_path / "bin", "loose", "true")
    (tmp_path / "bin" / "loose").chmod(0o777)
    session.lifted = True
    assert program_of(Run("loose"), session, session.env["PATH"]) == str(tmp_path / "bin" / "loose")


def test_a_directory_that_is_gone_is_said(session: Session) -> None:
    with pytest.raises(Stopped, match=r"^/gone is not there$"):
        done(session, Run("true", directory="/gone"))


def test_nothing_waits_for_an_answer(tmp_path: Path, session: Session) -> None:
    tool(tmp_path / "bin", "asks", "read answer || exit 9")
    with pytest.raises(Stopped, match="exit status 9"):
        done(session, Run("asks"))
    assert os.listdir(tmp_path) != []
