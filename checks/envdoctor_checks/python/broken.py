"""PY: a Python that is found first and does not start."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
    RemoveFromPath,
    Run,
    Safety,
    Severity,
    check,
)
from envdoctor.facts.commands.commands import Hit
from envdoctor.facts.commands.resolve import HitKind, ShimManager
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.environments.condition import Defect, VenvConditions
from envdoctor.facts.pyenv.versions import SYSTEM, Pyenv, PyenvRoot
from envdoctor.facts.python.active import Answers
from envdoctor.facts.python.broken import BrokenPython, BrokenPythons
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.venv.active import ActiveVenv, ProjectVenv
from envdoctor.facts.venv.layout import Tool, Venv
from envdoctor_checks.common.installing import made_by_venv
from envdoctor_checks.common.moves import disabled
from envdoctor_checks.common.wording import found

STATE = Safety.CHANGES_STATE
# what a shim says where it selects no version, or may not read the file that does; else the one selected is missing
SELECTS_NONE = "No version is set"
NOT_TRUSTED = "are not trusted"


@check("PY004", severity=Severity.ERROR, since="0.1", unless=("ENV002", "PYE002"), where=("BrokenPythons.found",))
def python_does_not_start(
    broken: BrokenPythons,
    answers: Answers,
    pyenv: Pyenv | None,
    venv: ActiveVenv | None,
    project: ProjectVenv | None,
    conda: CondaActivation | None,
    builders: Builders | None,
    conditions: VenvConditions | None,
) -> Iterator[Finding]:
    """The first `python` on the search path fails to start.

    ## Why it matters
    Every tool that calls `python` fails with it, while `pip`, which has a Python of its own in its first line, may go
    on working, on something else. pyenv's `pip` does just that: where the selected version is not installed, it falls
    through to the system's.

    ## How to fix
    Fix what the message names: install the version that pyenv, mise or asdf is asked for, with that manager; recreate
    the environment; reinstall the Python. A left-over script that starts nothing can be disabled, so that the next
    `python` answers.

    ## Not a problem when
    It is only slow: then nothing is known, and the report says that it is incomplete. pyenv selects the system's
    Python, which goes by `python3` alone, as on Debian. Of an environment that lacks something, such as a `pyvenv.cfg`
    that can be read, ENV008 tells.
    """
    incomplete = conditions.suffering(Defect.INCOMPLETE) if conditions else ()
    told = {condition.venv.scripts for condition in incomplete}
    for python in broken.found:
        hit = python.hit
        if hit and hit.directory.rstrip("/") in told:
            continue  # what its environment lacks is the reason, which ENV008 says
        if hit and answers.python3.interpreter and _is_system(hit, pyenv):
            continue
        mine = next((v.venv for v in (venv, project) if hit and v and v.venv and v.venv.scripts == hit.directory), None)
        yield Finding(
            f"`{python.name}` does not start: {python.fault.partition(chr(10))[0]}",
            where=hit.path if hit else python.name,
            evidence=tuple(_proof(python, answers)),
            fix=_mended(python, mine, conda, pyenv, builders),
            severity=Severity.ERROR if python.is_first else Severity.WARNING,
        )


def _proof(python: BrokenPython, answers: Answers) -> Iterator[Evidence]:
    """What fails and how, and what a bare `pip` does meanwhile, where it does anything."""
    if python.hit:
        yield found(python.name, python.hit)
    if python.hit and python.hit.header:
        yield Evidence(python.hit.header.line, f"{python.hit.path}:1")
    yield from (Evidence(line, python.name) for line in python.fault.splitlines()[1:])
    pip = answers.pip
    if pip.hit and pip.interpreter:
        yield Evidence(f"it still works, and installs into {pip.interpreter.prefix}", f"`pip`: {pip.hit.path}")


def _mended(  # noqa: PLR0911 - one return a kind of Python
    python: BrokenPython,
    mine: Venv | None,
    conda: CondaActivation | None,
    pyenv: Pyenv | None,
    builders: Builders | None,
) -> Fix:
    """What fixes it, by what it is."""
    hit, behind = python.hit, python.behind
    if hit is None:
        return Fix("Choose another interpreter", Manual("Give the option --python an interpreter that starts"))
    if hit.manager is ShimManager.PYENV:
        return _of_pyenv(hit, pyenv)
    if hit.manager in (ShimManager.MISE, ShimManager.ASDF):
        return _of_its_manager(hit, hit.manager, python.fault)
    if mine is not None:
        return _remade(mine, behind, builders)
    if conda and hit.directory == conda.bin:
        again = Run("conda", "install", "--force-reinstall", "python")
        return Fix("Install Python into the environment again", again, safety=STATE)
    if hit.kind is HitKind.SCRIPT and behind:
        return disabled(hit, f"Disable {hit.path}, so that {behind.path} answers")
    if "command line tools" in python.fault:
        return Fix("Install the command line tools", Run("xcode-select", "--install"), safety=STATE)
    advice = f"Reinstall the Python that {hit.path} belongs to, or remove {hit.directory} from the search path"
    return Fix("Reinstall that Python", Manual(advice))


def _remade(venv: Venv, behind: Hit | None, builders: Builders | None) -> Fix:
    if venv.tool is Tool.UV:
        other = builders.other_than_asked(but=behind.runs if behind else None) if builders else ()
        again: tuple[Run | Manual, ...] = (Run("uv", "venv", "--clear", *other, venv.root),)
    else:
        again = made_by_venv(behind.path if behind else "python3", builders or Builders(), "--clear", venv.root)
    return Fix("Recreate the environment; then install its packages again", *again, safety=Safety.DESTRUCTIVE)


def _of_its_manager(hit: Hit, manager: ShimManager, fault: str) -> Fix:
    """Each shim says which version it misses; its own manager installs that, or is told another."""
    if manager is ShimManager.MISE and NOT_TRUSTED in fault:
        return Fix("Read the file; trust it if nothing in it is foreign", Run("mise", "trust"), safety=STATE)
    if SELECTS_NONE in fault:
        line = "mise use --global python@VERSION"
        if manager is ShimManager.ASDF:
            line = "asdf global python VERSION" if hit.by_script else "asdf set --home python VERSION"
        return Fix(f"Have {manager.value} select a version", Manual(f"Choose a version that is installed: {line}"))
    return Fix(f"Install the version that {manager.value} selects", Run(manager.value, "install"), safety=STATE)


def _root(hit: Hit, pyenv: Pyenv | None) -> PyenvRoot | None:
    return next((root for root in pyenv.roots if root.shims == hit.directory), None) if pyenv else None


def _is_system(hit: Hit, pyenv: Pyenv | None) -> bool:
    """Whether this is a shim, and all that pyenv selects for it is the system's Python."""
    root = _root(hit, pyenv)
    return root is not None and not root.selection.problem and all(p.version == SYSTEM for p in root.selection.pins)


def _of_pyenv(hit: Hit, pyenv: Pyenv | None) -> Fix:
    root = _root(hit, pyenv)
    if root is None:
        return Fix("Remove the shims from the search path", RemoveFromPath(hit.directory))
    if missing := root.selection.missing:
        return Fix("Install the version that pyenv is asked for", Run("pyenv", "install", missing[0]), safety=STATE)
    return Fix("Remove the shims from the search path", RemoveFromPath(hit.directory))
