"""Does the project's manager keep an environment of its own for it, and is it there?"""

from __future__ import annotations

import os

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.project.hatch import HatchEnvironment
from envdoctor.facts.project.pipenv import PipenvEnvironment
from envdoctor.facts.project.poetry import PoetryChoice, PoetryEnvironment
from envdoctor.facts.project.project import Project, ProjectManager
from envdoctor.facts.uv.directories import Standing
from envdoctor.facts.uv.project import UvProject
from envdoctor.system.files import Unreadable, read_text
from envdoctor.text import limits

MADE = (Standing.ENVIRONMENT, Standing.PREFIX, Standing.BROKEN)


class ManagedEnvironment(Fact, frozen=True):
    """The environment that the project's manager works in.

    Attributes:
        manager: whose it is.
        decides: whether the manager itself knows which environment is the project's; pip and conda do not say.
        root: that environment; None if it has not been made, or if the manager does not decide.
        real: the same with links resolved, as another name for it has it too.
    """

    manager: ProjectManager
    decides: bool = False
    root: str | None = None
    real: str | None = None


@probe
def probe_managed_environment(
    project: Project,
    uv: UvProject | None,
    poetry: PoetryEnvironment | None,
    pipenv: PipenvEnvironment | None,
    hatch: HatchEnvironment | None,
) -> ManagedEnvironment:
    """Ask what is known of each manager's rules."""
    manager, decides, root = project.manager, False, None
    match manager:
        case ProjectManager.UV if uv:
            decides = True
            root = uv.environment.path if uv.environment.standing in MADE else None
        case ProjectManager.POETRY if poetry:
            decides, root = poetry.choice is not PoetryChoice.NO_CREATION, poetry.root
        case ProjectManager.PIPENV if pipenv:
            decides, root = True, pipenv.root if pipenv.exists else None
        case ProjectManager.PDM:
            root = _chosen_by_pdm(project.root)
            decides = root is not None
        case ProjectManager.HATCH if hatch and hatch.exists:
            decides, root = True, hatch.root
        case ProjectManager.PIXI:
            place = os.path.join(project.root, ".pixi/envs/default")
            decides, root = True, place if os.path.isdir(place) else None
        case _:
            pass
    return ManagedEnvironment(manager, decides, root, root and os.path.realpath(root))


def _chosen_by_pdm(root: str) -> str | None:
    """The environment of the interpreter that pdm has written down."""
    try:
        python = read_text(os.path.join(root, ".pdm-python"), limits.PATH_FILE).strip()
    except Unreadable:
        return None
    return os.path.dirname(os.path.dirname(python)) if os.path.exists(python) else None
