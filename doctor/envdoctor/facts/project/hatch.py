"""Where does hatch keep the default environment of a project? By hatch's own rules; hatch is not asked.

From hatch/env/virtual.py of hatch 1.17; tests/clinic/test_envs_hatch.py holds it against `hatch env find`.
"""

from __future__ import annotations

import os

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.project.project import Project, ProjectManager
from envdoctor.facts.python.distributions import normalised
from envdoctor.facts.session import user_dirs
from envdoctor.facts.venv import pyvenv_cfg
from envdoctor.system.files import Unreadable
from envdoctor.system.session import Session
from envdoctor.system.toml import Table, read_toml, table_at

ID_LENGTH = 8


class HatchEnvironment(Fact, frozen=True):
    """The default environment of a project of hatch's.

    Attributes:
        root: where it is.
        exists: whether it has been made.
    """

    root: str
    exists: bool = False


@probe
def probe_hatch_environment(session: Session, project: Project) -> HatchEnvironment:
    """Follow the variable, the project's files, hatch's own settings, in hatch's order."""
    if project.manager is not ProjectManager.HATCH:
        raise Unavailable("the project is not hatch's")
    root = _root(session, project)
    if root is None:
        raise Unavailable("there is no home directory")
    return HatchEnvironment(root, os.path.isfile(os.path.join(root, pyvenv_cfg.NAME)))


def _root(session: Session, project: Project) -> str | None:
    named = session.env.get("HATCH_ENV_TYPE_VIRTUAL_PATH") or _named(project)
    if named:
        return os.path.realpath(os.path.join(project.root, named))
    from base64 import urlsafe_b64encode
    from hashlib import sha256

    real = os.path.realpath(project.root)
    identity = urlsafe_b64encode(sha256(real.encode(errors="surrogateescape")).digest()).decode()[:ID_LENGTH]
    name = table_at(_table(project.pyproject), "project").get("name")
    own = normalised(name) if isinstance(name, str) else f"{identity}-unmanaged"
    kept = _directory(session, project)
    if kept is None:
        return None
    flat = f"{os.path.realpath(kept)}/".startswith(f"{real}/") or kept == f"{session.home}/.virtualenvs"
    return os.path.join(kept, own) if flat else os.path.join(kept, own, identity, own)


def _named(project: Project) -> str:
    """The path that the project's files give the default environment; a `hatch.toml` wins."""
    of_file = table_at(_table(os.path.join(project.root, "hatch.toml")), "envs", "default").get("path")
    path = of_file or table_at(_table(project.pyproject), "tool", "hatch", "envs", "default").get("path")
    return path if isinstance(path, str) else ""


def _directory(session: Session, project: Project) -> str | None:
    """The directory of virtual environments."""
    dirs = table_at(_table(_settings_file(session)), "dirs")
    chosen = table_at(dirs, "env").get("virtual")
    if isinstance(chosen, str) and chosen:
        return os.path.join(project.root, _expanded(session, chosen))
    data = dirs.get("data")
    kept = user_dirs.chosen(session, "HATCH_DATA_DIR") or (_expanded(session, data) if isinstance(data, str) else None)
    return user_dirs.below(kept or user_dirs.below(user_dirs.data_home(session), "hatch"), "env/virtual")


def cache_directory(session: Session) -> tuple[str | None, str | None]:
    """The cache that hatch's own settings name, as it is written, and their file; None where they name none."""
    file = _settings_file(session)
    cache = table_at(_table(file), "dirs").get("cache")
    return (cache, file) if isinstance(cache, str) and cache else (None, file)


def _settings_file(session: Session) -> str | None:
    config = user_dirs.chosen(session, "XDG_CONFIG_HOME") or user_dirs.below(session.home, ".config")
    return session.env.get("HATCH_CONFIG") or user_dirs.below(config, "hatch/config.toml")


def _expanded(session: Session, path: str) -> str:
    return f"{session.home}{path[1:]}" if path.startswith("~/") and session.home else path


def _table(path: str | None) -> Table:
    try:
        return read_toml(path).table if path else {}
    except Unreadable:
        return {}
