"""What is a Python, as it sees itself, and what is said of one that gives no answer?"""

from __future__ import annotations

import enum
import os

from envdoctor.engine.fact import Fact
from envdoctor.facts.python.startup_faults import StartupFault

PACKAGE_DIRECTORIES = ("site-packages", "dist-packages")


class Pip(Fact, frozen=True):
    """The pip that `python -m pip` runs.

    Attributes:
        location: the directory on `sys.path` that holds it.
        version: its version; None if its source does not say.
    """

    location: str
    version: str | None


class Inside(Fact, frozen=True, kw_only=True):
    """What an interpreter says of itself: the answer of `_query_script.py`."""

    version: tuple[int, int, int]
    level: str
    build: str
    implementation: str
    executable: str
    prefix: str
    base_prefix: str
    exec_prefix: str
    stdlib: str
    purelib: str
    platlib: str
    sys_path: tuple[str, ...]
    sees_user_site: bool
    user_base: str
    user_site: str
    externally_managed: str | None
    platform: str
    machine: str | None
    multiarch: str | None
    libc: str | None
    extension_suffix: str | None
    free_threaded: bool
    pointer_bits: int
    pip: Pip | None
    pip_lacks: str | None = None
    bundles_pip: bool = True
    compiled_in: tuple[str, ...] = ()


class Interpreter(Inside, frozen=True, kw_only=True):
    """One Python of one environment, as it sees itself in a clean environment.

    Attributes:
        version: major, minor, micro.
        level: `final`, `candidate`, `beta` or `alpha`.
        build: `sys.version`, which names who built it and with what.
        implementation: `cpython`, `pypy`, `graalpy`.
        executable: `sys.executable`.
        prefix: `sys.prefix`.
        base_prefix: `sys.base_prefix`.
        exec_prefix: `sys.exec_prefix`.
        stdlib: the directory of its standard library.
        purelib: where pip installs pure packages.
        platlib: where pip installs packages with extension modules.
        sys_path: `sys.path` without the session's doing: no `PYTHONPATH`, no user site, no working directory.
        sees_user_site: whether the user's packages are visible too, unless something in the session hides them.
        user_base: where `pip install --user` installs, unless `PYTHONUSERBASE` says otherwise.
        user_site: the directory of packages below it.
        externally_managed: the marker file that tells pip to keep off; a virtual environment is not bound by it.
        platform: `sys.platform`.
        machine: the architecture as the system calls it, `x86_64`.
        multiarch: the target it was built for, `x86_64-linux-gnu`; None where it does not say.
        libc: `glibc 2.36`; None for another C library.
        extension_suffix: what the files of its extension modules end in, `.cpython-311-x86_64-linux-gnu.so`.
        free_threaded: whether it was built without the global lock.
        pointer_bits: 32 or 64.
        pip: the pip that `python -m pip` runs; None if it has none that can start.
        pip_lacks: the module without which the pip that it has cannot start, `pip._internal`.
        bundles_pip: whether `python -m ensurepip` would give it one.
        compiled_in: the modules inside of the interpreter itself, which no file can hide; empty in an old recording.
        path: how it was called, links not resolved.
        asked_as: every path, `path` first, that leads to the same file in the same directory.
        root: `prefix` with all links resolved: the environment's identity.
        base_root: the same of `base_prefix`.
        is_conda: whether its prefix is a conda environment.
        writable: whether this user may install into `purelib`.
        in_session_only: whether it starts with the session's variables only, and not in a clean environment.
        reached_by: the script or shim that leads to it; None if it is called for by itself.
        startup_faults: the lines of `.pth` files, and the `sitecustomize`, that fail or print whenever it starts.
    """

    path: str
    asked_as: tuple[str, ...]
    root: str
    base_root: str
    is_conda: bool = False
    writable: bool = True
    in_session_only: bool = False
    reached_by: str | None = None
    startup_faults: tuple[StartupFault, ...] = ()

    @property
    def bin(self) -> str:
        """The directory that it was called in."""
        return os.path.dirname(self.path)

    @property
    def is_venv(self) -> bool:
        """Whether it is the Python of a virtual environment."""
        return self.prefix != self.base_prefix

    @property
    def minor(self) -> str:
        """`3.11`."""
        return "{}.{}".format(*self.version)

    @property
    def environment(self) -> tuple[str, str]:
        """What tells its environment from others: what one Python of it installs, the others import."""
        return self.root, self.minor

    @property
    def version_text(self) -> str:
        """`3.11.7`."""
        return "{}.{}.{}".format(*self.version)

    @property
    def site_packages(self) -> tuple[str, ...]:
        """The directories of installed packages that are on its `sys.path`."""
        return tuple(entry for entry in self.sys_path if os.path.basename(entry) in PACKAGE_DIRECTORIES)


class FailureKind(enum.Enum):
    """Why an interpreter gave no answer."""

    FAILED = "failed"
    TIMED_OUT = "timed out"
    NOT_EXECUTABLE = "not executable"
    MISSING = "missing"
    REFUSED = "refused"


class Failure(Fact, frozen=True):
    """An interpreter that gave no answer.

    Attributes:
        path: how it was called.
        kind: why.
        detail: what the system or its own last words say, at most a few lines.
        asked_as: every path, `path` first, that leads to the same file in the same directory.
    """

    path: str
    kind: FailureKind
    detail: str
    asked_as: tuple[str, ...] = ()
