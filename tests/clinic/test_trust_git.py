"""A repository that names programs runs none of them, whatever kind of repository it is."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.clinic.patient import Patient
from tests.support import needs_tool


def git(directory: Path, *arguments: str) -> None:
    env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run([needs_tool("git"), "-C", str(directory), *arguments], check=True, env=env, capture_output=True)


def names_programs(repository: Path, mark: Path) -> None:
    """Let the configuration and the hooks of a repository name a program wherever git looks for one."""
    config = repository / "config"
    config.write_text(
        config.read_text()
        + f"""
[core]
    fsmonitor = touch {mark}; false
    hooksPath = hooks
    pager = touch {mark}
    sshCommand = touch {mark}
    editor = touch {mark}
    alternateRefsCommand = touch {mark}
[diff]
    external = touch {mark}
[filter "evil"]
    clean = touch {mark}
    process = touch {mark}
[extensions]
    partialClone = evil
[remote "evil"]
    url = ext::sh -c touch% {mark}
    promisor = true
[protocol]
    allow = always
"""
    )
    for hook in ("post-index-change", "fsmonitor-watchman", "reference-transaction"):
        path = repository / "hooks" / hook
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\ntouch {mark}\n")
        path.chmod(0o755)


@pytest.fixture
def secret(patient: Patient) -> Path:
    """A file of the project with a password in an address, for which it matters whether git keeps it."""
    (patient.project / "requirements.txt").write_text("six\n")
    file = patient.project / "pip.conf"
    file.write_text("[global]\nindex-url = https://ada:hunter2hunter2@index.example.org/simple\n")
    return file


def test_a_repository_runs_nothing(secret: Path, patient: Patient) -> None:
    mark = patient.root / "mark"
    git(patient.project, "init")
    (patient.project / ".gitattributes").write_text("* filter=evil diff=evil\n")
    git(patient.project, "add", "pip.conf")
    names_programs(patient.project / ".git", mark)
    found = patient.examine()
    assert not mark.exists()
    [leak] = found.document["facts"]["UrlCredentials"]["leaks"]
    assert (leak["place"], leak["tracked"]) == (str(secret), True)


def test_nor_does_a_bare_repository_inside_a_clone(secret: Path, patient: Patient) -> None:
    """git takes a directory with these files for a repository of its own: nothing says so but its contents."""
    mark = patient.root / "mark"
    git(patient.root, "init", "--bare", str(patient.project))
    names_programs(patient.project, mark)
    found = patient.examine()
    assert not mark.exists()
    [leak] = found.document["facts"]["UrlCredentials"]["leaks"]
    assert (leak["place"], leak["tracked"]) == (str(secret), None)


def test_nor_does_a_file_that_names_another_repository(secret: Path, patient: Patient) -> None:
    mark = patient.root / "mark"
    git(patient.root, "init", "--bare", str(patient.project / "vendored"))
    names_programs(patient.project / "vendored", mark)
    (patient.project / ".git").write_text("gitdir: vendored\n")
    found = patient.examine()
    assert not mark.exists()
    [leak] = found.document["facts"]["UrlCredentials"]["leaks"]
    assert (leak["place"], leak["tracked"]) == (str(secret), False)


def test_a_git_of_the_directory_is_not_run(secret: Path, patient: Patient) -> None:
    mark = patient.root / "mark"
    assert secret.exists()
    program = patient.project / "git"
    program.write_text(f"#!/bin/sh\ntouch {mark}\n")
    program.chmod(0o755)
    patient.does("export PATH=.:$PATH:")
    patient.examine()
    assert not mark.exists()


def test_no_fix_runs_an_environment_that_git_keeps(patient: Patient) -> None:
    patient.install("uv")
    patient.prepares(needs_tool("uv"), "venv", "-q", "--offline", "-p", "3.11", patient.project / ".venv")
    [site] = (patient.project / ".venv").glob("lib/python3*/site-packages")
    (site / "six-1.0.dist-info").mkdir()
    os.utime(site / "six-1.0.dist-info", (1_700_000_000, 1_700_000_000))  # no install that goes on just now
    (patient.project / "pyproject.toml").write_text('[project]\nname = "clone"\nversion = "1"\n')
    unkept = patient.examine().finding("PKG011")["fix"]
    assert ".venv/" in " ".join(unkept["commands"]["bash"])
    git(patient.project, "init")
    git(patient.project, "add", "--force", ".venv/pyvenv.cfg", ".venv/bin", "pyproject.toml")
    examined = patient.examine()
    steps = examined.finding("PKG011")["fix"]["actions"]
    assert [step["kind"] for step in steps] == ["manual"]
    assert f"{patient.project}/.venv came with the repository" in steps[0]["text"]
    offered = [
        step for result in examined.document["results"] for one in result["findings"] for step in one["fix"]["actions"]
    ]
    assert not [step for step in offered if step["kind"] == "activate" or f"{patient.project}/.venv/bin" in str(step)]
