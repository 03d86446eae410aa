"""How is something installed into one certain Python, which may have no pip?"""

from __future__ import annotations

from envdoctor import Manual, Run
from envdoctor.facts.commands.commands import Hit
from envdoctor.facts.commands.resolve import ShimManager
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.project.project import ProjectManager
from envdoctor.facts.python.interpreters import Interpreter

# each manager makes a shim for a command only when it is told to look for new ones
RENEWING = {
    ShimManager.PYENV: Run("pyenv", "rehash"),
    ShimManager.ASDF: Run("asdf", "reshim", "python"),
    ShimManager.MISE: Run("mise", "reshim"),
}

# What installs from the lock what is not there, and removes nothing that the lock does not know; else it is `sync`.
SYNC = {ProjectManager.UV: ("sync", "--inexact"), ProjectManager.POETRY: ("install",)}


ENSURING = (("ensurepip",), ("venv",))
"""The modules of Python that need ensurepip, behind `python -m`."""


def synced(manager: ProjectManager, directory: str, *options: str) -> Run:
    """How the manager of a project installs what its lock has."""
    return Run(manager.value, *SYNC.get(manager, ("sync",)), *options, directory=directory)


def shims_renewed(hit: Hit | None) -> Run | None:
    """How the manager of a shim is told of a command that came to its Python; None for what is no shim."""
    return RENEWING.get(hit.manager) if hit and hit.manager else None


def installed(python: str, *what: str, with_uv: bool, has_pip: bool = True) -> tuple[Run, ...]:
    """The commands that install into this Python.

    Args:
        python: its path.
        what: the packages, or options such as `-r FILE`.
        with_uv: whether uv is to do it, which needs no pip there.
        has_pip: whether `python -m pip` runs; otherwise Python's own copy is put there first.
    """
    return _with(python, ("install", *what), ("install", *what), with_uv=with_uv, has_pip=has_pip)


def reinstalled(python: str, *packages: str, with_uv: bool, has_pip: bool = True) -> tuple[Run, ...]:
    """The commands that install packages again that are there."""
    by_uv = ("install", "--reinstall", *packages)
    by_pip = ("install", "--force-reinstall", "--no-deps", *packages)
    return _with(python, by_uv, by_pip, with_uv=with_uv, has_pip=has_pip)


def uninstalled(python: str, *packages: str, with_uv: bool, has_pip: bool = True) -> tuple[Run, ...]:
    """The commands that uninstall packages from this Python."""
    by_uv, by_pip = ("uninstall", *packages), ("uninstall", "--yes", *packages)
    return _with(python, by_uv, by_pip, with_uv=with_uv, has_pip=has_pip)


def _with(
    python: str, by_uv: tuple[str, ...], by_pip: tuple[str, ...], *, with_uv: bool, has_pip: bool
) -> tuple[Run, ...]:
    if with_uv:
        verb, *rest = by_uv
        return (Run("uv", "pip", verb, "--python", python, *rest),)
    install = Run(python, "-m", "pip", *by_pip)
    return (install,) if has_pip else (ensured(python), install)


def ensured(python: str) -> Run:
    """Give a Python the pip that came with it, which needs no network; as `pip` too, and not only as `pip3`."""
    return Run(python, "-m", "ensurepip", "--default-pip")


def pip_brought(python: Interpreter, *, uv: bool) -> tuple[Run | Manual, ...]:
    """The steps that give a Python a pip: its own copy, else that of uv, else that of the system's packages."""
    if python.bundles_pip:
        return (ensured(python.path),)
    if uv:
        return installed(python.path, "pip", with_uv=True)
    if not python.is_venv:
        return (Manual("Install pip with the system's package manager, on Debian: sudo apt install python3-pip"),)
    return prepared((ensured(python.path),), python.minor, bundled=False)


def prepared(steps: tuple[Run | Manual, ...], minor: str, *, bundled: bool) -> tuple[Run | Manual, ...]:
    """The steps, behind what ensurepip needs where one of them runs it and the distribution has split it off."""
    if bundled or not any(isinstance(step, Run) and step.argv[2:3] in ENSURING for step in steps):
        return steps
    text = f"First install the system's package with ensurepip, on Debian: sudo apt install python{minor}-venv"
    return (Manual(text), *steps)


def made_by_venv(python: str, builders: Builders, *words: str) -> tuple[Run | Manual, ...]:
    """How a Python makes an environment with what it brings, or virtualenv where it lacks what puts a pip there."""
    minor = builders.split_minor(python)
    if minor and builders.virtualenv:
        return (Run("virtualenv", "-p", python, *words),)
    return prepared((Run(python, "-m", "venv", *words),), minor or "3", bundled=minor is None)


def is_uvs_turn(*, at_hand: bool, has_pip: bool, made_it: bool) -> bool:
    """Whether uv installs rather than pip: into what it has made, and where there is no pip."""
    return at_hand and (made_it or not has_pip)
