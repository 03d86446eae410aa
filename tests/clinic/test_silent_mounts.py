"""A mount that never answers: envdoctor ends, says so, and calls nothing on it healthy."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import silent_mount
from tests.clinic.patient import SYSTEM_PATH, TOOLS

COMMAND = str(TOOLS / "envdoctor")
WORDS = f"({silent_mount.KIND}) did not answer within 2 s"

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or not os.access("/dev/fuse", os.W_OK), reason="only root may mount, and FUSE must be there"
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "silent").mkdir()
    (tmp_path / "home").mkdir()
    return tmp_path


def beside_it(
    home: Path, *arguments: str, start: str = "home", silent: str = "everything", **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run envdoctor beside a mount that is silent. `{}` in a variable is its directory."""
    env = {"HOME": str(home / "home"), "PATH": SYSTEM_PATH}
    env |= {name: value.format(home / "silent") for name, value in variables.items()}
    script = [sys.executable, silent_mount.__file__, str(home / "silent"), str(home / start), silent]
    command = [*script, "env", "-i", *(f"{name}={value}" for name, value in env.items()), COMMAND, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("variables", "start"),
    [
        ({"HOME": "{}"}, "home"),
        ({"HOME": "{}/user"}, "home"),
        ({"PATH": "{}/bin:" + SYSTEM_PATH}, "home"),
        ({"PATH": SYSTEM_PATH + ":{}/bin"}, "home"),
        ({"VIRTUAL_ENV": "{}/env"}, "home"),
        ({"CONDA_PREFIX": "{}/env"}, "home"),
        ({"PWD": "{}"}, "silent"),
    ],
)
def test_whatever_leads_there_is_not_examined_and_the_run_ends(
    home: Path, variables: dict[str, str], start: str
) -> None:
    done = beside_it(home, "--format", "json", start=start, **variables)
    assert (done.returncode, done.stderr) == (3, "")
    document = json.loads(done.stdout)
    reasons = {fact: missing["reason"] for fact, missing in document["missing"].items() if WORDS in missing["reason"]}
    assert reasons
    assert all(reason == f"{home}/silent {WORDS}" for reason in reasons.values())
    assert not [result["code"] for result in document["results"] if result["findings"]]


@pytest.mark.parametrize("arguments", [["which", "python"], ["envs", "--depth", "1"], ["check"], ["list"]])
def test_every_command_ends(home: Path, arguments: list[str]) -> None:
    done = beside_it(home, *arguments, HOME="{}/user", PATH="{}/bin:" + SYSTEM_PATH)
    assert done.returncode == (0 if arguments == ["list"] else 3)
    assert (WORDS in done.stdout + done.stderr) is (arguments != ["list"])


def test_links_that_lead_there_are_not_followed(home: Path) -> None:
    (home / "home" / ".bashrc").symlink_to(home / "silent" / "bashrc")
    (home / "home" / ".venv").symlink_to(home / "silent" / "env")
    done = beside_it(home)
    assert done.returncode == 3
    assert f"could not be examined: {home}/silent {WORDS}" in done.stdout


def test_a_mount_that_nothing_leads_to_changes_nothing(home: Path) -> None:
    done = beside_it(home, "--select", "PY001,ENV001,PIP001")
    assert (done.returncode, done.stderr) == (0, "")
    assert WORDS not in done.stdout


def test_a_pipe_is_closed_although_threads_still_hang(home: Path) -> None:
    """The mount answers every question but that for a file's content, so that it is found out only by hanging."""
    done = beside_it(home, "--timeout", "1", silent="files", HOME="{}")
    assert done.returncode == 3
    assert "could not be examined: timed out after 3 s" in done.stdout


def test_what_is_asked_to_end_ends(home: Path) -> None:
    env = ["env", "-i", f"HOME={home}/silent", f"PATH={SYSTEM_PATH}"]
    script = [sys.executable, silent_mount.__file__, str(home / "silent"), str(home / "home"), "files"]
    command = [*script, "timeout", "--preserve-status", "-s", "TERM", "4", *env, COMMAND, "--timeout", "100"]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 143
