"""Machines asked for their reports by ClusterShell: fan-out, tree, ssh or another worker are as configured there."""

from __future__ import annotations

import contextlib
import shlex
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from envdoctor.fleet import extra
from envdoctor.system.child_processes import marking
from envdoctor.text import limits

# The login shell of the account may be any; two quoted words are the same in all of them.
LOGIN = 'if command -v bash >/dev/null 2>&1; then exec bash -lc "$0"; else exec sh -lc "$0"; fi'
NOT_INSTALLED, UNREACHABLE = 127, 255
STDERR = 2_000
"""Bytes of what a machine complains about that are kept."""


class Reply(msgspec.Struct):
    """What came from a machine.

    Attributes:
        output: what was printed, up to the limit of a report.
        complaint: the beginning of what was printed on standard error.
        status: how the command ended; None where it did not.
        timed_out: whether it was ended because it took too long.
    """

    output: bytearray = msgspec.field(default_factory=bytearray)
    complaint: bytearray = msgspec.field(default_factory=bytearray)
    status: int | None = None
    timed_out: bool = False

    def failure(self, seconds: float) -> str:
        """Why there can be no report in it; empty if there may be one."""
        lines = bytes(self.complaint).decode("utf-8", "replace").strip().splitlines()
        said = f": {lines[-1].strip()}" if lines else ""
        if self.timed_out:
            return f"timed out after {seconds:g} s"
        if self.status == NOT_INSTALLED:
            return "not installed: a login shell finds no envdoctor there"
        if self.status == UNREACHABLE:
            return f"unreachable{said}"
        if len(self.output) > limits.RECORDING:
            return f"no report: larger than {limits.RECORDING:,} bytes"
        return "" if self.output.strip() else f"no report{said}"


Told = Callable[[str, Reply], None]


def command_line(program: str, *, keyed: bool = False) -> str:
    """What is run on a machine: envdoctor in a login shell, its output bounded there."""
    words = f"check --share --format json{' --pseudonym-key-file -' if keyed else ''}"
    quoted = shlex.quote(program)
    asked = (
        f"command -v {quoted} >/dev/null 2>&1 || exit {NOT_INSTALLED}; "
        f"{quoted} {words} | head -c {limits.RECORDING + 1}"
    )
    return f"sh -c {shlex.quote(LOGIN)} {shlex.quote(asked)}"


class Way(msgspec.Struct, frozen=True):
    """How machines are reached.

    Attributes:
        fanout: how many at once; None for what is configured in ClusterShell.
        ssh_options: further words for ssh, as `ssh_options` of `clush.conf`.
        timeout: seconds that one may take.
        given: what the command reads from its standard input.
    """

    fanout: int | None = None
    ssh_options: str = ""
    timeout: float = 120.0
    given: bytes = b""


def ask(nodes: Sequence[str], command: str, told: Told, way: Way) -> None:
    """Run a command on all machines, and tell each reply as soon as it is whole. Raises ExtraMissing."""
    task_module, event = extra.module("ClusterShell.Task"), extra.module("ClusterShell.Event")
    node_set = extra.module("ClusterShell.NodeSet")
    replies: dict[str, Reply] = {}

    def read(_handler: object, _worker: object, node: str, stream: str, line: bytes) -> None:
        reply = replies.setdefault(node, Reply())
        kept, most = (reply.complaint, STDERR) if stream == "stderr" else (reply.output, limits.RECORDING + 1)
        kept += (line + b"\n")[: most - len(kept)]

    def hung_up(_handler: object, _worker: object, node: str, status: int | None) -> None:
        reply = replies.pop(node, None) or Reply()
        reply.status = status
        told(node, reply)

    def closed(_handler: object, worker: Any, _timed_out: object) -> None:  # noqa: ANN401 - without types
        for node in [*worker.iter_keys_timeout()] if hasattr(worker, "iter_keys_timeout") else task.iter_keys_timeout():
            reply = replies.pop(node, None) or Reply()
            reply.timed_out = True
            told(node, reply)

    methods = {"ev_read": read, "ev_hup": hung_up, "ev_close": closed}
    handler = type("Handler", (event.EventHandler,), methods)()
    task = task_module.task_self()
    for kept in ("stdout_msgtree", "stderr_msgtree"):  # all output, in memory
        task.set_default(kept, False)  # noqa: FBT003 - its way
    if way.fanout is not None:
        task.set_info("fanout", way.fanout)
    if way.ssh_options:
        task.set_info("ssh_options", way.ssh_options)
    with marking(), contextlib.ExitStack() as stack:
        stack.callback(task.abort, kill=True)
        worker = task.shell(
            command,
            nodes=node_set.NodeSet.fromlist(nodes),
            handler=handler,
            stderr=True,
            stdin=bool(way.given),
            timeout=way.timeout,
        )
        if way.given:
            worker.write(way.given)
            worker.set_write_eof()
        task.resume()
