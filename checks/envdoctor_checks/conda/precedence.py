"""CND: conda's environment is active, and something else comes before it."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import (
    Activate,
    Evidence,
    Finding,
    Fix,
    Severity,
    check,
)
from envdoctor.facts.commands.resolve import ShimManager
from envdoctor.facts.pyenv.versions import Pyenv
from envdoctor.facts.python.active import Answers
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.shell.startup_files import StartupFiles
from envdoctor.facts.shell.startup_lines import LineKind
from envdoctor.facts.venv.active import ActiveVenv
from envdoctor_checks.conda.activation import is_on_top, said, stands, to_the_front


@check("CND007", severity=Severity.ERROR, since="0.1", unless=("CND002",))
def conda_and_pyenv_order(
    conda: CondaActivation,
    answers: Answers,
    pyenv: Pyenv | None,
    venv: ActiveVenv | None,
    startup: StartupFiles | None,
) -> Iterator[Finding]:
    """The shims of pyenv stand before the active conda environment, so that pyenv decides which Python runs.

    ## Why it matters
    `conda activate` changes the prompt, and `python` stays the one of pyenv. conda puts a new environment where the
    former one stood on the search path, that is behind the shims, so that activating again does not help.

    ## How to fix
    Put the environment before the shims. For good, set up pyenv before conda in the shell's start-up file, or keep
    conda from activating its base by itself.

    ## Not a problem when
    No conda environment is active, or a virtual environment is, on top of it. pyenv falls through to conda's Python.
    pyenv itself hosts this conda.
    """
    hit, interpreter = answers.python.hit, answers.python.interpreter
    if hit is None or hit.manager is not ShimManager.PYENV or conda.position is None or not conda.has_python:
        return
    roots = pyenv.roots if pyenv else ()
    hosted = any(conda.prefix.startswith(f"{root.root.rstrip('/')}/") for root in roots)
    if hosted or stands(venv) or hit.position > conda.position or is_on_top(conda, interpreter):
        return
    runs = interpreter.prefix if interpreter else hit.problem
    yield Finding(
        f"pyenv's shims in {hit.directory} stand before the active conda environment {conda.prefix}",
        to_the_front(conda),
        hit.directory,
        (*said(conda), Evidence(f"{hit.path} runs {runs}", "PATH"), *_order_in(startup)),
        Severity.WARNING if conda.is_base else Severity.ERROR,
    )


def _order_in(startup: StartupFiles | None) -> Iterator[Evidence]:
    """Where start-up files set up the two, if one file does both."""
    lines = startup.mentions("conda", "mamba", "pyenv") if startup else ()
    setting_up = [line for line in lines if line.kind in (LineKind.BLOCK, LineKind.INIT)]
    blocks = [line for line in setting_up if line.name != "pyenv"]
    for block in blocks:
        for line in setting_up:
            if line.name == "pyenv" and line.file == block.file and line.number > block.number:
                yield Evidence(f"pyenv is set up after conda: {line.text}", line.origin)
                return


@check(
    "CND003",
    severity=Severity.ERROR,
    since="0.1",
    unless=("CND002", "TRM003", "TRM001"),
)
def conda_and_venv_split(conda: CondaActivation, venv: ActiveVenv, answers: Answers) -> Iterator[Finding]:
    """A virtual environment and a conda environment are both active, and commands divide between them.

    ## Why it matters
    `uv pip` follows `VIRTUAL_ENV`, `python` and `pip` the search path. What one installs, the other does not see.

    ## How to fix
    Activate the virtual environment again, so that it stands before conda.

    ## Not a problem when
    Both are active and the virtual environment comes first: that is how one works on top of conda's base.
    """
    python = answers.python
    if venv.venv is None or python.hit is None or not is_on_top(conda, python.interpreter):
        return
    yield Finding(
        f"{venv.venv.root} is active, but `python` is that of the conda environment {conda.prefix}",
        Fix("Activate the virtual environment again", Activate(venv.venv.root)),
        venv.venv.root,
        (Evidence(venv.value, venv.name), *said(conda), Evidence(f"{python.hit.path} answers to python", "PATH")),
    )
