"""Who else is in a group? Asked only about groups that may write where programs lie."""

from __future__ import annotations

import functools
import grp
import pwd

from envdoctor.system.deadline import within

# whose members become root whenever they like
ADMINISTRATORS = frozenset({"root", "wheel", "sudo", "admin"})


@functools.cache
def others_in(group: int, user: int) -> bool:
    """Whether a group has members besides this user and root; also where the directory of users does not answer.

    A group of administrators has none that count.
    """
    if group == 0:
        return False
    answer = within(lambda: _others(group, user))
    return answer is None or answer


def _others(group: int, user: int) -> bool:
    trusted = {0, user}
    try:
        known = grp.getgrgid(group)
    except KeyError:  # a group without a name, as containers have them: only its number can be somebody's
        names: list[str] = []
    else:
        if known.gr_name in ADMINISTRATORS:
            return False
        names = known.gr_mem
    if any(entry.pw_gid == group and entry.pw_uid not in trusted for entry in pwd.getpwall()):
        return True
    return any(_number(name) not in trusted for name in names)


def _number(name: str) -> int | None:
    try:
        return pwd.getpwnam(name).pw_uid
    except KeyError:
        return None
