"""PY: names that the shell takes before it looks at the search path."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import (
    EditFile,
    Evidence,
    Finding,
    Fix,
    Manual,
    Safety,
    Severity,
    check,
)
from envdoctor.facts.shell.aliases import CommandAlias, CommandAliases
from envdoctor.facts.shell.parser import Place
from envdoctor.facts.shell.startup_lines import LineKind

# An alias to one of these goes the right way: `alias pip='uv pip'`, `alias pip='python -m pip'`.
GOOD = ("uv", "uvx", "conda", "mamba", "micromamba", "poetry", "pipenv", "pdm", "hatch", "pixi", "rye")


@check("PY010", severity=Severity.WARNING, since="0.1", where=("CommandAliases.found",))
def alias_overrides_python(aliases: CommandAliases) -> Iterator[Finding]:
    """A start-up file of the shell redefines `python`, `pip` or `deactivate`, whatever environment is active.

    ## Why it matters
    The shell takes an alias or a function before it looks at the search path. With an environment active, `which
    python` is right and `python` runs another one. A program like this one cannot see what the shell holds, only what
    its files say.

    ## How to fix
    Remove the line, and `unalias` the name in shells that are open. Give the alias a name that no tool uses, `py312`.

    ## Not a problem when
    It goes through the active environment: `alias pip='python -m pip'`, `alias pip='uv pip'`. An alias for another name
    on the search path, such as `alias python=python3`, is only info.
    """
    for alias in aliases.found:
        severity = _severity(alias)
        if severity is None:
            continue
        line = alias.line
        what = "a function" if line.kind is LineKind.FUNCTION else f"`{line.value}`"
        yield Finding(
            f"in {aliases.shell}, `{line.name}` is {what} whatever environment is active",
            where=line.origin,
            evidence=(line.evidence, *((Evidence(f"it runs {alias.runs}", line.origin),) if alias.runs else ())),
            fix=_without(alias),
            severity=severity,
        )


def _severity(alias: CommandAlias) -> Severity | None:
    """How bad an alias is; None for one that does no harm, or that is meant for another machine."""
    line, target = alias.line, alias.target
    if line.place is not Place.TOP and alias.runs is None:
        return None
    if line.kind is LineKind.FUNCTION or line.name == "deactivate":
        return Severity.INFO
    if target is None or target.rpartition("/")[2] in GOOD or target == line.name:
        return None
    if alias.is_fixed:
        return Severity.WARNING if line.place is Place.TOP else Severity.INFO
    if line.name.startswith("pip") and target.startswith("python"):
        return None
    return Severity.INFO


def _without(alias: CommandAlias) -> Fix:
    line = alias.line
    if alias.whole_line is not None:
        step = EditFile(line.file, remove=(alias.whole_line,))
        return Fix("Remove the line; open shells keep the alias until they end", step, safety=Safety.CHANGES_STATE)
    return Fix("Remove the definition", Manual(f"Remove `{line.name}` in {line.origin}, or give it another name"))
