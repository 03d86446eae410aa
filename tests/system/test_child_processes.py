from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from envdoctor.system import child_processes, processes
from envdoctor.system.child_processes import Completed, Ending
from envdoctor.text import limits

pytestmark = pytest.mark.tools

PATH = os.environ["PATH"]
LABEL = "ENVDOCTOR_TEST_LABEL"
GENEROUS = 30.0


class Label:
    """Marks a test's processes, to count what is left of them."""

    def __init__(self) -> None:
        self.value = uuid.uuid4().hex
        self.env = {"PATH": PATH, LABEL: self.value}

    def alive(self) -> int:
        """How many processes with this label there are, after those that are being killed have had time to vanish."""
        count = 1
        for _ in range(50):
            count = sum((processes.environment(pid) or {}).get(LABEL) == self.value for pid in processes.running())
            if not count:
                break
            time.sleep(0.02)
        return count


@pytest.fixture
def label() -> Iterator[Label]:
    label = Label()
    yield label
    assert label.alive() == 0


def ask(label: Label, *argv: str, timeout: float = GENEROUS) -> Completed:
    return child_processes.run(argv, label.env, "/", timeout)


def python(label: Label, code: str, timeout: float = GENEROUS) -> Completed:
    return ask(label, sys.executable, "-I", "-c", code, timeout=timeout)


def test_both_outputs_and_the_status_are_told(label: Label) -> None:
    answer = ask(label, "sh", "-c", "echo out; echo err >&2; exit 3")
    assert answer == Completed(("sh", "-c", "echo out; echo err >&2; exit 3"), Ending.EXITED, 3, "out\n", "err\n")
    assert not answer.ok


def test_the_input_is_empty_and_there_is_no_terminal(label: Label) -> None:
    assert ask(label, "sh", "-c", "cat; : < /dev/tty && echo terminal; true").stdout == ""


def test_bytes_that_are_not_utf_8_survive(label: Label) -> None:
    answer = ask(label, "printf", r"\377\303\251")
    assert answer.stdout == "\udcffé"
    assert os.fsencode(answer.stdout) == b"\xff\xc3\xa9"


def test_one_that_exits_at_once(label: Label) -> None:
    assert ask(label, "true").ok


def test_one_that_dies_of_a_signal(label: Label) -> None:
    answer = ask(label, "sh", "-c", "kill -SEGV $$")
    assert (answer.ending, answer.status) == (Ending.EXITED, -signal.SIGSEGV)


def test_one_that_hangs_keeps_what_it_said(label: Label) -> None:
    answer = ask(label, "sh", "-c", "echo hello; sleep 60", timeout=0.5)
    assert (answer.ending, answer.status, answer.stdout) == (Ending.TIMED_OUT, None, "hello\n")


def test_one_that_closes_its_outputs_and_hangs(label: Label) -> None:
    answer = ask(label, "sh", "-c", "echo bye; exec >&- 2>&-; sleep 60", timeout=0.5)
    assert (answer.ending, answer.stdout) == (Ending.TIMED_OUT, "bye\n")


def test_one_that_ignores_being_asked_to_end(label: Label) -> None:
    assert ask(label, "sh", "-c", "trap '' TERM INT HUP; sleep 60; sleep 60", timeout=0.5).ending is Ending.TIMED_OUT


def test_one_that_prints_without_end(label: Label) -> None:
    answer = ask(label, "yes")
    assert (answer.ending, answer.status, len(answer.stdout)) == (
        Ending.TOO_MUCH_OUTPUT,
        None,
        limits.OUTPUT,
    )


def test_one_that_prints_a_hundred_megabytes_of_errors_and_exits(label: Label) -> None:
    answer = python(label, "import sys; [sys.stderr.write('x' * 1_000_000) for _ in range(100)]")
    assert answer.ending is Ending.TOO_MUCH_OUTPUT
    assert len(answer.stderr) == limits.OUTPUT


def test_one_that_leaves_a_grandchild_holding_the_pipe(label: Label) -> None:
    answer = ask(label, "sh", "-c", "sleep 60 & echo done")
    assert (answer.ending, answer.status, answer.stdout) == (Ending.EXITED, 0, "done\n")


def test_one_that_leaves_a_grandchild_that_keeps_talking(label: Label) -> None:
    answer = ask(label, "sh", "-c", "(while :; do echo more; sleep 0.01; done) & echo done")
    assert (answer.ending, answer.status) == (Ending.EXITED, 0)


def test_one_that_leaves_a_grandchild_in_a_session_of_its_own(label: Label) -> None:
    answer = ask(label, "sh", "-c", "setsid sleep 60 & sleep 0.1; echo done")
    assert (answer.ending, answer.status, answer.stdout) == (Ending.EXITED, 0, "done\n")


