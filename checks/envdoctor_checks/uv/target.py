"""Does each uv command work on the environment that its user means?"""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import dirname

from envdoctor import (
    Activate,
    Evidence,
    Finding,
    Fix,
    Manual,
    Severity,
    check,
)
from envdoctor.facts.project.project import Project, ProjectManager
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.uv.context import Surroundings
from envdoctor.facts.uv.directories import Nearby, Standing
from envdoctor.facts.uv.installations import UvCopies, UvInstaller
from envdoctor.facts.uv.target import (
    Source,
    UvTargets,
    is_conda_base,
    nearby_environment,
)
from envdoctor_checks.uv._upgrades import UPGRADES

FIRST_WITHOUT_BASE = (0, 8, 18)


def own_environment(seen: Surroundings, project: Project | None) -> Nearby | None:
    """The `.venv` that belongs to where the reader works: here, or at the root of this project."""
    nearby = nearby_environment(seen)
    if nearby is None or nearby.place.standing is not Standing.ENVIRONMENT:
        return None
    roots = (project.root, project.workspace_root) if project else ()
    return nearby if nearby.distance == 0 or dirname(nearby.place.path) in roots else None


def conda_evidence(seen: Surroundings) -> tuple[Evidence, ...]:
    """What the shell says of the active conda environment."""
    if seen.conda is None:
        return ()
    name = "is not set" if seen.conda.name is None else f"is {seen.conda.name}"
    return (
        Evidence(f"CONDA_PREFIX is {seen.conda.place.path}", "CONDA_PREFIX"),
        Evidence(f"CONDA_DEFAULT_ENV {name}", "CONDA_DEFAULT_ENV"),
    )


@check("UV006", severity=Severity.WARNING, since="0.1")
def uv_too_old_for_conda_base(
    seen: Surroundings, targets: UvTargets, copies: UvCopies, project: Project | None
) -> Iterator[Finding]:
    """This uv installs into conda's base environment although the project has an environment of its own.

    ## Why it matters
    Before 0.8.18, uv took an active base for an ordinary environment and preferred it to a `.venv`. So `uv pip install`
    changes the environment that conda itself lives in, and the project does not get the package.

    ## How to fix
    Activate the project's environment: an active one comes first in every version. Then upgrade uv with the tool that
    installed it.

    ## Not a problem when
    uv is 0.8.18 or newer: the base may be active, and `uv pip` still goes to the `.venv`.
    """
    nearby = own_environment(seen, project)
    if seen.conda is None or nearby is None or seen.version >= FIRST_WITHOUT_BASE:
        return
    if targets.pip.root != seen.conda.place.path or not is_conda_base(seen.conda, FIRST_WITHOUT_BASE):
        return
    uv = copies.first
    yield Finding(
        f"uv {uv.shown_version} installs into conda's base {targets.pip.root}, not into {nearby.place.path}",
        where=uv.path,
        evidence=(Evidence(f"uv {uv.shown_version}", f"{uv.path} --version"), *conda_evidence(seen)),
        fix=Fix(
            f"Activate the project's environment, and upgrade uv with {UPGRADES[uv.installer]}",
            Activate(nearby.place.path),
        ),
    )


