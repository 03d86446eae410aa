"""ENV: sound virtual environments that are not the one meant, or stand on uncertain ground."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename, dirname, join

from envdoctor import (
    Activate,
    Evidence,
    Finding,
    Fix,
    Manual,
    Run,
    Safety,
    Severity,
    check,
)
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.environments.condition import Condition, VenvConditions
from envdoctor.facts.environments.strays import StrayFiles
from envdoctor.facts.project.project import Project, ProjectManager
from envdoctor.facts.python.active import Answers
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.session.context import Examined, Place
from envdoctor.facts.uv.project import UvProject
from envdoctor.facts.venv.active import ActiveVenv
from envdoctor.facts.venv.layout import Tool
from envdoctor.facts.venv.places import NAMES
from envdoctor.text.patterns import pattern
from envdoctor_checks.common.deactivation import deactivation
from envdoctor_checks.common.installing import made_by_venv
from envdoctor_checks.common.moves import aside, moved_back
from envdoctor_checks.common.wording import brought_forward

# where tox and nox put the environments that they make for a run
OF_A_RUN = pattern(r"/\.(tox|nox)(/|$)")


@check("ENV006", severity=Severity.WARNING, since="0.1", unless=("UV001",), where=("VenvConditions.differ",))
def project_environment_not_active(
    conditions: VenvConditions,
    answers: Answers,
    active: ActiveVenv | None,
    conda: CondaActivation | None,
    project: Project | None,
    examined: Examined,
) -> Iterator[Finding]:
    """The project has an environment, none is active, and `python` and `pip` belong to something else.

    ## Why it matters
    What is installed and run now misses the project: `pip install` fills the other Python, and imports fail in the
    project, or the reverse.

    ## How to fix
    Activate the project's environment, or call its programs by path. `uv run` needs no activation.

    ## Not a problem when
    The project is kept with uv, poetry, pipenv or another manager that finds the environment by itself, or another
    environment has been activated on purpose. Where `pip` could not install anywhere, this is only info.
    """
    near = conditions.near
    python = answers.python if answers.python.hit else answers.python3
    chosen = active is not None or (conda is not None and not conda.is_base) or examined.python is not None
    managed = project is not None and project.manager is not ProjectManager.PIP
    if near is None or near.defect is not None or chosen or managed or python.interpreter is None:
        return
    root, pip = near.venv.root, answers.pip.interpreter
    if python.interpreter.root == near.venv.real or dirname(root) in (examined.home, "/"):
        return
    evidence = [Evidence(f"`{python.name}` is {python.interpreter.path}", "PATH")]
    installs = pip is not None and pip.writable and pip.externally_managed is None
    if installs and pip:
        evidence.append(Evidence(f"`pip` installs into {pip.prefix}", "PATH"))
    quiet = not installs or near.venv.tool is Tool.UV or examined.at(Place.CI) is not None
    yield Finding(
        f"the project's environment {root} is not active: `{python.name}` is {python.interpreter.path}",
        where=root,
        evidence=tuple(evidence),
        fix=Fix("Activate the project's environment", brought_forward(near.venv)),
        severity=Severity.INFO if quiet else Severity.WARNING,
    )


@check("ENV007", severity=Severity.WARNING, since="0.1", unless=("PRJ006",), where=("VenvConditions.differ",))
def other_projects_environment(
    conditions: VenvConditions,
    project: Project | None,
    uv: UvProject | None,
    answers: Answers | None,
    examined: Examined,
) -> Iterator[Finding]:
    """The active virtual environment belongs to another project, or is not the one that this project has.

    ## Why it matters
    `pip install` and `uv pip install` change the other project's environment silently. `uv run` and `uv sync`
    warn that `VIRTUAL_ENV` does not match and ignore it, so they and `python` work in different environments.

    ## How to fix
    Deactivate it, and activate this project's own.

    ## Not a problem when
    The working directory lies inside the other project, both names lead to the same environment, or
    `UV_PROJECT_ENVIRONMENT` names it. An environment that is shared on purpose, in a collection such as `~/envs` or
    `~/.virtualenvs`, is only information, and only where this project has its own. tox and nox make theirs for a run.
    """
    active, near = conditions.active, conditions.near
    if active is None or active.near or active.defect is not None:
        return
    owner, here = active.belongs_to or _around(active, examined), examined.cwd or "/"
    meant = uv.environment.path if uv else None
    if (owner and _is_inside(here, owner)) or meant in (active.venv.root, active.venv.real):
        return
    leave = deactivation(active.venv.root)
    evidence = (Evidence(f"VIRTUAL_ENV={active.venv.root}", "VIRTUAL_ENV"),)
    if near is not None and dirname(near.venv.root) not in (examined.home, "/"):
        if active.belongs_to is None and (near.defect is not None or OF_A_RUN.search(active.venv.root)):
            return
        whose = f"is that of {owner}" if owner else "is no project's own"
        whose = "belongs to another project" if active.belongs_to else whose
        yield Finding(
            f"the active environment {active.venv.root} {whose}; this one has {near.venv.root}, "
            f"but {_installs(active, answers)} into the active one",
            where="VIRTUAL_ENV",
            evidence=(*evidence, Evidence(f"{near.venv.root} is the nearest environment", here)),
            fix=Fix("Deactivate the environment and activate this project's own", *leave, Activate(near.venv.root))
            if near.defect is None
            else Fix("Deactivate the environment", *leave),
            severity=Severity.WARNING if owner else Severity.INFO,
        )
    elif project and active.belongs_to and not _is_inside(dirname(project.root), dirname(active.belongs_to)):
        yield Finding(
            f"the active environment {active.venv.root} belongs to another project, and {project.root} has none",
            where="VIRTUAL_ENV",
            evidence=evidence,
            fix=Fix("Deactivate the environment", *leave),
            severity=Severity.INFO,
        )


def _around(active: Condition, examined: Examined) -> str | None:
    """The directory around a `.venv` that holds no file of a project; None for one in a home, or in a collection.

    A plain `venv` outside of the home, such as `/opt/venv`, is shared: images are built that way.
    """
    around, name = dirname(active.venv.root), basename(active.venv.root)
    at_home = examined.home is not None and _is_inside(around, examined.home)
    own = name in NAMES and (at_home or name.startswith("."))
    return around if own and around not in (examined.home, "/") else None


def _installs(active: Condition, answers: Answers | None) -> str:
    pip = answers.pip.interpreter if answers else None
    if pip is not None and pip.root == active.venv.real:
        return "`pip install` and `uv pip install` go"
    return "`uv pip install` goes"


def _is_inside(path: str, directory: str) -> bool:
    return path == directory or path.startswith(f"{directory.rstrip('/')}/")


@check("ENV012", severity=Severity.WARNING, since="0.1")
def stray_parent_environment(
    stray: StrayFiles,
    conditions: VenvConditions | None,
    builders: Builders,
    active: ActiveVenv | None,
    conda: CondaActivation | None,
) -> Iterator[Finding]:
    """A `.venv`, `pyproject.toml` or workspace in the home directory or in `/` captures everything below it.

    ## Why it matters
    uv looks for a project and an environment from the working directory upwards. One that was left in the home
    directory, for example by `uv init` in the wrong place, is used for every directory below: packages are installed
    there.

    ## How to fix
    Give this directory an environment of its own. A stray `pyproject.toml` is moved aside.

    ## Not a problem when
    The working directory is the home directory itself, an environment is active, or the home directory is a repository.
    """
    near = conditions.near if conditions else None
    chosen = active is not None or (conda is not None and not conda.is_base)
    if stray.venv is not None and near is not None and near.defect is None and not chosen:
        own = join(stray.project, ".venv")
        if builders.manager is ProjectManager.UV and builders.project == stray.project:
            made: tuple[Run | Manual, ...] = (Run("uv", "sync", directory=stray.project),)
        elif builders.uv:
            pip = () if builders.manager is ProjectManager.UV else ("--seed",)
            made = (Run("uv", "venv", *pip, *builders.other_than_asked(), own),)
        else:
            made = made_by_venv(next(iter(builders.pythons), "python3"), builders, own)
        yield Finding(
            f"{stray.venv} is what `uv pip` works in from here, because there is no nearer environment",
            where=stray.venv,
            evidence=(Evidence(f"no .venv from {stray.project} up to {stray.directory}", stray.directory),),
            fix=Fix("Create an environment for this directory", *made, Activate(own), safety=Safety.CHANGES_STATE),
        )
    if stray.pyproject is not None:
        files = tuple(filter(None, (stray.pyproject, stray.lock)))
        moved = tuple(aside(file, ".stray") for file in files)
        yield Finding(
            f"{stray.pyproject} makes {stray.directory} a project, to which uv counts this directory",
            where=stray.pyproject,
            evidence=tuple(Evidence(f"{file} exists", stray.directory) for file in files),
            fix=Fix(
                "Move the stray project files aside",
                *moved,
                safety=Safety.CHANGES_STATE,
                undo=moved_back(*moved),
            ),
        )
