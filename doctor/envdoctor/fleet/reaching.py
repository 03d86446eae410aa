"""Machines asked for their reports by ClusterShell: fan-out, tree, ssh or another worker are as configured there."""

from __future__ import annotations

import contextlib
import os
import shlex
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from envdoctor.fleet import extra
from envdoctor.fleet.bounding import bounded
from envdoctor.fleet.replies import NOT_INSTALLED, Reply
from envdoctor.system.child_processes import marking
from envdoctor.text import limits

# The login shell of the account may be any; two quoted words are the same in all of them. What start-up files print
# is no part of the report.
LOGIN = 'if command -v bash >/dev/null 2>&1; then exec bash -lc "$0" 3>&1 >&2; else exec sh -lc "$0" 3>&1 >&2; fi'
GRACE = 60.0
"""Seconds beyond what one machine may take, after which a gateway is given up: ClusterShell would wait on."""

Told = Callable[[str, Reply], None]


class NoWay(Exception):  # noqa: N818 - the configuration is wrong, not the program
    """ClusterShell cannot work as it is configured. The message says why."""


class Silent(Exception):  # noqa: N818 - how a round is ended
    """No machine has answered for longer than one may take."""


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


def command_line(program: str, *, keyed: bool = False) -> str:
    """What is run on a machine: envdoctor in a login shell, its output bounded there."""
    words = f"check --share --format json{' --pseudonym-key-file -' if keyed else ''}"
    quoted = shlex.quote(program)
    asked = (
        f"command -v {quoted} >/dev/null 2>&1 || exit {NOT_INSTALLED}; "
        f"{quoted} {words} | head -c {limits.RECORDING + 1} >&3"
    )
    return f"sh -c {shlex.quote(LOGIN)} {shlex.quote(asked)}"


def ask(nodes: Sequence[str], command: str, told: Told, way: Way) -> str:
    """Run a command on all machines, and tell each reply as soon as it is whole. Raises ExtraMissing and NoWay.

    Machines whose gateway fails are asked without it. Returns why; empty where none did.
    """
    hearing = _Hearing(nodes, told)
    why = _round(hearing, command, way, tree=None)
    if why and hearing.waiting:
        hearing.start_over()
        again = _round(hearing, command, way, tree=False)
        hearing.give_up(again or why)
    return why


def _round(hearing: _Hearing, command: str, way: Way, *, tree: bool | None) -> str:
    """Ask the machines that have not answered. Returns what kept some from it. Raises NoWay."""
    task_module, event = extra.module("ClusterShell.Task"), extra.module("ClusterShell.Event")
    node_set = extra.module("ClusterShell.NodeSet")
    handler = type("Handler", (event.EventHandler,), hearing.methods())()
    with marking(), contextlib.ExitStack() as stack:
        try:
            task = task_module.task_self()
            stack.callback(task.abort, kill=True)
            _set_up(task, command, way)
            worker = task.shell(
                command,
                nodes=node_set.NodeSet.fromlist(sorted(hearing.waiting)),
                handler=handler,
                stderr=True,
                stdin=bool(way.given),
                timeout=way.timeout,
                tree=tree,
            )
        except Exception as error:  # its errors have no class in common
            raise NoWay(f"ClusterShell cannot work as it is configured: {error}") from error
        hearing.timer = task.timer(way.timeout + GRACE, handler, autoclose=True)
        hearing.patience = way.timeout + GRACE
        if way.given:
            worker.write(way.given)
            worker.set_write_eof()
        try:
            task.resume()
        except Exception as error:  # the same
            if error is hearing.refused:
                raise
            return str(error) or type(error).__name__
    return "the gateway ended" if hearing.waiting else ""


def _set_up(task: Any, command: str, way: Way) -> None:  # noqa: ANN401 - without types
    for kept in ("stdout_msgtree", "stderr_msgtree"):  # all output, in memory
        task.set_default(kept, False)  # noqa: FBT003 - its way
    task.set_default("distant_worker", bounded(task.default("distant_worker"), command))
    if way.fanout is not None:
        task.set_info("fanout", way.fanout)
    if way.ssh_options:
        task.set_info("ssh_options", way.ssh_options)


class _Hearing:
    """What is heard of each machine that has not ended yet.

    Attributes:
        waiting: what has come from each so far.
        refused: why a reply could not be taken.
        timer: fires when no machine ends any more.
        patience: after how many seconds.
    """

    def __init__(self, nodes: Sequence[str], told: Told) -> None:
        self.waiting = {node: Reply() for node in nodes}
        self.refused: Exception | None = None
        self.timer: Any = None
        self.patience = 0.0
        self._told = told

    def methods(self) -> dict[str, Callable[..., None]]:
        """Those of a handler of events."""

        def read(_handler: object, _worker: object, node: str, stream: str, line: bytes) -> None:
            if node in self.waiting:  # else a gateway
                self.waiting[node].take(line, is_complaint=stream == "stderr")

        def hung_up(_handler: object, _worker: object, node: str, status: int | None) -> None:
            if status == os.EX_PROTOCOL and node in self.waiting:  # its gateway is gone, not the machine
                self.waiting[node] = Reply()
            else:
                self._ended(node, status=status)

        def closed(_handler: object, worker: Any, _timed_out: object) -> None:  # noqa: ANN401 - without types
            for node in [*worker.iter_keys_timeout()]:
                self._ended(node, timed_out=True)

        def fired(_handler: object, _timer: object) -> None:
            raise Silent(f"no machine has answered for {self.patience:g} s")

        return {"ev_read": read, "ev_hup": hung_up, "ev_close": closed, "ev_timer": fired}

    def start_over(self) -> None:
        """Forget what has come from machines that have not ended."""
        self.waiting = {node: Reply() for node in self.waiting}

    def give_up(self, why: str) -> None:
        """Tell of the machines that are left why nothing will come from them."""
        for node in [*self.waiting]:
            self._ended(node, lost=f"unreachable: {why}")

    def _ended(self, node: str, *, status: int | None = None, timed_out: bool = False, lost: str = "") -> None:
        reply = self.waiting.pop(node, None)
        if reply is None:
            return
        reply.status, reply.timed_out, reply.lost = status, timed_out, lost
        if self.timer is not None and self.timer.is_valid():
            self.timer.set_nextfire(self.patience)
        try:
            self._told(node, reply)
        except Exception as error:
            self.refused = error
            raise
