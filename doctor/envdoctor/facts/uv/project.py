"""Which project do uv's project commands work on here, and in which environment?"""

from __future__ import annotations

import fnmatch
import os
from typing import Any

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.uv.directories import MOST_PARENTS, Place, look_at
from envdoctor.system.files import Unreadable
from envdoctor.system.session import Session
from envdoctor.system.toml import read_toml


class UvProject(Fact, frozen=True):
    """The project around the working directory, as uv finds it.

    Attributes:
        root: the directory of the nearest `pyproject.toml`.
        workspace: the root of the workspace that it belongs to; the same where it stands alone.
        environment: what `uv sync`, `uv run` and `uv add` work in, whether it is there or not.
        origin: `UV_PROJECT_ENVIRONMENT` if that names the environment; None for the workspace's own `.venv`.
        has_project_table: whether `pyproject.toml` has a `[project]` table.
        has_uv_table: whether it has a `[tool.uv]` table.
        has_lock: whether the workspace has a `uv.lock`.
    """

    root: str
    workspace: str
    environment: Place
    origin: str | None = None
    has_project_table: bool = True
    has_uv_table: bool = False
    has_lock: bool = False

    @property
    def uses_uv(self) -> bool:
        """Whether the files say that this project is kept with uv."""
        return self.has_uv_table or self.has_lock


@probe
def probe_uv_project(session: Session) -> UvProject:
    """Look for the nearest `pyproject.toml`, and for the workspace that has it as a member."""
    root = _above(session.cwd)
    if root is None:
        raise Unavailable("no project here")
    table = _read(root)
    own = _uv(table)
    if own.get("managed") is False:
        raise Unavailable(f"{root}/pyproject.toml says that uv does not manage it")
    workspace = root if isinstance(own.get("workspace"), dict) else _workspace(root)
    named = session.env.get("UV_PROJECT_ENVIRONMENT")
    return UvProject(
        root,
        workspace,
        look_at(os.path.normpath(os.path.join(workspace, named or ".venv")), named or None),
        "UV_PROJECT_ENVIRONMENT" if named else None,
        isinstance(table.get("project"), dict),
        bool(own),
        os.path.isfile(os.path.join(workspace, "uv.lock")),
    )


def _workspace(member: str) -> str:
    """The root of the workspace of a project: the next project above it, if that counts it among its members."""
    above = _above(os.path.dirname(member))
    workspace = _uv(_read(above)).get("workspace") if above not in (None, member) else None
    if above is None or not isinstance(workspace, dict):
        return member
    path = os.path.relpath(member, above)
    included = _matches(path, workspace.get("members")) and not _matches(path, workspace.get("exclude"))
    return above if included else member


def _matches(path: str, patterns: object) -> bool:
    """Whether a relative path fits one of the patterns, in which `*` does not span directories."""
    parts = path.split(os.sep)
    for pattern in patterns if isinstance(patterns, list) else []:
        wanted = os.path.normpath(str(pattern)).split("/")
        if wanted == ["**"] or (
            len(wanted) == len(parts) and all(fnmatch.fnmatchcase(*pair) for pair in zip(parts, wanted, strict=True))
        ):
            return True
    return False


def _above(directory: str | None) -> str | None:
    """The nearest directory with a `pyproject.toml`, from one upwards."""
    for _ in range(MOST_PARENTS):
        if directory is None or os.path.isfile(os.path.join(directory, "pyproject.toml")):
            return directory
        parent = os.path.dirname(directory)
        directory = parent if parent != directory else None
    return None


def _read(directory: str | None) -> dict[str, Any]:
    """The tables of a `pyproject.toml`; none where it cannot be read, of which note is kept."""
    try:
        return read_toml(os.path.join(directory or "/", "pyproject.toml")).table
    except Unreadable:
        return {}


def _uv(table: dict[str, Any]) -> dict[str, Any]:
    tool = table.get("tool")
    own = tool.get("uv") if isinstance(tool, dict) else None
    return own if isinstance(own, dict) else {}
