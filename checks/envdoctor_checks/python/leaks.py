"""PY: what comes before the library and the packages of the Python that runs, and should not."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename, dirname, join

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    RemoveFromPath,
    Run,
    Safety,
    Scope,
    SetVariable,
    Severity,
    UnsetVariable,
    check,
)
from envdoctor.facts.project.pyproject import Pyproject
from envdoctor.facts.project.shadowing import LocalModule, LocalModules, ModulePlace
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.python.distributions import normalised
from envdoctor.facts.python.pythonhome import PythonHome
from envdoctor.facts.python.pythonpath import PythonPath, PythonPathEntry, Shadowed
from envdoctor.facts.python.user_site import UserSite
from envdoctor.facts.shell.exported_lines import ExportedLines
from envdoctor.facts.shell.startup_files import StartupFiles
from envdoctor.facts.shell.startup_lines import LineKind
from envdoctor.text.patterns import pattern
from envdoctor_checks.common.extending_lines import for_new_shells
from envdoctor_checks.common.moves import moved_back
from envdoctor_checks.common.startup_edits import lasting

MOST_NAMED = 4
NAME = pattern(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")


@check("PY006", severity=Severity.WARNING, since="0.1")
def foreign_pythonpath(
    path: PythonPath, active: ActivePython, startup: StartupFiles | None, exported: ExportedLines | None
) -> Iterator[Finding]:
    """`PYTHONPATH` puts packages of another Python, or the working directory, before all that is installed.

    ## Why it matters
    Every Python searches these directories first, in every environment. Packages made for another version fail with
    import errors that name neither; another version of a package is taken instead of the one that was installed. An
    empty element, as a leading or trailing colon makes it, is the working directory, whatever that is.

    ## How to fix
    Remove the element, or `unset PYTHONPATH`. Install your own code with `pip install -e .`. To work with ROS in a
    virtual environment, make that with `--system-site-packages`.

    ## Not a problem when
    The directory holds the project's own sources, or what an IDE or a tracing tool adds. Packages for the same version
    of Python that hide none of the environment's are only info: environment modules, EasyBuild, Nix shells and ROS
    work that way. With ROS set up, so are those that hide some.
    """
    faults = [(entry, *_fault(entry, path, active)) for entry in path.entries]
    bad = [(entry, fault, severity) for entry, fault, severity in faults if fault]
    if not bad:
        return
    worst = max(bad, key=lambda item: item[2].rank)
    others = f" (and {len(bad) - 1} more)" if len(bad) > 1 else ""
    set_in = startup.mentions("PYTHONPATH", kind=LineKind.EXPORT) if startup else ()
    away = tuple(dict.fromkeys(entry.text for entry, _, _ in bad))
    keeps = len(set(away)) < len({entry.text for entry in path.entries})
    steps = [RemoveFromPath(text, "PYTHONPATH") for text in away] if keeps else [UnsetVariable("PYTHONPATH")]
    advice = for_new_shells("PYTHONPATH", startup) if "" in away else ()
    yield Finding(
        f"PYTHONPATH {worst[1]}{others}",
        where="PYTHONPATH",
        evidence=(
            *(Evidence(f"{entry.text or '(empty)'}: {fault}", "variable PYTHONPATH") for entry, fault, _ in bad),
            *(line.evidence for line in set_in),
        ),
        fix=lasting(
            Fix(
                "Remove the entries from PYTHONPATH" if keeps else "Unset PYTHONPATH",
                *steps,
                *advice,
                scope=Scope.SESSION,
            ),
            exported,
        ),
        severity=worst[2],
    )


def _fault(entry: PythonPathEntry, path: PythonPath, active: ActivePython) -> tuple[str, Severity]:
    """What is wrong with an element, and how bad that is; the empty string for nothing."""
    python = active.interpreter
    foreign = Severity.INFO if path.ros else Severity.WARNING
    if not entry.text:
        return "has an empty element, which is the working directory", Severity.WARNING
    if not entry.exists:
        return f"names {entry.text}, which does not exist", Severity.INFO
    if not entry.is_own and entry.minor not in (None, python.minor):
        return f"puts {entry.text}, made for Python {entry.minor}, before Python {python.minor}", Severity.ERROR
    if entry.shadowed:
        return f"puts {entry.text} first, which hides {_listed(entry.shadowed)}", foreign
    if entry.is_packages and not entry.is_own:
        return f"puts the packages of another environment first, which hide none here: {entry.text}", Severity.INFO
    return "", Severity.INFO


@check("PY007", severity=Severity.ERROR, since="0.1")
def pythonhome_set(
    home: PythonHome, active: ActivePython, startup: StartupFiles | None, exported: ExportedLines | None
) -> Iterator[Finding]:
    """`PYTHONHOME` tells every Python to take its standard library from one place.

    ## Why it matters
    A Python with the library of another version does not start: `No module named 'encodings'`. One of the same version
    starts silently and runs on a library that is not its own, inside a virtual environment too.

    ## How to fix
    `unset PYTHONHOME`, and remove the line that sets it. No installation needs the variable.

    ## Not a problem when
    A module system sets it to the Python that it provides. It is still a warning: every other Python breaks.
    """
    python = active.interpreter
    set_in = startup.mentions("PYTHONHOME", kind=LineKind.EXPORT) if startup else ()
    if home.error is not None:
        message = f"PYTHONHOME={home.value} keeps `{active.command}` from starting"
        proof = Evidence(home.error, f"{python.path} in this session")
    elif home.is_own:
        message = f"PYTHONHOME={home.value} is right for this Python, and breaks every other one"
        proof = Evidence(f"the library is {home.library}", f"{python.path} in this session")
    else:
        message = f"PYTHONHOME={home.value} gives `{active.command}` the standard library of another Python"
        proof = Evidence(f"the library is {home.library}, not {python.stdlib}", f"{python.path} in this session")
    yield Finding(
        message,
        where="PYTHONHOME",
        evidence=(
            Evidence(f"PYTHONHOME={home.value}", "variable PYTHONHOME"),
            proof,
            *(line.evidence for line in set_in),
        ),
        fix=lasting(Fix("Unset PYTHONHOME", UnsetVariable("PYTHONHOME")), exported),
        severity=Severity.WARNING if home.is_own and home.error is None else Severity.ERROR,
    )


@check("PY008", severity=Severity.WARNING, since="0.1", where=("UserSite.shadowed", "UserSite.names"))
def user_site_leaks(site: UserSite, active: ActivePython, pyproject: Pyproject | None) -> Iterator[Finding]:
    """Packages from `pip install --user` come before those of the environment.

    ## Why it matters
    conda environments, and virtual environments made with `--system-site-packages`, search the user's own packages as
    well. `conda list` shows one version, and the import gives another.

    ## How to fix
    `export PYTHONNOUSERSITE=1`; for one conda environment, `conda env config vars set PYTHONNOUSERSITE=1`. Better still
    uninstall the user's copies, with `python -m pip uninstall` outside of any environment.

    ## Not a problem when
    The Python of the system sees tools that were installed with `--user` on purpose. Packages that hide nothing are
    only info.
    """
    python = active.interpreter
    is_conda = python.is_conda and not python.is_venv
    if not site.shadowed and not (is_conda and site.names):
        return
    wanted = (NAME.match(each.text) for each in pyproject.dependencies) if pyproject else ()
    needed = {normalised(name[1]) for name in wanted if name}
    hidden = (
        f"hide {_listed(site.shadowed)}" if site.shadowed else f"are visible in {python.prefix}: {_some(site.names)}"
    )
    kind = "the conda environment" if is_conda else "the virtual environment"
    severity = Severity.WARNING if site.shadowed else Severity.INFO
    if any(each.name in needed for each in site.shadowed):
        severity = Severity.ERROR
    yield Finding(
        f"the user's packages in {site.directory} {hidden}",
        where=site.directory,
        evidence=(
            Evidence(f"{kind} {python.prefix} searches the user's packages", "sys.path"),
            *(
                Evidence(f"{each.name} {each.version} comes before {each.hides}", site.directory)
                for each in site.shadowed
            ),
        ),
        fix=Fix("Hide the user's packages from this shell", SetVariable("PYTHONNOUSERSITE", "1")),
        severity=severity,
    )


def _listed(packages: tuple[Shadowed, ...]) -> str:
    return _some(tuple(f"{each.name} {each.hides} by {each.version}" for each in packages))


def _some(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:MOST_NAMED])
    return shown if len(names) <= MOST_NAMED else f"{shown} and {len(names) - MOST_NAMED} more"


@check(
    "PY009",
    severity=Severity.WARNING,
    since="0.1",
    where=("LocalModules.places.standard", "LocalModules.places.installed"),
)
def standard_library_shadowed(local: LocalModules, active: ActivePython) -> Iterator[Finding]:
    """A file in the working directory, or on `PYTHONPATH`, has the name of a standard module or an installed package.

    ## Why it matters
    A program that is started here imports the file in place of the module. The error comes from a library that has
    nothing to do with it: *partially initialized module 'random' has no attribute 'choice'*.

    ## How to fix
    Rename the file, and remove what is left of it in `__pycache__`.

    ## Not a problem when
    The project is itself that package, or works on it. With `PYTHONSAFEPATH` the working directory is not searched. In
    the directory of a package, whose modules are imported through it, this is only info.
    """
    for place in local.places:
        is_quiet = place.is_package and place.origin != "PYTHONPATH"
        severity = Severity.INFO if is_quiet else Severity.WARNING
        if place.standard:
            yield _shadowing(place, place.standard, f"the standard library of `{active.command}`", severity)
        if place.installed:
            yield _shadowing(place, place.installed, "installed packages", severity)


def _shadowing(place: ModulePlace, modules: tuple[LocalModule, ...], what: str, severity: Severity) -> Finding:
    names = _some(tuple(basename(module.path) for module in modules))
    one = len(modules) == 1
    renamed = tuple(
        Run("mv", "-n", module.path, join(dirname(module.path), f"my_{basename(module.path)}")) for module in modules
    )
    return Finding(
        f"{names} in {place.directory} {'hides a part' if one else 'hide parts'} of {what}",
        where=modules[0].path if one else place.directory,
        evidence=(
            *(Evidence(f"{module.path} is taken for {module.hides}", f"`import {module.name}`") for module in modules),
            Evidence(f"{place.directory} is searched first", place.origin),
        ),
        fix=Fix(
            "Rename the file" if one else "Rename the files",
            *renamed,
            safety=Safety.CHANGES_STATE,
            undo=moved_back(*renamed),
        ),
        severity=severity,
    )
