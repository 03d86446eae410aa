"""TRM: an activation that sudo does not let through."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
    Scope,
    Severity,
    check,
)
from envdoctor.facts.python.active import Answers
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.session.sudo import Elevation
from envdoctor.facts.venv.active import ActiveVenv, ProjectVenv
from envdoctor_checks.common.shell_words import in_quotes
from envdoctor_checks.common.wording import found, python_of


@check("TRM009", severity=Severity.WARNING, since="0.1")
def activation_lost_under_sudo(
    elevation: Elevation,
    answers: Answers,
    active: ActiveVenv | None,
    conda: CondaActivation | None,
    project: ProjectVenv | None,
) -> Iterator[Finding]:
    """Running under sudo, the user's environment is gone: `python` and `pip` are the system's.

    ## Why it matters
    sudo takes away `VIRTUAL_ENV`, conda's variables and the search path. `sudo pip install` then changes the system's
    Python, and files that root leaves in an environment or a cache later refuse the user.

    ## How to fix
    Exit root's shell and work as the user. Where root is really needed, name the program of the environment by its
    full path: `sudo /path/to/.venv/bin/python …`.

    ## Not a problem when
    Nothing was active before, root is the only user, as in many containers, or the environment was handed over.
    """
    answer = python_of(answers)
    root = elevation.virtual_env or elevation.conda_prefix
    if root is None and elevation.process is None and project and project.venv:
        root = project.venv.real
    if root is None or active or conda or answer.interpreter is None:
        return
    if answer.interpreter.root != root:
        name = "VIRTUAL_ENV" if root == elevation.virtual_env else "CONDA_PREFIX"
        origin = f"the environment of sudo, process {elevation.process}"
        known = (Evidence(f"{name}={root}", origin),) if elevation.process else ()
        yield Finding(
            f"under sudo the environment {root} of {elevation.user} is not active: `{answer.name}` runs "
            f"{answer.interpreter.path}",
            where="PATH",
            evidence=(
                Evidence(f"SUDO_USER={elevation.user}", "the environment"),
                *known,
                *((found(answer.name, answer.hit, answer.interpreter),) if answer.hit else ()),
            ),
            fix=Fix(
                f"Work as {elevation.user}",
                Manual(f"Exit root's shell, and run the command as {elevation.user}; never install with `sudo pip`"),
                Manual(f"Where root is really needed, {_named(root)}"),
                scope=Scope.SESSION,
            ),
        )


def _named(root: str) -> str:
    """How a program of an environment is run as root."""
    python = in_quotes(f"{root}/bin/python")
    return f"name the program: `sudo {python} …`" if python else f"name the program by its path in {root}"