@check("UV001", severity=Severity.ERROR, since="0.1", unless=("UV006",))
def uv_pip_targets_elsewhere(
    seen: Surroundings, targets: UvTargets, project: Project | None, python: ActivePython | None
) -> Iterator[Finding]:
    """`uv pip install` goes to another environment than the project's `.venv`, or than the Python that answers.

    ## Why it matters
    uv looks at `VIRTUAL_ENV`, then at `CONDA_PREFIX`, and only then for a `.venv` near the working directory; it never
    asks which `python` comes first on the search path. A conda environment that is still active receives every package
    meant for the project, and no command says so.

    ## How to fix
    Activate the environment that you mean. `uv run`, `uv add` and `uv sync` go to the project's environment anyway.

    ## Not a problem when
    A virtual environment is active: it comes before conda. An active conda *base* is not used by uv 0.8.18 and newer;
    that `python` and `uv pip` then differ is only info, for a project managed with uv. A conda environment
    is active and the project has no `.venv`; where it has one but is managed with conda, this is only info.
    """
    nearby = own_environment(seen, project)
    if nearby is None or targets.pip.root is None:
        return
    own = nearby.place.path
    fix = Fix("Activate the project's environment", Activate(own))
    if targets.pip.source is Source.CONDA and _usable(seen):
        meant = project is not None and project.manager in (ProjectManager.CONDA, ProjectManager.PIXI)
        yield Finding(
            f"`uv pip install` goes to the conda environment {targets.pip.root}, not to {own}",
            where=own,
            evidence=(*conda_evidence(seen), Evidence(targets.pip.reason, "uv pip install")),
            fix=fix,
            severity=Severity.INFO if meant else None,
        )
    elif targets.pip.source is Source.NEARBY and python is not None:
        yield from _other_python(seen, python, nearby, project)


def _usable(seen: Surroundings) -> bool:
    """Whether nothing stale is in `VIRTUAL_ENV`: that is a finding of its own, and explains this one."""
    return seen.virtual_env is None or seen.virtual_env.standing is Standing.ENVIRONMENT


def _is_base(seen: Surroundings, root: str) -> bool:
    """Whether this is conda's base, and it is active; of any other project ENV006 says as much."""
    return seen.conda is not None and seen.conda.place.identity == root


def _other_python(
    seen: Surroundings, python: ActivePython, nearby: Nearby, project: Project | None
) -> Iterator[Finding]:
    """`uv pip` finds the project's environment, but a Python that looks just as active is another."""
    own, interpreter = nearby.place.path, python.interpreter
    fix = Fix("Activate the project's environment", Activate(own))
    message = f"`uv pip install` goes to {own}, but `{python.command}` is that of {interpreter.prefix}"
    evidence = (Evidence(interpreter.executable, f"{python.command} -c 'import sys; print(sys.executable)'"),)
    if seen.virtual_env is not None or nearby.place.identity == interpreter.root:
        return
    if interpreter.is_venv:
        yield Finding(message, where=own, evidence=evidence, fix=fix)
    elif project is not None and project.manager is ProjectManager.UV and _is_base(seen, interpreter.root):
        yield Finding(message, where=own, evidence=(*evidence, *conda_evidence(seen)), fix=fix, severity=Severity.INFO)


@check("UV007", severity=Severity.INFO, since="0.1", unless=("UV001",))
def python_m_uv_targets_its_own(targets: UvTargets, copies: UvCopies, python: ActivePython | None) -> Iterator[Finding]:
    """`python -m uv pip` would install into the environment of that Python, where `uv pip` goes elsewhere.

    ## Why it matters
    Started as a module, uv takes the environment of the Python that started it and asks for nothing else, not even for
    `VIRTUAL_ENV`. The same words with and without `python -m` then change two environments.

    ## How to fix
    Call `uv` itself.

    ## Not a problem when
    You never write `python -m uv`, or you mean that Python's own environment.
    """
    if python is None or targets.pip.root is None:
        return
    own = python.interpreter
    here = (copy for copy in copies.copies if copy.real == f"{own.root}/bin/uv")
    module = next((copy for copy in here if copy.installer is UvInstaller.PIP), None)
    if module is None or own.root == targets.pip.identity:
        return
    yield Finding(
        f"`{python.command} -m uv pip` would install into {own.prefix}, but `uv pip` goes to {targets.pip.root}",
        where=module.path,
        evidence=(Evidence(f"uv {module.shown_version} belongs to {own.prefix}", module.path),),
        fix=Fix(
            "Use uv itself instead of `python -m uv`", Manual(f"Write `uv pip`, not `{python.command} -m uv pip`.")
        ),
    )
