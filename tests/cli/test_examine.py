from __future__ import annotations

import json

import pytest

from envdoctor.cli import examine as module
from envdoctor.cli.choices import Choices
from envdoctor.system.session import Session
from tests.support import make_session


def test_the_session_is_examined_as_the_options_say(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    session = make_session({"PATH": "/nowhere"})

    def opened(timeout: float, python: str | None) -> Session:
        assert (timeout, python) == (3.0, "/opt/python")
        return session

    monkeypatch.setattr(module, "open_session", opened)
    status = module.examine(
        Choices(select=("NET003",), form="json"), "/opt/python", 3.0, deep=True, network=True, trust=True
    )
    assert (session.deep, session.network, session.lifted) == (True, True, True)
    document = json.loads(capsys.readouterr().out)
    assert document["exit_code"] == status
    assert [result["code"] for result in document["results"]] == ["NET003"]
