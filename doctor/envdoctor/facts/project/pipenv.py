"""In which environment does pipenv work here? Its own rules, read from variables and the Pipfile; pipenv is not run.

Held against the real pipenv by tests/facts/test_pipenv.py.
"""

from __future__ import annotations

import enum
import os
import re

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.project.project import Project, ProjectManager
from envdoctor.facts.venv import redirect
from envdoctor.system.files import Unreadable
from envdoctor.system.session import Session
from envdoctor.system.toml import read_toml, table_at

FALSE = ("0", "false", "no", "off")


class PipenvChoice(enum.Enum):
    """What pipenv's choice of an environment rests on."""

    VIRTUAL_ENV = "VIRTUAL_ENV"
    IN_PROJECT = "the project's .venv"
    REDIRECT = "the project's .venv file"
    OWN = "the project's environment in pipenv's own directory"


class PipenvEnvironment(Fact, frozen=True):
    """Where pipenv works in this project.

    Attributes:
        choice: what its choice rests on.
        root: the environment, whether it is made already or not.
        exists: whether it is there.
        own: the environment that is the project's when `VIRTUAL_ENV` is left aside.
        own_exists: whether that is there.
        is_own: whether both are the same, by whatever path.
    """

    choice: PipenvChoice
    root: str
    exists: bool
    own: str
    own_exists: bool
    is_own: bool = True


@probe
def probe_pipenv_environment(session: Session, project: Project) -> PipenvEnvironment:
    """Follow pipenv's order: an active environment, the project's `.venv`, its own directory."""
    if not project.claims_of(ProjectManager.PIPENV):
        raise Unavailable("this is no project of pipenv's")
    choice, own = _own(session, project.root)
    active = session.env.get("VIRTUAL_ENV")
    if active and "PIPENV_ACTIVE" not in session.env and not _switch(session, "IGNORE_VIRTUALENVS"):
        choice, root = PipenvChoice.VIRTUAL_ENV, os.path.normpath(os.path.join(session.cwd or "/", active))
    else:
        root = own
    same = os.path.realpath(root) == os.path.realpath(own)
    return PipenvEnvironment(choice, root, _is_environment(root), own, _is_environment(own), same)


def _own(session: Session, root: str) -> tuple[PipenvChoice, str]:
    home = _workon_home(session)
    central = os.path.join(home, _name(session, root))
    local = os.path.join(root, ".venv")
    if os.path.exists(local) and not os.path.isdir(local):
        named = _redirect(local, home)
        return (PipenvChoice.REDIRECT, named) if named else (PipenvChoice.OWN, central)
    asked = _asked_in_project(session, root)
    if asked is False or (asked is None and (not os.path.isdir(local) or os.path.exists(central))):
        return PipenvChoice.OWN, central
    return PipenvChoice.IN_PROJECT, local


def _asked_in_project(session: Session, root: str) -> bool | None:
    """Whether a variable or the Pipfile puts the environment into the project."""
    asked = _switch(session, "VENV_IN_PROJECT")
    if asked is not None:
        return asked
    try:
        value = table_at(read_toml(os.path.join(root, "Pipfile")).table, "pipenv").get("venv_in_project")
    except Unreadable:
        return None
    return None if value is None else bool(value)


def _name(session: Session, root: str) -> str:
    if custom := session.env.get("PIPENV_CUSTOM_VENV_NAME"):
        return custom
    import base64
    import hashlib

    digest = hashlib.sha256(os.fsencode(os.path.join(root, "Pipfile"))).digest()[:6]
    shown = re.sub(r'[ &$`!*@"()\[\]\\\r\n\t]', "_", os.path.basename(root))[:42]
    python = session.env.get("PIPENV_PYTHON")
    suffix = f"-{os.path.basename(python) if os.path.isabs(python) else python}" if python else ""
    return f"{shown}-{base64.urlsafe_b64encode(digest).decode()}{suffix}"


def _workon_home(session: Session) -> str:
    path = session.env.get("WORKON_HOME")
    if not path:
        path = os.path.join(session.env.get("XDG_DATA_HOME", "~/.local/share"), "virtualenvs")
    home = session.home or ""
    if path == "~" or path.startswith("~/"):
        path = home + path[1:]
    return os.path.normpath(os.path.join(session.cwd or "/", re.sub(r"\$\{?HOME\b\}?", home, path)))


def _redirect(path: str, home: str) -> str | None:
    try:
        return redirect.named_by(path, bare_names_in=home)
    except Unreadable:
        return None


def _is_environment(root: str) -> bool:
    return any(os.path.isfile(os.path.join(root, place)) for place in ("bin/activate", "Scripts/activate.bat"))


def _switch(session: Session, name: str) -> bool | None:
    """A variable of pipenv's, or its `NO_` form: any word but a no is a yes; None if neither is set to anything."""
    for variable, meaning in ((f"PIPENV_{name}", True), (f"PIPENV_NO_{name}", False)):
        if word := session.env.get(variable, "").lower():
            return meaning if word not in FALSE else not meaning
    return None
