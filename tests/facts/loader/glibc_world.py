"""A lab in which the real loader and the foretold one are compared."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from envdoctor.facts.loader.glibc import Loader
from envdoctor.facts.loader.host import read_host
from envdoctor.facts.loader.process import Process
from tests.native import loaded, make_library, make_program

RPATH = "-Wl,--disable-new-dtags"


OTHER_CLASS, OTHER_MACHINE = (4, 1), (18, 183)


class Lab:
    """A program that needs libtop, which needs libc1 … and directories a, b, c with copies of the libraries."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.low = make_library(root / "made" / "liblow.so.1", ["low"])

    def top(self, name: str, *flags: str) -> Path:
        """A `libtop.so.1` that needs `liblow.so.1`, linked with these flags."""
        return make_library(self.root / name / "libtop.so.1", ["top"], calls=["low"], needs=[self.low], flags=flags)

    def program(self, top: Path, *flags: str) -> Path:
        """A program that needs `libtop.so.1`."""
        return make_program(self.root / "bin" / "program", calls=["top"], needs=[top], flags=flags)

    def put(self, directory: str, *, change: tuple[int, int] | None = None) -> Path:
        """A copy of `liblow.so.1` in this directory, one byte changed if asked."""
        target = self.root / directory / "liblow.so.1"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(self.low, target)
        if change:
            content = bytearray(target.read_bytes())
            content[change[0]] = change[1]
            target.write_bytes(content)
        return target

    def agree(self, program: Path, library_path: str | None = None, cwd: Path | str = "/") -> dict[str, str | None]:
        """What the loader takes: predicted, and asserted to be what the real one takes."""
        process = Loader(read_host(), library_path, str(cwd)).start(str(program))
        expected = loaded(program, library_path, cwd)
        assert predicted(process, expected) == normal(expected)
        return normal(expected)


def predicted(process: Process, asked: dict[str, str | None]) -> dict[str, str | None]:
    failed = {failure.name for failure in process.failures}
    paths = {name: process.names[name].path for name in asked if name in process.names and name not in failed}
    assert set(asked) == set(paths) | failed
    return normal({name: paths.get(name) for name in asked})


def normal(found: dict[str, str | None]) -> dict[str, str | None]:
    return {name: path and os.path.normpath(path) for name, path in found.items()}
