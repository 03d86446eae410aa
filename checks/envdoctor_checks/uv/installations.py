"""Is the uv that answers the one that its user keeps up to date?"""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import dirname

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    PrependPath,
    Run,
    Safety,
    Severity,
    check,
)
from envdoctor.facts.uv.context import Surroundings
from envdoctor.facts.uv.installations import UvCopies, UvCopy, UvInstaller
from envdoctor.facts.venv.active import ActiveVenv


def removal(stale: UvCopy, kept: UvCopy) -> Fix:
    """Take a uv away with the tool that installed it; where that is not known, put the other before it."""
    environment = stale.environment or dirname(dirname(stale.real))
    commands = {
        UvInstaller.PIP: (kept.path, "pip", "uninstall", "--python", environment, "uv"),
        UvInstaller.CONDA: ("conda", "remove", "--yes", "--prefix", environment, "uv"),
        UvInstaller.UV: (kept.path, "tool", "uninstall", "uv"),
        UvInstaller.PIPX: ("pipx", "uninstall", "uv"),
        UvInstaller.HOMEBREW: ("brew", "uninstall", "uv"),
    }
    if command := commands.get(stale.installer):
        return Fix(f"Remove uv {stale.shown_version}", Run(*command), safety=Safety.CHANGES_STATE)
    if stale.installer is UvInstaller.STANDALONE:
        return Fix("Upgrade this uv", Run(stale.path, "self", "update"), safety=Safety.CHANGES_STATE)
    return Fix(f"Put uv {kept.shown_version} first", PrependPath(dirname(kept.path)))


@check("UV002", severity=Severity.WARNING, since="0.1")
def several_uv_versions(copies: UvCopies, active: ActiveVenv | None, seen: Surroundings | None) -> Iterator[Finding]:
    """Several uv programs of different versions are on the search path.

    ## Why it matters
    The first on the search path answers. An old one in front lacks options and fixes that the newer has, and
    `uv self update` upgrades a copy that nobody runs.

    ## How to fix
    Keep one. Upgrade or remove each copy with the tool that installed it.

    ## Not a problem when
    The copies are of the same version, or one program under several names. uv works from conda's base as well as from
    its own installer. A project may pin a uv of its own in its environment.
    """
    own = {active.venv.real} if active and active.venv else set()
    own |= {nearby.place.path for nearby in seen.nearby} if seen else set()
    counted = [copy for copy in copies.copies if copy.version is not None and copy.environment not in own]
    if copies.first not in counted or len({copy.version for copy in counted}) < 2:
        return
    first, newest = copies.first, max(counted, key=lambda copy: copy.version or ())
    others = ", ".join(f"{copy.shown_version} in {dirname(copy.path)}" for copy in counted[1:])
    evidence = tuple(Evidence(f"uv {copy.shown_version}, from {copy.installer.value}", copy.path) for copy in counted)
    if first.version == newest.version:
        oldest = min(counted, key=lambda copy: copy.version or ())
        message = f"uv {first.shown_version} answers, and older copies stand behind it: {others}"
        fix = removal(oldest, first)
        yield Finding(message, fix, oldest.path, evidence, Severity.INFO)
    else:
        message = f"uv {first.shown_version} in {dirname(first.path)} answers before a newer one: {others}"
        yield Finding(message, removal(first, newest), first.path, evidence)
