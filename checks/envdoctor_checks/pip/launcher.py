"""PIP: the pip that answers cannot run."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import join

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
    Run,
    Safety,
    Severity,
    check,
)
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.environments.condition import VenvConditions
from envdoctor.facts.pip.command import BarePip
from envdoctor.facts.python.active import Answers
from envdoctor.facts.python.interpreters import Interpreter
from envdoctor.facts.session.search_path import EntryKind, SearchPath
from envdoctor.facts.venv.layout import Venv
from envdoctor_checks.common.installing import pip_brought, reinstalled, shims_renewed
from envdoctor_checks.common.line_ends import converted
from envdoctor_checks.common.moves import disabled
from envdoctor_checks.common.wording import (
    found,
    fresh_environment,
    named,
    python_of,
)

CRLF = "the first line of its launcher ends in a carriage return (CRLF, the line ends of Windows)"


def launcher_regenerated(python: Interpreter, commands: Commands, builders: Builders | None = None) -> Fix:
    """Let pip write its own scripts again, for the Python that runs it; without any pip, get one.

    A Python that is managed externally refuses both.
    """
    if python.externally_managed and not python.is_venv:
        fresh = fresh_environment(python, commands, builders, pip=True)
        return Fix("Create a virtual environment, which has its own pip", *fresh, safety=Safety.CHANGES_STATE)
    if python.pip is None:
        steps = pip_brought(python, uv=commands.first("uv") is not None)
        return Fix("Install pip into this Python", *steps, safety=Safety.CHANGES_STATE)
    renew = Run(python.path, "-m", "pip", "install", "--force-reinstall", "--no-deps", "pip")
    return Fix("Reinstall pip to regenerate its launcher", renew, safety=Safety.CHANGES_STATE)


@check("PIP002", severity=Severity.ERROR, since="0.1", where=("BarePip.fault", "BarePip.lacks_package"))
def pip_launcher_broken(
    pip: BarePip,
    answers: Answers,
    commands: Commands,
    search_path: SearchPath,
    conditions: VenvConditions | None,
    builders: Builders | None,
) -> Iterator[Finding]:
    """The `pip` that the shell finds cannot run: its Python is gone or broken, or has no package pip.

    ## Why it matters
    A `pip` is a script that names one Python by its full path. When that Python is upgraded away, or the environment is
    moved, typing `pip` ends in `bad interpreter` or `required file not found`, or stops at a shim that has nothing to
    run. Where only the script is left and the package is gone, or a part of it, as after an upgrade that was
    interrupted, it ends in `No module named 'pip'` or `No module named 'pip._internal'`. Where the script is
    empty or cut short, as after a full disk or a crash, `pip install` does nothing, and says nothing.

    ## How to fix
    Reinstall pip with the environment's own Python, which regenerates the script. A `pip` left over from a Python that
    is gone can be disabled or removed; then the next one on the search path answers. One with the line ends of Windows
    (`bad interpreter: …^M`) is converted with `dos2unix FILE`, or with sed. A missing package comes back with
    `python -m ensurepip`, or with `uv pip install pip`.

    ## Not a problem when
    `pip` is another program: a wrapper, or an archive that brings its own package along.
    """
    if conditions and any(condition.defect and _belongs(pip, condition.venv) for condition in conditions.conditions):
        return  # what the environment suffers from is told there
    own = python_of(answers)
    is_relative = search_path.entries[pip.hit.position].kind in (EntryKind.EMPTY, EntryKind.RELATIVE)
    if pip.lacks_package and pip.interpreter and not is_relative:
        yield _without_package(pip, pip.interpreter, commands, builders)
    if pip.fault is None or is_relative or own.fault:
        return  # or has the same reason as `python`, which PY004 gives
    behind = [hit for hit in commands.all(pip.command)[1:] if hit.runs and not hit.same_as]
    fault = CRLF if _has_crlf(pip) else pip.fault
    yield Finding(
        f"`{pip.command}` does not run: {fault}",
        where=pip.hit.path,
        evidence=(
            Evidence(pip.hit.header.line if pip.hit.header else pip.fault, f"{pip.hit.path}:1"),
            *(found(pip.command, hit) for hit in behind[:1]),
        ),
        fix=_replaced(pip, own.interpreter, commands, builders),
    )


def _belongs(pip: BarePip, venv: Venv) -> bool:
    """Whether this pip is a program of the environment."""
    return pip.hit.directory.rstrip("/") in (venv.scripts, join(venv.real, "bin"))


def _without_package(pip: BarePip, python: Interpreter, commands: Commands, builders: Builders | None) -> Finding:
    uv = commands.first("uv") is not None
    if python.is_venv and uv:
        steps: tuple[Run | Manual, ...] = reinstalled(python.path, "pip", with_uv=True)
    else:  # a record that is left has ensurepip believe that pip is there
        leftover = (Run("rm", "-rf", "--", *pip.remains),) if pip.remains else ()
        steps = (*leftover, *pip_brought(python, uv=uv))
    fix = Fix("Install pip into its Python", *steps, safety=Safety.CHANGES_STATE)
    has = "no package pip, only its launcher"
    if python.pip_lacks:
        has = "only a part of the package pip, as after an upgrade that was interrupted"
    return Finding(
        f"`{pip.command}` does not run: {named(python)} has {has}",
        where=pip.hit.path,
        evidence=(
            found(pip.command, pip.hit, python),
            Evidence(f"No module named '{python.pip_lacks or 'pip'}'", python.path),
        ),
        fix=launcher_regenerated(python, commands, builders)
        if python.externally_managed and not python.is_venv
        else fix,
    )


def _has_crlf(pip: BarePip) -> bool:
    """Whether the launcher has the line ends of Windows, of which the first belongs to the name of its program then."""
    return pip.hit.header is not None and pip.hit.header.line.endswith("\r")


def _replaced(pip: BarePip, python: Interpreter | None, commands: Commands, builders: Builders | None) -> Fix:
    if python and (renewed := shims_renewed(pip.hit)):
        steps = (*pip_brought(python, uv=False), renewed)
        return Fix("Install pip into the selected version", *steps, safety=Safety.CHANGES_STATE)
    if python and pip.hit.directory == python.bin:
        return launcher_regenerated(python, commands, builders)
    if _has_crlf(pip):
        return Fix("Convert the launcher's line ends", *converted(pip.hit.real), safety=Safety.CHANGES_STATE)
    return disabled(pip.hit, "Disable the broken launcher, so that the next one answers")
