"""ENV: virtual environments that are no longer what they were made as: moved, copied, on another Python."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename, dirname, join

from envdoctor import (
    Activate,
    Evidence,
    Finding,
    Fix,
    Manual,
    Run,
    Safety,
    Severity,
    check,
)
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.environments.condition import Condition, Defect, VenvConditions
from envdoctor.facts.session.context import Examined, Place
from envdoctor.facts.venv.active import ActiveVenv
from envdoctor_checks.common.installing import made_by_venv
from envdoctor_checks.common.rebuild import is_uvs, rebuild, seed


@check("ENV003", severity=Severity.ERROR, since="0.1", where=("VenvConditions.conditions.defect",))
def environment_moved(
    conditions: VenvConditions, builders: Builders, active: ActiveVenv | None, examined: Examined
) -> Iterator[Finding]:
    """A virtual environment was moved or renamed; its scripts and `activate` still name the old place.

    ## Why it matters
    `bin/python` still works, so it looks right. But every other program fails with `bad interpreter` or `required file
    not found`, and after `activate` the prompt shows the environment while `python` is the system's.

    ## How to fix
    Recreate it where it is now. If an environment must be movable, create it with `uv venv --relocatable`.

    ## Not a problem when
    The environment is relocatable, or reached through a link or another mount of the same directory.
    """
    for condition in conditions.suffering(Defect.MOVED):
        venv, scripts = condition.venv, condition.scripts
        if examined.at(Place.CONTAINER) and scripts.own and not scripts.mismatched_count and not condition.active:
            continue  # an image that was built elsewhere and is only called by its programs
        yield Finding(
            f"{condition.kind} {venv.root} was moved here from {condition.named_root}, which its scripts still name",
            where=venv.root,
            evidence=tuple(_named_elsewhere(condition)),
            fix=rebuild(condition, builders, active=_exported(condition, active)),
        )


@check("ENV004", severity=Severity.ERROR, since="0.1", where=("VenvConditions.conditions.defect",))
def environment_copied(conditions: VenvConditions, builders: Builders, active: ActiveVenv | None) -> Iterator[Finding]:
    """A virtual environment is a copy, and its scripts run the original.

    ## Why it matters
    Everything seems to work: `pip install` succeeds, and changes the original. `activate` activates the original too.
    The copy stays as it was.

    ## How to fix
    Recreate the copy.

    ## Not a problem when
    Both paths lead to the same directory, by a link or a mount.
    """
    for condition in conditions.suffering(Defect.COPIED):
        yield Finding(
            f"{condition.kind} {condition.venv.root} is a copy whose scripts run the original, {condition.named_root}",
            where=condition.venv.root,
            evidence=tuple(_named_elsewhere(condition)),
            fix=rebuild(condition, builders, active=_exported(condition, active)),
        )


def _named_elsewhere(condition: Condition) -> Iterator[Evidence]:
    venv, scripts = condition.venv, condition.scripts
    if not venv.activate_is_here and venv.activate:
        yield Evidence(f"VIRTUAL_ENV={venv.activate_root}", venv.activate)
    if scripts.mismatched:
        more = f", and so in {scripts.mismatched_count - 1} more" if scripts.mismatched_count > 1 else ""
        yield Evidence(f"{scripts.mismatched[0].line}{more}", f"{scripts.mismatched[0].path}:1")
    if line := venv.settings and venv.settings.line("command"):
        yield Evidence(f"command = {line.value}", f"{venv.config}:{line.line}")


def _exported(condition: Condition, active: ActiveVenv | None) -> str | None:
    """What `VIRTUAL_ENV` names, if that is what the environment's own `activate` has exported."""
    return active.value if active and active.value == condition.named_root else None


