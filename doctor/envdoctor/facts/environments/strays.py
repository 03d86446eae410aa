"""Does something in the home directory, or in `/`, capture the working directory?"""

from __future__ import annotations

import os

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.uv.project import UvProject
from envdoctor.facts.venv.active import ProjectVenv
from envdoctor.system.session import Session


class StrayFiles(Fact, frozen=True):
    """What in a directory that is no project is taken for one by everything below it.

    Attributes:
        directory: the home directory, or `/`.
        venv: its `.venv`, if that is the nearest from the working directory.
        pyproject: its `pyproject.toml`, if uv takes the working directory for a part of that project.
        lock: the `uv.lock` beside it.
        project: the directory of the project that the working directory really belongs to; itself if to none.
    """

    directory: str
    venv: str | None = None
    pyproject: str | None = None
    lock: str | None = None
    project: str = "/"


@probe
def probe_stray_files(session: Session, near: ProjectVenv | None, uv: UvProject | None) -> StrayFiles:
    """Look at what is nearest from the working directory; who stands in the home directory means what is there.

    A home that is a repository is kept as a project.
    """
    for directory in {session.home, "/"}:
        if directory is None or directory == session.cwd or os.path.exists(f"{directory}/.git"):
            continue
        venv = near.path if near and near.is_dot_venv and near.project == directory else None
        captured = uv is not None and directory in (uv.root, uv.workspace)
        telling = uv is not None and (uv.has_project_table or uv.has_uv_table)
        pyproject = os.path.join(directory, "pyproject.toml") if captured and telling else None
        if venv or pyproject:
            lock = os.path.join(directory, "uv.lock")
            own = uv.root if uv and uv.root != directory else session.cwd
            return StrayFiles(directory, venv, pyproject, lock if os.path.isfile(lock) else None, own or "/")
    raise Unavailable("nothing in the home directory captures the working directory")
