"""Which checks are there, and what do they need? Discover, import, wire: three steps, no global state."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import redirect_stdout
from importlib import import_module
from types import ModuleType
from typing import Any

from envdoctor import plugins
from envdoctor.checking import Check
from envdoctor.enquiry import with_their_needs
from envdoctor.wiring import Need, facts_in, needs_of


class BrokenPlugin(Exception):  # noqa: N818 - kept as a value in the report, never raised to the user
    """A module of checks that could not be loaded. The message names its distribution and the reason."""


class Registry:
    """The checks that a run can choose from.

    Attributes:
        checks: every check, in the order of the codes.
        needs: what each check's parameters ask for.
        broken: the plugins that could not be loaded.
    """

    def __init__(self, checks: Iterable[Check[Any]], broken: Iterable[BrokenPlugin] = ()) -> None:
        self.checks = tuple(sorted(checks, key=lambda check: check.code))
        self.broken = tuple(broken)
        self.needs: dict[Check[Any], tuple[Need, ...]] = {check: needs_of(check) for check in self.checks}

    @classmethod
    def load(cls, words: Sequence[str] = (), *, third_party: bool = True) -> Registry:
        """The checks of all installed modules, or of envdoctor's own alone; of those only that these words may mean."""
        checks: dict[str, Check[Any]] = {}
        broken = []
        for point in plugins.holding(plugins.installed(sys.path), words):
            if point.distribution != plugins.OWN and not third_party:
                continue
            try:
                checks |= _load(point, checks)
            except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a plugin does, it must not stop the run
                reason = f"{type(error).__name__}: {error}"
                broken.append(BrokenPlugin(f"{point.module} of {point.distribution} could not be loaded: {reason}"))
        return cls(checks.values(), broken)


def _load(point: plugins.EntryPoint, known: Mapping[str, Check[Any]]) -> dict[str, Check[Any]]:
    """Import a module and wire its checks, by code. Nothing of a module counts if one of its checks is wrong."""
    with redirect_stdout(sys.stderr):  # stdout belongs to the report, whatever a plugin prints
        checks = checks_in(import_module(point.module))
    facts = {need.fact.__name__: need.fact for other in known.values() for need in needs_of(other) if need.fact}
    if point.distribution != plugins.OWN:  # what its facts stand on, too, may be its own, and wrong
        with_their_needs(fact for check in checks for fact in facts_in(needs_of(check)))
    for check in checks:
        if point.family not in (None, check.family.upper()):
            raise TypeError(f"{check.code} is not of the family {point.family}, which its entry point is named after")
        for need in needs_of(check):
            if need.fact and facts.setdefault(need.fact.__name__, need.fact) is not need.fact:
                other = facts[need.fact.__name__].__module__
                raise TypeError(f"a fact {need.fact.__name__} is already in {other}, and a report holds one of a name")
        if check.code in known:
            raise TypeError(f"{check.code} is already {known[check.code].slug}")
    return {check.code: check for check in checks}


def checks_in(module: ModuleType) -> list[Check[Any]]:
    """The checks that a module defines; those that it merely imports belong to their own module."""
    return [
        member
        for member in vars(module).values()
        if isinstance(member, Check) and member.function.__module__ == module.__name__
    ]
