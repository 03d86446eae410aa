"""How two fixes compose: which comes first, and which leaves the other nothing to do."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor.plan.effect import ACTIVE, Effect, Verb

Effects = tuple[Effect, ...]

SETTINGS = frozenset({Verb.SET, Verb.UNSET, Verb.PUT, Verb.DROP, Verb.ADD, Verb.TAKE})
INSIDE = frozenset({Verb.FILL, Verb.REPAIR, Verb.INSTALL, Verb.UNINSTALL, Verb.ADD, Verb.TAKE, Verb.CLEAR})
"""What can be done to a part of an environment."""
REPAIRS = INSIDE - {Verb.FILL}
ANOTHER_PYTHON = frozenset({Verb.MAKE, Verb.ENTER, Verb.LEAVE})


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


def sets_variables(effects: Effects) -> bool:
    """Whether variables are changed that commands are run with: of a fix that only switches environments none are."""
    switches = any(effect.verb in (Verb.ENTER, Verb.LEAVE) for effect in effects)
    return not switches and any(
        effect.verb in (Verb.SET, Verb.UNSET) and effect.thing.isidentifier() for effect in effects
    )


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


def without_packages(effects: Effects) -> Effects:
    """The changes but for those of single packages, which come with one of their environment."""
    return tuple(effect for effect in effects if effect.verb not in (Verb.INSTALL, Verb.UNINSTALL))


def changes_python(effects: Effects) -> bool:
    """Whether another Python, or a new environment, is there afterwards."""
    return any(effect.verb in ANOTHER_PYTHON or _picks_python(effect) for effect in effects)


def _picks_python(effect: Effect) -> bool:
    """Whether a command chooses a version, or a directory with commands comes first on the search path."""
    chosen = effect.verb is Verb.SET and effect.thing.endswith((".python-version", "pyenv's global version"))
    return chosen or (effect.thing == "PATH" and effect.verb is Verb.PUT)
