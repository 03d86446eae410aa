"""A real shell that stays open between commands, as a user's does: what one line changes, the next one sees."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

# fish reads all of a script before it runs the first line, so it is given a loop that takes one block at a time
TAKE_BLOCKS = "while read --null --local block; eval $block; end"
QUIET: Mapping[str, Sequence[str]] = {
    "bash": ("--norc", "--noprofile"),
    "zsh": ("-f",),
    "fish": ("--no-config", "-c", TAKE_BLOCKS),
    "sh": (),
}
END = "\x1e"


class Done(NamedTuple):
    """What came of a line typed into the shell."""

    status: int
    stdout: str
    stderr: str


class LiveShell:
    """A shell process that takes lines one by one.

    Args:
        name: bash, zsh, fish or sh.
        env: its whole environment.
        cwd: where it starts.
        scratch: an empty directory for the outputs.
        arguments: options, if not those that skip every start-up file.
    """

    def __init__(
        self, name: str, env: Mapping[str, str], cwd: Path, scratch: Path, arguments: Sequence[str] | None = None
    ) -> None:
        self.name = name
        self._out, self._err = scratch / "stdout", scratch / "stderr"
        self._process = subprocess.Popen(
            [name, *(QUIET[name] if arguments is None else arguments)],
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            errors="surrogateescape",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def run(self, line: str) -> Done:
        """Type a line (or several) and wait for its end."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        opening, closing, status = ("begin", "end", "$status") if self.name == "fish" else ("{", "}", "$?")
        block = f"{opening}\n{line}\n{closing} >{self._out} 2>{self._err} </dev/null\n"
        separator = "\0" if self.name == "fish" else "\n"
        self._process.stdin.write(f"{block}/usr/bin/printf '{END}%s\\n' {status}{separator}")
        self._process.stdin.flush()
        for answer in self._process.stdout:
            if answer.startswith(END):
                break
        else:
            raise AssertionError(f"the shell ended: {self._read(self._err)}")
        return Done(int(answer.strip(END + os.linesep)), self._read(self._out), self._read(self._err))

    @staticmethod
    def _read(file: Path) -> str:
        return file.read_text(encoding="utf-8", errors="surrogateescape") if file.exists() else ""
