"""How do modules of checks become checks? Imported, and wired to the facts that they need."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection
from contextlib import redirect_stdout
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import Any

from envdoctor.engine import plugins
from envdoctor.engine.check import Check
from envdoctor.engine.collector import with_their_needs
from envdoctor.engine.index import Index, index_beside
from envdoctor.engine.reference import FactType
from envdoctor.engine.wiring import facts_in, needs_of
from envdoctor.system import supervision


class BrokenPlugin(Exception):  # noqa: N818 - kept as a value in the report, never raised to the user
    """A module of checks that could not be loaded. The message names its distribution and the reason."""


class Loader:
    """Loads modules of checks, each once.

    Attributes:
        checks: every check, by code, in the order of loading: envdoctor's own first.
        broken: the modules that could not be loaded.
        broken_families: the families that their entry points are named after.
    """

    def __init__(self) -> None:
        self.checks: dict[str, Check[Any]] = {}
        self.broken: list[BrokenPlugin] = []
        self.broken_families: set[str | None] = set()
        self._facts: dict[str, FactType] = {}
        self._points: dict[str, plugins.EntryPoint] = {}

    def load(self, point: plugins.EntryPoint, codes: Collection[str] | None = None) -> None:
        """Load the modules that an entry point names; of a package, if codes are given, those that mention one.

        What the index knows is taken from there, and not imported.
        """
        names: list[str] = []
        index = index_beside(point.module) if point.distribution == plugins.OWN else None
        if index is None:
            self._attempt(point.module, point, lambda: names.extend(module_names(point.module, codes)))
        else:
            self._attempt(point.module, point, lambda: names.extend(self._indexed(index, point, codes)))
        for name in names:
            if name not in self._points:
                self._points[name] = point
                self._attempt(name, point, partial(self._import, name, point))

    def _indexed(self, index: Index, point: plugins.EntryPoint, codes: Collection[str] | None) -> tuple[str, ...]:
        """Take the checks of a family that the index knows. The modules that it does not know as they are."""
        known, unknown = index.family(point.module)
        self._facts |= index.facts
        for check in known:
            if codes is None or check.code in codes:
                self.checks[check.code] = check
                self._points[check.module] = point
        return unknown

    def refuse(self, check: Check[Any], error: TypeError) -> None:
        """Take the module of a check out again: nothing of a module counts if one of its checks is wrong."""
        self.checks = {code: one for code, one in self.checks.items() if one.module != check.module}
        self._is_broken(check.module, self._points[check.module], error)

    def _attempt(self, module: str, point: plugins.EntryPoint, step: Callable[[], object]) -> None:
        try:
            with redirect_stdout(sys.stderr):  # stdout belongs to the report, whatever a plugin prints
                if point.distribution == plugins.OWN:
                    step()
                else:
                    with supervision.calling():
                        step()
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a plugin does, it must not stop the run
            self._is_broken(module, point, error)

    def _is_broken(self, module: str, point: plugins.EntryPoint, error: BaseException) -> None:
        reason = f"{type(error).__name__}: {error}"
        self.broken.append(BrokenPlugin(f"{module} of {point.distribution} could not be loaded: {reason}"))
        self.broken_families.add(point.family)

    def _import(self, name: str, point: plugins.EntryPoint) -> None:
        """Import a module and wire its checks. Nothing of it counts if one of them is wrong."""
        checks = {check.code: check for check in checks_in(import_module(name))}
        needs = [need for check in checks.values() for need in needs_of(check)]
        if point.distribution != plugins.OWN:  # what its facts stand on, too, may be its own, and wrong
            with_their_needs(facts_in(needs))
        for check in checks.values():
            if point.family not in (None, check.family.upper()):
                raise TypeError(f"{check.code} is not of the family {point.family}, which its entry point names")
            if check.code in self.checks:
                raise TypeError(f"{check.code} is already {self.checks[check.code].slug}")
        facts = dict(self._facts)
        for fact in facts_in(needs):
            other = facts.setdefault(fact.__name__, fact)
            if other.__module__ != fact.__module__:
                raise TypeError(
                    f"a fact {fact.__name__} is already in {other.__module__}, and a report holds one of a name"
                )
        self._facts = facts
        self.checks |= checks


def module_names(name: str, codes: Collection[str] | None = None) -> list[str]:
    """The modules of checks that an entry point's module stands for: itself, or those of a package without checks.

    Modules of a package whose name begins with an underscore hold none. If codes are given, the text of a module tells
    whether it is worth importing; one without text is.
    """
    module = import_module(name)
    directories: list[str] = list(getattr(module, "__path__", ()))
    if not directories or checks_in(module):
        return [name]
    files = sorted(file for file in os.listdir(directories[0]) if file.endswith(".py") and not file.startswith("_"))
    return [f"{name}.{file[:-3]}" for file in files if codes is None or _mentions(f"{directories[0]}/{file}", codes)]


def _mentions(file: str, codes: Collection[str]) -> bool:
    """Whether the text of a module has one of these codes in quotes."""
    try:
        with open(file, "rb") as opened:
            text = opened.read()
    except OSError:
        return True
    return any(f'"{code}"'.encode() in text or f"'{code}'".encode() in text for code in codes)


def checks_in(module: ModuleType) -> list[Check[Any]]:
    """The checks that a module defines; those that it merely imports belong to their own module."""
    return [
        member for member in vars(module).values() if isinstance(member, Check) and member.module == module.__name__
    ]
