"""PY: which Python answers, and is it the one of the active environment?"""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename, join

from envdoctor import (
    Activate,
    Evidence,
    Finding,
    Fix,
    Manual,
    PrependPath,
    Run,
    Safety,
    Severity,
    check,
)
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.pyenv.versions import Pyenv
from envdoctor.facts.python.active import Answers
from envdoctor.facts.python.off_path import UsualPythons
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.session.context import Examined, Place
from envdoctor.facts.session.search_path import SearchPath
from envdoctor.facts.shell.startup_files import StartupFiles
from envdoctor.facts.venv.active import ActiveVenv, ProjectVenv
from envdoctor_checks.common.path_causes import is_passed_over, is_usable, place_of
from envdoctor_checks.common.path_lines import assignment, intruders, lines_read
from envdoctor_checks.common.wording import (
    brought_forward,
    found,
    in_active,
    python_of,
)


@check(
    "PY002",
    severity=Severity.ERROR,
    since="0.1",
    unless=("ENV008", "CND003", "TRM003", "TRM001", "PYE003"),
)
def python_outside_active_environment(
    active: ActiveVenv,
    answers: Answers,
    search_path: SearchPath,
    examined: Examined,
    startup: StartupFiles | None,
) -> Iterator[Finding]:
    """A virtual environment is active by its variable, but `python` runs from elsewhere.

    ## Why it matters
    `uv pip` and the prompt follow `VIRTUAL_ENV`; `python`, `pip` and all scripts follow the search path. What one
    installs, the other does not see. A nested shell, a login shell or a line in a start-up file has taken the
    environment from the front of the search path.

    ## How to fix
    Activate the environment again in this shell, or deactivate it if you do not want it. Permanently: let start-up
    files put directories behind `$PATH`, give `pyenv init -` the option `--no-push-path`, and start editors and
    multiplexers from a shell in which nothing is active.

    ## Not a problem when
    The first `python` is a shim or a wrapper that runs the environment's own Python.
    """
    venv, answer = active.venv, python_of(answers)
    if venv is None or active.problem or not is_usable(venv) or not is_passed_over(venv, answer, search_path):
        return
    lines = tuple(lines_read(startup, examined.shell, login=bool(examined.login))) if startup else ()
    runs, line, clause = f"runs {answer.hit.path}" if answer.hit else "is not found", None, ""
    if place_of(venv, search_path) is None:
        line, clause = assignment(lines, search_path), f": {venv.scripts} is not on the search path"
        clause += f", which {line.origin} replaces" if line else ""
    elif answer.hit:
        line = next(reversed(intruders(lines, answer.hit.directory, answer)), None)
        clause = f": {answer.hit.directory} comes before it" + (f", put there by {line.origin}" if line else "")
    editor = examined.at(Place.EDITOR)
    yield Finding(
        f"VIRTUAL_ENV names {venv.root}, but `{answer.name}` {runs}{clause}",
        where="PATH",
        evidence=(
            Evidence(f"VIRTUAL_ENV={active.value}", f"variable {active.name}"),
            *((found(answer.name, answer.hit, answer.interpreter),) if answer.hit else ()),
            *((line.evidence,) if line else ()),
            *((Evidence(f"a terminal of {editor.name}", editor.origin),) if editor else ()),
        ),
        fix=Fix("Activate the environment again", brought_forward(venv)),
    )


@check("PY001", severity=Severity.WARNING, since="0.1", unless=("PY002",))
def python_not_found(
    answers: Answers,
    commands: Commands,
    usual: UsualPythons,
    active: ActiveVenv | None,
    project: ProjectVenv | None,
    conda: CondaActivation | None,
    pyenv: Pyenv | None,
    builders: Builders | None,
) -> Iterator[Finding]:
    """There is no `python` and no `python3` on the search path.

    ## Why it matters
    Nothing that is written in Python starts by its name. Most often a line in a start-up file has replaced the search
    path instead of adding to it.

    ## How to fix
    Activate an environment, or put the directory of a Python back on the search path.

    ## Not a problem when
    Only `python` is missing and no environment is active: many systems have `python3` alone.
    """
    third = answers.python3
    if answers.python.hit is None and third.hit is None:
        yield Finding(
            "there is no `python` and no `python3` on the search path",
            where="PATH",
            evidence=(Evidence("neither name is found in any directory", "PATH"),),
            fix=_some_python(commands, usual, project, pyenv, builders),
        )
    elif answers.python.hit is None and third.hit and third.interpreter and in_active(third.interpreter, active, conda):
        link = join(third.interpreter.bin, "python")
        yield Finding(
            f"the active environment {third.interpreter.prefix} has a `python3` and no `python`",
            where=third.interpreter.bin,
            evidence=(found("python3", third.hit, third.interpreter),),
            fix=Fix(
                "Create the usual name in the environment too",
                Run("ln", "-s", basename(third.interpreter.path), link),
                safety=Safety.CHANGES_STATE,
                undo=(Run("rm", link),),
            ),
        )


def _some_python(
    commands: Commands,
    usual: UsualPythons,
    project: ProjectVenv | None,
    pyenv: Pyenv | None,
    builders: Builders | None,
) -> Fix:
    """The nearest way to a Python."""
    if project and project.venv and is_usable(project.venv):
        return Fix("Activate the project's environment", brought_forward(project.venv))
    roots = [root for root in pyenv.roots if root.installed] if pyenv else []
    if roots:
        return Fix("Put pyenv's shims on the search path", PrependPath(roots[0].shims))
    if usual.forgotten:
        return Fix("Put the directory of a Python back on the search path", PrependPath(usual.forgotten[-1]))
    if commands.first("uv") and (builders is None or builders.downloads):
        steps = (Run("uv", "venv", *(builders.other_than_asked(but="3") if builders else ())), Activate(".venv"))
        return Fix("Make an environment; uv brings the Python", *steps, safety=Safety.CHANGES_STATE)
    return Fix("Install Python", Manual("Install Python 3 with the package manager of the system, or install uv"))
