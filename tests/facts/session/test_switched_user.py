from __future__ import annotations

import os
import pwd
from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.session.switched_user import Belonging, SwitchedUser, probe_switched_user
from envdoctor.system.processes import Process
from tests.support import make_session

ME = os.geteuid()
ANN, NOBODY = 4242, 4243


@pytest.fixture(autouse=True)
def users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    known = {ME: ("bob", tmp_path / "bob"), ANN: ("ann", tmp_path / "ann")}
    (tmp_path / "bob").mkdir()

    def getpwuid(number: int) -> pwd.struct_passwd:
        name, home = known[number]
        return pwd.struct_passwd((name, "x", number, number, "", str(home), "/bin/sh"))

    monkeypatch.setattr("pwd.getpwuid", getpwuid)
    real = os.stat
    owners = {f"{tmp_path}/ann": ANN, f"{tmp_path}/ann/bin": ANN, f"{tmp_path}/nobody": NOBODY}

    def stat(path: str, **options: bool) -> os.stat_result:
        if path == f"{tmp_path}/ann/closed":
            raise PermissionError
        there = real(path, **options)
        return os.stat_result((*there[:4], owners.get(path, there.st_uid), *there[5:]))

    monkeypatch.setattr("os.stat", stat)
    for name in ("ann/bin", "ann/closed", "nobody"):
        (tmp_path / name).mkdir(parents=True)


def below(*names: str, **env: str) -> SwitchedUser:
    above = tuple(Process(number, name) for number, name in enumerate(names, 7))
    return probe_switched_user(make_session(env, processes=above))


def test_home_and_search_path_of_another_user(tmp_path: Path) -> None:
    path = f"/usr/bin:{tmp_path}/ann/bin:{tmp_path}/ann/closed:{tmp_path}/nobody:{tmp_path}/gone:relative"
    assert below("bash", "su", HOME=f"{tmp_path}/ann", PATH=path) == SwitchedUser(
        "bob",
        f"{tmp_path}/bob",
        8,
        Belonging(f"{tmp_path}/ann", "ann"),
        (
            Belonging(f"{tmp_path}/ann/bin", "ann"),
            Belonging(f"{tmp_path}/ann/closed", "ann"),
            Belonging(f"{tmp_path}/nobody", f"user {NOBODY}"),
        ),
    )


def test_an_own_home_is_kept_by_nobody(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "bob")
    for home in ("bob", "link", "gone"):
        assert below("bash", "su", HOME=f"{tmp_path}/{home}").kept_home is None
    (tmp_path / "mine").mkdir()
    assert below("bash", "su", HOME=f"{tmp_path}/mine").kept_home is None


def test_only_a_session_that_su_has_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for names in ((), ("bash", "sudo", "bash", "su"), ("bash", "sshd", "su")):
        with pytest.raises(Unavailable, match="not below"):
            below(*names, HOME=f"{tmp_path}/ann")

    def unknown(number: int) -> pwd.struct_passwd:
        raise KeyError(number)

    monkeypatch.setattr("pwd.getpwuid", unknown)
    with pytest.raises(Unavailable, match="no user has the number"):
        below("bash", "su", HOME=f"{tmp_path}/ann")
