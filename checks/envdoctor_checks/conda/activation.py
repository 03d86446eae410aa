"""Is the conda environment that the shell calls active also the one that answers?"""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import (
    Activate,
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
from envdoctor.facts.commands.resolve import ShimManager
from envdoctor.facts.conda.environments import CondaEnvironments
from envdoctor.facts.conda.packages import CondaPackages
from envdoctor.facts.conda.shell_state import CondaLevel
from envdoctor.facts.pyenv.versions import Pyenv
from envdoctor.facts.python.active import Answer, Answers
from envdoctor.facts.python.interpreter import Interpreter
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.session.search_path import SearchPath
from envdoctor.facts.shell.startup_files import StartupFiles
from envdoctor.facts.shell.startup_lines import LineKind
from envdoctor.facts.venv.active import ActiveVenv

DEEP = 3


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


@check("CND009", severity=Severity.ERROR, since="0.1")
def activation_stack_broken(
    level: CondaLevel, conda: CondaActivation | None, search_path: SearchPath
) -> Iterator[Finding]:
    """The count that conda keeps of what is active in this shell cannot be right, and conda stops at it.

    ## Why it matters
    `conda activate` and `conda deactivate` count in `CONDA_SHLVL` and keep the former environments in `CONDA_PREFIX_1`
    and so on. A value that is no number, a level without its variable, or the active environment at the very end of the
    search path ends in a traceback. Where the base comes back three times and more, shells were started inside one
    another, and each has activated it again: that is worth knowing, and harms nothing.

    ## How to fix
    Reset conda's activation stack: one active environment, nothing below it.

    ## Not a problem when
    `CONDA_SHLVL` is 0, or `CONDA_PREFIX` is empty, as `conda deactivate` leaves it: nothing is active, which is the
    usual state, whatever `CONDA_PREFIX_1` and so on hold. It is greater, with a variable for each level:
    environments were activated one after another, perhaps once more in tmux.
    """
    reset = Fix(
        "Reset conda's activation stack",
        SetVariable("CONDA_SHLVL", "1" if level.active else "0"),
        *(UnsetVariable(f"CONDA_PREFIX_{stacked.level}") for stacked in level.stack),
    )
    evidence = Evidence(f"CONDA_SHLVL is {level.text!r}", "CONDA_SHLVL")
    levels = tuple(Evidence(stacked.prefix, f"CONDA_PREFIX_{stacked.level}") for stacked in level.stack)
    if level.number is None:
        message = f"CONDA_SHLVL is {level.text!r}, which is not a number, so conda stops"
        yield Finding(message, reset, "CONDA_SHLVL", (evidence,))
    elif level.active and level.gaps:
        lacks = f"CONDA_PREFIX_{level.gaps[-1]} is not set or empty"
        message = f"CONDA_SHLVL is {level.text}, but {lacks}, and `conda deactivate` stops at that"
        yield Finding(message, reset, "CONDA_SHLVL", (evidence, *levels))
    elif rounds(level) >= DEEP:
        message = f"conda has been activated {level.number} times over, in shells inside one another"
        yield Finding(message, reset, "CONDA_SHLVL", (evidence, *levels), Severity.INFO)
    if conda is not None and is_last(conda, search_path):
        message = f"{conda.bin} is the last element of the search path, where conda's own commands stop at it"
        yield Finding(message, to_the_front(conda), "PATH", (Evidence(search_path.entries[-1].text, "PATH"),))


def rounds(level: CondaLevel) -> int:
    """How often the lowest environment, which is the base, has been activated: each new shell does that again."""
    if level.active is None:  # `conda deactivate` leaves its count and empty variables behind
        return 0
    prefixes = [*(each.prefix for each in level.stack), level.active]
    return prefixes.count(prefixes[0])


def is_last(conda: CondaActivation, search_path: SearchPath) -> bool:
    """Whether the active environment is where conda stumbles over it; mamba and pixi do not."""
    return conda.exe is not None and conda.position is not None and conda.position == len(search_path.entries) - 1


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
