"""A worker of ClusterShell that ends a machine's command once it prints more than any report is long.

ClusterShell keeps a line in memory until it ends, and a line need not end.
"""

from __future__ import annotations

from typing import Any

from envdoctor.fleet import extra
from envdoctor.text import limits

MOST = limits.RECORDING + 100_000
"""Bytes from a machine: a report, and what a login shell may say beside it."""


def bounded(worker: Any, command: str) -> Any:  # noqa: ANN401 - without types
    """The kind of worker, with a bound on what this command prints. A way to a gateway carries many and has none."""
    client = getattr(worker, "SHELL_CLASS", None)
    if client is None:  # it starts no process for a machine
        return worker
    ended = extra.module("ClusterShell.Worker.EngineClient").EngineClientEOF

    def read(self: Any, stream: str, size: int = 65_536) -> bytes:  # noqa: ANN401 - the same
        content: bytes = client._read(self, stream, size)  # noqa: SLF001 - the only place where all bytes pass
        self.came = getattr(self, "came", 0) + len(content)
        machines = 1 if isinstance(self.key, str) else len(self.key)  # pdsh asks many by one process
        if self.command == command and self.came > MOST * machines:
            self.popen.kill()
            raise ended  # no more is read from this stream, whoever else writes to it
        return content

    return type(worker.__name__, (worker,), {"SHELL_CLASS": type(client.__name__, (client,), {"_read": read})})
