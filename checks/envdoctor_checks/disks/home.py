"""DSK: a home directory that cannot be used."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import Evidence, Finding, Fix, Run, SetVariable, Severity, UnsetVariable, check
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.disks.caches import Caches, CacheTool
from envdoctor.facts.disks.home import HomeDirectory, HomeProblem, RelativeDirectory
from envdoctor.facts.session.context import Examined
from envdoctor.facts.shell.exported_lines import ExportedLines
from envdoctor_checks.common.startup_edits import lasting


@check(
    "DSK008",
    severity=Severity.ERROR,
    since="0.1",
    unless=("TRM010",),
    where=("HomeDirectory.problem", "HomeDirectory.relative"),
)
def home_unusable(
    home: HomeDirectory, caches: Caches, commands: Commands, examined: Examined, exported: ExportedLines | None
) -> Iterator[Finding]:
    """The home directory is not there, or belongs to somebody else; or a directory beside it is named relatively.

    ## Why it matters
    Every tool keeps its cache and its settings there. uv stops with "failed to create directory", pip does without a
    cache, configuration is read from the wrong place. In a container the number of the user often has no account, and
    `HOME` is `/`. A relative `XDG_CACHE_HOME` is ignored by uv and newer releases of pip without a word; pip 24
    and older take it below the working directory.

    ## How to fix
    Set `HOME` to a directory of this user's.

    ## Not a problem when
    `HOME` is unset or empty: the account's home is used. A home that belongs to another and may be written to, as
    some containers have it, is as good as one's own.
    """
    if home.problem:
        yield _unusable(home, home.problem, caches, commands, examined, exported)
    for relative in home.relative:
        yield _relative(relative, exported)


def _unusable(
    home: HomeDirectory,
    problem: HomeProblem,
    caches: Caches,
    commands: Commands,
    examined: Examined,
    exported: ExportedLines | None,
) -> Finding:
    cache = caches.of(CacheTool.UV)
    stops = cache is not None and commands.first("uv") and cache.path.startswith(f"{home.path.rstrip('/')}/")
    named = f"HOME={home.path}" if home.variable else f"the account's home {home.path}"
    whose = f" ({home.owner})" if home.owner else ""
    return Finding(
        f"{named} {problem.value}{whose}{'; uv stops at it' if stops else ''}",
        lasting(_usable(home, examined), exported),
        "HOME",
        (Evidence(named, "variable HOME" if home.variable else "the database of users"),),
        None if stops or problem is HomeProblem.RELATIVE else Severity.WARNING,
    )


def _usable(home: HomeDirectory, examined: Examined) -> Fix:
    if home.own:
        return Fix("Set HOME to this user's home", SetVariable("HOME", home.own))
    if home.creatable:
        return Fix("Create the home directory", Run("mkdir", "-p", home.path))
    made = f"/tmp/home-{examined.effective_user_id}"  # noqa: S108 - `mkdir` fails if it is there
    command = Run("mkdir", "-m", "700", made)
    return Fix("Give this user a home directory", command, SetVariable("HOME", made))


def _relative(relative: RelativeDirectory, exported: ExportedLines | None) -> Finding:
    name, value = relative.variable, relative.value
    if relative.meant:
        fix = Fix("Name the directory in full", SetVariable(name, relative.meant))
    else:
        fix = Fix("Unset the variable", UnsetVariable(name))
    return Finding(
        f"{name}={value} is no absolute path: uv and newer pips ignore it, older ones look below the working directory",
        lasting(fix, exported),
        name,
        (Evidence(f"{name}={value}", f"variable {name}"),),
        Severity.INFO,
    )
