"""What came from a machine that was asked for its report."""

from __future__ import annotations

import msgspec

from envdoctor.text import limits

NOT_INSTALLED, UNREACHABLE = 127, 255
STDERR = 2_000
"""Bytes of what a machine complains about that are kept."""
SHOWN = 200
"""Characters of a complaint that are told."""


class Reply(msgspec.Struct):
    """What came from a machine.

    Attributes:
        output: what was printed, up to the limit of a report.
        complaint: the beginning of what was printed on standard error.
        came: how many bytes that were, on either.
        status: how the command ended; None where it did not.
        timed_out: whether it was ended because it took too long.
        lost: why nothing more can come from it; empty where that is not known.
    """

    output: bytearray = msgspec.field(default_factory=bytearray)
    complaint: bytearray = msgspec.field(default_factory=bytearray)
    came: int = 0
    status: int | None = None
    timed_out: bool = False
    lost: str = ""

    def take(self, line: bytes, *, is_complaint: bool) -> None:
        """Keep a line, as far as there is room for it."""
        self.came += len(line) + 1
        kept, most = (self.complaint, STDERR) if is_complaint else (self.output, limits.RECORDING + 1)
        room = most - len(kept)
        kept += line[:room] + b"\n" if len(line) < room else line[:room]

    def failure(self, seconds: float) -> str:
        """Why there can be no report in it; empty if there may be one."""
        lines = bytes(self.complaint).decode("utf-8", "replace").strip().splitlines()
        telling = [line for line in lines if "error" in line.lower()] or lines
        said = f": {telling[-1].strip()[:SHOWN]}" if telling else ""
        if self.lost:
            return self.lost
        if self.came > limits.RECORDING:
            return f"no report: it printed more than {limits.RECORDING:,} bytes"
        if self.timed_out:
            return f"timed out after {seconds:g} s{', in the middle of its report' if self.output else ''}"
        if self.status == NOT_INSTALLED:
            return "not installed: a login shell finds no envdoctor there"
        if self.status == UNREACHABLE:
            return f"unreachable{said}"
        return "" if self.output.strip() else f"no report{said}"
