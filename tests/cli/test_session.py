from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from envdoctor.cli.output import UsageProblem
from envdoctor.cli.session import open_session
from envdoctor.launchers import this_session
from envdoctor.system.session import Launch

TELL = "from envdoctor.launchers import this_session; s = this_session(); print(s.cwd, s.processes[0].pid, s.launch)"


@pytest.mark.tools
def test_a_deleted_working_directory_is_none(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    script = f'cd {gone} && rmdir {gone} && exec {sys.executable} -c "{TELL}"'
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("None ")


def test_the_session_of_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_TARGET", "/somewhere")
    session = this_session("/opt/python3", 3.0)
    assert session.env["PIP_TARGET"] == "/somewhere"
    assert session.processes[0].pid == os.getppid()
    assert (session.python, session.timeout, session.launch.kind) == ("/opt/python3", 3.0, Launch().kind)


def test_an_environment_whose_python_is_gone_is_called_so(tmp_path: Path) -> None:
    lost, empty, other = tmp_path / "lost", tmp_path / "empty", tmp_path / "other"
    for root in (lost, empty, other):
        (root / "bin").mkdir(parents=True)
    (lost / "bin/python").symlink_to(tmp_path / "base/python3")
    (empty / "conda-meta").mkdir()
    for root, said in (
        (lost, f"leads to {tmp_path}/base/python3, which is gone"),
        (lost / "bin/python", f"leads to {tmp_path}/base/python3, which is gone"),
        (empty, "is an environment without a Python"),
        (other, "is neither an interpreter nor an environment"),
    ):
        with pytest.raises(UsageProblem, match=f"{root} {said}"):
            open_session(1.0, str(root))


def test_a_variable_that_is_empty_is_not_taken_for_no_option() -> None:
    with pytest.raises(UsageProblem, match="--python: an empty word names no interpreter"):
        open_session(1.0, "")
