"""Is the conda environment that the shell calls active also the one that answers?"""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    PrependPath,
    RemoveFromPath,
    Run,
    Safety,
    SetVariable,
    Severity,
    UnsetVariable,
    check,
)
from envdoctor.facts.conda.environments import CondaEnvironments
from envdoctor.facts.conda.packages import CondaPackages
from envdoctor.facts.python.active import Answer, Answers
from envdoctor.facts.python.interpreter import Interpreter
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.session.search_path import SearchPath
from envdoctor.facts.venv.active import ActiveVenv


def leave(conda: CondaActivation) -> Fix:
    """Undo an activation in the shell itself, where no `conda` may be left that could do it."""
    return Fix(
        "Deactivate the environment",
        RemoveFromPath(conda.bin),
        *(UnsetVariable(name) for name in ("CONDA_PREFIX", "CONDA_DEFAULT_ENV", "CONDA_PROMPT_MODIFIER")),
        *(UnsetVariable(f"CONDA_PREFIX_{stacked.level}") for stacked in conda.stack),
        SetVariable("CONDA_SHLVL", "0"),
    )


def to_the_front(conda: CondaActivation) -> Fix:
    """Make the active environment the first on the search path, as activation does."""
    return Fix("Put the environment first on the search path", RemoveFromPath(conda.bin), PrependPath(conda.bin))


def said(conda: CondaActivation) -> tuple[Evidence, ...]:
    """What the shell says of the active environment."""
    name = (Evidence(f"CONDA_DEFAULT_ENV is {conda.name}", "CONDA_DEFAULT_ENV"),) if conda.name else ()
    return (Evidence(f"CONDA_PREFIX is {conda.prefix}", "CONDA_PREFIX"), *name)


def works_in(venv: ActiveVenv | None, python: Interpreter | None) -> bool:
    """Whether a virtual environment is active and answers, as it should on top of conda."""
    return venv is not None and venv.venv is not None and python is not None and python.root == venv.venv.real


def stands(venv: ActiveVenv | None) -> bool:
    """Whether a virtual environment is active too; if that does not answer either, it is what its user misses."""
    return venv is not None and venv.venv is not None


def is_below(conda: CondaActivation, answer: Answer) -> bool:
    """Whether the environment is stacked on one that has stayed on the search path, and answers in its place."""
    directories = {f"{stacked.prefix.rstrip('/')}/bin" for stacked in conda.stack}
    return conda.is_stacked and answer.hit is not None and answer.hit.directory.rstrip("/") in directories


def is_on_top(conda: CondaActivation, python: Interpreter | None) -> bool:
    """Whether the conda environment answers to `python`."""
    return python is not None and python.root == conda.real


def is_last(conda: CondaActivation, search_path: SearchPath) -> bool:
    """Whether the active environment is where conda stumbles over it; mamba and pixi do not."""
    return conda.exe is not None and conda.position is not None and conda.position == len(search_path.entries) - 1


@check("CND002", severity=Severity.ERROR, since="0.1")
def conda_environment_gone(conda: CondaActivation, known: CondaEnvironments | None) -> Iterator[Finding]:
    """The conda environment that is active in this shell no longer exists.

    ## Why it matters
    The prompt and the variables still name it. `conda install` fails, uv looks for a Python that is not there, and
    `python` comes from somewhere else.

    ## How to fix
    Deactivate the environment and activate one that exists.
    """
    if not conda.exists:
        message = f"the active conda environment {conda.prefix} does not exist"
    elif not conda.has_meta:
        message = f"CONDA_PREFIX names {conda.prefix}, which is no conda environment: it has no conda-meta"
    else:
        return
    namesakes = known.called(conda.name) if known and conda.name else ()
    others = tuple(
        Evidence(f"an environment called {other.name} is {other.prefix}", other.origin) for other in namesakes
    )
    yield Finding(message, leave(conda), conda.prefix, (*said(conda), *others))


