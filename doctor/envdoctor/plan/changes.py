"""What the fixes of a plan have changed so far, and what would take some of it back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from envdoctor.plan.effect import ACTIVE, Effect, Verb

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
WITHIN = frozenset({Verb.FILL, Verb.REPAIR})
"""What is done to the packages of an environment."""
DIFFERENT = {
    Verb.SET: "gives {0} another value",
    Verb.INSTALL: "installs another version of {0}",
}


class Changes:
    """The changes of fixes, each with the code of its check.

    Args:
        fixes: code and effects of those to begin with.
        active: the environment whose Python answers before anything is applied; None if none is known.
    """

    def __init__(self, *fixes: tuple[str, Iterable[Effect]], active: str | None = None) -> None:
        self._active = active
        self._of: dict[str, dict[Effect, str]] = defaultdict(dict)
        self._entered: dict[Effect, str] = {}
        for code, effects in fixes:
            self.add(code, effects)

    def add(self, code: str, effects: Iterable[Effect]) -> None:
        """Note what a fix changes."""
        for effect in effects:
            self._of[effect.thing].setdefault(effect, code)
            if effect.verb is Verb.ENTER:
                self._entered.setdefault(effect, code)

    def contradiction(self, effects: Iterable[Effect]) -> str | None:
        """Which fix says the opposite of one with these effects, and in what; None if it can be applied, too."""
        for other in effects:
            for one, code in {**self._entered, **self._of.get(other.thing, {})}.items():
                if clash := _clash(one, other) or self._left_behind(one, other):
                    return f"{code} {clash}"
        return None

    def _left_behind(self, one: Effect, other: Effect) -> str | None:
        """What is done to the environment that was active before: which packages the next one lacks is not known."""
        if one.verb is Verb.ENTER and other.verb in WITHIN and other.thing == self._active != one.thing:
            return f"activates {one.thing}, and this works in {other.thing}"
        return None


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
