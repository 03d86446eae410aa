"""Ctrl-C ends it whatever runs. Each deadline that would end it otherwise is ten minutes away."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests import silent_mount
from tests.clinic.patient import SYSTEM_PATH, TOOLS

COMMAND = str(TOOLS / "envdoctor")
FAR = ("--timeout", "600")
ENOUGH = 60
"""Seconds that a loaded machine may need; a tenth of the deadline."""
PLUGIN = '''
import os, re, time

from envdoctor import Fact, Session, Severity, check, probe

class Seen(Fact, frozen=True):
    pass

def forever():
    while True:
        pass

IMPORT

@probe
def probe_seen(session: Session) -> Seen:
    PROBE
    return Seen()

@check("ZZZ001", severity=Severity.ERROR, since="1")
def computes_without_end(seen: Seen):
    """It computes.

    ## Why it matters
    It does.

    ## How to fix
    Somehow.
    """
    CHECK
    yield from ()
'''


def interrupted(command: list[str], begun: Callable[[psutil.Process], bool], cwd: Path) -> tuple[int, str]:
    """The exit status and the output of a command that is interrupted once it has begun with something."""
    env = {"HOME": str(cwd), "PATH": f"{cwd}/bin:{SYSTEM_PATH}"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=cwd, env=env
    ) as child:
        process = psutil.Process(child.pid)
        until = time.monotonic() + ENOUGH
        while not begun(process):
            assert child.poll() is None, child.communicate()
            assert time.monotonic() < until
            time.sleep(0.02)
        child.send_signal(signal.SIGINT)
        try:
            out, err = child.communicate(timeout=ENOUGH)
        finally:
            child.kill()
    return child.returncode, out + err


def test_while_it_parses_a_huge_file(tmp_path: Path) -> None:
    """Parsing this lock takes much longer than the second of the processor after which it is interrupted."""
    row = '[[package]]\nname = "p{0}"\nversion = "1"\ndependencies = [{{ name = "p{0}" }}]\n'
    (tmp_path / "uv.lock").write_text("version = 1\n" + "".join(map(row.format, range(250_000))))
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\nversion = "1"\ndependencies = ["p1"]\n')
    ended = interrupted([COMMAND, *FAR], lambda process: process.cpu_times().user > 1.5, tmp_path)
    assert ended == (130, "")


@pytest.mark.parametrize("name", ["python", "uv", "conda"])
def test_while_a_program_that_is_asked_sleeps(name: str, tmp_path: Path) -> None:
    program = tmp_path / "bin" / name
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\ntrap '' INT TERM\ntouch {tmp_path}/asked\nsleep 601\nsleep 601\n")
    program.chmod(0o755)
    python = ("--python", str(program)) if name == "conda" else ()
    ended = interrupted([COMMAND, *FAR, *python], lambda _: (tmp_path / "asked").exists(), tmp_path)
    assert ended == (130, "")


BODIES = (
    "forever()",
    "time.sleep(601)",
    "sum(range(10**13))",
    "re.match('(a+)+$', 'a' * 40 + 'b')",
)


def beside(plugin: str, root: Path) -> list[str]:
    """The command of an envdoctor that has this plugin beside it."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", root], check=True)
    site = next((root / "lib").glob("python*/site-packages"))
    (site / "own.pth").write_text("\n".join(p for p in sys.path if p.endswith(("site-packages", "/checks", "/doctor"))))
    (site / "plugin.py").write_text(plugin)
    (site / "plugin-1.dist-info").mkdir()
    (site / "plugin-1.dist-info" / "entry_points.txt").write_text("[envdoctor.checks]\nZZZ = plugin\n")
    return [str(root / "bin/python"), "-m", "envdoctor", *FAR, "--select", "ZZZ"]


def plugin(place: str, body: str, mark: Path) -> str:
    """A plugin that does this when it is imported, in its probe or in its check, and says so before."""
    steps = {**dict.fromkeys(("IMPORT", "PROBE", "CHECK"), "pass"), place: f"open({str(mark)!r}, 'w').close(); {body}"}
    text = PLUGIN
    for name, step in steps.items():
        text = text.replace(name, step)
    return text


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("place", ["IMPORT", "PROBE", "CHECK"])
def test_while_a_plugin_computes(place: str, body: str, tmp_path: Path) -> None:
    command = beside(plugin(place, body, tmp_path / "asked"), tmp_path / "environment")
    assert interrupted(command, lambda _: (tmp_path / "asked").exists(), tmp_path) == (130, "")


def test_what_was_asked_beside_a_plugin_does_not_stay(tmp_path: Path) -> None:
    """The plugin computes in C from the moment in which a program has begun that outlives its asker."""
    program = tmp_path / "bin" / "python"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\ntrap '' INT TERM\ntouch {tmp_path}/asked\nsleep 601\nsleep 601\n")
    program.chmod(0o755)
    waits = f"[time.sleep(0.01) for _ in iter(lambda: os.path.exists('{tmp_path}/asked'), True)]"
    body = f"{waits}; open('{tmp_path}/computing', 'w').close(); sum(range(10**13))"
    command = beside(plugin("PROBE", body, tmp_path / "begun"), tmp_path / "environment")
    assert interrupted(command, lambda _: (tmp_path / "computing").exists(), tmp_path) == (130, "")
    asked = [process for process in psutil.process_iter(["cmdline"]) if str(program) in (process.info["cmdline"] or ())]
    assert asked == []


@pytest.mark.skipif(os.geteuid() != 0 or not os.access("/dev/fuse", os.W_OK), reason="only root may mount")
@pytest.mark.parametrize("silent", ["everything", "files"])
def test_while_a_mount_is_silent(silent: str, tmp_path: Path) -> None:
    (tmp_path / "silent").mkdir()
    script = [sys.executable, silent_mount.__file__, str(tmp_path / "silent"), str(tmp_path), silent]
    env = ["env", "-i", f"HOME={tmp_path}/silent", f"PATH={SYSTEM_PATH}"]
    signalled = ["timeout", "--preserve-status", "-s", "INT", "1"]
    done = subprocess.run([*script, *signalled, *env, COMMAND, *FAR], capture_output=True, timeout=ENOUGH, check=False)
    assert done.returncode == 130