@check("CND004", severity=Severity.ERROR, since="0.1", unless=("CND002",))
def conda_environment_without_python(
    conda: CondaActivation, answers: Answers, venv: ActiveVenv | None, packages: CondaPackages | None
) -> Iterator[Finding]:
    """The active conda environment has no Python, so `python` and `pip` are those of another place.

    ## Why it matters
    `conda create -n name` without a package makes an empty environment. Activation works, and `pip install` then
    changes the base or the system.

    ## How to fix
    Install Python and pip into it. If conda's records say that Python is there, because only its files were deleted,
    `conda install python` does nothing; `--force-reinstall` brings the files back.

    ## Not a problem when
    A virtual environment is active on top of it, or it is on top of an environment with a Python, by `conda activate
    --stack`. An environment for tools alone, such as FFmpeg or R, gets only a warning: `pip` still goes elsewhere.
    """
    answered = works_in(venv, answers.python.interpreter) or is_below(conda, answers.python)
    if conda.has_python or not conda.has_meta or answered:
        return
    tools = packages is not None and packages.count > 0
    pip = answers.pip.interpreter
    falls = f"`pip` installs into {pip.prefix}" if pip else "there is no other `python` on the search path"
    yield Finding(
        f"the active conda environment {conda.prefix} has no Python, and {falls}",
        _with_python(conda),
        conda.prefix,
        (*said(conda), *((Evidence(f"{packages.count} packages are in it", conda.prefix),) if packages else ())),
        Severity.WARNING if tools else Severity.ERROR,
    )


def _with_python(conda: CondaActivation) -> Fix:
    """Python for an environment that has none; conda itself does nothing about one that it believes is there."""
    install = (conda.exe or "conda", "install", "--yes", "--prefix", conda.prefix)
    if conda.records_python:
        again = Run(*install, "--force-reinstall", "python")
        return Fix("Reinstall Python, whose files are gone", again, safety=Safety.CHANGES_STATE)
    return Fix(
        "Install Python and pip into the environment", Run(*install, "python", "pip"), safety=Safety.CHANGES_STATE
    )


@check(
    "CND001",
    severity=Severity.ERROR,
    since="0.1",
    unless=("CND002", "CND007", "CND004"),
)
def conda_half_activated(
    conda: CondaActivation, answers: Answers, venv: ActiveVenv | None, search_path: SearchPath
) -> Iterator[Finding]:
    """The variables call a conda environment active, but the search path does not lead to it.

    ## Why it matters
    tmux and other login shells rebuild the search path and keep the variables; so does leaving a virtual environment
    that was activated before conda. The prompt names the environment, and conda and uv install into it, but `python`
    and `pip` are those of another place.

    ## How to fix
    Put the environment first on the search path. `conda deactivate` and `conda activate` do the same where the shell
    has the `conda` function. To avoid this, start tmux with no environment active.

    ## Not a problem when
    A virtual environment is active on top.
    """
    python = answers.python
    on_top = conda.position is not None and (not conda.has_python or is_on_top(conda, python.interpreter))
    if on_top or stands(venv) or (is_last(conda, search_path) and conda.has_python):
        return
    answering = python.hit or answers.python3.hit
    answered = (Evidence(f"{answering.path} answers to python", "PATH"),) if answering else ()
    if conda.position is None:
        message = f"the conda environment {conda.prefix} is active, but {conda.bin} is not on the search path"
        fix = Fix("Put the environment first on the search path", PrependPath(conda.bin))
        yield Finding(message, fix, conda.prefix, (*said(conda), *answered))
    elif python.hit is not None and python.hit.position < conda.position:
        message = f"the conda environment {conda.prefix} is active, but {python.hit.directory} comes before it"
        severity = Severity.WARNING if conda.is_base else Severity.ERROR
        yield Finding(message, to_the_front(conda), python.hit.directory, (*said(conda), *answered), severity)
