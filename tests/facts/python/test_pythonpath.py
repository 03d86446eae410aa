from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.python.pythonpath import (
    PythonPath,
    PythonPathEntry,
    Shadowed,
    probe_python_path,
)
from tests.builders import make_venv_python
from tests.facts.python.pythonpath_world import install
from tests.support import make_session


@pytest.fixture
def layered(tmp_path: Path) -> ActivePython:
    packages = install(tmp_path / "env/lib/python3.12/site-packages", six="1.17.0", attrs="25.1.0")
    own = (str(tmp_path / "base/lib/python3.12"), str(packages))
    return ActivePython("python", make_venv_python(str(tmp_path / "env"), sys_path=own))


def path(active: ActivePython, value: str, cwd: Path | str = "/", **env: str) -> PythonPath:
    return probe_python_path(make_session({"PYTHONPATH": value, **env}, cwd=cwd), active)


def test_each_element_is_described(tmp_path: Path, layered: ActivePython) -> None:
    other = install(tmp_path / "other/lib/python3.10/site-packages", six="1.15.0", attrs="25.1.0")
    own = layered.interpreter.sys_path[1]
    assert path(layered, f"{other}:src:{own}/::/gone", tmp_path, ROS_DISTRO="jazzy") == PythonPath(
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


def test_a_version_is_one_only_as_a_directory(layered: ActivePython) -> None:
    for text, minor in (
        ("/x/python3.9", "3.9"),
        ("/x/mypython3.9/y", None),
        ("/x/python3", None),
        ("/pypy3.10", "3.10"),
    ):
        assert path(layered, text).entries[0].minor == minor


def test_an_empty_variable_is_none(layered: ActivePython) -> None:
    with pytest.raises(Unavailable):
        path(layered, "")
