"""A repository that names programs runs none of them, whatever kind of repository it is."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from envdoctor.cli.brought import any_runs
from envdoctor.engine.fix import Run
from envdoctor.facts.project.brought import Doubt, Doubtful
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


def test_no_fix_runs_an_environment_that_git_keeps_or_that_names_no_place(patient: Patient) -> None:
    patient.install("uv")
    root = patient.project / ".venv"
    patient.prepares(needs_tool("uv"), "venv", "-q", "--offline", "-p", "3.11", root)
    [site] = root.glob("lib/python3*/site-packages")
    (site / "six-1.0.dist-info").mkdir()
    os.utime(site / "six-1.0.dist-info", (1_700_000_000, 1_700_000_000))  # no install that goes on just now
    (patient.project / "pyproject.toml").write_text('[project]\nname = "clone"\nversion = "1"\n')
    made_here = patient.examine().finding("PKG011")["fix"]
    assert ".venv/" in " ".join(made_here["commands"]["bash"])
    git(patient.project, "init")
    git(patient.project, "add", "--force", ".venv/pyvenv.cfg", ".venv/bin", "pyproject.toml")
    assert_words_alone(patient, f"{root} came with the repository: git keeps it.")
    shutil.rmtree(patient.project / ".git")
    activate = root / "bin" / "activate"
    activate.write_text(activate.read_text().replace(f"'{root}'", '"$(dirname "$SCRIPT_PATH")"'))
    assert_words_alone(patient, f"{root} may have come from elsewhere: nothing in it names the place where it lies")


def assert_words_alone(patient: Patient, words: str) -> None:
    """No fix runs anything of the project's environment, and that of its package says why."""
    examined = patient.examine()
    [step] = examined.finding("PKG011")["fix"]["actions"]
    assert step["kind"] == "manual"
    assert step["text"].startswith(words)
    offered = [
        step for result in examined.document["results"] for one in result["findings"] for step in one["fix"]["actions"]
    ]
    assert not [step for step in offered if step["kind"] == "activate" or f"{patient.project}/.venv/bin" in str(step)]


@pytest.mark.parametrize(
    ("command", "starts"),
    [
        ("uv sync --offline", True),
        ("uv lock --offline", True),
        ("uv pip list --offline", True),
        ("python3 -m venv --clear --without-pip .venv", False),
        ("uv venv --offline --clear .venv", False),
        ("uv python pin 3.11", False),
    ],
)
def test_what_is_taken_to_start_an_environment_starts_it(tmp_path: Path, command: str, *, starts: bool) -> None:
    """The tools themselves: what a fix may hold although the environment is not the user's, and what it may not."""
    mark, root = tmp_path / "mark", tmp_path / ".venv"
    name, *words = command.split()
    argv = [needs_tool(name), *words]
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "UV_CACHE_DIR": str(tmp_path / "cache")}
    subprocess.run([needs_tool("uv"), "venv", "-q", "--offline", "-p", "3.11", str(root)], check=True, env=env)
    [site] = root.glob("lib/python3*/site-packages")
    (site / "planted.pth").write_text(f"import os; os.mkdir({str(mark)!r})\n")
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "p"\nversion = "1"\nrequires-python = ">=3.9"\n')
    subprocess.run(argv, cwd=tmp_path, env=env, check=False, capture_output=True)
    assert mark.exists() is starts
    step = Run(*argv, directory=str(tmp_path))
    assert any_runs((step,), Doubtful(str(root), Doubt.KEPT, of_project=True), "/") is starts
