"""The hook for pre-commit, by the real pre-commit: the session is the committer's, not the environment of the hook."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support import needs_tool

pytestmark = pytest.mark.clinic

ROOT = Path(__file__).parents[2]
SOURCES = ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml", "doctor", "checks", "docs")


class Committer:
    """A person with a repository whose commits the hook examines, and with an environment active."""

    def __init__(self, directory: Path) -> None:
        self.home, self.upstream, self.repository = directory, directory / "upstream", directory / "repository"
        self.active = directory / "active"
        bin_directories = (self.active / "bin", Path(sys.executable).parent, "/usr/bin", "/bin")
        self.env = {name: value for name, value in os.environ.items() if name.startswith("PIP_")} | {
            "HOME": str(directory),
            "PATH": ":".join(map(str, bin_directories)),
            "VIRTUAL_ENV": str(self.active),
            "PRE_COMMIT_HOME": str(directory / "cache"),
            "GIT_CONFIG_GLOBAL": str(directory / "gitconfig"),
            "PIP_NO_COMPILE": "1",
        }
        (directory / "gitconfig").write_text("[user]\nname = a\nemail = a@example.org\n[init]\ndefaultBranch = main\n")
        self.upstream.mkdir()
        for name in SOURCES:
            self._copy(name)
        self.commit_all(self.upstream)
        self.repository.mkdir()
        self.does("git", "init", "-q")

    def _copy(self, name: str) -> None:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, self.upstream / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, self.upstream / name)

    def does(self, *argv: str, cwd: Path | None = None, status: int = 0) -> str:
        done = subprocess.run(
            argv, env=self.env, cwd=cwd or self.repository, capture_output=True, text=True, check=False
        )
        assert done.returncode == status, f"{argv}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def commit_all(self, repository: Path) -> None:
        self.does("git", "init", "-q", cwd=repository)
        self.does("git", "add", "-A", cwd=repository)
        self.does("git", "commit", "-q", "-m", "all", cwd=repository)

    def hooks(self, **hook: Any) -> None:
        """Have the hook run, with these settings of the user's."""
        revision = self.does("git", "rev-parse", "HEAD", cwd=self.upstream).strip()
        repos = [{"repo": str(self.upstream), "rev": revision, "hooks": [{"id": "envdoctor", **hook}]}]
        (self.repository / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": repos}))
        self.does("git", "add", "-A")


@pytest.fixture
def committer(tmp_path: Path) -> Committer:
    needs_tool("pre-commit")
    return Committer(tmp_path)


def test_pre_commit_accepts_the_manifest() -> None:
    command = [needs_tool("pre-commit"), "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")]
    subprocess.run(command, check=True)


def test_the_hook_examines_the_project_and_the_committers_own_session(committer: Committer) -> None:
    committer.hooks()
    assert "Passed" in committer.does("pre-commit", "run", "envdoctor")

    (committer.repository / "pyproject.toml").write_text("[project\n")
    committer.does("git", "add", "-A")
    failed = committer.does("pre-commit", "run", "envdoctor", status=1)
    assert "PRJ008" in failed
    (committer.repository / "pyproject.toml").write_text('[project]\nname = "p"\nversion = "1"\n')

    # an environment that is gone: in the hook's own it would not show, and all would be well
    report = committer.home / "report.json"
    committer.hooks(args=["--select", "ENV001", "--output", f"json={report}"])
    committer.does("pre-commit", "run", "envdoctor", status=1)
    document = json.loads(report.read_text())
    assert document["verdict"] == "problems"
    session = document["session"]
    assert session["launched_as"] == "pre-commit"
    assert session["virtual_env"] == str(committer.active)
    assert session["search_path"] == committer.env["PATH"].split(":")
    assert session["note"] == "launched by pre-commit: its own environment is left out"

    committer.does("pre-commit", "install")
    committer.does("git", "commit", "-m", "all", status=1)
    session = json.loads(report.read_text())["session"]
    assert session["virtual_env"] == str(committer.active)
    assert session["search_path"] == committer.env["PATH"].split(":"), "git's own programs are left out too"
