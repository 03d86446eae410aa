from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ClusterShell import Task

from envdoctor.fleet import bounding, reaching
from envdoctor.fleet.reaching import NoWay, Way, ask, command_line
from envdoctor.fleet.replies import STDERR, Reply
from envdoctor.text import limits


@pytest.mark.tools
@pytest.mark.parametrize("shell", ["sh", "bash", "fish", "tcsh"])
def test_every_login_shell_runs_the_same(tmp_path: Path, shell: str) -> None:
    program = tmp_path / "a program's"
    program.write_text('#!/bin/sh\necho "$@"\n')
    program.chmod(0o755)
    environment = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [shell, "-c", command_line(str(program))], env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout == "check --share --format json\n"
    missing = subprocess.run([shell, "-c", command_line("no-such")], env=environment, capture_output=True, check=False)
    assert missing.returncode == 127
    assert "--format json --pseudonym-key-file - | head" in command_line("x", keyed=True)


@pytest.fixture
def ssh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Writes the script that answers instead of ssh, as each machine would."""
    (tmp_path / "settings").mkdir()
    monkeypatch.setenv("CLUSTERSHELL_CFGDIR", str(tmp_path / "settings"))
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    def write(answers: str) -> None:
        script = tmp_path / "ssh"
        script.write_text(f"#!/bin/bash\nwhile [ $# -gt 2 ]; do shift; done\ncase $1 in {answers} esac\n")
        script.chmod(0o755)

    return write


def asked(*nodes: str, way: Way) -> tuple[dict[str, Reply], str]:
    """What came from each, and why some were asked without their gateway."""
    replies: dict[str, Reply] = {}

    def told(node: str, reply: Reply) -> None:
        assert node not in replies
        replies[node] = reply

    return replies, ask(nodes, "x", told, way)


@pytest.mark.tools
def test_replies_of_many_machines_are_apart(ssh: Callable[[str], None]) -> None:
    ssh('m1) printf "a\\nb";; m2) cat;; m3) echo no >&2; exit 255;;')
    replies, note = asked("m1", "m2", "m3", way=Way(fanout=4, given=b"a key"))
    assert bytes(replies["m1"].output) == b"a\nb\n"
    assert bytes(replies["m2"].output) == b"a key\n"
    assert replies["m3"].failure(9) == "unreachable: no"
    assert note == ""


@pytest.mark.tools
def test_who_floods_is_silent_or_sends_anything_is_named_and_the_others_are_heard(
    ssh: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No flood ends by itself, or has a line that ends: but for the bound it would last until the time is up."""
    monkeypatch.setattr(limits, "RECORDING", 5000)
    monkeypatch.setattr(bounding, "MOST", 100_000)
    ssh(
        r"m1) echo {};; m2) yes | tr -d '\n';; m3) yes | tr -d '\n' >&2;; m4) yes;;"
        r" m5) printf '\x00\xff\x01{';; m6) printf '{\n'; exec sleep 300;;"
    )
    replies, _ = asked("m1", "m2", "m3", "m4", "m5", way=Way(timeout=300))
    flood = "no report: it printed more than 5,000 bytes"
    expected = {"m1": "", **dict.fromkeys(("m2", "m3", "m4"), flood), "m5": ""}
    assert {node: reply.failure(300) for node, reply in replies.items()} == expected
    assert all(len(reply.output) <= 5001 and len(reply.complaint) <= STDERR for reply in replies.values())
    replies, _ = asked("m6", way=Way(timeout=2))
    assert replies["m6"].failure(2) == "timed out after 2 s, in the middle of its report"


@pytest.mark.tools
@pytest.mark.parametrize("gateway", ["exit 1", "exec sleep 300"])
def test_machines_are_asked_without_a_gateway_that_ends_or_is_silent(
    tmp_path: Path, ssh: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, gateway: str
) -> None:
    monkeypatch.setattr(reaching, "GRACE", 0.5)
    monkeypatch.setattr(Task, "_getshorthostname", lambda: "here")
    monkeypatch.setattr(Task.Task, "TOPOLOGY_CONFIGS", [str(tmp_path / "topology.conf")])
    (tmp_path / "topology.conf").write_text("[routes]\nhere: g1\ng1: m[1-2]\n")
    ssh(f"g1) {gateway};; m1) echo {{}};; m2) exit 255;;")
    replies, note = asked("m1", "m2", way=Way(timeout=2))
    assert {node: reply.failure(2) for node, reply in replies.items()} == {"m1": "", "m2": "unreachable"}
    assert note


def test_half_a_reply_by_a_gateway_that_failed_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    def half(hearing: Any, _command: str, _way: Way, *, tree: bool | None) -> str:
        if tree is None:
            hearing.waiting["m1"].take(b"half", is_complaint=False)
        return "" if tree is False else "no route"

    monkeypatch.setattr(reaching, "_round", half)
    replies, note = asked("m1", way=Way())
    assert (bytes(replies["m1"].output), replies["m1"].failure(1), note) == (b"", "unreachable: no route", "no route")


def test_a_configuration_that_cannot_be_used_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Task.Task, "TOPOLOGY_CONFIGS", [str(tmp_path / "topology.conf")])
    (tmp_path / "topology.conf").write_text("[routes]\nelsewhere: g1\n")
    with pytest.raises(NoWay, match="not a valid root node"):
        asked("m1", way=Way())


@pytest.mark.tools
def test_without_ssh_every_machine_is_named_and_who_cannot_take_a_reply_ends_it(
    tmp_path: Path, ssh: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_node: str, _reply: Reply) -> None:
        raise OSError("the disk is full")

    ssh("m1) echo {};;")
    with pytest.raises(OSError, match="the disk is full"):
        ask(("m1",), "x", refuse, Way())
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    replies, _ = asked("m1", "m2", way=Way())
    assert [reply.failure(1) for reply in replies.values()] == ["unreachable", "unreachable"]
