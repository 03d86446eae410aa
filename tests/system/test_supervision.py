"""A process divides itself: what becomes of the child, the parent tells as its own exit status."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.tools

BEFORE = """
import os, signal, sys, time
from envdoctor.system import supervision
supervision.PATIENCE, supervision.GRACE, supervision.TICK = {patience}, 0.5, 0.05
child = 0
fork = os.fork
def remember():
    global child
    child = fork()
    return child
os.fork = remember
def is_gone():
    try:
        return os.waitpid(child, 0)[0] == child
    except ChildProcessError:
        return True
above = os.getppid()
"""


def divided(child: str, parent: str = "print(supervision.divide(), flush=True)", patience: float = 60) -> str:
    """What a process prints that divides itself: the parent says `parent`, where the child does `child`."""
    code = f"{BEFORE.format(patience=patience)}\nimport threading\n_divide = supervision.divide\n"
    code += "def divide(**how):\n    status = _divide(**how)\n    if status is not None:\n        return status\n"
    code += "".join(f"    {line}\n" for line in child.splitlines()) + "    os._exit(99)\n"
    code += f"supervision.divide = divide\n{parent}\n"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return done.stdout


@pytest.mark.parametrize(
    ("child", "status"),
    [
        ("supervision.end(0)", 0),
        ("supervision.end(7)", 7),
        ("supervision.writes(); supervision.end(3)", 3),
        ("os._exit(4)", 4),
        ("supervision.writes(); os._exit(5)", 5),
        ("os.kill(os.getpid(), signal.SIGKILL)", 137),
    ],
)
def test_the_childs_exit_status_is_the_parents(child: str, status: int) -> None:
    assert divided(child) == f"{status}\n"


def test_both_know_who_started_them() -> None:
    assert divided("print(supervision.above() == above, flush=True)\nsupervision.end(0)") == "True\n0\n"
    code = "import os; from envdoctor.system import supervision; print(supervision.above())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"{os.getpid()}\n"


HANGS = """
try:
    print(supervision.divide())
except supervision.Hanging:
    print("hanging", is_gone())
"""


def test_a_child_that_stands_still_is_ended() -> None:
    assert divided("time.sleep(60)", HANGS, patience=0.3) == "hanging True\n"


def test_a_child_whose_reader_takes_time_is_waited_for() -> None:
    assert divided("supervision.writes()\ntime.sleep(1)\nsupervision.end(6)", HANGS, patience=0.3) == "6\n"


def test_a_child_that_works_is_waited_for() -> None:
    work = "while time.process_time() < 0.8: pass\nsupervision.end(8)"
    assert divided(work, HANGS, patience=0.5) == "8\n"


def test_a_child_that_waits_for_a_program_is_waited_for() -> None:
    runs = "from envdoctor.system import child_processes\nchild_processes.TICK = 60\n"  # not even a look meanwhile
    runs += "done = child_processes.run(('/bin/sh', '-c', 'exec sleep 1.5'), dict(os.environ), '/', 30)\n"
    assert divided(f"{runs}supervision.end(5 if done.ok else 6)", HANGS, patience=0.5) == "5\n"


def test_a_child_that_stands_still_after_it_has_waited_is_ended() -> None:
    waits = "with supervision.waiting(), supervision.waiting():\n    pass\ntime.sleep(60)"
    assert divided(waits, HANGS, patience=0.3) == "hanging True\n"


def test_while_one_thread_waits_for_a_program_the_child_is_waited_for() -> None:
    waits = "with supervision.waiting():\n    with supervision.waiting():\n        pass\n    time.sleep(1)\n"
    assert divided(f"{waits}supervision.end(5)", HANGS, patience=0.3) == "5\n"


SIGNALLED = "threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM)).start()\n"
SIGNALLED += "print(supervision.divide(), is_gone(), flush=True)"


def test_a_signal_is_passed_on() -> None:
    heeds = "signal.signal(signal.SIGTERM, lambda *_: supervision.end(42))\ntime.sleep(60)"
    assert divided(heeds, SIGNALLED) == "42 True\n"


def test_a_child_that_does_not_heed_a_signal_is_killed() -> None:
    assert divided("signal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(60)", SIGNALLED) == "143 True\n"


COMPUTES = """
try:
    print(divide(among_mounts=False))
except supervision.Computing:
    print("computing", is_gone())
"""


def test_a_plugin_that_lets_nothing_else_run_is_ended() -> None:
    assert divided("with supervision.calling():\n    time.sleep(60)", COMPUTES, patience=0.5) == "computing True\n"


def test_a_plugin_beside_which_others_run_is_waited_for() -> None:
    beats = "supervision.BEAT = 0.1\nfor _ in range(20):\n    time.sleep(0.05)\n    supervision.beat()\n"
    calls = f"with supervision.calling():\n    {beats.replace(chr(10), chr(10) + '    ')}\nsupervision.end(5)"
    assert divided(calls, COMPUTES, patience=0.5) == "5\n"


def test_a_plugin_that_has_returned_no_longer_counts() -> None:
    calls = "with supervision.calling():\n    pass\nwork = time.process_time() + 1\n"
    assert divided(f"{calls}while time.process_time() < work: pass\nsupervision.end(6)", COMPUTES, 0.5) == "6\n"


def test_beside_no_mount_it_may_stand_still() -> None:
    child = "time.sleep(1.5)\nsupervision.end(7)"
    assert divided(child, "print(divide(among_mounts=False), flush=True)", patience=0.5) == "7\n"
