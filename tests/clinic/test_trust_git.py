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
