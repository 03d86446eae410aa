"""What stands at the place of the project's environment, if it is none?"""

from __future__ import annotations

import os

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.session.mounts import Mounts
from envdoctor.facts.venv import redirect
from envdoctor.facts.venv.active import ProjectVenv, VenvProblem
from envdoctor.system.files import Unreadable

PARTS = ("bin", "lib", "Scripts", "Lib")


class VenvLeftover(Fact, frozen=True):
    """A `.venv` that is no environment, and that stops uv.

    Attributes:
        path: the `.venv`.
        problem: what is wrong with it.
        target: where it leads, for a link or a redirect file.
        remains: which directories of an environment are left in it.
    """

    path: str
    problem: VenvProblem
    target: str | None = None
    remains: tuple[str, ...] = ()


@probe
def probe_venv_leftover(project: ProjectVenv, mounts: Mounts) -> VenvLeftover:
    """Look at a `.venv` that is not an environment; a mount point, or a directory with other content, is nobody's."""
    path, problem = project.path, project.problem
    if problem is None:
        raise Unavailable(f"{path} is an environment")
    if problem is VenvProblem.EMPTY_REDIRECT:
        return VenvLeftover(path, problem)
    target = _target(path)
    remains = tuple(part for part in PARTS if os.path.isdir(os.path.join(target or path, part)))
    mount = mounts.of(os.path.realpath(path))
    conda = os.path.isdir(os.path.join(target or path, "conda-meta"))
    if conda or (target is None and (not remains or (mount is not None and mount.directory == os.path.realpath(path)))):
        raise Unavailable(f"{path} is a directory for something else")
    return VenvLeftover(path, problem, target, remains)


def _target(path: str) -> str | None:
    """Where a link or a redirect file leads; None for a directory."""
    if os.path.islink(path):
        return os.path.normpath(os.path.join(os.path.dirname(path), os.readlink(path)))
    if not os.path.isfile(path):
        return None
    try:
        return redirect.named_by(path)
    except Unreadable as error:
        raise Unavailable(str(error)) from error
