"""Which checks are there, and do the codes that they give way to exist?"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from envdoctor.engine import plugins
from envdoctor.engine.check import Check, family_of
from envdoctor.engine.loading import BrokenPlugin, Loader
from envdoctor.engine.wiring import mistake
from envdoctor.system.silent_mounts import left_out


class Registry:
    """The checks that a run can choose from.

    Attributes:
        checks: every check, in the order of the codes.
        broken: the modules that could not be loaded.
    """

    def __init__(self, checks: Iterable[Check[Any]], broken: Iterable[BrokenPlugin] = ()) -> None:
        self.checks = tuple(sorted(checks, key=lambda check: check.code))
        self.broken = tuple(broken)

    @classmethod
    def load(cls, words: Sequence[str] = (), *, third_party: bool = True) -> Registry:
        """The checks of all installed modules, or of envdoctor's own alone.

        If there are words, only the checks that they may mean, and those that these give way to.
        """
        points = [point for point in plugins.installed(sys.path) if third_party or point.distribution == plugins.OWN]
        loader = Loader()
        for point in plugins.holding(points, words):
            loader.load(point)
        sought: set[str] = set()
        while absent := _unless(loader) - loader.checks.keys() - sought:
            sought |= absent
            families = {family_of(code) for code in absent}
            for point in points:
                if point.family in families:
                    loader.load(point, absent)
        announced = {point.family for point in points}
        _refuse_unknown_codes(loader, announced, "it gives way to", lambda check: check.unless)
        if not words:  # otherwise not every check is there that could be named
            _refuse_unknown_codes(loader, announced, "its fix makes moot", lambda check: check.moots)
        _refuse_circles(loader)
        silent = [f"plugins in {directory} are not loaded: {why}" for directory, why in left_out.items() if third_party]
        return cls(loader.checks.values(), (*loader.broken, *map(BrokenPlugin, silent)))


def _unless(loader: Loader) -> set[str]:
    """The codes that checks give way to."""
    return {code for check in loader.checks.values() for code in check.unless}


def _refuse_unknown_codes(
    loader: Loader, announced: set[str | None], what: str, named: Callable[[Check[Any]], tuple[str, ...]]
) -> None:
    """Refuse modules with checks that name a code which nobody has, though its family is there, and whole."""
    there = (announced | {family_of(code) for code in loader.checks}) - loader.broken_families
    codes = {code for check in loader.checks.values() for code in named(check)}
    unknown = {code for code in codes - loader.checks.keys() if family_of(code) in there}
    for check in tuple(loader.checks.values()):
        if wrong := sorted(unknown & set(named(check))):
            loader.refuse(check, mistake(check, f"{what} {wrong[0]}, and there is no such check"))


def _refuse_circles(loader: Loader) -> None:
    """Refuse modules with checks that give way to each other; of two distributions, not envdoctor's own."""
    from graphlib import CycleError, TopologicalSorter

    while True:
        try:
            TopologicalSorter({code: check.unless for code, check in loader.checks.items()}).prepare()
        except CycleError as error:
            circle = [code for code in error.args[1] if code in loader.checks]
            last = loader.checks[max(circle, key=list(loader.checks).index)]
            loader.refuse(last, mistake(last, f"these give way to each other: {', '.join(sorted(set(circle)))}"))
        else:
            return
