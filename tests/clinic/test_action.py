"""The action for GitHub: valid, without injection, and its steps do what they say when a shell runs them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support import needs_tool

pytestmark = pytest.mark.clinic

ROOT = Path(__file__).parents[2]
ACTION = ROOT / "action.yml"
TOOLS = Path(sys.executable).parent


def action() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(ACTION.read_text(encoding="utf-8"))
    return content


def test_it_is_valid_by_the_schema() -> None:
    checker = [needs_tool("check-jsonschema"), "--builtin-schema", "vendor.github-actions", str(ACTION)]
    done = subprocess.run(checker, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_an_auditor_finds_nothing() -> None:
    auditor = [needs_tool("zizmor"), "--offline", "--no-progress", "--persona=auditor", str(ACTION)]
    done = subprocess.run(auditor, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"


def test_no_input_stands_in_the_text_of_a_script_and_each_has_a_shell() -> None:
    for step in action()["runs"]["steps"]:
        assert "${{" not in step["run"]
        assert step["shell"] == "bash"
        assert "${{" not in step["shell"]


class Runner:
    """What GitHub's runner does for a step: expressions put in, the script in a file, bash with -e."""

    def __init__(self, directory: Path) -> None:
        self.temp, self.workspace, self.outputs = directory / "temp", directory / "workspace", directory / "outputs"
        self.temp.mkdir()
        self.workspace.mkdir()
        self.env = {name: value for name, value in os.environ.items() if name.startswith("PIP_")} | {
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_OUTPUT": str(self.outputs),
            "GITHUB_STEP_SUMMARY": str(directory / "summary"),
            "RUNNER_TEMP": str(self.temp),
            "HOME": str(directory),
            "PATH": f"{TOOLS}:/usr/bin:/bin",
            "PIP_NO_COMPILE": "1",
        }
        (directory / "summary").touch()

    def run(self, place: int, **inputs: str) -> subprocess.CompletedProcess[str]:
        described = action()
        chosen = {name: given.get("default", "") for name, given in described["inputs"].items()} | inputs
        step = described["runs"]["steps"][place]
        values = {name: self._evaluated(value, chosen) for name, value in step.get("env", {}).items()}
        script = self.temp / "step.sh"
        script.write_text(step["run"])
        directory = self.workspace / self._evaluated(step.get("working-directory", "."), chosen)
        command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)]
        env = self.env | values
        return subprocess.run(command, env=env, cwd=directory, capture_output=True, text=True, check=False)

    def _evaluated(self, value: str, chosen: dict[str, str]) -> str:
        for name, given in chosen.items():
            value = value.replace(f"${{{{ inputs.{name} }}}}", given)
        return value

    def examine(self, **inputs: str) -> tuple[int, str]:
        """The exit status, which is also the step's output, and what was printed."""
        done = self.run(1, **inputs)
        assert self.outputs.read_text().splitlines()[-1] == f"exit-code={done.returncode}"
        return done.returncode, done.stdout + done.stderr


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    """A runner that has envdoctor as the action installs it, but from the checkout that is tested."""
    runner = Runner(tmp_path)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", runner.temp / "envdoctor"], check=True)
    (runner.temp / "envdoctor/bin/envdoctor").symlink_to(TOOLS / "envdoctor")
    return runner


def test_it_installs_from_its_own_checkout_into_an_environment_of_its_own(tmp_path: Path) -> None:
    fresh = Runner(tmp_path)
    fresh.env["PYTHONPATH"] = fresh.env["PIP_TARGET"] = str(tmp_path / "elsewhere")
    done = fresh.run(0)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
    assert fresh.examine(select="NET")[0] == 0


def test_without_a_python_that_is_new_enough_it_says_what_to_do(tmp_path: Path) -> None:
    old = Runner(tmp_path)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/bash").symlink_to("/bin/bash")
    old.env["PATH"] = str(tmp_path / "bin")
    done = old.run(0)
    assert done.returncode == 3
    assert done.stdout.startswith("::error::envdoctor needs Python 3.11")


def test_the_exit_status_is_envdoctors_and_the_finding_an_annotation(runner: Runner) -> None:
    (runner.workspace / "below").mkdir()
    (runner.workspace / "below/pyproject.toml").write_text("[project\n")
    status, printed = runner.examine(**{"select": "PRJ", "working-directory": "below"})
    assert status == 1
    assert "::error " in printed
    assert "PRJ008" in printed


def test_every_input_reaches_envdoctor_as_one_word(runner: Runner) -> None:
    status, printed = runner.examine(select="PRJ; touch injected", ignore="$(touch injected)")
    assert status == 2
    assert "'PRJ; touch injected'" in printed
    assert not (runner.workspace / "injected").exists()
    assert runner.examine(**{"fail-on": "eror"})[0] == 2
    assert runner.examine(python="/no/such/python")[0] == 2
    assert runner.examine(select="NET", output="json=a report.json\njunit=b.xml\n")[0] == 0
    assert (runner.workspace / "a report.json").exists()
    assert (runner.workspace / "b.xml").exists()
