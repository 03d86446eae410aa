"""Has `su` changed the user of this session, and what of the user before has it kept?

`su` without a dash keeps the environment: the search path always, and with `-m` or `-p` even `HOME`.
"""

from __future__ import annotations

import os

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.system.session import Session

# what makes a session of its own: nearer than `su`, they have decided what is set
OTHERS = frozenset({"sudo", "doas", "login", "sshd", "sshd-session", "runuser"})


class Belonging(Fact, frozen=True):
    """A directory that belongs to another user.

    Attributes:
        path: the directory, as the session has it.
        owner: the user's name, or number.
    """

    path: str
    owner: str


class SwitchedUser(Fact, frozen=True):
    """A session below `su`.

    Attributes:
        user: who is at work, by the database of users.
        home: that user's home directory, by the same.
        process: the nearest `su` above.
        kept_home: what `HOME` names, if that is another user's directory.
        kept_path: the elements of the search path that belong to neither this user nor root.
    """

    user: str
    home: str
    process: int
    kept_home: Belonging | None = None
    kept_path: tuple[Belonging, ...] = ()


@probe
def probe_switched_user(session: Session) -> SwitchedUser:
    """Compare `HOME` and the search path with the user whose rights this session has."""
    import pwd

    deciding = (process for process in session.processes if process.name == "su" or process.name in OTHERS)
    nearest = next(deciding, None)
    if nearest is None or nearest.name != "su":
        raise Unavailable("not below `su`")
    me = os.geteuid()
    try:
        user = pwd.getpwuid(me)
    except KeyError as error:
        raise Unavailable(f"no user has the number {me}") from error
    home = session.home
    kept_home = None
    if home and os.path.realpath(home) != os.path.realpath(user.pw_dir):
        kept_home = _of_another(home, me)
    kept = (_of_another(element, me, 0) for element in session.search_path if os.path.isabs(element))
    return SwitchedUser(user.pw_name, user.pw_dir, nearest.pid, kept_home, tuple(each for each in kept if each))


def _of_another(path: str, *mine: int) -> Belonging | None:
    """The directory as another user's; None if it is one of `mine`, or is not there."""
    import pwd

    owner = _owner(path)
    if owner is None or owner in mine:
        return None
    try:
        return Belonging(path, pwd.getpwuid(owner).pw_name)
    except KeyError:
        return Belonging(path, f"user {owner}")


def _owner(path: str) -> int | None:
    """Who owns a directory; of one that may not be entered, who owns the one above that keeps others out."""
    while True:
        try:
            return os.stat(path).st_uid
        except PermissionError:
            path = os.path.dirname(path)
        except (OSError, ValueError):
            return None
