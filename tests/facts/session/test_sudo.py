from __future__ import annotations

import pytest

from envdoctor import Unavailable
from envdoctor.facts.session.sudo import Elevation, probe_elevation
from tests.support import make_session


def test_only_root_by_sudo_is_elevated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert probe_elevation(make_session({"SUDO_USER": "ann"})) == Elevation("ann")
    for env in ({}, {"SUDO_USER": "root"}):
        with pytest.raises(Unavailable):
            probe_elevation(make_session(env))
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(Unavailable):
        probe_elevation(make_session({"SUDO_USER": "ann"}))
