"""What is at hand to make an environment with."""

from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.commands.commands import Commands, Hit
from envdoctor.facts.commands.resolve import HitKind
from envdoctor.facts.environments.builders import Builders, probe_builders
from envdoctor.facts.project.project import (
    Claim,
    ClaimKind,
    Project,
    ProjectManager,
)
from envdoctor.facts.project.python_pins import PinForm, PythonPin
from envdoctor.facts.project.python_request import PythonRequest
from envdoctor.facts.uv.installations import UvCopies, UvCopy
from tests.support import make_session


def hit(name: str, path: str, problem: str | None = None) -> Hit:
    return Hit(name, path, 0, path, HitKind.PYTHON, None if problem else path, problem)


def test_nothing_at_all() -> None:
    found = probe_builders(make_session({"HOME": "/home/me"}), Commands(), None, None, None, None)
    assert found == Builders(idle=True, collection="/home/me/.virtualenvs")


def test_everything(tmp_path: Path) -> None:
    for name, mark in (("venv", "pyvenv.cfg"), ("conda", "conda-meta"), ("opt", "lib")):
        (tmp_path / name / "bin").mkdir(parents=True)
        (tmp_path / name / mark).mkdir()
    commands = Commands(
        (
            hit("python3", f"{tmp_path}/venv/bin/python3"),
            hit("python3", f"{tmp_path}/conda/bin/python3"),
            hit("python3", f"{tmp_path}/opt/bin/python3"),
            hit("python3", f"{tmp_path}/gone/bin/python3", "it is gone"),
            hit("virtualenv", "/usr/bin/virtualenv"),
        )
    )
    claims = (
        Claim(ProjectManager.UV, ClaimKind.LOCK, "/space/uv.lock"),
        Claim(ProjectManager.PIP, ClaimKind.FILE, "/space/member/requirements.txt"),
    )
    project = Project("/space/member", workspace_root="/space", claims=claims, manager=ProjectManager.UV)
    uv = UvCopies((UvCopy("/usr/bin/uv", "/usr/bin/uv", (0, 13, 9)),))
    env = {"VIRTUAL_ENV": "/x", "WORKON_HOME": "/envs"}
    assert probe_builders(make_session(env), commands, project, uv, None, None) == Builders(
        manager=ProjectManager.UV,
        project="/space",
        locked=True,
        requirements="/space/member/requirements.txt",
        uv=(0, 13, 9),
        virtualenv=True,
        collection="/envs",
        pythons=(f"{tmp_path}/opt/bin/python3",),
    )


def test_a_manager_that_is_not_there_or_does_not_run() -> None:
    def missing(manager: ProjectManager, *hits: Hit) -> str | None:
        return probe_builders(make_session(), Commands(hits), Project("/p", manager=manager), None, None, None).missing

    assert missing(ProjectManager.POETRY) == "poetry"
    assert missing(ProjectManager.PIPENV, hit("pipenv", "/usr/bin/pipenv", "it is gone")) == "pipenv"
    assert missing(ProjectManager.PIPENV, hit("pipenv", "/usr/bin/pipenv")) is None
    assert missing(ProjectManager.UV) is None


@pytest.mark.parametrize(
    ("available", "pythons", "option"),
    [
        (True, ("/usr/bin/python3",), ()),
        (False, ("/usr/bin/python3", "/opt/bin/python3"), ("--python", "/usr/bin/python3")),
        (None, ("/usr/bin/python3",), ("--python", "/usr/bin/python3")),
        (False, (), ()),
    ],
)
def test_uv_is_given_a_python_where_what_it_is_asked_for_is_not_to_be_had(
    available: bool | None, pythons: tuple[str, ...], option: tuple[str, ...]
) -> None:
    request = PythonRequest(PythonPin("3.9", 1, PinForm.VERSION, "3.9"), "/p/.python-version:1", available)
    found = probe_builders(make_session(), Commands(), None, None, None, request)
    builders = Builders(request_unmet=found.request_unmet, pythons=pythons)
    assert builders.other_than_asked() == option
    assert builders.other_than_asked(but="3") == (() if available else ("--python", "3"))


@pytest.mark.parametrize(
    ("uv", "downloads", "fetches"), [((0, 13), True, True), ((0, 13), False, False), (None, True, False)]
)
def test_a_uv_that_may_download_brings_a_python(uv: tuple[int, ...] | None, downloads: bool, fetches: bool) -> None:
    assert Builders(uv=uv, downloads=downloads).fetches is fetches


def test_a_python_from_which_ensurepip_is_split_off(tmp_path: Path) -> None:
    library = tmp_path / "lib/python3.12"
    library.mkdir(parents=True)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/python3.12").touch()
    python = tmp_path / "bin/python3"
    python.symlink_to("python3.12")

    def minor() -> str | None:
        commands = Commands((hit("python3", str(python)),))
        builders = probe_builders(make_session(), commands, None, None, None, None)
        assert builders.split_minor("/usr/bin/python3") is None
        assert builders.split_minor(f"{python}.12") == builders.split_minor(str(python))
        return builders.split_minor(str(python))

    assert minor() is None  # no standard library where it is expected: nothing is known
    (library / "os.py").touch()
    assert minor() == "3.12"
    (library / "ensurepip").mkdir()
    assert minor() is None
