from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.python.off_path import UsualPythons
from envdoctor.facts.python.pythonhome import PythonHome, probe_python_home
from envdoctor.facts.python.pythonpath import (
    PythonPath,
    PythonPathEntry,
    Shadowed,
    probe_python_path,
)
from envdoctor.facts.python.user_site import UserSite, probe_user_site
from envdoctor.facts.session.date import Today
from tests.checks.answers import make_python, make_venv_python
from tests.support import make_session, see


def install(directory: Path, **packages: str) -> Path:
    for name, version in packages.items():
        record = directory / f"{name}-{version}.dist-info"
        record.mkdir(parents=True)
        (record / "METADATA").write_text(f"Name: {name}\nVersion: {version}\n")
    return directory


@pytest.fixture
def env(tmp_path: Path) -> ActivePython:
    packages = install(tmp_path / "env/lib/python3.12/site-packages", six="1.17.0", attrs="25.1.0")
    own = (str(tmp_path / "base/lib/python3.12"), str(packages))
    return ActivePython("python", make_venv_python(str(tmp_path / "env"), sys_path=own))


def path(active: ActivePython, value: str, cwd: Path | str = "/", **env: str) -> PythonPath:
    return probe_python_path(make_session({"PYTHONPATH": value, **env}, cwd=cwd), active)


def test_each_element_is_described(tmp_path: Path, env: ActivePython) -> None:
    other = install(tmp_path / "other/lib/python3.10/site-packages", six="1.15.0", attrs="25.1.0")
    own = env.interpreter.sys_path[1]
    assert path(env, f"{other}:src:{own}/::/gone", tmp_path, ROS_DISTRO="jazzy") == PythonPath(
        (
            PythonPathEntry(
                *(str(other), True, "3.10", True, False, 2),
                shadowed=(Shadowed("six", "1.15.0", "1.17.0"),),
            ),
            PythonPathEntry("src", exists=False),
            PythonPathEntry(f"{own}/", exists=True, minor="3.12", is_packages=True, is_own=True),
            PythonPathEntry("", exists=True),
            PythonPathEntry("/gone", exists=False),
        ),
        "ROS_DISTRO",
    )


def test_a_version_is_one_only_as_a_directory(env: ActivePython) -> None:
    for text, minor in (
        ("/x/python3.9", "3.9"),
        ("/x/mypython3.9/y", None),
        ("/x/python3", None),
        ("/pypy3.10", "3.10"),
    ):
        assert path(env, text).entries[0].minor == minor


def test_an_empty_variable_is_none(env: ActivePython) -> None:
    with pytest.raises(Unavailable):
        path(env, "")


def site(active: ActivePython, **env: str) -> UserSite:
    return probe_user_site(make_session(env), active)


def test_the_users_packages_are_compared_with_those_behind_them(tmp_path: Path) -> None:
    behind = install(tmp_path / "conda/site-packages", six="1.17.0")
    mine = install(tmp_path / "user/lib/site-packages", six="1.15.0", black="25.1.0")
    facts: dict[str, Any] = {"user_base": f"{tmp_path}/user", "user_site": str(mine), "sys_path": (str(behind),)}
    conda = ActivePython("python", make_python(str(tmp_path / "conda"), is_conda=True, **facts))
    assert site(conda) == UserSite(str(mine), ("black", "six"), (Shadowed("six", "1.15.0", "1.17.0"),))
    moved = install(tmp_path / "moved/lib/site-packages", black="24.1.0")
    assert site(conda, HOME=str(tmp_path), PYTHONUSERBASE="~/moved") == UserSite(str(moved), ("black",))
    assert site(conda, PYTHONUSERBASE=f"{tmp_path}/gone").names == ()
    with pytest.raises(Unavailable, match="PYTHONNOUSERSITE hides"):
        site(conda, PYTHONNOUSERSITE="0")


def test_a_virtual_environments_own_packages_come_first(tmp_path: Path) -> None:
    own = install(tmp_path / "env/lib/site-packages", six="1.17.0")
    base = install(tmp_path / "base/site-packages", attrs="25.1.0")
    mine = install(tmp_path / "user", six="1.15.0", attrs="24.1.0")
    facts: dict[str, Any] = {"user_site": str(mine), "sys_path": (str(own), str(base)), "sees_user_site": True}
    seen = site(ActivePython("python", make_venv_python(str(tmp_path / "env"), **facts)))
    assert seen.shadowed == (Shadowed("attrs", "24.1.0", "25.1.0"),)
    with pytest.raises(Unavailable, match="does not see"):
        site(ActivePython("python", make_venv_python(str(tmp_path / "env"))))


BASE = os.path.realpath(sys.base_prefix)
THIS = ActivePython(
    "python", make_python(BASE, "{}.{}.{}".format(*sys.version_info), path=os.path.realpath(sys.executable))
)


def home(value: str) -> PythonHome:
    session = make_session({"PYTHONHOME": value, "PATH": os.defpath}, python=THIS.interpreter.path)
    return probe_python_home(session, THIS)


@pytest.mark.tools
def test_the_effect_of_a_home_is_seen_by_starting(tmp_path: Path) -> None:
    library = f"lib/python{sys.version_info[0]}.{sys.version_info[1]}"
    own = home(BASE)
    assert (own.is_own, own.library, own.error) == (True, f"{BASE}/{library}", None)
    gone = home(str(tmp_path))
    assert not gone.is_own
    assert gone.library is None
    assert "encodings" in (gone.error or "")
    (tmp_path / "lib").mkdir()
    (tmp_path / library).symlink_to(f"{BASE}/{library}")
    copied = home(f"{tmp_path}:{BASE}")
    assert (copied.is_own, copied.library) == (False, f"{tmp_path}/{library}")
    with pytest.raises(Unavailable):
        home("")


def test_a_forgotten_python_is_found(tmp_path: Path) -> None:
    (tmp_path / ".local/bin").mkdir(parents=True)
    (tmp_path / ".local/bin/python3").symlink_to(sys.executable)
    seen = see(UsualPythons, make_session({"HOME": str(tmp_path), "PATH": "/nowhere"}))
    assert seen.forgotten[0] == f"{tmp_path}/.local/bin"
    on_path = see(UsualPythons, make_session({"HOME": str(tmp_path), "PATH": f"{tmp_path}/.local/bin/"}))
    assert f"{tmp_path}/.local/bin" not in on_path.forgotten


def test_the_day_is_a_date() -> None:
    assert len(see(Today, make_session()).date.split("-")) == 3