@check(
    "ENV005",
    severity=Severity.ERROR,
    since="0.1",
    where=("VenvConditions.conditions.defect", "VenvConditions.conditions.went_back"),
)
def base_version_changed(conditions: VenvConditions, builders: Builders) -> Iterator[Finding]:
    """The Python under a virtual environment has become another minor version, which does not see its packages.

    ## Why it matters
    The interpreter of an environment is a link. When an upgrade lets it lead to another minor version, the environment
    starts, but it looks for packages in a directory of another name: all are `No module named …`, pip included.

    ## How to fix
    Recreate the environment, with the version that it was made for where that is still there.

    ## Not a problem when
    Only the patch version changed, which every environment survives. Going back to an older patch is mentioned for uv,
    which then recreates the environment of a project by itself.
    """
    for condition in conditions.suffering(Defect.DRIFTED):
        venv, plural = condition.venv, "s" if condition.hidden != 1 else ""
        yield Finding(
            f"{condition.kind} {venv.root} holds {condition.hidden} package{plural} for Python {condition.made_for}, "
            f"but its Python is {condition.runs} now and sees none of them",
            where=venv.root,
            evidence=(
                Evidence(f"{venv.python} leads to {venv.base}", venv.python),
                *(Evidence(directory, join(venv.root, "lib")) for directory in venv.site_packages),
                venv.config_line("version_info" if venv.value("version_info") else "version"),
            ),
            fix=rebuild(condition, builders),
        )
    for condition in conditions.conditions:
        if condition.defect is None and condition.went_back:
            yield Finding(
                f"{condition.kind} {condition.venv.root} was made with Python {condition.venv.version}, "
                f"and runs on the older {condition.running} now: uv may recreate it on the next command",
                where=condition.venv.root,
                evidence=(condition.venv.config_line("version_info"),),
                fix=rebuild(condition, builders),
                severity=Severity.INFO,
            )


@check("ENV009", severity=Severity.ERROR, since="0.1", where=("VenvConditions.conditions.defect",))
def environment_path_unusable(conditions: VenvConditions, builders: Builders) -> Iterator[Finding]:
    """The path of a virtual environment cannot be used: by `PATH`, by its `activate`, or by its scripts' first lines.

    ## Why it matters
    A colon separates the elements of `PATH`, so activation puts two wrong directories there (uv makes such an
    environment, `python -m venv` refuses). The `activate` of older Pythons' venv has the path in double quotes, in
    which bash, zsh and fish expand a `$` or a backtick: it leads nowhere; those of uv and virtualenv do not. The system
    reads a script's first line only up to a length, and only to the first space: such a script fails with `bad
    interpreter`.

    ## How to fix
    Keep the environment where the path has no colon, no `$`, no backtick and no quote. If the path is long or has
    spaces, recreate the environment: current pip and uv write scripts that work there.

    ## Not a problem when
    The path has spaces or is long, but the scripts start with `#!/bin/sh` and call the interpreter from there.
    """
    for condition in conditions.suffering(Defect.UNUSABLE_PATH):
        venv = condition.venv
        if ":" in venv.root:
            yield Finding(
                f"{condition.kind} {venv.root} has a colon in its path, so it cannot be on the search path",
                where=venv.root,
                evidence=(Evidence("a colon separates the elements of PATH", venv.root),),
                fix=_elsewhere(condition, builders, "without a colon"),
            )
            continue
        if venv.activate_expands:
            yield Finding(
                f"{condition.kind} {venv.root} cannot be activated: its `activate` has the path in double quotes, "
                "in which the shell makes another one of it",
                where=venv.activate,
                evidence=(Evidence(f'VIRTUAL_ENV="{venv.root}"', venv.activate or venv.root),),
                fix=_elsewhere(condition, builders, "that no shell expands"),
            )
            continue
        first = condition.scripts.unreadable[0]
        yield Finding(
            f"{first.path} cannot start: the system cannot read the path of its interpreter from its first line",
            where=first.path,
            evidence=tuple(Evidence(script.line, f"{script.path}:1") for script in condition.scripts.unreadable),
            fix=rebuild(condition, builders),
        )


def _elsewhere(condition: Condition, builders: Builders, wanted: str) -> Fix:
    """An environment in the user's own collection, named after the project, instead of one at an unusable path."""
    root = condition.venv.root
    name = re.sub(r'[:$`"]', "-", basename(dirname(root)))
    place = join(builders.collection, name)
    python = condition.rebuild_with or next(iter(builders.pythons), "python3")
    if is_uvs(condition.venv, builders):
        made: tuple[Run | Manual, ...] = (Run("uv", "venv", *seed(condition.venv), "--python", python, place),)
    else:
        made = made_by_venv(python, builders, place)
    return Fix(
        f"Create the environment at a path {wanted}, and remove this one",
        *made,
        Run("rm", "-rf", "--", root),
        Activate(place),
        safety=Safety.DESTRUCTIVE,
    )
