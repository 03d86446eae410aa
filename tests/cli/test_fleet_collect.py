from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from envdoctor.cli import fleet_collect
from envdoctor.cli.output import UsageProblem
from envdoctor.fleet.collecting import Collected
from tests.cli.command import ENVDOCTOR
from tests.fleet.world import content


@pytest.mark.parametrize(("nodes", "said"), [("m[1-", "m\\[1-"), ("../m1", "no name of a machine")])
def test_what_is_no_set_of_machines_is_a_wrong_call(tmp_path: Path, nodes: str, said: str) -> None:
    with pytest.raises(UsageProblem, match=said):
        fleet_collect.command.main([nodes, "--output", str(tmp_path)], standalone_mode=False)


def test_a_directory_that_cannot_be_written_into_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageProblem, match="cannot write into"):
        fleet_collect.command.main(["m1", "--output", str(tmp_path / "file")], standalone_mode=False)


def test_why_machines_were_asked_without_their_gateway_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "m1.json").write_bytes(content())
    monkeypatch.setattr(fleet_collect, "collect", lambda *_: Collected(("m1",), "no route to m1"))
    fleet_collect.command.main(["m1", "--output", str(tmp_path)], standalone_mode=False)
    assert "asked without it: no route to m1" in capsys.readouterr().err


@pytest.mark.parametrize(("gone", "name"), [("ClusterShell.NodeSet", "ClusterShell"), ("duckdb", "duckdb")])
def test_without_the_extra_one_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gone: str, name: str
) -> None:
    monkeypatch.setitem(sys.modules, gone, None)
    with pytest.raises(UsageProblem, match=rf"needs {name}.*install `python-envdoctor\[fleet\]`"):
        fleet_collect.command.main(["m1", "--output", str(tmp_path)], standalone_mode=False)


def has_ended(pid: int) -> bool:
    """Whether a process is gone, or waits for somebody to take note."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def eventually(holds: Callable[[], bool]) -> bool:
    """Whether something comes true within some seconds."""
    for _ in range(200):
        if holds():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.tools
def test_who_is_interrupted_leaves_no_ssh_behind(tmp_path: Path) -> None:
    ssh, started = tmp_path / "ssh", tmp_path / "started"
    ssh.write_text(f"#!/bin/sh\necho $$ > {started}.new && mv {started}.new {started}\nexec sleep 300\n")
    ssh.chmod(0o755)
    command = [str(ENVDOCTOR), "fleet", "collect", "m1", "--output", f"{tmp_path}/reports"]
    env = {"HOME": str(tmp_path), "PATH": f"{tmp_path}:/usr/bin:/bin"}
    with subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL) as run:
        while not started.exists() and run.poll() is None:
            time.sleep(0.05)
        run.terminate()
    assert run.returncode == 143
    left = int(started.read_text())
    assert eventually(lambda: has_ended(left))
