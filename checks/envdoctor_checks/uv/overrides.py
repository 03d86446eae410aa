"""Does a setting, or the project, make uv work elsewhere than in the active environment?"""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import (
    Activate,
    EditFile,
    Evidence,
    Finding,
    Fix,
    Manual,
    Safety,
    Severity,
    UnsetVariable,
    check,
)
from envdoctor.facts.session.context import Examined, Place
from envdoctor.facts.shell.exported_lines import ExportedLines
from envdoctor.facts.uv.context import Setting, Surroundings
from envdoctor.facts.uv.directories import Standing
from envdoctor.facts.uv.project import UvProject
from envdoctor.facts.uv.settings import UvSettings
from envdoctor.facts.uv.target import Source, UvTargets, is_conda_base
from envdoctor.text.patterns import pattern
from envdoctor_checks.common.deactivation import deactivation
from envdoctor_checks.common.startup_edits import all_lasting, lasting

TEST_RUNNERS = pattern(r"/\.(tox|nox)/|/pre-commit/")


@check("UV004", severity=Severity.WARNING, since="0.1", unless=("UV003",))
def uv_target_overridden(
    targets: UvTargets,
    seen: Surroundings,
    settings: UvSettings,
    project: UvProject | None,
    examined: Examined,
    exported: ExportedLines | None,
) -> Iterator[Finding]:
    """A setting sends uv to another environment than the one that is active or near.

    ## Why it matters
    `UV_PYTHON`, `UV_SYSTEM_PYTHON` and the `[pip]` table of a `uv.toml` override even an active virtual environment,
    silently. `UV_PROJECT_ENVIRONMENT` moves the project's environment, and `uv sync` removes from it whatever the
    project does not ask for: pointed at conda or at a system's Python, that destroys it.

    ## How to fix
    Unset the variable, or give `--python` to the one command that needs it.

    ## Not a problem when
    Nothing else is active or near: then the setting says where to go, as in a container. It names the environment that
    uv would use anyway. `UV_PROJECT_ENVIRONMENT` names an environment that is not there yet.
    """
    unset, setting = targets.pip_unset.root, seen.request or seen.system
    moved = unset is not None and targets.pip.identity != targets.pip_unset.identity
    if moved and setting is not None and targets.pip.source is not Source.UNKNOWN:
        harmless = seen.requested is not None and seen.requested.standing is Standing.ENVIRONMENT
        where = f"to {targets.pip.root}, away from" if targets.pip.root else "nowhere, and keeps it from"
        yield Finding(
            f"{setting.origin} sends `uv pip install` {where} {unset}",
            lasting(unsetting(setting, settings), exported),
            setting.origin,
            (Evidence(setting.value, setting.origin), Evidence(targets.pip.reason, "uv pip install")),
            Severity.WARNING if harmless else Severity.ERROR,
        )
    if project is not None and project.origin is not None:
        yield from all_lasting(_project_environment(project, examined), exported)


def unsetting(setting: Setting, settings: UvSettings) -> Fix:
    """Take a setting away where it was made."""
    if ":" not in setting.origin and not setting.origin.startswith("/"):
        return Fix(f"Unset {setting.origin}", UnsetVariable(setting.origin))
    value = next((value for value in settings.values if value.origin == setting.origin), None)
    if value is None or not value.text:
        return Fix("Remove the setting", Manual(f"Remove the setting from {setting.origin}."))
    return Fix("Remove the line", EditFile(value.path, remove=(value.text,)), safety=Safety.CHANGES_STATE)


def _project_environment(project: UvProject, examined: Examined) -> Iterator[Finding]:
    """What `UV_PROJECT_ENVIRONMENT` names, if it is no place for `uv sync` to tidy up."""
    place = project.environment
    said = {
        Standing.PREFIX: "where `uv sync` removes all that it did not install",
        Standing.NO_PYTHON: "which is no environment, and `uv sync` refuses it",
        Standing.BROKEN: "whose Python is gone",
    }.get(place.standing)
    meant = place.standing is Standing.PREFIX and not place.is_conda and examined.at(Place.CONTAINER) is not None
    if said is None or meant:
        return
    yield Finding(
        f"UV_PROJECT_ENVIRONMENT names {place.path}, {said}",
        Fix(
            "Unset UV_PROJECT_ENVIRONMENT, so that the project has its own .venv",
            UnsetVariable("UV_PROJECT_ENVIRONMENT"),
        ),
        "UV_PROJECT_ENVIRONMENT",
        (Evidence(place.shown or place.path, "UV_PROJECT_ENVIRONMENT"), Evidence(place.standing.value, place.path)),
        Severity.ERROR,
    )


@check(
    "UV005",
    severity=Severity.WARNING,
    since="0.1",
    unless=("UV001", "UV006", "UV004", "ENV007"),
)
def uv_ignores_active_environment(seen: Surroundings, project: UvProject) -> Iterator[Finding]:
    """The project's commands work in another environment than the active one.

    ## Why it matters
    `uv run`, `uv sync` and `uv add` always use the environment of the project. What they install is not there for the
    `python` that is active, and what is installed in the active one is not there for `uv run`.

    ## How to fix
    Activate the project's environment, or none: `uv run` needs none.

    ## Not a problem when
    tox, nox or pre-commit made the active environment. `UV_PROJECT_ENVIRONMENT` says where the project's is. The two
    are one directory under two names.
    """
    own, active = project.environment, seen.virtual_env
    if not project.uses_uv or project.origin is not None:
        return
    if active is not None:
        foreign = active.standing is Standing.ENVIRONMENT and active.identity != own.identity
        if foreign and not TEST_RUNNERS.search(active.path):
            yield _other_environment(project, active.path)
        return
    conda, ready = seen.conda, own.standing is Standing.ENVIRONMENT
    if conda is None or ready or conda.place.standing is not Standing.PREFIX or is_conda_base(conda, seen.version):
        return
    yield _conda_left_out(project, conda.place.path)


def _other_environment(project: UvProject, active: str) -> Finding:
    """A virtual environment is active that is not the project's."""
    own = project.environment
    ready = own.standing is Standing.ENVIRONMENT
    return Finding(
        f"`uv run` and `uv sync` work in {own.path}, not in the active {active}",
        Fix("Activate the project's environment", Activate(own.path))
        if ready
        else Fix("Deactivate the environment", *deactivation(active)),
        active,
        (Evidence(active, "VIRTUAL_ENV"), Evidence(f"the project is {project.workspace}", "uv run")),
    )


def _conda_left_out(project: UvProject, conda: str) -> Finding:
    """A conda environment is active, and the project's own is yet to be made: perhaps nobody wants it."""
    own = project.environment.path
    advice = f"Use `uv run` to have {own}, or `uv pip install` to stay with the conda environment."
    return Finding(
        f"`uv run` and `uv sync` will create {own} instead of using the active {conda}",
        Fix("Choose one environment for the project", Manual(advice)),
        conda,
        (Evidence(conda, "CONDA_PREFIX"), Evidence(f"the project is {project.workspace}", "uv run")),
        Severity.INFO,
    )
