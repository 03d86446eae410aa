"""PYE: shims, of pyenv and similar tools, that do not stand where they should."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import dirname

from envdoctor import (
    Activate,
    Evidence,
    Finding,
    Fix,
    PrependPath,
    Severity,
    check,
)
from envdoctor.facts.commands.commands import Commands, Hit
from envdoctor.facts.commands.resolve import ShimManager
from envdoctor.facts.pyenv.versions import SYSTEM, Pyenv, PyenvRoot
from envdoctor.facts.python.active import Answer, Answers
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.session.context import Examined
from envdoctor.facts.session.search_path import SearchPath
from envdoctor.facts.shell.startup_files import StartupFiles
from envdoctor.facts.shell.startup_lines import LineKind
from envdoctor.facts.venv.active import ActiveVenv
from envdoctor_checks.common.deactivation import deactivation
from envdoctor_checks.common.startup_edits import appended, file_of_new_shells

INIT = {
    "bash": 'eval "$({} init - bash)"',
    "zsh": 'eval "$({} init - zsh)"',
    "fish": "{} init - fish | source",
}


@check("PYE001", severity=Severity.WARNING, since="0.1", moots=("PIP006",))
def shims_not_first(
    pyenv: Pyenv,
    search_path: SearchPath,
    answers: Answers,
    commands: Commands,
    venv: ActiveVenv | None,
    conda: CondaActivation | None,
    startup: StartupFiles | None,
    examined: Examined,
) -> Iterator[Finding]:
    """Pyenv selects a version, but another Python answers, because its shims are not first on the search path.

    ## Why it matters
    `pyenv versions` marks one version, `python` is another. `pyenv local` and `pyenv global` seem to do nothing.

    ## How to fix
    Initialise pyenv in the shell's start-up file, as its last lines, so that nothing puts a directory before the shims.

    ## Not a problem when
    A virtual or conda environment is active in front of the shims. The selected version's own directory is first. pyenv
    only builds Pythons for uv, and its shims are not used. Nothing or the system's Python is selected.
    """
    root = pyenv.roots[0]
    selection, position = root.selection, search_path.position(root.shims)
    version = next(iter(selection.versions), SYSTEM)
    if venv or conda or version == SYSTEM or selection.missing or examined.python:
        return
    if position is None and (commands.first("uv") or not commands.first("pyenv")):
        return  # pyenv builds Pythons for uv, or is not used at all
    others = (answer for answer in (answers.python, answers.python3) if not _obeys(answer, root, version))
    python = next(others, None)
    if python is None or python.hit is None:
        return
    hit = python.hit
    where = "are not on the search path" if position is None else f"come after {hit.directory}"
    init = startup.mentions("pyenv", kind=LineKind.INIT) if startup else ()
    yield Finding(
        f"pyenv selects Python {version}, but `{python.name}` is {hit.path}: its shims {where}",
        where="PATH",
        evidence=(
            Evidence(f"selects {version}", selection.origin),
            Evidence(f"`{python.name}` is {hit.path}", f"PATH, element {hit.position + 1}"),
            *(line.evidence for line in init[:1]),
        ),
        fix=_shims_first(root, examined, commands.first("pyenv"), startup or StartupFiles()),
    )


def _obeys(answer: Answer, root: PyenvRoot, version: str) -> bool:
    """Whether a command is not found at all, a shim (of another manager too), or a Python of the selected version."""
    hit, interpreter, directory = answer.hit, answer.interpreter, f"{root.root}/versions/{version}"
    if hit is None or hit.manager is not None:
        return True
    paths = (hit.path, hit.real, *((interpreter.prefix, interpreter.root) if interpreter else ()))
    return any(path == directory or path.startswith(f"{directory}/") for path in paths)


def _shims_first(root: PyenvRoot, examined: Examined, pyenv: Hit | None, startup: StartupFiles) -> Fix:
    prepend = PrependPath(root.shims)
    path = file_of_new_shells(examined, startup)
    if startup.mentions("pyenv", kind=LineKind.INIT) or path is None:
        return Fix("Put the shims first", prepend)
    line = INIT[examined.shell or ""].format(pyenv.path if pyenv else f"{root.root}/bin/pyenv")
    add = appended(line, path, startup)
    return Fix("Put the shims first, now and in new shells", prepend, add)


@check(
    "PYE003",
    severity=Severity.ERROR,
    since="0.1",
    unless=("TRM001",),
    where=("Answers.python.hit.manager", "Answers.python3.hit.manager"),
)
def shims_before_environment(
    venv: ActiveVenv, answers: Answers, search_path: SearchPath, startup: StartupFiles | None
) -> Iterator[Finding]:
    """The shims of pyenv, asdf or mise stand before the active virtual environment.

    ## Why it matters
    `eval "$(pyenv init -)"` puts the shims first in every interactive shell. A nested shell inherits the activation of
    its parent, and then pushes the shims before it: `VIRTUAL_ENV` says one thing, `python` and `pip` do another.

    ## How to fix
    Activate the environment again in this shell. For good, write `eval "$(pyenv init - --no-push-path)"`, which leaves
    shims where they are. The shims of asdf and mise go onto the search path in `.bash_profile` or `.zprofile`, which a
    nested shell does not read; `eval "$(mise activate bash)"` works without shims.

    ## Not a problem when
    The shim runs the active environment, as pyenv-virtualenv arranges it.
    """
    environment = venv.venv
    python = answers.python if answers.python.hit else answers.python3
    if environment is None or python.hit is None or python.hit.manager is None:
        return
    position = search_path.position(environment.scripts, f"{environment.real}/bin")
    interpreter = python.interpreter
    if position is None or position < python.hit.position or (interpreter and interpreter.root == environment.real):
        return
    manager = python.hit.manager
    init = startup.mentions(manager.value, kind=LineKind.INIT) if startup else ()
    runs = f"runs {interpreter.path}" if interpreter else f"is {python.hit.path}"
    yield Finding(
        f"the shims of {manager.value} stand before the active environment {environment.root}: `{python.name}` {runs}",
        where="PATH",
        evidence=(
            Evidence(f"VIRTUAL_ENV={venv.value}", "VIRTUAL_ENV"),
            Evidence(f"{dirname(python.hit.path)} is element {python.hit.position + 1}", "PATH"),
            Evidence(f"{environment.scripts} is element {position + 1}", "PATH"),
            *(line.evidence for line in init[:1]),
        ),
        fix=Fix("Activate the environment again", *deactivation(environment.root), Activate(environment.root)),
        severity=Severity.ERROR if interpreter or manager is ShimManager.PYENV else Severity.WARNING,
    )
