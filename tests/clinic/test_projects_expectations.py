"""PRJ101 to PRJ110: what a project expects in its configuration, with real tools."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.clinic.conda import make_executable
from tests.clinic.environments import by_uv, by_venv
from tests.clinic.patient import Patient
from tests.clinic.projects import has_python, pyproject, stock, write


@pytest.fixture
def user(patient: Patient) -> Patient:
    """A user with packages to install."""
    stock(patient)
    return patient


def expects(patient: Patient, *lines: str) -> Path:
    return write(patient.project / "envdoctor.toml", "\n".join(("[expect]", *lines)) + "\n")


def enter(patient: Patient) -> Path:
    root = by_venv(patient, patient.project / ".venv")
    patient.does(f"source {root}/bin/activate")
    return root


def places(findings: list[dict[str, Any]]) -> list[str]:
    return [finding["where"].rpartition("/")[2] for finding in findings]


@pytest.mark.sick("PRJ101")
def test_an_environment_gets_the_python_that_is_expected(user: Patient) -> None:
    has_python(user, "3.12")
    pyproject(user)
    expects(user, 'python = ">=3.12,<3.13"')
    enter(user)
    before = user.examine("--select", "PRJ")
    assert places(before.result("PRJ101")["findings"]) == ["envdoctor.toml:2"]
    user.cure("PRJ101", before=before, arguments=("--select", "PRJ"))
    assert user.does("python -c 'import sys; print(sys.version_info[:2])'").stdout.strip() == "(3, 12)"


@pytest.mark.sick("PRJ102", "PRJ108", "PRJ109", "PRJ110")
def test_what_only_a_person_can_bring_is_told_at_its_line(user: Patient) -> None:
    expects(
        user,
        'manager = "pixi"',
        'free-disk = "900000 TB"',
        'platform = "macos"',
        "libraries = [",
        '"libnowhere.so.1",]',
    )
    seen = user.examine("--select", "PRJ")
    assert {code for code in seen.codes if code > "PRJ100"} == {"PRJ102", "PRJ108", "PRJ109", "PRJ110"}
    assert [seen.finding(code)["where"].rpartition(":")[2] for code in ("PRJ102", "PRJ108", "PRJ109", "PRJ110")] == [
        *"2346"
    ]
    expects(user, 'manager = "pip"', 'free-disk = "1 kB"', 'platform = ["macos", "linux"]', 'libraries = ["libc.so.6"]')
    after = user.examine("--select", "PRJ")
    assert {after.result(code)["outcome"] for code in ("PRJ102", "PRJ108", "PRJ109", "PRJ110")} == {"ok"}


@pytest.mark.sick("PRJ103")
def test_an_environment_is_made_and_activated(user: Patient) -> None:
    pyproject(user)
    expects(user, 'environment = ".venv"')
    user.cure("PRJ103", arguments=("--select", "PRJ"))
    assert user.does("echo $VIRTUAL_ENV").stdout.strip() == f"{user.project}/.venv"


@pytest.mark.sick("PRJ103")
def test_an_environment_that_is_there_is_activated_in_the_place_of_another(user: Patient) -> None:
    root = by_venv(user, user.project / "env-a")
    by_venv(user, other := user.home / "other")
    user.does(f"source {other}/bin/activate")
    expects(user, 'environment = ["env-b", "env-a"]')
    user.cure("PRJ103", arguments=("--select", "PRJ"))
    assert user.does("echo $VIRTUAL_ENV").stdout.strip() == str(root)


@pytest.mark.sick("PRJ104")
def test_commands_are_asked_and_each_verdict_is_told(user: Patient) -> None:
    make_executable(user.bin / "ffmpeg", "#!/bin/sh\necho ffmpeg version 4.4.1 Copyright\n")
    make_executable(user.bin / "broken", "#!/nowhere/sh\n")
    make_executable(user.bin / "mute", "#!/bin/sh\n")
    expects(
        user, "[expect.commands]", 'ffmpeg = ">=5,<8"', 'broken = ""', 'mute = ">=1"', 'nowhere = ""', 'git = ">=1"'
    )
    seen = user.examine("--select", "PRJ104").result("PRJ104")["findings"]
    assert places(seen) == [f"envdoctor.toml:{line}" for line in (3, 4, 5, 6)]
    assert [finding["severity"] for finding in seen] == ["error", "error", "warning", "error"]
    make_executable(user.bin / "ffmpeg", "#!/bin/sh\necho ffmpeg version 5.1.6 Copyright\n")
    expects(user, 'commands = { ffmpeg = ">=5,<8", mute = "" }')
    assert user.examine("--select", "PRJ104").result("PRJ104")["outcome"] == "ok"


@pytest.mark.sick("PRJ105", "PRJ106")
def test_variables_are_set_and_unset(user: Patient) -> None:
    user.does("export PIP_NO_COLOR=1 API_TOKEN=hunter2hunter2")
    expects(user, 'variables = { API_TOKEN = { pattern = "hf_*" } }')
    secret = user.examine("--select", "PRJ105")
    assert "hunter2" not in json.dumps(secret.document)
    expects(user, 'variables = { HF_ENDPOINT = "https://x.example" }', 'forbid-variables = ["PIP_NO_COLOR"]')
    user.cure("PRJ105", arguments=("--select", "PRJ"))
    user.cure("PRJ106", arguments=("--select", "PRJ"))
    assert user.does("echo $HF_ENDPOINT-$PIP_NO_COLOR").stdout.strip() == "https://x.example-"


@pytest.mark.sick("PRJ107")
def test_packages_are_installed_with_pip(user: Patient) -> None:
    write(user.project / "requirements.txt", "")
    expects(user, 'packages = ["alpha<2", "beta"]')
    enter(user)
    user.cure("PRJ107", arguments=("--select", "PRJ"))
    assert "alpha" in user.does("python -m pip list").stdout


@pytest.mark.sick("PRJ107")
def test_packages_are_added_with_uv(user: Patient) -> None:
    pyproject(user, more="[tool.uv]\n")
    by_uv(user, user.project / ".venv", pip=False)
    expects(user, 'packages = ["alpha<2"]')
    user.cure("PRJ107", arguments=("--select", "PRJ"))
    assert "alpha" in (user.project / "uv.lock").read_text()


@pytest.mark.healthy("PRJ101", "PRJ102", "PRJ103", "PRJ104", "PRJ105", "PRJ106", "PRJ107")
def test_a_project_that_has_what_it_expects_is_healthy(user: Patient) -> None:
    user.install("uv")
    pyproject(user, more="[tool.uv]\n")
    user.does("uv sync -q", "export MODE=fast")
    expects(
        user,
        'python = ">=3.8"',
        'manager = "uv"',
        'environment = ".venv"',
        'commands = { uv = ">=0.1", sh = "" }',
        'variables = { MODE = { pattern = "f*" } }',
        'forbid-variables = ["PYTHONHOME"]',
        "packages = [\"alpha; sys_platform == 'win32'\"]",
    )
    user.does("source .venv/bin/activate")
    seen = user.examine()
    assert {code for code in seen.codes if code > "PRJ100" and code.startswith("PRJ")} == set()
    assert {seen.result(f"PRJ{number}")["outcome"] for number in range(101, 108)} == {"ok"}
