"""A program with a library of its own, and directories that hold others of that name."""

from __future__ import annotations

from pathlib import Path

from tests.native import make_library, make_program

OWN = ["-Wl,--enable-new-dtags", "-Wl,-rpath,$ORIGIN/../own"]


class LibraryLab:
    """A `git` that needs `libz.so.1` in the versions Z_1 and Z_2, found by its RUNPATH."""

    def __init__(self, root: Path) -> None:
        self.root = root
        own = make_library(
            root / "own" / "libz.so.1", ["pack", "unpack"], versions={"Z_1": ["pack"], "Z_2": ["unpack"]}
        )
        self.git = make_program(root / "bin" / "git", calls=["pack", "unpack"], needs=[own], flags=OWN)
