"""Is the home directory there, and this user's own? And do the variables beside it name absolute directories?"""

from __future__ import annotations

import enum
import os

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.disks.rights import account, is_writable, nearest_existing, owner_of
from envdoctor.system.session import Session
from envdoctor.text.unexpanded import unexpanded

# what the specification calls invalid and to be ignored: https://specifications.freedesktop.org/basedir-spec
DIRECTORIES = ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")


class HomeProblem(enum.Enum):
    """What is wrong with a home directory."""

    RELATIVE = "is no absolute path"
    MISSING = "does not exist"
    NO_DIRECTORY = "is no directory"
    FOREIGN = "belongs to another user, and this user may not write there"


class RelativeDirectory(Fact, frozen=True):
    """A variable of the specification with a path that is not absolute, and the directory that may be meant."""

    variable: str
    value: str
    meant: str | None = None


class HomeDirectory(Fact, frozen=True):
    """The home directory of the session.

    Attributes:
        path: the directory, or what `HOME` says where that is no absolute path.
        variable: whether `HOME` names it; otherwise it is the account's.
        problem: what is wrong with it; None if nothing is.
        owner: the name or the number of the user whose it is, where it is another's.
        own: the home that the database of users has for this user; None if it has none that can be used.
        creatable: whether it is not there, and this user could make it.
        relative: the variables beside it that are not absolute.
    """

    path: str
    variable: bool = True
    problem: HomeProblem | None = None
    owner: str | None = None
    own: str | None = None
    creatable: bool = False
    relative: tuple[RelativeDirectory, ...] = ()


@probe
def probe_home_directory(session: Session) -> HomeDirectory:
    """Look at what `HOME` names or, where it is unset or empty, at the account's home as all tools do."""
    me = os.geteuid()
    own = _of_account(me)
    named = session.env.get("HOME") or ""
    path = named or own or "/"
    relative = tuple(_relative(name, value, session) for name in DIRECTORIES if (value := session.env.get(name)))
    problem = _problem(path, me)
    owner = owner_of(path) if problem is HomeProblem.FOREIGN else None
    return HomeDirectory(
        path,
        bool(named),
        problem,
        (account(owner) or f"user {owner}") if owner is not None else None,
        own if own and own != path and is_writable(own) and owner_of(own) == me else None,
        problem is HomeProblem.MISSING and is_writable(nearest_existing(path)),
        tuple(each for each in relative if each),
    )


def _of_account(number: int) -> str | None:
    import pwd

    try:
        return pwd.getpwuid(number).pw_dir
    except KeyError:
        return None


def _problem(path: str, me: int) -> HomeProblem | None:
    if not os.path.isabs(path):
        return HomeProblem.RELATIVE
    if not os.path.exists(path):
        return HomeProblem.MISSING
    if not os.path.isdir(path):
        return HomeProblem.NO_DIRECTORY
    return HomeProblem.FOREIGN if owner_of(path) != me and not is_writable(path) else None


def _relative(variable: str, value: str, session: Session) -> RelativeDirectory | None:
    if os.path.isabs(value):
        return None
    return RelativeDirectory(variable, value, unexpanded(value, session.home))
