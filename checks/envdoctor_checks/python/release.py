"""PY: is the Python that runs still maintained, and made for this machine?"""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
    Run,
    Safety,
    SetVariable,
    Severity,
    check,
)
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.commands.resolve import ShimManager
from envdoctor.facts.libraries.architecture import ForeignModule, MachineCode
from envdoctor.facts.project.pyproject import Pyproject
from envdoctor.facts.project.requires_python import admits
from envdoctor.facts.pyenv.versions import VARIABLE, Pyenv
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.python.interpreters import Interpreter
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.session.date import Today
from envdoctor.facts.shell.exported_lines import ExportedLines
from envdoctor.facts.venv.active import ActiveVenv, ProjectVenv
from envdoctor.facts.venv.layout import Tool
from envdoctor_checks.common.installing import is_uvs_turn, prepared, reinstalled
from envdoctor_checks.common.rebuild import seed
from envdoctor_checks.common.startup_edits import lasting
from envdoctor_checks.common.wording import venv_of

# When each minor version got, or will get, its last security fix: "Status of Python versions" of the Python Developer's
# Guide, https://devguide.python.org/versions/. Where only a month is announced, the end of that month stands here.
END_OF_LIFE = {
    (2, 7): "2020-01-01",
    (3, 0): "2009-06-27",
    (3, 1): "2012-04-09",
    (3, 2): "2016-02-20",
    (3, 3): "2017-09-29",
    (3, 4): "2019-03-18",
    (3, 5): "2020-09-30",
    (3, 6): "2021-12-23",
    (3, 7): "2023-06-27",
    (3, 8): "2024-10-07",
    (3, 9): "2025-10-31",
    (3, 10): "2026-10-31",
    (3, 11): "2027-10-31",
    (3, 12): "2028-10-31",
    (3, 13): "2029-10-31",
    (3, 14): "2030-10-31",
}
SYSTEM = "/usr"

# how managers other than pyenv install a version and select it for the working directory; asdf in its words since 0.16
OF_ITS_MANAGER = {
    ShimManager.MISE: (("mise", "use", "python@{}"),),
    ShimManager.ASDF: (("asdf", "install", "python", "latest:{}"), ("asdf", "set", "python", "latest:{}")),
}
OF_THE_SCRIPT = (("asdf", "install", "python", "latest:{}"), ("asdf", "local", "python", "latest:{}"))


@check("PY005", severity=Severity.WARNING, since="0.1")
def python_end_of_life(  # noqa: PLR0913, PLR0917 - each parameter is a fact that it judges
    active: ActivePython,
    today: Today,
    commands: Commands,
    venv: ActiveVenv | None,
    project: ProjectVenv | None,
    conda: CondaActivation | None,
    pyenv: Pyenv | None,
    pyproject: Pyproject | None,
    exported: ExportedLines | None,
) -> Iterator[Finding]:
    """The Python that runs no longer gets security fixes.

    ## Why it matters
    Known security holes stay open, and packages stop making releases for it: installs fall back to old versions, or
    fail to build. The dates are those of the Python Developer's Guide, *Status of Python versions*.

    ## How to fix
    Recreate the environment on a version that is maintained.

    ## Not a problem when
    It is the system's own Python: distributions fix theirs for as long as they support the release. Other
    implementations than CPython have dates of their own.
    """
    python = active.interpreter
    ended = END_OF_LIFE.get(python.version[:2], "2013-01-01" if python.version < (2, 7) else None)
    is_system = python.platform.startswith("linux") and python.base_root == SYSTEM
    if ended is None or ended >= today.date or python.implementation != "cpython" or is_system:
        return
    yield Finding(
        f"`{active.command}` is Python {python.version_text}, which has had no security fixes since {ended}",
        where=python.path,
        evidence=(
            Evidence(
                f"Python {python.minor} reached its end of life on {ended}", "https://devguide.python.org/versions/"
            ),
        ),
        fix=lasting(_newer(python, _fitting(pyproject), today, commands, venv, project, conda, pyenv), exported),
    )


