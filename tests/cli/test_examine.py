from __future__ import annotations

import json
from pathlib import Path

import pytest

from envdoctor.cli import examine as module
from envdoctor.cli.output import UsageProblem
from envdoctor.system.session import DEFAULT_TIMEOUT, Session
from tests.support import make_session


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    """The session that is examined, in an empty directory below the home of its user."""
    session = make_session({"PATH": "/nowhere", "HOME": str(tmp_path)}, cwd=tmp_path)

    def opened(timeout: float, python: str | None) -> Session:
        session.timeout, session.python = timeout, python
        return session

    monkeypatch.setattr(module, "open_session", opened)
    return session


def test_the_session_is_examined_as_the_options_say(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    given = {"select": ("NET003",), "form": "json", "timeout": 3.0, "deep": True, "network": True}
    status = module.examine(given, "/opt/python", trust=True)
    assert (session.python, session.timeout) == ("/opt/python", 3.0)
    assert (session.deep, session.network, session.lifted) == (True, True, True)
    document = json.loads(capsys.readouterr().out)
    assert document["exit_code"] == status
    assert [result["code"] for result in document["results"]] == ["NET003"]


def test_a_bare_run_asks_for_nothing_more(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    module.examine({"quiet": True})
    assert (session.timeout, session.deep, session.network, session.lifted) == (DEFAULT_TIMEOUT, False, False, False)
    assert "config" not in capsys.readouterr().err


def test_what_the_project_has_configured_counts(
    session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "envdoctor.toml").write_text('select = ["NET003"]\ntimeout = 2\ndeep = true\n')
    module.examine({"form": "json"})
    assert (session.timeout, session.deep) == (2.0, True)
    document = json.loads(capsys.readouterr().out)
    assert [result["code"] for result in document["results"]] == ["NET003"]
    assert document["facts"]["Configuration"]["file"] == f"{tmp_path}/envdoctor.toml"


def test_a_wrong_configuration_is_wrong_usage(session: Session, tmp_path: Path) -> None:
    (tmp_path / "envdoctor.toml").write_text('selct = ["NET003"]\n')
    with pytest.raises(
        UsageProblem, match=r"envdoctor\.toml:1: `selct` is no setting of envdoctor; did you mean `select`"
    ):
        module.examine()
    assert session.cwd == str(tmp_path)


def test_a_file_where_everybody_may_put_one_is_said(
    session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "envdoctor.toml").write_text('select = ["NET003"]\n')
    tmp_path.chmod(0o777)
    assert module.configuration_of(session) is None
    assert f"{tmp_path}/envdoctor.toml is not read" in capsys.readouterr().err