DAEMON = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        {close}
        time.sleep(60)
    os._exit(0)
os.wait()
"""


def test_one_that_makes_a_daemon(label: Label) -> None:
    assert python(label, DAEMON.format(close="pass")).ending is Ending.EXITED


def test_a_daemon_that_made_itself_invisible_dies_with_the_doctor(label: Label) -> None:
    code = f"""
from envdoctor.system import child_processes
answer = child_processes.run({(sys.executable, "-I", "-c", DAEMON.format(close="os.closerange(0, 3)"))!r},
    {label.env!r}, "/", {GENEROUS})
child_processes.stop()
print(answer.ending, child_processes.run(("true",), {{}}, "/", 1).ending)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=GENEROUS)
    assert done.stdout == f"{Ending.EXITED} {Ending.NOT_STARTED}\n"


def test_forking_without_end_is_ended(label: Label) -> None:
    forks = "import os, time\nfor _ in range(40):\n    if os.fork(): time.sleep(60)\n    else: os.setsid()"
    assert python(label, forks, timeout=1).ending is Ending.TIMED_OUT


@pytest.mark.parametrize(
    ("content", "mode", "reason"),
    [
        ("#!/bin/sh\n", 0o644, "Permission denied"),
        ("#!/no/such/interpreter\n", 0o755, "No such file or directory"),
        ("no header\n", 0o755, "Exec format error"),
        ("\x7fELF and nothing more", 0o755, "Exec format error"),
        ("", 0o755, "Exec format error"),
    ],
)
def test_what_cannot_be_started_says_why(label: Label, tmp_path: Path, content: str, mode: int, reason: str) -> None:
    tool = tmp_path / "tool"
    tool.write_text(content)
    tool.chmod(mode)
    assert ask(label, str(tool)) == Completed((str(tool),), Ending.NOT_STARTED, stderr=f"{reason}: {tool}")


def test_a_directory_cannot_be_started(label: Label, tmp_path: Path) -> None:
    assert ask(label, str(tmp_path)).stderr == f"Permission denied: {tmp_path}"


def test_an_absent_program_cannot_be_started(label: Label) -> None:
    assert ask(label, "/no/such/tool").stderr == "No such file or directory: /no/such/tool"


def test_an_absent_working_directory_is_named(label: Label) -> None:
    answer = child_processes.run(("true",), label.env, "/no/such/directory", GENEROUS)
    assert answer == Completed(("true",), Ending.NOT_STARTED, stderr="No such file or directory: /no/such/directory")


def test_an_argument_that_no_program_can_be_given(label: Label) -> None:
    assert ask(label, "echo", "a\0b").ending is Ending.NOT_STARTED


def test_an_interruption_leaves_nothing_behind(label: Label) -> None:
    code = f"""
import os, signal, threading
from envdoctor.system.child_processes import run, stop
threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    run(("sh", "-c", "setsid sleep 60 & sleep 60"), {label.env!r}, "/", {GENEROUS})
except KeyboardInterrupt:
    print("interrupted")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=GENEROUS)
    assert done.stdout == "interrupted\n"


def test_stopping_ends_what_other_threads_are_waiting_for(label: Label) -> None:
    code = f"""
import threading, time
from envdoctor.system.child_processes import run, stop
statuses = []
def ask():
    statuses.append(run(("sh", "-c", "setsid sleep 60 & sleep 60"), {label.env!r}, "/", {GENEROUS}).status)
threads = [threading.Thread(target=ask) for _ in range(4)]
for thread in threads: thread.start()
time.sleep(0.5)
stop()
for thread in threads: thread.join()
print(statuses)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=GENEROUS)
    assert done.stdout == "[-9, -9, -9, -9]\n"


def test_a_parent_that_had_its_children_ignored_does_not_confuse(label: Label) -> None:
    code = f"""
import signal
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
from envdoctor.system import child_processes
answer = child_processes.run(("sh", "-c", "echo hello"), {label.env!r}, "/", {GENEROUS})
print(answer.ending, answer.stdout)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=GENEROUS)
    assert done.stdout == f"{Ending.EXITED} hello\n\n"


def test_what_may_print_without_end_is_heard_to_its_end(label: Label) -> None:
    code = "import sys; sys.stdout.write('x' * 3_000_000); print('last')"
    answer = child_processes.run((sys.executable, "-I", "-c", code), label.env, "/", GENEROUS, endless=True)
    assert (answer.ending, answer.status) == (Ending.EXITED, 0)
    assert answer.stdout.endswith("xlast\n")
    assert len(answer.stdout) <= limits.OUTPUT
