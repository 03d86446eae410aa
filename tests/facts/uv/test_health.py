from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor import Unavailable
from envdoctor.facts.uv.health import (
    UvAnswer,
    UvComplaint,
    complaint,
    probe_uv_answer,
)
from envdoctor.facts.uv.installations import (
    UvCopies,
    UvCopy,
)
from envdoctor.facts.uv.settings import UvSettings, UvVariable, probe_uv_settings
from tests.clinic.uv import newest_uv
from tests.support import make_session


def answer(directory: Path, **env: str) -> UvAnswer:
    session = make_session(
        {"HOME": "/nonexistent", "XDG_CONFIG_DIRS": "/nonexistent", **env}, python=newest_uv(), cwd=directory
    )
    uv = UvCopies((UvCopy(newest_uv(), newest_uv(), (0, 13, 9)),))
    return probe_uv_answer(session, uv, probe_uv_settings(session))


def test_uv_is_not_asked_where_nothing_is_set() -> None:
    uv = UvCopies((UvCopy("/nonexistent/uv", "/nonexistent/uv", (0, 13, 9)),))
    assert probe_uv_answer(make_session(), uv, UvSettings()) == UvAnswer("uv cache dir")


@pytest.mark.tools
def test_uv_that_works_has_no_complaint(tmp_path: Path) -> None:
    assert answer(tmp_path, UV_LINK_MODE="copy") == UvAnswer("uv cache dir")


@pytest.mark.tools
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("UV_OFFLINE", ""),
        ("UV_NO_CACHE", "maybe"),
        ("HTTP_TIMEOUT", "x"),
        ("UV_PYTHON_DOWNLOADS", "no"),
        ("UV_WORKING_DIR", ""),
    ],
)
def test_the_variable_that_uv_refuses_is_named(tmp_path: Path, name: str, value: str) -> None:
    refusal = answer(tmp_path, **{name: value}).refusal
    assert refusal is not None
    assert refusal.variable == name


@pytest.mark.tools
def test_the_file_that_uv_refuses_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "uv.toml").write_text("offline = true\nnonsense = 1\n")
    assert answer(tmp_path).refusal == UvComplaint("unknown field `nonsense`", None, "uv.toml", 2, "nonsense = 1")


@pytest.mark.tools
def test_a_pyproject_that_uv_does_not_understand_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.uv]\nnonsense = 1\n")
    seen = answer(tmp_path)
    assert seen.refusal is None
    assert seen.warnings == (UvComplaint("unknown field `nonsense`", None, "pyproject.toml", 2, "nonsense = 1"),)


@pytest.mark.tools
def test_a_line_that_another_table_has_too_is_not_remembered(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "a"\nversion = "1"\n[tool.uv]\nversion = "1"\n')
    [warning] = answer(tmp_path).warnings
    assert (warning.line, warning.text) == (5, None)


@pytest.mark.tools
def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    refusal = answer(tmp_path, UV_CONFIG_FILE="gone.toml").refusal
    assert refusal is not None
    assert refusal.file == "gone.toml"


def test_messages_of_older_uv_are_understood() -> None:
    text = (
        "error: Failed to parse: `uv.toml`\n  Caused by: TOML parse error at line 2, column 11\n  |\n"
        '2 | link-mode="hard"\n  |           ^^^^^^\nunknown variant `hard`, expected one of `clone`, `copy`\n'
    )
    assert complaint(text, ()) == UvComplaint("unknown variant `hard`", None, "uv.toml", 2, 'link-mode="hard"')


def test_what_marks_point_at_is_not_what_is_said() -> None:
    text = (
        "warning: Failed to parse `pyproject.toml` during settings discovery:\n  TOML parse error at line 6, column 9\n"
        '    |\n  6 | constraint-dependencies = ["a=>1"]\n    |                            ^^^^^^\n'
        '  no such comparison operator "=>", must be one of ~= == != <= >= < > ===\n  a=>1\n   ^^^\n'
    )
    assert complaint(text, ()).said == 'no such comparison operator "=>", must be one of ~= == != <= >= < > ==='


def test_a_uv_that_does_not_run_cannot_be_asked() -> None:
    uv = UvCopies((UvCopy("/uv", "/uv", None, problem="cannot load"),))
    with pytest.raises(Unavailable, match="/uv does not run: cannot load"):
        probe_uv_answer(make_session(), uv, UvSettings((UvVariable("UV_OFFLINE", "1"),)))


def script(path: Path, said: str = "") -> UvCopies:
    """A uv that is a script, and notes where it runs."""
    path.write_text(f'#!/bin/sh\npwd > {path}.where\n{said}\nexec {newest_uv()} "$@"\n')
    path.chmod(0o755)
    return UvCopies((UvCopy(str(path), str(path), (0, 13, 9), is_script=True),))


@pytest.mark.tools
def test_a_script_is_not_run_in_the_working_directory_and_still_finds_its_files(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "uv.toml").write_text("nonsense = 1\n")
    uv = script(tmp_path / "uv")
    session = make_session({"HOME": "/nonexistent"}, python=str(tmp_path / "uv"), cwd=project)
    refusal = probe_uv_answer(session, uv, probe_uv_settings(session)).refusal
    assert refusal is not None
    assert refusal.line == 1
    assert (tmp_path / "uv.where").read_text() == "/\n"


@pytest.mark.tools
def test_a_script_is_not_asked_what_depends_on_the_working_directory(tmp_path: Path) -> None:
    uv = script(tmp_path / "uv")
    env = {"HOME": "/nonexistent", "UV_CONFIG_FILE": "uv.toml"}
    session = make_session(env, python=str(tmp_path / "uv"), cwd=tmp_path)
    with pytest.raises(Unavailable, match="UV_CONFIG_FILE is relative"):
        probe_uv_answer(session, uv, probe_uv_settings(session))
    old = script(tmp_path / "uv", "echo \"error: unexpected argument '--project' found\" >&2; exit 2")
    session = make_session({"HOME": "/nonexistent", "UV_OFFLINE": "1"}, python=str(tmp_path / "uv"), cwd=tmp_path)
    with pytest.raises(Unavailable, match="is not run in the working directory"):
        probe_uv_answer(session, old, probe_uv_settings(session))
