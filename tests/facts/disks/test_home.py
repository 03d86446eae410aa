from __future__ import annotations

import os
import pwd
from pathlib import Path

import pytest

from envdoctor.facts.disks import home as module
from envdoctor.facts.disks.home import HomeDirectory, HomeProblem, RelativeDirectory
from tests.support import make_session, see

ACCOUNT = pwd.getpwuid(os.geteuid()).pw_dir


def look(**env: str) -> HomeDirectory:
    return see(HomeDirectory, make_session(env))


def test_without_a_variable_it_is_the_accounts() -> None:
    assert look() == look(HOME="") == HomeDirectory(ACCOUNT, variable=False)


def test_a_home_of_ones_own_may_be_anywhere(tmp_path: Path) -> None:
    assert look(HOME=str(tmp_path)).problem is None


@pytest.mark.parametrize(
    ("name", "problem", "creatable"),
    [("gone/me", HomeProblem.MISSING, True), ("file", HomeProblem.NO_DIRECTORY, False)],
)
def test_a_home_that_is_none(tmp_path: Path, name: str, problem: HomeProblem, creatable: bool) -> None:
    (tmp_path / "file").touch()
    found = look(HOME=f"{tmp_path}/{name}")
    assert (found.problem, found.creatable, found.own) == (problem, creatable, ACCOUNT)


def test_a_relative_home_is_none() -> None:
    assert look(HOME="home").problem is HomeProblem.RELATIVE


def test_a_home_of_another_is_one_if_it_can_be_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 3_999_999)
    assert look(HOME=str(tmp_path)).problem is None
    monkeypatch.setattr(module, "is_writable", lambda _: False)
    found = look(HOME=str(tmp_path))
    assert (found.problem, found.owner, found.own) == (HomeProblem.FOREIGN, pwd.getpwuid(os.getuid()).pw_name, None)


def test_relative_directories_of_the_specification(tmp_path: Path) -> None:
    found = look(HOME=str(tmp_path), XDG_CACHE_HOME="${HOME}/c", XDG_DATA_HOME="data", XDG_CONFIG_HOME="/abs")
    assert found.relative == (
        RelativeDirectory("XDG_CACHE_HOME", "${HOME}/c", f"{tmp_path}/c"),
        RelativeDirectory("XDG_DATA_HOME", "data"),
    )
