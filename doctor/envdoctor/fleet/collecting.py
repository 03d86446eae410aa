"""Reports of machines into a directory: one file a machine, or why there is none."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence

import msgspec

from envdoctor.fleet.documents import read, report_in
from envdoctor.fleet.gathering import Tell
from envdoctor.fleet.reaching import Way, ask, command_line
from envdoctor.fleet.replies import Reply
from envdoctor.fleet.sources import FAILED
from envdoctor.report.recording import BadRecording
from envdoctor.system.files import Unreadable, read_bytes
from envdoctor.system.writing import write_document
from envdoctor.text import limits
from envdoctor.text.visible import visible

REPORT = ".json"


class Round(msgspec.Struct, frozen=True):
    """How machines are asked.

    Attributes:
        directory: where their reports go.
        program: what is run there.
        way: how they are reached.
        again: whether those are asked too whose whole report is there.
    """

    directory: str
    program: str = "envdoctor"
    way: Way = Way()
    again: bool = False


class Collected(msgspec.Struct, frozen=True):
    """What was done.

    Attributes:
        asked: the machines whose report was not there.
        note: why some of them were asked without their gateway; empty where none was.
    """

    asked: tuple[str, ...]
    note: str = ""


def collect(nodes: Sequence[str], how: Round, tell: Tell) -> Collected:
    """Ask the machines whose report is not there. Raises OSError, ExtraMissing, NoWay."""
    os.makedirs(how.directory, mode=0o700, exist_ok=True)
    wanted = [node for node in nodes if how.again or not _is_there(how.directory, node)]
    done = 0

    def told(node: str, reply: Reply) -> None:
        nonlocal done
        done += 1
        tell("asking machines", done, len(wanted))
        _keep(how, node, reply)

    if not wanted:
        return Collected(())
    tell("asking machines", 0, len(wanted))
    note = ask(wanted, command_line(how.program, keyed=bool(how.way.given)), told, how.way)
    return Collected(tuple(wanted), note)


def _is_there(directory: str, node: str) -> bool:
    """Whether a machine's whole report was collected before."""
    path = os.path.join(directory, f"{node}{REPORT}")
    try:
        read(read_bytes(path, limits.RECORDING), path)
    except (Unreadable, BadRecording):
        return False
    return True


def _keep(how: Round, node: str, reply: Reply) -> None:
    """Write the report of a machine, or why there is none. An older report stays until a whole one is there."""
    report, failed = (os.path.join(how.directory, f"{node}{ending}") for ending in (REPORT, FAILED))
    reason = reply.failure(how.way.timeout)
    content = report_in(bytes(reply.output))
    if not reason:
        try:
            read(content, node)
        except BadRecording as error:
            reason = f"no report: {str(error).removeprefix(f'{node}: ')}"
    if reason:
        write_document(failed, f"{visible(reason)}\n")
        return
    write_document(report, content.decode("utf-8", "replace"))
    with contextlib.suppress(FileNotFoundError):
        os.unlink(failed)
