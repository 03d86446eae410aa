"""Which Python uv is asked for, and whether it is to be had."""

from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor import Unavailable
from envdoctor.facts.project.project import Project, ProjectManager
from envdoctor.facts.project.pyproject import RequiresPython
from envdoctor.facts.project.python_pins import PinFile, PinForm, PinScope, PythonPin, PythonPins, parse
from envdoctor.facts.project.python_request import PythonRequest, probe_python_request
from envdoctor.facts.project.requires_python import RequiredPython
from envdoctor.facts.python.uv_candidates import UvCandidates
from envdoctor.facts.uv.python_downloads import UvDownloads
from envdoctor.facts.uv.settings import UvSettings, UvValue
from tests.support import make_session

HERE = UvCandidates(("3.11", "3.12.4", "3.13.1"))
NEVER = UvDownloads("UV_OFFLINE", on_request=False)
UV = Project("/p", manager=ProjectManager.UV)


def pins(text: str, scope: PinScope = PinScope.PROJECT) -> PythonPins:
    return PythonPins((PinFile("/p/.python-version", scope, tuple(parse(text))),))


def pinned(
    text: str, downloads: UvDownloads | None = None, candidates: UvCandidates = HERE, **env: str
) -> PythonRequest:
    return probe_python_request(make_session(env), UV, pins(text), None, None, candidates, downloads)


@pytest.mark.parametrize(
    ("text", "available"),
    [
        ("3.11", True),
        ("3.11.9", True),  # of that Python only the minor version is known
        ("3.12.4", True),
        ("3.13", True),
        ("3", True),
        ("cpython@3.12", True),
        (">=3.12", True),
        ("any", True),
        ("3.12.5", False),
        ("3.1", False),
        ("3.10", False),
        (">=3.14", False),
        ("pypy3.10", None),  # a pypy on the search path is not looked for
        ("3.99", False),
    ],
)
def test_without_downloads_it_has_to_be_here(text: str, available: bool | None) -> None:
    assert pinned(text, NEVER).available is available


@pytest.mark.parametrize(
    ("text", "exists"),
    [("3.10", True), ("3.12.5", True), (">=3.14", True), ("pypy3.10", True), ("3.99", False), (">=3.99", False)],
)
def test_what_uv_can_download_is_to_be_had(text: str, exists: bool) -> None:
    for downloads in (UvDownloads(), None):
        request = pinned(text, downloads)
        assert (request.available, request.exists) == (exists, exists)
    assert pinned(text, NEVER).exists is exists


def test_where_not_everything_is_known_nobody_can_tell() -> None:
    assert pinned("3.10", NEVER, UvCandidates(("3.11",), all_known=False)).available is None
    assert pinned("3.99", UvDownloads(all_known=False)).available is None
    assert pinned("3.99", UvDownloads("UV_OFFLINE", all_known=False)).available is False
    assert pinned("3.10", UvDownloads(all_known=False)).available is True


def test_a_path_has_to_be_there_from_here_or_from_the_file(tmp_path: Path) -> None:
    (tmp_path / "pin/envs").mkdir(parents=True)

    def available(text: str) -> bool | None:
        file = PinFile(f"{tmp_path}/pin/.python-version", PinScope.OUTSIDE, tuple(parse(text)))
        session = make_session(cwd=str(tmp_path))
        return probe_python_request(session, UV, PythonPins((file,)), None, None, HERE, None).available

    assert [available(text) for text in (str(tmp_path), "./envs", "pin/envs")] == [True] * 3
    assert [available(text) for text in (f"{tmp_path}/none", "3.11.7/envs/mine")] == [False] * 2


def test_the_variable_counts_before_the_pin_and_the_users_pin_behind_the_projects() -> None:
    variable = PythonPin("3.10", 1, PinForm.VERSION, "3.10")
    assert pinned("3.11", NEVER, UV_PYTHON="3.10") == PythonRequest(variable, "UV_PYTHON", available=False)
    assert pinned("3.10", NEVER, UV_PYTHON="3.11").available
    users = PinFile("/home/me/.config/uv/.python-version", PinScope.GLOBAL, tuple(parse("3.10")))
    own = pins("3.11").files[0]

    def origin(*files: PinFile) -> str:
        return probe_python_request(make_session(), UV, PythonPins(files), None, None, HERE, NEVER).origin

    assert origin(users) == "/home/me/.config/uv/.python-version:1"
    assert origin(own, users) == "/p/.python-version:1"


def test_a_setting_of_uv_pip_counts_before_the_pin_and_not_for_the_project() -> None:
    settings = UvSettings(values=(UvValue("pip.python", "3.10", "/home/me/.config/uv/uv.toml", 2),))

    def asked(**env: str) -> PythonRequest:
        return probe_python_request(make_session(env), UV, pins("3.11"), None, settings, HERE, NEVER)

    pin = PythonPin("3.10", 1, PinForm.VERSION, "3.10")
    assert asked() == PythonRequest(pin, "/home/me/.config/uv/uv.toml:2", available=False, by_project=False)
    assert asked(UV_PYTHON="3.11").available


@pytest.mark.parametrize(
    ("scope", "by_project"),
    [(PinScope.PROJECT, True), (PinScope.INSIDE, False), (PinScope.OUTSIDE, False), (PinScope.GLOBAL, True)],
)
def test_the_projects_commands_pass_over_a_pin_elsewhere(scope: PinScope, by_project: bool) -> None:
    request = probe_python_request(make_session(), UV, pins("3.10", scope), None, None, HERE, NEVER)
    assert request.by_project is by_project


def test_what_the_project_runs_on_counts_last_and_for_uvs_projects_alone() -> None:
    required = RequiredPython(RequiresPython(">=3.14", (">=3.14",), "/p/pyproject.toml:3"))
    mine = pins("mine")  # which uv ignores
    request = probe_python_request(make_session(), UV, mine, required, None, HERE, NEVER)
    pin = PythonPin(">=3.14", 1, PinForm.RANGE, ">=3.14")
    assert request == PythonRequest(pin, "/p/pyproject.toml:3", available=False)
    poetry = Project("/p", manager=ProjectManager.POETRY)
    either = RequiredPython(RequiresPython("^3.9 || 3", (">=3.9,<4", ">=3"), "/p/pyproject.toml:3"))
    empty = PythonPins((PinFile("/p/.python-version", PinScope.PROJECT),))
    for project, asked, file in ((poetry, required, mine), (UV, either, None), (UV, None, empty), (None, None, None)):
        with pytest.raises(Unavailable):
            probe_python_request(make_session(), project, file, asked, None, HERE, NEVER)
