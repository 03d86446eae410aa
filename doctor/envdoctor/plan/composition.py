"""How two fixes compose: which comes first, which contradicts the other, which leaves the other nothing to do."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor.plan.effect import ACTIVE, Effect, Verb

Effects = tuple[Effect, ...]

SETTINGS = frozenset({Verb.SET, Verb.UNSET, Verb.PUT, Verb.DROP, Verb.ADD, Verb.TAKE})
INSIDE = frozenset({Verb.FILL, Verb.REPAIR, Verb.INSTALL, Verb.UNINSTALL, Verb.ADD, Verb.TAKE, Verb.CLEAR})
"""What can be done to a part of an environment."""
REPAIRS = INSIDE - {Verb.FILL}
ANOTHER_PYTHON = frozenset({Verb.MAKE, Verb.ENTER, Verb.LEAVE})


OPPOSITE = {
    (Verb.SET, Verb.UNSET): "sets {0}, and this unsets it",
    (Verb.UNSET, Verb.SET): "unsets {0}, and this sets it",
    (Verb.READ, Verb.SET): "copies the value of {0}, which this sets",
    (Verb.READ, Verb.UNSET): "copies the value of {0}, which this unsets",
    (Verb.UNSET, Verb.READ): "unsets {0}, whose value this copies",
    (Verb.INSTALL, Verb.UNINSTALL): "installs {0}, and this uninstalls it",
    (Verb.UNINSTALL, Verb.INSTALL): "uninstalls {0}, and this installs it",
    (Verb.MAKE, Verb.MAKE): "already creates {0}",
    (Verb.ENTER, Verb.LEAVE): "activates {0}, and this leaves it",
    (Verb.LEAVE, Verb.ENTER): "leaves {0}, and this activates it",
}
"""What cannot be done to the same thing by two fixes, one after the other."""
OF_PARTS = {
    (Verb.PUT, Verb.DROP): "puts {1} on {0}, and this takes it off",
    (Verb.DROP, Verb.PUT): "takes {1} off {0}, and this puts it there",
    (Verb.ADD, Verb.TAKE): "adds `{1}` to {0}, and this takes it out",
    (Verb.TAKE, Verb.ADD): "takes `{1}` out of {0}, and this adds it",
}
"""The same for an element of a list and a line of a file."""
DIFFERENT = {
    Verb.SET: "gives {0} another value",
    Verb.INSTALL: "installs another version of {0}",
}


def contradiction(first: Effects, second: Effects) -> str | None:
    """What the second fix would take back of the first, as the end of `CODE …`; None if both can be applied."""
    clashes = (_clash(one, other) for one in first for other in second)
    return next((clash for clash in clashes if clash), None)


def _clash(one: Effect, other: Effect) -> str | None:
    verbs = (one.verb, other.verb)
    if verbs == (Verb.ENTER, Verb.ENTER) and one.thing != other.thing:
        return f"activates {one.thing}, and this {other.thing}"
    if verbs == (Verb.ENTER, Verb.LEAVE) and other.thing == ACTIVE and other.value == one.value:
        return OPPOSITE[verbs].format(one.thing)
    if one.thing != other.thing:
        return None
    told: str | None = OPPOSITE.get(verbs)
    if one.value == other.value:
        told = told or OF_PARTS.get(verbs)
    elif one.verb is other.verb and (one.verb is Verb.SET or (one.value and other.value)):
        told = DIFFERENT.get(one.verb)
    return told.format(one.named, one.value) if told else None


def comes_first(first: Effects, second: Effects) -> bool:
    """Whether the second fix builds on what the first changes, or would lose something by coming before it."""
    return any(_precedes(one, other) for one in first for other in second)


def _precedes(one: Effect, other: Effect) -> bool:
    if one.thing == other.thing and one.verb in (Verb.SET, Verb.UNSET, Verb.DROP):
        if other.verb is Verb.PUT:
            return True  # what is put first is put into a list that is right
        if one.verb is Verb.SET and other.verb in (Verb.READ, Verb.DROP):
            return True
    match one.verb:
        case Verb.LEAVE:
            return other.verb is Verb.ENTER and other.thing != one.thing
        case Verb.MAKE | Verb.CLEAR:
            return other.verb in (*INSIDE, Verb.ENTER) and other.lies_in(one.thing)
        case Verb.PUT:
            return one.thing == "PATH" and other.verb is Verb.ENTER
        case _:
            installs = other.verb in (Verb.MAKE, Verb.FILL)
            return installs and one.verb in SETTINGS and not one.lies_in(other.thing)


def makes_moot(first: Effects, second: Effects) -> bool:
    """Whether the second fix has nothing to work on once the first is applied.

    That is so where it only repairs what lies in a directory that the first deletes or makes new, and where it only
    works in an environment that the first leaves.
    """
    cleared = (effect.thing for effect in first if effect.verb is Verb.CLEAR)
    return any(_works_only_in(place, second, REPAIRS) for place in cleared) or any(
        _works_only_in(place, second, INSIDE) for place in _left(first)
    )


def _left(effects: Effects) -> Iterator[str]:
    """The environments that are left for good."""
    kept = {effect.thing for effect in effects if effect.verb in (Verb.MAKE, Verb.ENTER)}
    for effect in effects:
        if effect.verb is Verb.LEAVE and effect.thing != ACTIVE and effect.thing not in kept:
            yield effect.thing


def _works_only_in(place: str, effects: Effects, verbs: frozenset[Verb]) -> bool:
    """Whether all is done to this directory; the environments of a conda installation are no part of it."""
    others = f"{place}/envs/"
    return bool(effects) and all(
        effect.verb in verbs and effect.lies_in(place) and not effect.thing.startswith(others) for effect in effects
    )


def changes_python(effects: Effects) -> bool:
    """Whether another Python, or a new environment, is there afterwards."""
    return any(effect.verb in ANOTHER_PYTHON or _picks_python(effect) for effect in effects)


def _picks_python(effect: Effect) -> bool:
    """Whether a command chooses a version, or a directory with commands comes first on the search path."""
    chosen = effect.verb is Verb.SET and effect.thing.endswith((".python-version", "pyenv's global version"))
    return chosen or (effect.thing == "PATH" and effect.verb is Verb.PUT)
