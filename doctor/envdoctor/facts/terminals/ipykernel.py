"""Does an environment have what a Jupyter kernel of its own needs? Read from the disk: its Python is not started."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator

from envdoctor.facts.venv.pyvenv_cfg import NAME, parse
from envdoctor.system.files import Unreadable, read_text
from envdoctor.system.session import Session
from envdoctor.text import limits

PACKAGE = "ipykernel"
MOST_PATH_FILES = 100


def lacks_ipykernel(session: Session, root: str) -> bool:
    """Whether an environment cannot start a kernel; False where packages may come from outside of it."""
    directories = site_packages(root)
    if not directories or _sees_others(root):
        return False
    if not os.path.exists(os.path.join(root, NAME)):  # a Python outside of virtual environments has a user site
        directories += glob.glob(f"{glob.escape(session.home or '/nonexistent')}/.local/lib/python3*/site-packages")
    added = (session.env.get("PYTHONPATH") or "").split(os.pathsep)
    return not _has(PACKAGE, [*directories, *_of_path_files(directories), *filter(os.path.isabs, added)])


def has_pip(root: str) -> bool:
    """Whether `python -m pip` runs in an environment."""
    return _has("pip", site_packages(root))


def site_packages(root: str) -> list[str]:
    """Where an environment keeps its packages; nothing for what is no environment."""
    is_environment = any(os.path.exists(os.path.join(root, mark)) for mark in (NAME, "conda-meta"))
    return sorted(glob.glob(f"{glob.escape(root)}/lib*/python3*/site-packages")) if is_environment else []


def _has(package: str, directories: Iterable[str]) -> bool:
    """Whether a package lies in one of the directories, or is installed there as a link to elsewhere."""
    for place in directories:
        if os.path.exists(os.path.join(place, package)) or glob.glob(f"{glob.escape(place)}/{package}-*.dist-info"):
            return True
    return False


def _sees_others(root: str) -> bool:
    """Whether an environment also imports what another has: the system's packages, or those that it extends."""
    path = os.path.join(root, NAME)
    if not os.path.exists(path):
        return False
    try:
        config = parse(path, read_text(path, limits.SMALL_FILE))
    except Unreadable:
        return True
    shares = config.get("include-system-site-packages")
    return (shares or "").lower() == "true" or config.get("extends-environment") is not None


def _of_path_files(directories: list[str]) -> Iterator[str]:
    """The directories that `.pth` files add."""
    for directory in directories:
        for path in sorted(glob.glob(f"{glob.escape(directory)}/*.pth"))[:MOST_PATH_FILES]:
            try:
                lines = read_text(path, limits.SMALL_FILE).splitlines()
            except Unreadable:
                continue
            yield from (os.path.join(directory, line.strip()) for line in lines if line.strip())
