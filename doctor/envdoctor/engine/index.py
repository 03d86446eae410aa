"""Which checks and facts are there? A file says it, so that only those are imported that can apply here.

The file stands beside the families of checks and is made from them; a test holds it to the code. It says in which order
facts are asked for, never what they are: who is imported speaks for itself. A module of checks whose size differs from
what the file says has been edited since: it is imported, as one that the file does not know.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from functools import cache, cached_property, partial
from importlib import import_module
from typing import Any

import msgspec

from envdoctor.engine.check import Check
from envdoctor.engine.finding import Finding, Severity
from envdoctor.engine.gate import Gate
from envdoctor.engine.reference import FactType, Need, Reference
from envdoctor.engine.wiring import expect_indexed, facts_in, foundations, gate_of, names_of, needs_of

FILE = "index.json"
OPTIONAL = "?"
"""Behind the name of a fact that need not exist."""


class FactRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """A fact: the module that it stands in, the names of the facts that its probe needs, and the probe's gate."""

    module: str
    needs: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    where_set: tuple[str, ...] = ()
    otherwise: str = ""


class CheckRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """A check: what `Check` says of it, and the names of the facts that it needs, in the order of its parameters."""

    code: str
    slug: str
    severity: Severity
    since: str
    title: str
    needs: tuple[str, ...]
    unless: tuple[str, ...] = ()
    moots: tuple[str, ...] = ()
    where: tuple[str, ...] = ()


class ModuleRow(msgspec.Struct, frozen=True):
    """A module of checks: the bytes of its text, and its checks."""

    size: int
    checks: tuple[CheckRow, ...]


class Rows(msgspec.Struct, frozen=True):
    """The file: modules of checks and facts, by name."""

    modules: dict[str, ModuleRow]
    facts: dict[str, FactRow]


class Index:
    """The checks and facts that the file knows.

    Attributes:
        facts: every fact, by name.
    """

    def __init__(self, rows: Rows) -> None:
        self._modules = rows.modules
        self.facts = {
            name: Reference(
                name, row.module, partial(self.needs, row.needs), Gate(row.where, row.where_set, row.otherwise)
            )
            for name, row in rows.facts.items()
        }

    def family(self, package: str) -> tuple[tuple[Check[Any], ...], tuple[str, ...]]:
        """The checks of a package, not imported yet, and the modules that the file does not know as they are."""
        known: list[Check[Any]] = []
        unknown: list[str] = []
        for name, size in sorted(_modules(package)):
            row = self._modules.get(name)
            if row and row.size == size:
                known += (IndexedCheck(self, name, one) for one in row.checks)
            else:
                unknown.append(name)
        return tuple(known), tuple(unknown)

    def needs(self, names: Iterable[str]) -> tuple[Need, ...]:
        """Needs by the names of their facts."""
        return tuple(Need(self.facts[name.rstrip(OPTIONAL)], name.endswith(OPTIONAL)) for name in names)


class IndexedCheck(Check[Any]):
    """A check that is imported when it has to judge, or its manual is read."""

    def __init__(self, index: Index, module: str, row: CheckRow) -> None:
        self.code = row.code
        self.slug = row.slug
        self.severity = row.severity
        self.since = row.since
        self.unless = row.unless
        self.moots = row.moots
        self.gate = Gate(row.where)
        self.needs = index.needs(row.needs)
        self._module = module
        self._title = row.title

    @property
    def function(self) -> Callable[..., Iterator[Finding]]:
        """The generator function. Raises SignatureError where it is no longer what the index says."""
        return self._imported

    @cached_property
    def _imported(self) -> Callable[..., Iterator[Finding]]:
        members = vars(import_module(self._module)).values()
        found: Check[Any] = next(one for one in members if isinstance(one, Check) and one.code == self.code)
        expect_indexed(found, self.needs or (), self.gate)
        return found.function

    @property
    def module(self) -> str:
        """The module that holds it."""
        return self._module

    @property
    def title(self) -> str:
        """The sickness in one sentence."""
        return self._title


def index_beside(package: str) -> Index | None:
    """The index that stands beside a family of checks; None if there is none that is sound."""
    return _read(os.path.join(os.path.dirname(_directory(package)), FILE))


@cache
def _read(path: str) -> Index | None:
    try:
        with open(path, "rb") as file:
            return Index(msgspec.json.decode(file.read(), type=Rows))
    except (OSError, msgspec.MsgspecError):
        return None


def _directory(package: str) -> str:
    """The directory of a package, whose parent is imported, but not the package."""
    parent, _, name = package.rpartition(".")
    return os.path.join(import_module(parent).__path__[0], name)


def _modules(package: str) -> Iterator[tuple[str, int]]:
    """The modules of checks in a package, with the bytes of their text."""
    with os.scandir(_directory(package)) as entries:
        for entry in entries:
            if entry.name.endswith(".py") and not entry.name.startswith("_"):
                yield f"{package}.{entry.name[:-3]}", entry.stat().st_size


def made_of(checks: Iterable[Check[Any]]) -> Rows:
    """The index of checks that have been imported."""
    modules: dict[str, list[Check[Any]]] = {}
    for check in checks:
        modules.setdefault(check.module, []).append(check)
    facts: dict[str, FactRow] = {}
    pending: list[FactType] = [fact for check in checks for fact in facts_in(needs_of(check))]
    while pending:
        if (fact := pending.pop()).__name__ not in facts:
            gate = gate_of(fact)
            about = (names_of(foundations(fact)), gate.where, gate.where_set, gate.otherwise)
            facts[fact.__name__] = FactRow(fact.__module__, *about)
            pending += facts_in(foundations(fact))
    rows = {name: ModuleRow(_size(name), tuple(map(_row, found))) for name, found in sorted(modules.items())}
    return Rows(rows, dict(sorted(facts.items())))


def _size(module: str) -> int:
    return os.path.getsize(str(import_module(module).__file__))


def _row(check: Check[Any]) -> CheckRow:
    needs = names_of(needs_of(check))
    about = (check.code, check.slug, check.severity, check.since, check.title)
    return CheckRow(*about, needs, check.unless, check.moots, check.gate.where)
