"""Who somebody is, as far as a report could tell: the names that are masked in what is shared."""

from __future__ import annotations

import msgspec

# Accounts that are called so everywhere, and words that name a thousand other things: they tell nobody from anybody.
COMMON = frozenset(
    """
    admin administrator anaconda app apps bin build builder centos ci circleci code codespace conda container data
    debian default dev developer devel docker ec2-user env envs etc fedora git github gitlab gitlab-runner gitpod
    guest home host jenkins jovyan lib linux linuxbrew local localhost mac machine mambauser masked media mnt node
    nobody none opc opt owner pi pip poetry project projects python public pyenv root run runner sbin server service
    shared src ssh staff sudo system temp test tester tests tmp tmux travis ubuntu usr user users uv vagrant var
    venv virtualenv vscode wheel work worker workspace www-data
    """.split()  # noqa: SIM905 - one a line, they would fill pages
)
# Names that are words of the language too: masked where they are a part of a path and not in a sentence.
WORDS = frozenset(
    """
    able add all and any are art ask bad bash base bill black blue bold brook brown can case cash chance chase chip
    click cliff cole copy cost dale dash data dawn dean dirty drew earl editor else end even faith file fish ford
    found four frank gene given glen good grace grant gray green guy heath hope hunter index ivy jack jay jet joy
    king kit lane lee library link list long love major mark mason max may merry miles mode more names new newton
    none not note old one only page park pat path paul piper plain pond power press price prince rain ray read reed
    reid rich rob robin rock rose ruby rule rust sage said sam say see sets shell short sky stone sue summer system
    term the there tool top torch total trust two unit user very victor wade wall way west what when white why will
    win wood word words work world yes you young
    """.split()  # noqa: SIM905 - one a line, they would fill pages
)


class Identity(msgspec.Struct, frozen=True):
    """The names of who shares a report.

    Attributes:
        homes: the home directory as it is spelled, first as the session has it, then with its links resolved.
        users: names of accounts.
        full_names: names of persons.
        hosts: names of the machine.
    """

    homes: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    full_names: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()

    def words(self) -> tuple[str, ...]:
        """The names that are looked for: whole ones, and the parts of a person's."""
        whole = (*self.users, *self.full_names, *self.hosts)
        parts = [part for name in self.full_names for part in name.split() if len(part) > 3]
        joined = [mark.join(name.split()) for name in self.full_names for mark in (".", "_", "-", "")]
        labels = [name.partition(".")[0] for name in self.hosts]
        return tuple(dict.fromkeys(word for word in (*whole, *joined, *parts, *labels) if telling(word)))


def telling(name: str) -> bool:
    """Whether a name tells somebody from anybody."""
    return bool(name) and name.lower() not in COMMON and not name.isdigit()


def is_word(name: str) -> bool:
    """Whether a name may stand in a sentence that is not about it."""
    return len(name) < 3 or name.lower() in WORDS
