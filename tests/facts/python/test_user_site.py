from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.python.pythonpath import (
    Shadowed,
)
from envdoctor.facts.python.user_site import UserSite, hides_user_site, probe_user_site
from tests.builders import make_python, make_venv_python
from tests.facts.python.pythonpath_world import install
from tests.support import make_session, needs_python


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
        site(conda, PYTHONNOUSERSITE="no")


def test_a_virtual_environments_own_packages_come_first(tmp_path: Path) -> None:
    own = install(tmp_path / "env/lib/site-packages", six="1.17.0")
    base = install(tmp_path / "base/site-packages", attrs="25.1.0")
    mine = install(tmp_path / "user", six="1.15.0", attrs="24.1.0")
    facts: dict[str, Any] = {"user_site": str(mine), "sys_path": (str(own), str(base)), "sees_user_site": True}
    seen = site(ActivePython("python", make_venv_python(str(tmp_path / "env"), **facts)))
    assert seen.shadowed == (Shadowed("attrs", "24.1.0", "25.1.0"),)
    with pytest.raises(Unavailable, match="does not see"):
        site(ActivePython("python", make_venv_python(str(tmp_path / "env"))))


@pytest.mark.tools
@pytest.mark.parametrize("minor", ["3.6", "3.7", "3.13"])
def test_python_is_the_judge_of_what_hides_them(minor: str) -> None:
    version = tuple(map(int, minor.split(".")))
    for value in ("", "0", "00", " 0", "0 ", "-0", "-1", "no", "1"):
        argv = [needs_python(minor), "-c", "import site; print(not site.ENABLE_USER_SITE)"]
        hidden = subprocess.run(
            argv, env={"PYTHONNOUSERSITE": value}, capture_output=True, text=True, check=True
        ).stdout
        assert str(hides_user_site(make_session({"PYTHONNOUSERSITE": value}), version)) == hidden.strip(), value
    assert not hides_user_site(make_session(), version)
