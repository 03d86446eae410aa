"""What is said of a fleet."""

from __future__ import annotations

import msgspec


class Group(msgspec.Struct, frozen=True):
    """Machines with the same findings.

    Attributes:
        codes: the errors and warnings that each of them has, in order.
        machines: their names, in order.
        folded: the same as a set of ClusterShell's, `m[1-3]`; empty where the names do not make one.
    """

    codes: tuple[str, ...]
    machines: tuple[str, ...]
    folded: str = ""


class Unexamined(msgspec.Struct, frozen=True):
    """A machine without a report, and why."""

    machine: str
    reason: str


class Found(msgspec.Struct, frozen=True):
    """A check that found something.

    Attributes:
        code: its code.
        slug: its name.
        severity: the highest that it found.
        machines: on how many machines.
        findings: how many findings these are.
    """

    code: str
    slug: str
    severity: str
    machines: int
    findings: int


class Also(msgspec.Struct, frozen=True):
    """A value that stands at another place on the same machines."""

    place: str
    value: str


class Trait(msgspec.Struct, frozen=True):
    """A value that machines with a finding have more often than those without.

    Attributes:
        place: where it stands in the facts.
        value: the value; None if nothing stands there.
        sick: machines with the finding that have it.
        well: machines without the finding that have it.
        lift: the share of the former less the share of the latter.
        alike: other places of which the same can be said, and their number.
        more: how many further places there are.
        also: what a machine has to have as well; None where the value tells by itself.
    """

    place: str
    value: str | None
    sick: int
    well: int
    lift: float
    alike: tuple[str, ...] = ()
    more: int = 0
    also: Also | None = None


class Difference(msgspec.Struct, frozen=True):
    """What tells the machines with a finding from those without.

    Attributes:
        code: of the finding.
        severity: of the finding.
        sick: machines with it.
        well: machines on which that check found nothing; where it did so on none, all others.
        traits: the values, the most telling first.
    """

    code: str
    severity: str
    sick: int
    well: int
    traits: tuple[Trait, ...]


class Change(msgspec.Struct, frozen=True):
    """A finding that machines have got, or lost, since the collection before."""

    code: str
    severity: str
    machines: tuple[str, ...]


class History(msgspec.Struct, frozen=True):
    """What is different since an earlier collection.

    Attributes:
        before: its name.
        now: the name of this one.
        new: findings of machines that had been examined for them and were well, or had no report.
        gone: findings of machines that have been examined for them again and are well.
        added: machines that have a report now and had none.
        lost: machines that had a report and have none now.
    """

    before: str
    now: str
    new: tuple[Change, ...]
    gone: tuple[Change, ...]
    added: tuple[str, ...]
    lost: tuple[str, ...]


class Answer(msgspec.Struct, frozen=True):
    """Everything that is said of a fleet.

    Attributes:
        sessions: which sessions were examined, and how many of each, the most first.
        machines: how many machines have a report that counts.
        groups: machines with the same findings, the largest group first.
        unexamined: machines without a report.
        found: the checks that found something, the most severe first.
        differences: what tells machines with a finding from those without, the most telling first.
        problems: input that is no report, a sentence each.
        notes: what else is to be said of the input.
        left_out: machines that `--where` leaves out.
        history: what is different since an earlier collection; None where there is none.
    """

    sessions: tuple[tuple[str, int], ...]
    machines: int
    groups: tuple[Group, ...]
    unexamined: tuple[Unexamined, ...]
    found: tuple[Found, ...]
    differences: tuple[Difference, ...]
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    left_out: int = 0
    history: History | None = None
