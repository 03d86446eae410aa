"""ENV: an environment that its user may not change."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import dirname

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Run,
    Safety,
    Severity,
    check,
)
from envdoctor.facts.environments.condition import VenvConditions
from envdoctor.facts.venv.ownership import Ownership


@check("ENV014", severity=Severity.WARNING, since="0.1", where=("VenvConditions.conditions.ownership.hinders",))
def environment_not_writable(conditions: VenvConditions) -> Iterator[Finding]:
    """The environment cannot be written by this user, or holds files of another.

    ## Why it matters
    `sudo pip install` or `sudo uv` leaves files of root behind. From then on installs and upgrades fail half-way with
    `Permission denied`, or pip quietly installs for the user instead.

    ## How to fix
    Restore ownership of the files to the owner of the environment, and never run pip with `sudo`.

    ## Not a problem when
    The environment is shared and meant to be read only, or all of it belongs to root in a container.
    """
    condition = conditions.active or conditions.near
    if condition is None or condition.defect is not None:
        return
    root, own = condition.venv.root, condition.ownership
    if own.owner is None or own.read_only:
        return
    spared = own.owner == 0 or own.user not in (0, own.owner)
    if own.others and not spared:
        count = f"{own.others} files" if own.others > 1 else "a file"
        yield Finding(
            f"{condition.kind} {root} holds {count} of user {own.other}, not of its owner, user {own.owner}",
            where=root,
            evidence=(Evidence(f"{own.example} belongs to user {own.other}", own.example or root),),
            fix=_given_to(own.owner, own, root),
        )
    elif not own.writable and own.owner != own.user and own.above == own.user:
        yield Finding(
            f"{condition.kind} {root} belongs to user {own.owner}, so this user, {own.user}, cannot install into it",
            where=root,
            evidence=(Evidence(f"{dirname(root)} belongs to user {own.above}", dirname(root)),),
            fix=_given_to(own.user, own, root),
        )
    elif not own.writable and own.owner == own.user:
        yield Finding(
            f"{condition.kind} {root} is write-protected, so nothing can be installed into it",
            where=root,
            evidence=(Evidence("its owner may not write", root),),
            fix=Fix(
                "Allow the owner of the environment to write",
                Run("chmod", "-R", "u+rwX", root),
                safety=Safety.CHANGES_STATE,
            ),
        )


def _given_to(user: int, ownership: Ownership, root: str) -> Fix:
    """`-h` leaves alone what the links in the environment lead to."""
    sudo = () if ownership.user == 0 else ("sudo",)
    return Fix(
        "Restore ownership of the environment's files",
        Run(*sudo, "chown", "-hR", str(user), root),
        safety=Safety.CHANGES_STATE,
    )
