"""Which packages of the user's own, from `pip install --user`, does the session's Python see?"""

from __future__ import annotations

import os

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.python.distributions import sites
from envdoctor.facts.python.interpreters import Interpreter
from envdoctor.facts.python.pythonpath import Shadowed
from envdoctor.system.session import Session
from envdoctor.text.patterns import pattern

OFF, BASE = "PYTHONNOUSERSITE", "PYTHONUSERBASE"
ZERO = pattern(r"\s*[+-]?0+")  # a number to C's `strtol`


class UserSite(Fact, frozen=True):
    """The user's own packages, as far as the session's Python sees them.

    Attributes:
        directory: where they are.
        names: what is installed there.
        shadowed: the packages that hide another version which comes later on `sys.path`.
    """

    directory: str
    names: tuple[str, ...] = ()
    shadowed: tuple[Shadowed, ...] = ()


@probe
def probe_user_site(session: Session, active: ActivePython) -> UserSite:
    """List the user's packages, and compare them with the ones that they come before."""
    python = active.interpreter
    if not python.sees_user_site:
        raise Unavailable(f"{python.prefix} does not see the user's packages")
    if hides_user_site(session, python.version):
        raise Unavailable(f"{OFF} hides the user's packages")
    directory = directory_of(python, session)
    read = sites(session)
    mine = read.installed((directory,))
    behind = {package.name: package.version for package in read.installed(_behind(python))} if mine else {}
    twice = ((each.name, each.version, behind[each.name]) for each in mine if each.name in behind)
    shadowed = tuple(Shadowed(*each) for each in twice if each[1] != each[2])
    return UserSite(directory, tuple(package.name for package in mine), shadowed)


def hides_user_site(session: Session, version: tuple[int, ...]) -> bool:
    """Whether the session hides the user's packages from a Python of this version: since 3.7 the number 0 does not."""
    value = session.env.get(OFF, "")
    return bool(value) and not (version >= (3, 7) and ZERO.fullmatch(value))


def directory_of(python: Interpreter, session: Session) -> str:
    """The user's directory of packages, which `PYTHONUSERBASE` moves."""
    base = session.env.get(BASE)
    if not base or not python.user_site.startswith(python.user_base):
        return python.user_site
    moved = base.replace("~", session.home or "~", 1) if base == "~" or base.startswith("~/") else base
    return os.path.join(session.cwd or "/", moved) + python.user_site.removeprefix(python.user_base)


def _behind(python: Interpreter) -> tuple[str, ...]:
    """The directories of packages that come later: a virtual environment's own come earlier, its base's do not."""
    own = f"{python.prefix}/"
    return tuple(entry for entry in python.site_packages if not (python.is_venv and entry.startswith(own)))
