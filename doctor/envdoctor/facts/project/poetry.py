"""In which environment does poetry work here? Its own rules, read from its configuration; poetry is not run.

Held against the real poetry by tests/facts/test_poetry.py.
"""

from __future__ import annotations

import enum
import os
import re
import sys
from collections.abc import Iterator

import msgspec

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.project.project import Project, ProjectManager
from envdoctor.facts.project.pyproject import Pyproject
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.python.distributions import normalised
from envdoctor.system.files import Unreadable
from envdoctor.system.session import Session
from envdoctor.system.toml import Table, read_toml, table_at

UNNAMED = "non-package-mode"


class PoetryChoice(enum.Enum):
    """What poetry's choice of an environment rests on."""

    VIRTUAL_ENV = "VIRTUAL_ENV"
    CONDA_PREFIX = "CONDA_PREFIX"
    IN_PROJECT = "the project's .venv"
    CACHED = "the project's environment in poetry's own directory"
    NOT_MADE = "nothing yet: it would make one"
    NO_CREATION = "virtualenvs.create, which is false"


class PoetryEnvironment(Fact, frozen=True):
    """Where poetry works in this project.

    Attributes:
        choice: what its choice rests on.
        root: the environment; None where it has none, or works in the Python outside all environments.
        own: the environments of this project that exist, the one in the project first.
        ignored: the active virtual environment, not one of these, that poetry passes over because conda's base is
            active too; None if it does not.
        chosen_once: whether `poetry env use` has settled it, so that an active environment does not count.
        is_own: whether the environment is one of the project's own, by whatever path.
    """

    choice: PoetryChoice
    root: str | None
    own: tuple[str, ...] = ()
    ignored: str | None = None
    chosen_once: bool = False
    is_own: bool = True


class PoetryConfig(msgspec.Struct, frozen=True):
    """The settings that decide."""

    in_project: bool | None
    create: bool
    environments: str


@probe
def probe_poetry_environment(
    session: Session, project: Project, pyproject: Pyproject | None, active_python: ActivePython | None
) -> PoetryEnvironment:
    """Follow poetry's order: an active environment, the project's `.venv`, its own directory."""
    if not project.claims_of(ProjectManager.POETRY):
        raise Unavailable("this is no project of poetry's")
    config = _config(session, project.root)
    name = environment_name((pyproject and pyproject.name) or UNNAMED, project.root)
    chosen = _chosen_minor(config.environments, name)
    local = os.path.join(project.root, ".venv")
    in_project = local if config.in_project is not False and os.path.isdir(local) else None
    cached = tuple(_cached(config.environments, name))
    own = ((in_project,) if in_project else ()) + cached
    virtual_env, conda_prefix = session.env.get("VIRTUAL_ENV"), session.env.get("CONDA_PREFIX")
    active = conda_prefix if virtual_env is None else virtual_env
    base_active = session.env.get("CONDA_DEFAULT_ENV") == "base"
    if active and not base_active and chosen is None:
        choice = PoetryChoice.CONDA_PREFIX if virtual_env is None else PoetryChoice.VIRTUAL_ENV
        root = os.path.join(session.cwd or "/", active)
        return PoetryEnvironment(choice, root, own, is_own=_real(root) in map(_real, own))
    passed_over = virtual_env if virtual_env and base_active else None
    ignored = passed_over if passed_over and _real(passed_over) not in map(_real, own) else None
    if in_project:
        return PoetryEnvironment(PoetryChoice.IN_PROJECT, in_project, own, ignored, chosen is not None)
    if not config.create:
        return PoetryEnvironment(PoetryChoice.NO_CREATION, None, own, ignored, chosen is not None)
    minor = chosen or (active_python and active_python.interpreter.minor)
    root = f"{config.environments}/{name}-py{minor}"
    if root not in cached:
        return PoetryEnvironment(PoetryChoice.NOT_MADE, None, own, ignored)
    return PoetryEnvironment(PoetryChoice.CACHED, root, own, ignored, chosen is not None)


