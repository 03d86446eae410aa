"""What does envdoctor write to, where the shell has closed its streams, the reader leaves or the disk is full?

Imported before anything may be written: it imports nothing but what Python has loaded.
"""

from __future__ import annotations

import io
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing_extensions import Buffer


class Output(io.FileIO):
    """A stream that never fails: a reader who has left, as in `envdoctor | head -1`, has seen enough.

    Attributes:
        problem: why something else could not be written; None if all went well.
    """

    problem: OSError | None = None

    def write(self, data: Buffer) -> int:
        """Write what can be written, and claim that it was all."""
        import select

        supervision = sys.modules.get("envdoctor.system.supervision")
        if supervision and self.fileno() != 2:
            supervision.writes()
        if self.problem is None:
            try:
                while (written := super().write(data)) is None:  # a pipe that is full and does not block
                    select.select((), (self,), ())
            except BrokenPipeError:
                pass
            except OSError as error:
                self.problem = error
            else:
                return written
        return memoryview(data).nbytes


def open_streams() -> Output:
    """Open the streams of this process, also where the shell has closed them, and return that of the document."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free, which is this one
            os.set_inheritable(descriptor, True)  # noqa: FBT003 - the function takes it by place only
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - it stays open to the end
    output, errors = Output(_kept_for_the_document(), "wb", closefd=False), Output(2, "wb", closefd=False)
    sys.stdout, sys.stderr = _text(output, by_line=output.isatty()), _text(errors, by_line=True)
    return output


def _kept_for_the_document() -> int:
    """A descriptor of stdout that nobody else knows: what a plugin writes to the usual one is no report."""
    try:
        kept = os.dup(1)
        os.dup2(2, 1, inheritable=False)
    except OSError:
        return 1
    return kept


def _text(raw: Output, *, by_line: bool) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BufferedWriter(raw), encoding="utf-8", errors="backslashreplace", line_buffering=by_line)
