"""Commands that nobody types, for real: the first line of the report names what was examined."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support import needs_tool

pytestmark = pytest.mark.clinic

ENVDOCTOR = Path(sys.executable).parent / "envdoctor"
PATH = "/usr/local/bin:/usr/bin:/bin"


def started_by(name: str, directory: Path, *argv: str | Path, **env: str) -> subprocess.CompletedProcess[str]:
    """What a process of this name starts and waits for; nothing but its name is cron's, or the runner's."""
    starter = directory / name
    shutil.copy(needs_tool("timeout"), starter)
    variables = {"HOME": str(directory), "PATH": PATH, "LOGNAME": "me", **env}
    command = [str(word) for word in (starter, "120", *argv)]
    return subprocess.run(
        command, env=variables, cwd=directory, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )


def headline(done: subprocess.CompletedProcess[str]) -> str:
    assert done.stderr == ""
    return done.stdout.splitlines()[0]


def test_a_step_of_github_actions_is_a_file_that_bash_is_given(tmp_path: Path) -> None:
    step = tmp_path / "1f0a.sh"
    step.write_text(f"{ENVDOCTOR} --select PRJ\n")
    runner = ("/usr/bin/env", "bash", "--noprofile", "--norc", "-e", "-o", "pipefail", step)
    done = started_by("Runner.Worker", tmp_path, *runner, CI="true", GITHUB_ACTIONS="true")
    assert " examined this step of GitHub Actions (bash) in " in headline(done)
    assert "\x1b" not in done.stdout


def test_a_job_of_gitlab_is_a_script_that_bash_reads_from_its_input(tmp_path: Path) -> None:
    script = f"echo '{ENVDOCTOR} --select PRJ' | bash"
    done = started_by("gitlab-runner", tmp_path, "sh", "-c", script, CI="true", GITLAB_CI="true")
    assert " examined this step of GitLab CI (bash) in " in headline(done)


@pytest.mark.parametrize("script", ["{} --select PRJ", "{} --select PRJ; exit $?"], ids=["replaced", "kept"])
def test_a_cron_job_with_or_without_a_shell_that_stays(tmp_path: Path, script: str) -> None:
    done = started_by("cron", tmp_path, "/bin/sh", "-c", script.format(ENVDOCTOR))
    assert " examined this cron job" in headline(done)


@pytest.mark.parametrize("terminal", ["-T", "-tt"])
def test_a_command_over_ssh(tmp_path: Path, terminal: str) -> None:
    report = tmp_path / "report.json"
    over_ssh(tmp_path, terminal, f"{ENVDOCTOR} --select PRJ --output json={report}")
    session = json.loads(report.read_text())["session"]
    assert session["occasion"] == "ssh command"
    assert any(marker["name"] == "SSH" for marker in session["markers"])


def over_ssh(directory: Path, terminal: str, command: str) -> Any:
    """Run a command by a real sshd of our own, which serves this one connection, without any port, and ends with it."""
    sshd = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin") or needs_tool("sshd")
    for key in ("host", "mine"):
        subprocess.run([needs_tool("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", directory / key], check=True)
    (directory / "sshd_config").write_text(
        f"HostKey {directory}/host\nAuthorizedKeysFile {directory}/mine.pub\nStrictModes no\nUsePAM no\n"
        f"PermitRootLogin yes\nPidFile none\n"
    )
    options = [f"ProxyCommand={sshd} -i -f {directory}/sshd_config", f"IdentityFile={directory}/mine"]
    options += ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "IdentityAgent=none", "BatchMode=yes"]
    ssh = [needs_tool("ssh"), "-F", "none", terminal, *(word for option in options for word in ("-o", option))]
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # sshd wants it, empty; its own start script makes it
    account = pwd.getpwuid(os.getuid()).pw_name
    done = subprocess.run([*ssh, f"{account}@loopback", command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
    return done
