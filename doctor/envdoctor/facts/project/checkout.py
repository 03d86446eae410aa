"""Which directory does a reviewer see: the checkout that the working directory lies in, and which file governs it?"""

from __future__ import annotations

import os
from collections.abc import Iterator

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.system.session import Session

# where a CI service has checked the project out, as each of them documents it
WORKSPACES = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR", "BUILD_SOURCESDIRECTORY")
GOVERNING = (
    *("envdoctor.toml", "pyproject.toml", "environment.yml", "environment.yaml", "Pipfile", "setup.cfg", "setup.py"),
    *("requirements.txt", "README.md", "README.rst"),
)
MOST_PARENTS = 64


class Checkout(Fact, frozen=True):
    """The checkout that the working directory lies in.

    Attributes:
        root: its directory, as the session spells it.
        real: the same with all links resolved, if that is another.
        governing: the file, relative to the root, at which a finding is shown that is about no file of the checkout.
    """

    root: str
    real: str | None = None
    governing: str = "pyproject.toml"


@probe
def probe_checkout(session: Session) -> Checkout:
    """Look for the directory that holds `.git` from the working directory upwards, unless CI names the workspace."""
    if session.cwd is None:
        raise Unavailable("the working directory has been deleted")
    root = _workspace(session, session.cwd) or _repository(session.cwd) or session.cwd
    real = os.path.realpath(root)
    return Checkout(root, real if real != root else None, next(_governing(root, session.cwd), "pyproject.toml"))


def _workspace(session: Session, cwd: str) -> str | None:
    for name in WORKSPACES:
        place = session.env.get(name, "").rstrip("/")
        if place.startswith("/") and f"{cwd}/".startswith(f"{place}/"):
            return place
    return None


def _repository(directory: str) -> str | None:
    return next((above for above in _upwards(directory) if os.path.lexists(os.path.join(above, ".git"))), None)


def _governing(root: str, cwd: str) -> Iterator[str]:
    """The files that say most about the project, those nearest to the working directory first."""
    for directory in _upwards(cwd):
        for name in GOVERNING:
            if os.path.isfile(os.path.join(directory, name)):
                yield os.path.relpath(os.path.join(directory, name), root)
        if directory == root:
            return


def _upwards(directory: str) -> Iterator[str]:
    for _ in range(MOST_PARENTS):
        yield directory
        if directory == (directory := os.path.dirname(directory)):
            return
