"""DSK: a directory for temporary files that cannot be used."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import Evidence, Finding, Fix, Run, Safety, SetVariable, Severity, UnsetVariable, check
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.disks.caches import Caches, CacheTool
from envdoctor.facts.disks.temporary import TemporaryDirectory, TemporaryProblem
from envdoctor.facts.session.context import Examined
from envdoctor.facts.shell.exported_lines import ExportedLines
from envdoctor_checks.common.startup_edits import lasting

TMP = "/tmp"  # noqa: S108 - named in messages, never written to


@check(
    "DSK004",
    severity=Severity.WARNING,
    since="0.1",
    where=("TemporaryDirectory.problem", "TemporaryDirectory.misplaced"),
)
def temporary_directory_unusable(
    temporary: TemporaryDirectory,
    caches: Caches,
    commands: Commands,
    examined: Examined,
    exported: ExportedLines | None,
) -> Iterator[Finding]:
    """The directory that `TMPDIR` names for temporary files cannot be used.

    ## Why it matters
    Python, pip and compilers pass over it in silence and use the system's own, which may be the very one that was too
    small. `TMPDIR="~/tmp"` and `TMPDIR='$HOME/tmp'` name no home: no shell replaces a `~` in quotes, or `$HOME` in
    single ones. `uv --no-cache` stops.

    ## How to fix
    Create the directory, name one that can be used, or unset the variable.

    ## Not a problem when
    The variable is empty, which is as good as unset.
    """
    if temporary.problem:
        yield _unusable(temporary, caches, commands, exported)
    elif temporary.misplaced:
        yield _without(temporary, examined)


def _unusable(
    temporary: TemporaryDirectory, caches: Caches, commands: Commands, exported: ExportedLines | None
) -> Finding:
    name, value = temporary.variable or "TMPDIR", temporary.value
    problem = temporary.problem.value if temporary.problem else ""
    instead = f", so {temporary.used} is used instead" if temporary.used not in (None, temporary.path) else ""
    no_cache = next((each.origin for each in caches.unused if each.tool is CacheTool.UV), None)
    stops = name == "TMPDIR" and no_cache is not None and commands.first("uv") is not None and bool(instead)
    severity = Severity.ERROR if stops else Severity.INFO if not instead or name != "TMPDIR" else None
    evidence = [Evidence(f"{name}={value}", f"variable {name}")]
    if stops:
        evidence.append(Evidence("uv works without a cache, and then in this directory alone", str(no_cache)))
    return Finding(
        f"{name}={value} {problem}{'; uv stops at it' if stops else instead}",
        lasting(_usable(temporary), exported),
        name,
        tuple(evidence),
        severity,
    )


def _usable(temporary: TemporaryDirectory) -> Fix:
    name = temporary.variable or "TMPDIR"
    written = temporary.problem in (TemporaryProblem.TILDE, TemporaryProblem.VARIABLE)
    meant = written and temporary.path.startswith("/") and not any(sign in temporary.path for sign in "~$")
    make = (Run("mkdir", "-p", temporary.path),) if temporary.creatable else ()
    if meant:
        return Fix("Name the directory in full", *make, SetVariable(name, temporary.path))
    if temporary.problem is TemporaryProblem.MISSING and make:
        return Fix("Create the directory", *make)
    return Fix("Unset the variable", UnsetVariable(name))


def _without(temporary: TemporaryDirectory, examined: Examined) -> Finding:
    sudo = () if examined.effective_user_id == 0 else ("sudo",)
    where = f"{temporary.used} is used instead" if temporary.used else "there is no other"
    if temporary.of_the_system:
        what, fix = f"{TMP} cannot be written to", Run(*sudo, "chmod", "1777", TMP)
    else:
        what, fix = f"there is no {TMP}", Run(*sudo, "mkdir", "-p", "-m", "1777", TMP)
    return Finding(
        f"{what}, and no other directory for temporary files can be used; {where}",
        Fix("Give everybody a directory for temporary files", fix, safety=Safety.CHANGES_STATE),
        TMP,
        (Evidence(what, TMP),),
        None if temporary.used else Severity.ERROR,
    )
