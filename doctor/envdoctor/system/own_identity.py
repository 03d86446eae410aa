"""Who uses this machine, and what is it called? What a report that is shared must not tell."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator, Mapping

from envdoctor.system.files import Unreadable, read_text
from envdoctor.system.silent_mounts import Unanswered
from envdoctor.text.identity import Identity
from envdoctor.text.patterns import pattern

USERS = ("USER", "LOGNAME", "USERNAME", "SUDO_USER", "DOAS_USER")
HOSTS = ("HOSTNAME", "HOST", "COMPUTERNAME")
PERSONS = ("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME")
GIT = (".gitconfig", ".config/git/config")
NAME_IN_GIT = pattern(r"(?m)^[ \t]*+name[ \t]*+=[ \t]*+\"?([^\"\n#;]++)")


def own_identity(env: Mapping[str, str], home: str | None) -> Identity:
    """The names of the user of this session, of the person and of the machine.

    Args:
        env: the session's variables.
        home: its home directory.
    """
    accounts = list(_accounts(env))
    homes = [home or "", *(account.pw_dir for account in accounts)]
    spelled = [spelling for directory in homes if os.path.isabs(directory) for spelling in _spellings(directory)]
    users = [account.pw_name for account in accounts] + [env.get(name, "") for name in USERS]
    persons = [account.pw_gecos.partition(",")[0] for account in accounts] + [env.get(name, "") for name in PERSONS]
    persons += [name for directory in homes if os.path.isabs(directory) for name in _in_git(directory)]
    machine = [os.uname().nodename, *(env.get(name, "") for name in HOSTS)]
    return Identity(_different(spelled), _different(users), _different(persons), _different(machine))


def _accounts(env: Mapping[str, str]) -> Iterator[pwd.struct_passwd]:
    """The accounts of who runs this, and of who became that user by sudo."""
    for number in (os.getuid(), os.geteuid(), env.get("SUDO_UID", "")):
        try:
            yield pwd.getpwuid(int(number))
        except (KeyError, ValueError, OverflowError):
            continue


def _spellings(directory: str) -> Iterator[str]:
    yield directory
    try:
        yield os.path.realpath(directory)
    except (OSError, Unanswered):
        return


def _in_git(home: str) -> Iterator[str]:
    for name in GIT:
        try:
            text = read_text(os.path.join(home, name))
        except (Unreadable, Unanswered):
            continue
        yield from (found.strip() for found in NAME_IN_GIT.findall(text))


def _different(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))
