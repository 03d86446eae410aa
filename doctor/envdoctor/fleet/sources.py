"""Where the reports lie: a directory with a file a machine, a file with a line a machine, or the standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from envdoctor.system.files import Unreadable, open_regular, read_bytes, read_head
from envdoctor.text import limits

STDIN = "-"
FAILED = ".failed"
"""How a file ends that says why a machine has given no report, as `envdoctor fleet collect` writes it."""
LINES = (".ndjson", ".jsonl")
ENDINGS = (".json", ".html", ".md", ".txt", ".report")
"""Endings that belong to no machine's name: `m1.example.org` keeps its own."""


class Input(msgspec.Struct, frozen=True):
    """What may be one machine's report.

    Attributes:
        origin: the file, or the file and the line.
        machine: the machine's name; None where the report itself has to tell it.
        content: the report; None where there is none.
        problem: why there is none.
        failed: whether the collector says so, and not this reader.
    """

    origin: str
    machine: str | None
    content: bytes | None = None
    problem: str = ""
    failed: bool = False


class NoSource(Exception):  # noqa: N818 - the user's word is wrong, not the program
    """There is nothing to read. The message says why."""


def inputs(source: str) -> Iterator[Input]:
    """Everything in a source, in the order of the names. Raises NoSource."""
    if source == STDIN:
        yield from _lines(sys.stdin.buffer, "line")
    elif os.path.isdir(source):
        yield from _in_directory(source)
    else:
        try:
            yield from _in_file(source)
        except Unreadable as error:
            raise NoSource(str(error)) from error


def size_of(source: str) -> int:
    """How many files a directory holds; 0 where that cannot be told beforehand."""
    return len(_names(source)) if source != STDIN and os.path.isdir(source) else 0


def machine_of(name: str) -> str:
    """The machine that a file is named for."""
    for ending in (FAILED, *ENDINGS):
        if name.endswith(ending) and name != ending:
            return name.removesuffix(ending)
    return name


def _names(directory: str) -> list[str]:
    try:
        return sorted(name for name in os.listdir(directory) if not name.startswith("."))
    except OSError as error:
        raise NoSource(f"{directory}: {error.strerror}") from error


def _in_directory(directory: str) -> Iterator[Input]:
    for name in _names(directory):
        path, machine = os.path.join(directory, name), machine_of(name)
        try:
            if name.endswith(LINES):
                yield from _in_file(path)
            elif name.endswith(FAILED):
                reason = read_head(path, limits.PATH_FILE).decode("utf-8", "replace").strip()
                yield Input(path, machine, problem=reason or "no reason is written down", failed=True)
            else:
                yield Input(path, machine, read_bytes(path, limits.RECORDING))
        except Unreadable as error:
            yield Input(path, machine, problem=error.reason)


def _in_file(path: str) -> Iterator[Input]:
    """The reports of a file: a line each, or the one that it is."""
    with open_regular(path) as descriptor, open(descriptor, "rb", closefd=False) as file:
        first = file.readline(limits.RECORDING + 1).strip()
        file.seek(0)
        if path.endswith(LINES) or (first.startswith(b"{") and first != b"{"):
            yield from _lines(file, path)
            return
    yield Input(path, machine_of(os.path.basename(path)), read_bytes(path, limits.RECORDING))


def _lines(file: BinaryIO, origin: str) -> Iterator[Input]:
    number = 0
    while content := file.readline(limits.RECORDING + 1):
        number += 1
        place = f"{origin}:{number}" if origin != "line" else f"line {number}"
        if len(content) > limits.RECORDING:
            while content and not content.endswith(b"\n"):
                content = file.readline(limits.RECORDING)
            yield Input(place, None, problem=f"larger than {limits.RECORDING:,} bytes")
        elif content.strip():
            yield Input(place, None, content)
