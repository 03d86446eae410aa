from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.project.configuration import Configuration, Settings
from envdoctor.facts.project.environment import EnvironmentSource, ProjectEnvironment
from envdoctor.facts.project.expectations import Expectations
from envdoctor.facts.project.expected import (
    JudgedPython,
    PlaceOfEnvironment,
    Wanted,
    probe_expected_disk,
    probe_expected_environment,
    probe_expected_manager,
    probe_expected_packages,
    probe_expected_platform,
    probe_expected_python,
)
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.venv.active import probe_active_venv
from tests.builders import make_python, make_venv_python
from tests.support import make_session

FILE = "/home/ann/app/envdoctor.toml"
ENVIRONMENT = ProjectEnvironment(
    root="/home/ann/app/.venv",
    source=EnvironmentSource.OWN,
    python="/home/ann/app/.venv/bin/python",
    version=(3, 12, 1),
    answers=False,
)


def configured(file: str = FILE, **expected: Any) -> Configuration:
    return Configuration(file, Settings(expect=Expectations(**expected)))


def test_the_python_of_the_project_is_judged_first_then_the_one_that_answers() -> None:
    own, other = JudgedPython(ENVIRONMENT.python, "3.12.1", answers=False), make_python()
    answering = JudgedPython(other.path, other.version_text, answers=True)
    wanted = configured(python=">=3.12")
    active = ActivePython("python3", other)
    assert probe_expected_python(wanted, active, ENVIRONMENT).pythons == (own, answering)
    assert probe_expected_python(wanted, active, None).pythons == (answering,)
    with pytest.raises(Unavailable, match="no Python answers"):
        probe_expected_python(wanted, None, None)


def make_venv(root: Path) -> Path:
    (root / "bin").mkdir(parents=True)
    (root / "bin/python").symlink_to("/usr/bin/python3")
    (root / "pyvenv.cfg").write_text("home = /usr/bin\n")
    return root


def test_an_environment_is_active_by_its_place_from_the_directory_of_the_file(tmp_path: Path) -> None:
    venv = make_venv(tmp_path / ".venv")
    wanted = configured(f"{tmp_path}/envdoctor.toml", environment=(".venv", "other"))
    session = make_session({"VIRTUAL_ENV": str(venv)}, cwd="/")
    seen = probe_expected_environment(session, wanted, probe_active_venv(session), None, None)
    assert seen.places == (
        PlaceOfEnvironment(".venv", str(venv), is_venv=True, is_active=True),
        PlaceOfEnvironment("other", f"{tmp_path}/other"),
    )
    assert seen.active == str(venv)
    idle = probe_expected_environment(session, wanted, None, None, None)
    assert (idle.active, [place.is_active for place in idle.places]) == (None, [False, False])


def test_an_environment_whose_python_answers_is_active_without_a_variable(tmp_path: Path) -> None:
    venv = make_venv(tmp_path / "venv")
    own = make_venv_python(str(venv))
    wanted = configured(f"{tmp_path}/envdoctor.toml", environment="venv")
    seen = probe_expected_environment(make_session(), wanted, None, None, ActivePython("python", own))
    assert [place.is_active for place in seen.places] == [True]


def test_an_environment_of_conda_is_active_by_its_name_or_its_place() -> None:
    conda = CondaActivation(prefix="/opt/conda/envs/ml", real="/opt/conda/envs/ml", name="ml")
    for text in ("ml", "/opt/conda/envs/ml"):
        seen = probe_expected_environment(make_session(), configured(environment=text), None, conda, None)
        assert ([place.is_active for place in seen.places], seen.active) == ([True], "/opt/conda/envs/ml")
    seen = probe_expected_environment(make_session(), configured(environment="other"), None, conda, None)
    assert [(place.is_active, place.is_name) for place in seen.places] == [(False, True)]


def test_the_free_space_is_that_of_the_file_system(tmp_path: Path) -> None:
    disk = probe_expected_disk(configured(f"{tmp_path}/envdoctor.toml", free_disk="2 GB"))
    system = os.statvfs(tmp_path)
    assert (disk.wanted, disk.directory) == (2 * 10**9, str(tmp_path))
    assert 0 < disk.free <= system.f_blocks * system.f_frsize
    with pytest.raises(Unavailable, match="does not say what is free"):
        probe_expected_disk(configured("/nowhere/envdoctor.toml", free_disk="2 GB"))


def test_what_is_only_read_keeps_its_place() -> None:
    assert probe_expected_manager(configured(manager="uv")).name == "uv"
    assert probe_expected_platform(configured(platform="linux")).texts == ("linux",)
    assert probe_expected_packages(configured(packages=("a>1",))).requirements == (Wanted("a>1", FILE),)


@pytest.mark.parametrize(
    ("probe", "needs"),
    [
        (probe_expected_python, (None, None)),
        (probe_expected_manager, ()),
        (probe_expected_packages, ()),
        (probe_expected_disk, ()),
        (probe_expected_platform, ()),
    ],
)
def test_where_nothing_is_expected_there_is_nothing_to_judge(probe: Any, needs: tuple[None, ...]) -> None:
    with pytest.raises(Unavailable, match="is expected here"):
        probe(configured(), *needs)
    with pytest.raises(Unavailable, match="no environment is expected"):
        probe_expected_environment(make_session(), configured(), None, None, None)
