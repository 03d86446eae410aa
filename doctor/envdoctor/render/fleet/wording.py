"""The sentences that every format says of a fleet."""

from __future__ import annotations

from envdoctor.fleet.answer import Answer, Difference, Found, Group, Trait

SHOWN_NAMES = 8
SHOWN_SET = 120
OF_NOBODY = "These are facts of machines and accounts, not of anybody's terminal."
NOTHING = "nothing found"
NOTHING_DIFFERS = "nothing tells them apart: no value has a lift of 0.2"


def number(count: int, noun: str) -> str:
    """`1 machine`, `9,951 machines`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def examined(answer: Answer) -> str:
    """Which sessions these reports are of: the first line of every form."""
    if not answer.sessions:
        return f"Examined: nothing. {'No machine meets --where.' if answer.left_out else 'There is no report.'}"
    told = ", ".join(f"{session} on {number(count, 'machine')}" for session, count in answer.sessions)
    typed = any("interactive" in session for session, _ in answer.sessions)
    return f"Examined: {told}.{'' if typed else f' {OF_NOBODY}'}"


def headline(answer: Answer) -> str:
    """The most telling difference, in one sentence; else how many are sick."""
    best = next((one for one in answer.differences if one.traits), None)
    if best is not None:
        return f"{best.code} on {number(best.sick, 'machine')}: {trait(best.traits[0])}, {shares(best, best.traits[0])}"
    sick = sum(len(group.machines) for group in answer.groups if group.codes)
    if not answer.machines:
        left_out = f" {number(answer.left_out, 'machine')} left out." if answer.left_out else ""
        return f"No machine was examined.{left_out}"
    return f"{sick:,} of {number(answer.machines, 'machine')} have errors or warnings"


def trait(one: Trait) -> str:
    """`Libc.version = 2.28`, or two of them."""
    if one.value is None:
        return f"{one.place}: nothing there"
    both = f" and {one.also.place} = {one.also.value}" if one.also else ""
    return f"{one.place} = {one.value}{both}"


def shares(difference: Difference, one: Trait) -> str:
    """`on 49 of these 49, on 2 of 9,951 others`."""
    return f"on {one.sick:,} of these {difference.sick:,}, on {one.well:,} of {difference.well:,} without it"


def alike(one: Trait) -> str:
    """Other places that differ on as many machines; empty if there is none."""
    if not one.alike:
        return ""
    more = f" and {one.more:,} more" if one.more else ""
    return f"so do {', '.join(one.alike)}{more}"


def codes(group: Group) -> str:
    """What the machines of a group have."""
    return ", ".join(group.codes) or NOTHING


def members(group: Group) -> str:
    """The machines of a group: as a set where that is short, else the first few."""
    return group.folded if 0 < len(group.folded) <= SHOWN_SET else names(group.machines)


def names(machines: tuple[str, ...]) -> str:
    """Machines by name, the first few where there are many."""
    shown = ", ".join(machines[:SHOWN_NAMES])
    left = len(machines) - SHOWN_NAMES
    return f"{shown} and {left:,} more" if left > 0 else shown


def title(found: Found) -> str:
    """`PIP001 pip-installs-elsewhere`."""
    return f"{found.code} {found.slug}".rstrip()
