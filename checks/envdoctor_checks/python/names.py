"""PY: do `python` and `python3`, `pip` and `pip3` mean the same?"""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename, dirname, join

from envdoctor import (
    Finding,
    Fix,
    PrependPath,
    Run,
    Safety,
    Severity,
    check,
)
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.commands.resolve import ShimManager
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.pip.settings import PipSettings
from envdoctor.facts.pyenv.versions import Pyenv
from envdoctor.facts.python.active import Answer, Answers
from envdoctor.facts.python.interpreters import Interpreter
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.venv.active import ActiveVenv, ProjectVenv
from envdoctor.facts.venv.layout import Venv
from envdoctor_checks.common.path_causes import is_usable
from envdoctor_checks.common.rebuild import minor_of
from envdoctor_checks.common.wording import (
    brought_forward,
    found,
    fresh_environment,
    in_active,
    named,
    python_of,
    same_environment,
    venv_of,
)


@check("PY003", severity=Severity.WARNING, since="0.1", unless=("PY002", "PYE001"), where=("Answers.differ",))
def python_and_python3_disagree(
    answers: Answers,
    commands: Commands,
    settings: PipSettings,
    active: ActiveVenv | None,
    project: ProjectVenv | None,
    conda: CondaActivation | None,
    pyenv: Pyenv | None,
    builders: Builders | None,
) -> Iterator[Finding]:
    """`python` and `python3`, or `pip` and `pip3`, belong to different environments.

    ## Why it matters
    What `pip3 install` brings, `python` does not find. Scripts that begin with `#!/usr/bin/env python3` run on another
    Python than the one that you test with.

    ## How to fix
    Give the environment both names, or bring it to the front of the search path. In a virtual environment both names
    are there. `python -m pip` is always the pip of that `python`.

    ## Not a problem when
    There is only one of the names. Both lead to the same environment by different files. pyenv selects several versions
    on purpose. `python` is a Python 2, as it was on old systems.
    """
    pairs = [(answers.python, answers.python3)]
    pips = (answers.pip, answers.pip3)
    run = all(answer.interpreter and answer.interpreter.pip for answer in pips)
    if run and settings.effective("python", "global") is None and _agree(python_of(answers), answers.pip):
        pairs.append(pips)  # where `pip` itself belongs elsewhere, PIP001 says so
    for first, third in pairs:
        one, other = first.interpreter, third.interpreter
        if one is None or other is None or same_environment(one, other) or _is_meant(first, third, pyenv):
            continue
        inside = [python for python in (one, other) if in_active(python, active, conda)]
        yield Finding(
            f"`{first.name}` runs in {named(one)}, but `{third.name}` in {named(other)}",
            where=third.hit.path if third.hit else None,
            evidence=tuple(found(a.name, a.hit, a.interpreter) for a in (first, third) if a.hit),
            fix=_made_one((first, third), inside, commands, active, project, builders),
            severity=Severity.ERROR if len(inside) == 1 else Severity.WARNING,
        )
        return


def _agree(one: Answer, other: Answer) -> bool:
    first, second = one.interpreter, other.interpreter
    return first is not None and second is not None and same_environment(first, second)


def _is_meant(first: Answer, third: Answer, pyenv: Pyenv | None) -> bool:
    """Whether the two names are meant to differ: a Python 2 beside a Python 3, or several versions by pyenv."""
    one, other = first.interpreter, third.interpreter
    if one and other and one.version[0] != other.version[0]:
        return True
    shims = all(answer.hit and answer.hit.manager is ShimManager.PYENV for answer in (first, third))
    selected = [version for root in pyenv.roots for version in root.selection.versions] if pyenv else []
    return shims and all(answer.hit and answer.hit.version in selected for answer in (first, third))


def _made_one(
    both: tuple[Answer, Answer],
    inside: list[Interpreter],
    commands: Commands,
    active: ActiveVenv | None,
    project: ProjectVenv | None,
    builders: Builders | None,
) -> Fix:
    """What makes both names mean the same: the environment's own, or an environment at all."""
    first, third = both
    if len(inside) == 1:
        return _completed(inside[0], first, third, commands, venv_of(inside[0], active, project))
    if len(inside) == 2 and (fix := _led_back(both, venv_of(inside[0], active, project))):
        return fix
    if project and project.venv and is_usable(project.venv):
        return Fix("Activate the project's environment, which has both names", brought_forward(project.venv))
    pythons = [answer.interpreter for answer in (first, third) if answer.interpreter]
    outside = [python for python in pythons if python.is_venv]
    if len(outside) == 1:
        return _completed(outside[0], first, third, commands, None)
    summary = "Create an environment, where both names are the same"
    steps = fresh_environment(pythons[-1], commands, builders) if pythons else ()
    return Fix(summary, *steps, safety=Safety.CHANGES_STATE)


def _led_back(both: tuple[Answer, Answer], venv: Venv | None) -> Fix | None:
    """Let a name of the environment run the Python that it was made for again; None where another thing is amiss."""
    hits = [answer.hit for answer in both if answer.hit and venv and dirname(answer.hit.path) == venv.scripts]
    if venv is None or len(hits) != 2 or both[0].name != "python":
        return None
    fits = [answer.interpreter is not None and answer.interpreter.minor == minor_of(venv) for answer in both]
    if fits[0] == fits[1]:
        return None
    kept, stray = hits if fits[0] else reversed(hits)
    link = Run("ln", "-sf", basename(kept.path), stray.path)
    return Fix(f"Link {stray.path} to the environment's own Python", link, safety=Safety.CHANGES_STATE)


def _completed(keep: Interpreter, first: Answer, third: Answer, commands: Commands, venv: Venv | None) -> Fix:
    """Bring the environment's own file of the other name to the front, or make one."""
    kept, stray = (first, third) if first.interpreter is keep else (third, first)
    if any(dirname(hit.path) == keep.bin for hit in commands.all(stray.name)):
        step = brought_forward(venv) if venv else PrependPath(keep.bin)
        return Fix("Put the environment first on the search path", step)
    link = join(keep.bin, stray.name)
    made = Run("ln", "-s", basename(kept.hit.path if kept.hit else keep.path), link)
    return Fix(
        "Create the other name in the environment too", made, safety=Safety.CHANGES_STATE, undo=(Run("rm", link),)
    )