def _fitting(pyproject: Pyproject | None) -> tuple[tuple[int, int], ...]:
    """The minor versions on which the project says that it runs: all that are known, if it says nothing."""
    requires = pyproject.requires_python if pyproject else None
    known = tuple(END_OF_LIFE)
    if requires is None:
        return known
    return tuple(version for version in known if admits(requires.alternatives, _shown(version)) is not False)


def _shown(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def _newer(
    python: Interpreter,
    fitting: tuple[tuple[int, int], ...],
    today: Today,
    commands: Commands,
    venv: ActiveVenv | None,
    project: ProjectVenv | None,
    conda: CondaActivation | None,
    pyenv: Pyenv | None,
) -> Fix:
    """The same environment on a Python that fits the project, with a year left if one has, by the tool that made it."""
    in_a_year = f"{int(today.date[:4]) + 1}{today.date[4:]}"
    alive = [version for version in fitting if END_OF_LIFE[version] >= today.date]
    capped = max(END_OF_LIFE) not in fitting
    if capped and not alive:
        return Fix("Move to a newer Python", Manual("Widen requires-python: no Python that it admits is maintained"))
    oldest = min((version for version in alive if END_OF_LIFE[version] > in_a_year), default=max(fitting))
    lasting = _shown(oldest)
    mine = venv_of(python, venv, project)
    if mine and (mine.tool is Tool.UV or commands.first("uv")):
        wanted = lasting if capped else f">={lasting}"
        again = Run("uv", "venv", "--clear", *seed(mine), "--python", wanted, mine.root)
        return Fix(
            "Recreate the environment on a newer Python; then install its packages again",
            again,
            safety=Safety.DESTRUCTIVE,
        )
    if conda and conda.real == python.root:
        newer = Run("conda", "install", f"python={lasting}" if capped else f"python>={lasting}")
        return Fix("Move the environment to a newer Python", newer, safety=Safety.CHANGES_STATE)
    root = (
        next((r for r in pyenv.roots if python.base_prefix.startswith(f"{r.root}/versions/")), None) if pyenv else None
    )
    if root and not python.is_venv:
        have = [name for name in root.installed if _minor(name) >= oldest and _minor(name) in fitting]
        install = () if have else (Run("pyenv", "install", lasting),)
        chosen = max(have, key=_minor) if have else lasting
        if root.selection.origin == VARIABLE:  # which every file gives way to
            select = SetVariable(VARIABLE, chosen)
            return Fix("Select a newer version in PYENV_VERSION", *install, select, safety=Safety.CHANGES_STATE)
        steps = (*install, Run("pyenv", "local", chosen))
        return Fix("Select a newer version", *steps, safety=Safety.CHANGES_STATE)
    return _otherwise(python, commands, lasting)


def _otherwise(python: Interpreter, commands: Commands, lasting: str) -> Fix:
    """What is left where neither an environment nor pyenv has the say: another manager's shims, or nobody known."""
    hit = commands.first("python") or commands.first("python3")
    if hit and hit.manager in OF_ITS_MANAGER and hit.path in python.asked_as and not python.is_venv:
        commands_of_it = OF_THE_SCRIPT if hit.by_script else OF_ITS_MANAGER[hit.manager]
        steps = tuple(Run(*(word.format(lasting) for word in words)) for words in commands_of_it)
        return Fix("Select a newer version", *steps, safety=Safety.CHANGES_STATE)
    return Fix(
        "Move to a newer Python", Manual(f"Work with Python {lasting} or newer, for instance in a new environment")
    )


def _minor(version: str) -> tuple[int, ...]:
    """The numbers in `3.12.1`; nothing for what is no plain version."""
    parts = version.split(".")
    return tuple(map(int, parts[:2])) if len(parts) == 3 and all(part.isdecimal() for part in parts) else ()


@check("PY011", severity=Severity.WARNING, since="0.1")
def interpreter_architecture(
    code: MachineCode,
    active: ActivePython,
    commands: Commands,
    venv: ActiveVenv | None,
    project: ProjectVenv | None,
) -> Iterator[Finding]:
    """The Python runs under emulation, or packages beside it are made for another processor or another C library.

    ## Why it matters
    Under emulation (Rosetta, QEMU) every program is slow, and packages are chosen for the processor that is not there.
    An extension module for another processor does not load at all: *incompatible architecture*, *wrong ELF class*. That
    happens when an environment is copied between machines, or two kinds of machines share a home directory.

    ## How to fix
    Install a Python for this machine, and recreate the environment with it. Install a package that is made for another
    machine again.

    ## Not a problem when
    A program that exists for the other processor only is run under emulation on purpose. Universal files hold code for
    both.
    """
    python = active.interpreter
    if code.is_emulated:
        yield Finding(
            f"`{active.command}` is made for {code.runs_on} and runs under emulation on this {code.machine} machine",
            where=code.program,
            evidence=(
                Evidence(f"made for {', '.join(code.made_for) or code.runs_on}", code.program),
                Evidence(f"the machine is {code.machine}", "the kernel"),
            ),
            fix=_native(python, code, commands),
        )
    mine = venv_of(python, venv, project)
    for foreign in (
        tuple(module for module in code.foreign if module.c_library is None),
        tuple(module for module in code.foreign if module.c_library is not None),
    ):
        if foreign:
            yield Finding(
                _unloadable(foreign, code.runs_on),
                where=foreign[0].path,
                evidence=tuple(Evidence(f"made for {_target(each)}", each.path) for each in foreign[:4]),
                fix=_installed_again(python, foreign, commands, uv_made_it=bool(mine and mine.tool is Tool.UV)),
                severity=Severity.ERROR,
            )


def _target(module: ForeignModule) -> str:
    return module.c_library or ", ".join(module.made_for)


def _unloadable(foreign: tuple[ForeignModule, ...], runs_on: str) -> str:
    first, more = foreign[0], f" (and {len(foreign) - 1} more)" if len(foreign) > 1 else ""
    here = {"musl": "with glibc", "glibc": "with musl"}.get(first.c_library or "", f"on {runs_on}")
    return f"{basename(first.path)} is made for {_target(first)}, but Python runs {here}{more}"


def _native(python: Interpreter, code: MachineCode, commands: Commands) -> Fix:
    system = {"darwin": "macos"}.get(python.platform, "linux")
    libc = "none" if system == "macos" else "gnu"
    if commands.first("uv"):
        wanted = f"cpython-{python.minor}-{system}-{code.machine}-{libc}"
        steps = (Run("uv", "python", "install", wanted), Run("uv", "venv", "--clear", "--python", wanted))
        return Fix("Recreate the environment on a Python for this machine", *steps, safety=Safety.DESTRUCTIVE)
    return Fix(
        "Install a Python for this machine",
        Manual(f"Install a Python for {code.machine}, and recreate the environment"),
    )


def _installed_again(
    python: Interpreter, foreign: tuple[ForeignModule, ...], commands: Commands, *, uv_made_it: bool
) -> Fix:
    packages = tuple(dict.fromkeys(module.package for module in foreign if module.package))
    if not packages:
        advice = "Install the packages that these files belong to again, or recreate the environment"
        return Fix("Reinstall the packages for this machine", Manual(advice))
    summary = f"Reinstall {', '.join(packages)} for this machine"
    has_pip = python.pip is not None
    uvs = is_uvs_turn(at_hand=commands.first("uv") is not None, has_pip=has_pip, made_it=uv_made_it)
    steps = reinstalled(python.path, *packages, with_uv=uvs, has_pip=has_pip)
    return Fix(summary, *prepared(steps, python.minor, bundled=python.bundles_pip), safety=Safety.CHANGES_STATE)
