"""A lab of real libraries, extension modules and a Python that uses them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from envdoctor.facts.python.active import ActivePython
from envdoctor.system.session import Session
from tests.builders import make_active_python
from tests.native import make_program
from tests.support import make_session

OLD_TAGS = ["-Wl,--disable-new-dtags"]


class Lab:
    """A program that stands for a Python, in a prefix of its own, with site-packages."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.prefix = root / "env"
        self.packages = self.prefix / "lib" / "python3.11" / "site-packages"
        self.packages.mkdir(parents=True)
        self.executable = self.prefix / "bin" / "python"

    def python(self, *, needs: tuple[Path, ...] = (), flags: tuple[str, ...] = (), **more: Any) -> ActivePython:
        """The session's Python: a real program that needs these libraries."""
        if not self.executable.exists():
            make_program(self.executable, needs=needs, flags=flags)
        return make_active_python(str(self.prefix), executable=str(self.executable), **more)

    def session(self, library_path: str | Path | None = None, *, deep: bool = False, **env: str) -> Session:
        variables = {"LD_LIBRARY_PATH": str(library_path)} if library_path else {}
        return make_session({**variables, **env}, cwd=self.root, deep=deep)
