from __future__ import annotations

from contextlib import nullcontext

import pytest
from ClusterShell.Worker.EngineClient import EngineClientEOF

from envdoctor.fleet import bounding
from envdoctor.fleet.bounding import bounded


class Process:
    killed = False

    def kill(self) -> None:
        self.killed = True


class Client:
    def __init__(self, command: str, key: object) -> None:
        self.command, self.key, self.popen = command, key, Process()

    def _read(self, _stream: str, size: int = 4) -> bytes:
        return b"x" * size


class Worker:
    SHELL_CLASS = Client


@pytest.mark.parametrize(
    ("command", "key", "killed"),
    [("ask", "m1", True), ("ask", frozenset({"m1", "m2"}), False), ("python -m ClusterShell.Gateway", "g1", False)],
)
def test_only_what_a_machine_prints_is_bounded_and_by_how_many_are_asked_at_once(
    monkeypatch: pytest.MonkeyPatch, command: str, key: object, *, killed: bool
) -> None:
    monkeypatch.setattr(bounding, "MOST", 10)
    client = bounded(Worker, "ask").SHELL_CLASS(command, key)
    assert [client._read("stdout", 4) for _ in range(2)] == [b"xxxx", b"xxxx"]
    assert not client.popen.killed
    with pytest.raises(EngineClientEOF) if killed else nullcontext():
        client._read("stderr", 4)
    assert client.popen.killed is killed


def test_a_worker_without_processes_of_its_own_stays_as_it_is() -> None:
    assert bounded(Process, "ask") is Process
