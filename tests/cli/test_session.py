from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

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
