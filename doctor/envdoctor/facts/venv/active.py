"""Which virtual environments concern this session: the active one, and the project's own `.venv`?"""

from __future__ import annotations

import enum
import os

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.venv import places, pyvenv_cfg, redirect
from envdoctor.facts.venv.layout import (
    Form,
    Venv,
    examine,
    is_environment,
)
from envdoctor.system.files import Unreadable
from envdoctor.system.session import Session

ACTIVE = "VIRTUAL_ENV"


class VenvProblem(enum.Enum):
    """Why what is named or found is not an environment that can be used."""

    RELATIVE = "a relative path"
    GONE = "does not exist"
    NOT_AN_ENVIRONMENT = "is not a virtual environment"
    EMPTY_REDIRECT = "is a file that names no environment"


class ActiveVenv(Fact, frozen=True):
    """What `VIRTUAL_ENV` names.

    Attributes:
        value: its value.
        venv: the environment; None if there is none at that place.
        problem: what is wrong with the value.
        name: the variable.
    """

    value: str
    venv: Venv | None
    problem: VenvProblem | None = None
    name: str = ACTIVE


class ProjectVenv(Fact, frozen=True):
    """The environment that belongs to the working directory: the nearest `.venv` here or above, as uv finds it.

    Under another name, `venv` or `env`, it counts here and in the directory of the project, if there is but one.

    Attributes:
        path: where it is, by whatever name; or a directory above that is itself an environment, which uv takes too.
        level: how many directories above the working directory it stands: 0 for `./.venv`.
        venv: the environment that it is or leads to; None if it leads to none.
        problem: what is wrong with it. uv does not search further up then.
        inside: whether the working directory lies inside the environment itself.
    """

    path: str
    level: int
    venv: Venv | None
    problem: VenvProblem | None = None
    inside: bool = False

    @property
    def project(self) -> str:
        """The directory that holds the environment."""
        return os.path.dirname(self.path)

    @property
    def is_dot_venv(self) -> bool:
        """Whether it has the name by which uv, poetry and others find it."""
        return os.path.basename(self.path) == places.DOT_VENV


@probe
def probe_active_venv(session: Session) -> ActiveVenv:
    """Look at what `VIRTUAL_ENV` names. Empty counts as unset, as it does for every tool."""
    value = session.env.get(ACTIVE)
    if not value:
        raise Unavailable(f"no virtual environment is active: {ACTIVE} is not set")
    root = os.path.join(session.cwd or "/", value)
    venv = examine(root) if is_environment(root) else None
    if not os.path.isabs(value):
        return ActiveVenv(value, venv, VenvProblem.RELATIVE)
    return ActiveVenv(value, venv, None if venv else _absence(root))


@probe
def probe_project_venv(session: Session) -> ProjectVenv:
    """Search upward from the working directory."""
    if session.cwd is None:
        raise Unavailable("the working directory has been deleted")
    directory, level, inside = session.cwd, 0, True
    while True:
        if os.path.isfile(os.path.join(directory, pyvenv_cfg.NAME)):
            return ProjectVenv(directory, level, examine(directory), inside=True)
        if os.path.lexists(path := os.path.join(directory, places.DOT_VENV)):
            return _found(path, level)
        marked = places.is_marked(directory)
        if (level == 0 or (inside and marked)) and (other := places.other_environment(directory)):
            return ProjectVenv(other, level, examine(other))
        inside = inside and not marked
        if directory == os.path.dirname(directory):
            raise Unavailable("there is no .venv here or in any directory above")
        directory, level = os.path.dirname(directory), level + 1


def _found(path: str, level: int) -> ProjectVenv:
    root, form = path, Form.SYMLINK if os.path.islink(path) else Form.DIRECTORY
    if os.path.isfile(path):
        form = Form.REDIRECT
        try:
            target = redirect.named_by(path)
        except Unreadable:
            target = None
        if target is None:
            return ProjectVenv(path, level, None, VenvProblem.EMPTY_REDIRECT)
        root = target
    if not is_environment(root):
        return ProjectVenv(path, level, None, _absence(root))
    return ProjectVenv(path, level, examine(root, form))


def _absence(root: str) -> VenvProblem:
    return VenvProblem.NOT_AN_ENVIRONMENT if os.path.exists(root) else VenvProblem.GONE
