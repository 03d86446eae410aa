"""PIP: Pythons that belong to the system, and tell pip to keep off."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
    Safety,
    Severity,
    check,
)
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.pip.command import BarePip
from envdoctor.facts.pip.options import switched
from envdoctor.facts.pip.settings import PipSettings
from envdoctor.facts.project.project import ProjectManager
from envdoctor.facts.python.interpreters import Interpreter
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.session.context import Examined, Place
from envdoctor.facts.shell.exported_lines import ExportedLines
from envdoctor.facts.venv.active import ActiveVenv, ProjectVenv
from envdoctor_checks.common.pip_settings import proof, without
from envdoctor_checks.common.startup_edits import lasting
from envdoctor_checks.common.wording import fresh_environment

BYPASS = "break-system-packages"
REDIRECTS = ("target", "prefix", "root")


@check("PIP005", severity=Severity.WARNING, since="0.1", where=("BarePip.is_guarded",))
def externally_managed_bypassed(
    pip: BarePip, settings: PipSettings, examined: Examined, exported: ExportedLines | None
) -> Iterator[Finding]:
    """The guard that stops pip from changing an externally managed Python is turned off permanently.

    ## Why it matters
    The system's own programs run on that Python. A `pip install` that replaces one of their packages breaks them, and
    the system's package manager does not know about it.

    ## How to fix
    Remove the setting. Install libraries into a virtual environment, and commands with `uv tool install` or `pipx`.

    ## Not a problem when
    A container or a CI job uses the system's Python on purpose, because the whole machine is thrown away.
    """
    setting = settings.effective(BYPASS)
    python = pip.interpreter
    if setting is None or python is None or not pip.is_guarded or not switched(setting.value):
        return
    if examined.at(Place.CI):
        return
    yield Finding(
        f"`{pip.command} install` changes the Python of the system in {python.prefix}: its guard is turned off",
        where=setting.file or setting.origin,
        evidence=(
            proof(setting),
            Evidence("this Python is managed by the system", str(python.externally_managed)),
        ),
        fix=lasting(without(setting, "Remove the setting, so that pip protects the system's Python again"), exported),
        severity=Severity.INFO if examined.at(Place.CONTAINER) else Severity.WARNING,
    )


@check("PIP006", severity=Severity.INFO, since="0.1", unless=("PIP001",), where=("BarePip.is_guarded",))
def no_environment_and_externally_managed(
    pip: BarePip,
    settings: PipSettings,
    commands: Commands,
    examined: Examined,
    active: ActiveVenv | None,
    project: ProjectVenv | None,
    conda: CondaActivation | None,
    builders: Builders,
) -> Iterator[Finding]:
    """No environment is active, and the `pip` that answers belongs to a Python that refuses installs.

    ## Why it matters
    `pip install` ends in `error: externally-managed-environment`. Nothing is broken: this Python belongs to the system,
    and a package of yours could break the system's programs.

    ## How to fix
    For a library, make a virtual environment in the project's directory and activate it. For a command-line tool, use
    `uv tool install` or `pipx install`. Never turn the guard off permanently.

    ## Not a problem when
    Nothing is installed with pip from here: the project is kept with uv, poetry, pipenv or another manager, which makes
    the environment by itself.
    """
    bypass = settings.effective(BYPASS)
    if pip.interpreter is None or not pip.is_guarded or (bypass and switched(bypass.value)):
        return
    if builders.manager not in (None, ProjectManager.PIP):
        return
    if any((active, project, conda)) or any(map(settings.effective, REDIRECTS)):
        return
    yield Finding(
        f"no environment is active, and `{pip.command}` refuses to install into the system's {pip.interpreter.prefix}",
        where=pip.hit.path,
        evidence=(Evidence("this Python is managed by the system", str(pip.interpreter.externally_managed)),),
        fix=_somewhere(pip.interpreter, commands, examined, builders),
    )


def _somewhere(python: Interpreter, commands: Commands, examined: Examined, builders: Builders) -> Fix:
    """A place to install to: here, unless that would make all of the home directory one project."""
    if examined.cwd in (examined.home, "/", None):
        tool = "`uv tool install`" if commands.first("uv") else "`pipx install`"
        advice = f"Install commands with {tool}; for a library, go to the directory of its project first"
        return Fix("Install commands with a tool manager, and libraries in a project", Manual(advice))
    steps = fresh_environment(python, commands, builders, pip=True)
    return Fix("Create an environment for the project", *steps, safety=Safety.CHANGES_STATE)
