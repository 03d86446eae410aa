from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid

import psutil
import pytest

from envdoctor.system import processes


def test_the_nearest_process_above_is_the_parent() -> None:
    above = processes.above()
    assert above[0].pid == os.getppid()
    assert above[0].argv
    assert [process.pid for process in above] == [process.pid for process in psutil.Process().parents()]


def test_files_and_psutil_tell_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    from_files = processes.above()
    monkeypatch.setattr(processes, "PROC", "/nowhere")
    asked = processes.above()
    assert [(it.pid, it.exe, it.argv) for it in asked] == [(it.pid, it.exe, it.argv) for it in from_files]
    for one, other in zip(asked, from_files, strict=True):
        assert one.started == pytest.approx(other.started, abs=2)


@pytest.mark.tools
def test_a_process_that_starts_now_starts_now() -> None:
    code = "from envdoctor.system import processes; print(processes.above()[0].started)"
    script = f"exec 2>&1; {sys.executable} -c '{code}'; true"
    before = time.time()
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    assert before - 2 < float(done.stdout) < time.time() + 2


@pytest.mark.tools
def test_a_name_may_hold_brackets_and_spaces() -> None:
    code = "from envdoctor.system import processes; print(processes.above()[0].name)"
    script = f"printf 'a) (b ' > /proc/$$/comm; {sys.executable} -c '{code}'; true"
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "a) (b \n"


@pytest.mark.tools
@pytest.mark.parametrize("proc", [processes.PROC, "/nowhere"])
def test_the_environment_of_another_process(monkeypatch: pytest.MonkeyPatch, proc: str) -> None:
    monkeypatch.setattr(processes, "PROC", proc)
    env = {"EQUALS": f"a={uuid.uuid4()}", "EMPTY": "", "LINES": "one\ntwo"}
    with subprocess.Popen(["/bin/sleep", "60"], env=env) as child:
        assert child.pid in processes.running()
        assert processes.environment(child.pid) == env
        assert list(processes.with_variable("EQUALS", env["EQUALS"][:20])) == [child.pid]
        assert list(processes.with_variable("EQUALS", env["EQUALS"][1:])) == []
        assert list(processes.with_variable("QUALS", env["EQUALS"])) == []
        assert os.getppid() not in processes.with_variable("PATH", "")  # it has one, but is older
        child.kill()
    assert processes.environment(child.pid) is None


@pytest.mark.tools
def test_psutil_is_not_imported_where_files_tell() -> None:
    code = "import sys; from envdoctor.system import processes; processes.above(); print('psutil' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_a_system_that_tells_nothing_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise psutil.NoSuchProcess(os.getpid())

    monkeypatch.setattr(processes, "PROC", "/nowhere")
    monkeypatch.setattr(psutil, "Process", refuse)
    monkeypatch.setattr(psutil, "pids", refuse)
    assert processes.above() == ()
    assert list(processes.running()) == []
    assert list(processes.with_variable("A", "b")) == []
    assert processes.environment(os.getpid()) is None
