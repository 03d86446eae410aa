"""PY: packages of the user that a system upgrade has left behind."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename

from envdoctor import Evidence, Finding, Fix, Run, Safety, Severity, check
from envdoctor.facts.environments.old_user_packages import OldUserPackages, OldUserSite
from envdoctor.facts.session.context import Examined, Place

MOST_NAMED = 8


@check("PY012", severity=Severity.INFO, since="0.1")
def user_packages_left_behind(old: OldUserPackages, examined: Examined) -> Iterator[Finding]:
    """Packages from `pip install --user` are for a Python that this machine no longer has.

    ## Why it matters
    An upgrade of the system brings another Python. What the user had installed for the old one stays in
    `~/.local/lib/python3.X`, where no Python looks. Its commands in `~/.local/bin` often name `/usr/bin/python3`: they
    still start, now with the new Python, and end in `ModuleNotFoundError`.

    ## How to fix
    Install again what you still need: a command with `uv tool install` or `pipx install`, a library into an
    environment. Then remove the old directory, and the commands that no longer run.

    ## Not a problem when
    The home directory is shared with a container or another machine that has that Python. A Python of that version
    anywhere here (pyenv, uv, conda, `/opt`) uses the packages. A command whose Python is gone altogether is ENV013's.
    """
    if examined.at(Place.CONTAINER) and old.home_is_mounted:
        return  # a home that is mounted from outside serves the Pythons outside
    for site in old.sites:
        yield _finding(site)


def _finding(site: OldUserSite) -> Finding:
    packages = "1 package" if len(site.names) == 1 else f"{len(site.names)} packages"
    message = f"{packages} of the user are for Python {site.minor}, which is not here any more: {site.directory}"
    if site.commands:
        names = ", ".join(basename(command) for command in site.commands[:MOST_NAMED])
        message = f"{names} cannot run: installed for Python {site.minor}, started by Python {site.runs}"
    what = "the old packages and their commands" if site.commands else "the old packages"
    return Finding(
        message,
        where=site.directory,
        evidence=(
            Evidence(f"there are {_some(site.names)}", site.directory),
            *(
                Evidence(f"its first line leads to Python {site.runs}", command)
                for command in site.commands[:MOST_NAMED]
            ),
        ),
        fix=Fix(
            f"Install what you still need for this Python, then remove {what}",
            Run("rm", "-r", "--", site.directory, *site.commands),
            safety=Safety.DESTRUCTIVE,
        ),
        severity=Severity.WARNING if site.commands else Severity.INFO,
    )


def _some(names: tuple[str, ...]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