def environment_name(name: str, root: str) -> str:
    """What poetry calls the environments of a project, without the version at the end."""
    import base64
    import hashlib

    digest = hashlib.sha256(os.fsencode(os.path.realpath(root))).digest()
    shown = re.sub(r'[ $`!*@"\\\r\n\t]', "_", normalised(name))[:42]
    return f"{shown}-{base64.urlsafe_b64encode(digest).decode()[:8]}"


def _real(path: str) -> str:
    return os.path.realpath(path)


def _cached(directory: str, name: str) -> Iterator[str]:
    try:
        entries = sorted(os.listdir(directory))
    except OSError:
        return
    for entry in entries:
        if entry.startswith(f"{name}-py") and os.path.isdir(path := f"{directory}/{entry}"):
            yield path


def _chosen_minor(directory: str, name: str) -> str | None:
    """The minor version that `poetry env use` has written down for the project."""
    try:
        minor = table_at(read_toml(f"{directory}/envs.toml").table, name).get("minor")
    except Unreadable:
        return None
    return minor.strip() if isinstance(minor, str) else None


def cache_directory(session: Session, root: str | None) -> tuple[str | None, str]:
    """The cache that somebody has chosen, as it is written, and where; None where poetry's own default counts."""
    if (named := session.env.get("POETRY_CACHE_DIR")) is not None:
        return named or None, "POETRY_CACHE_DIR"
    for path in (root and f"{root}/poetry.toml", _user_file(session)):
        if path and (named := _text(_read(path).get("cache-dir"))):
            return named, path
    return None, ""


def _config(session: Session, root: str) -> PoetryConfig:
    tables = [table for path in (f"{root}/poetry.toml", _user_file(session)) if (table := _read(path))]

    def setting(variable: str, *keys: str) -> object:
        if variable in session.env:
            return session.env[variable]
        *above, last = keys
        return next((found[last] for table in tables if last in (found := table_at(table, *above))), None)

    cache = cache_directory(session, root)[0] or _user_cache(session)
    path = _text(setting("POETRY_VIRTUALENVS_PATH", "virtualenvs", "path")) or "{cache-dir}/virtualenvs"
    create = _boolean(setting("POETRY_VIRTUALENVS_CREATE", "virtualenvs", "create"))
    return PoetryConfig(
        _boolean(setting("POETRY_VIRTUALENVS_IN_PROJECT", "virtualenvs", "in-project")),
        create is not False,
        os.path.normpath(os.path.join(session.cwd or "/", _expanded(session, path.replace("{cache-dir}", cache)))),
    )


def _read(path: str | None) -> Table:
    """What a configuration file says; nothing if it is not there. poetry itself complains of a malformed one."""
    try:
        return read_toml(path).table if path else {}
    except Unreadable:
        return {}


def _user_file(session: Session) -> str | None:
    if directory := session.env.get("POETRY_CONFIG_DIR"):
        return f"{directory}/config.toml"
    home = session.home or ""
    if sys.platform == "darwin":
        return f"{home}/Library/Application Support/pypoetry/config.toml"
    return f"{session.env.get('XDG_CONFIG_HOME') or f'{home}/.config'}/pypoetry/config.toml"


def _user_cache(session: Session) -> str:
    home = session.home or ""
    if sys.platform == "darwin":
        return f"{home}/Library/Caches/pypoetry"
    return f"{session.env.get('XDG_CACHE_HOME') or f'{home}/.cache'}/pypoetry"


def _expanded(session: Session, path: str) -> str:
    return f"{session.home}{path[1:]}" if session.home and (path == "~" or path.startswith("~/")) else path


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _boolean(value: object) -> bool | None:
    """A setting from a file is a boolean; one from a variable is true for two words, and false for all others."""
    return value.lower() in ("true", "1") if isinstance(value, str) else value if isinstance(value, bool) else None
