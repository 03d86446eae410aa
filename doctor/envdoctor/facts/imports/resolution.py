"""Which file does an import of a name take, which does it pass over, and who has installed them?

As `importlib` does it, but from files alone: the interpreter itself, the search path, what editable installs map.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from envdoctor.engine.fact import Fact
from envdoctor.facts.imports.modules import Kind, Module, Rules
from envdoctor.facts.imports.providers import Provider, linked, owners_of, providers
from envdoctor.facts.imports.redirections import Redirection, redirections
from envdoctor.facts.imports.search_order import Entry, Origin, search_order
from envdoctor.facts.project.shadowing import LOADED_FIRST
from envdoctor.facts.python.distributions import SiteDirectory, sites
from envdoctor.facts.python.interpreter import Interpreter
from envdoctor.system.files import Unreadable, read_head
from envdoctor.system.session import Session

INITIAL_LIMIT = 100_000
SPREADING = (b"extend_path", b"declare_namespace")
"""What an `__init__.py` says whose package lies in several places of the search path."""


ALIASES = {"os.path": "posixpath"}
"""The one module of the standard library that another makes, with what it is on this system."""


class Found(Fact, frozen=True):
    """A module of the name.

    Attributes:
        module: the module.
        label: where it comes from: an element of the search path, or the `.pth` file that maps it.
        origin: what puts that on the search path.
        providers: the distributions that have installed it, as far as their records say.
    """

    module: Module
    label: str
    origin: Origin
    providers: tuple[Provider, ...] = ()


class Resolution(Fact, frozen=True):
    """What an import of a name takes.

    Attributes:
        name: the name.
        found: what is taken; None if nothing has the name.
        hidden: what the first part of the name would lead to otherwise, in the order of the search.
        reached: how far a dotted name leads: the part that was found.
        parent: what the last part that was found is.
    """

    name: str
    found: Found | None = None
    hidden: tuple[Found, ...] = ()
    reached: str = ""
    parent: Module | None = None


class Imports:
    """The imports of one Python in one session.

    Attributes:
        entries: its search path.
        rules: which files it imports.
        redirections: what editable installs map.
    """

    def __init__(self, session: Session, python: Interpreter) -> None:
        self.python = python
        self.entries = search_order(session, python)
        self.rules = Rules(python)
        self.sites = sites(session)
        self.redirections = tuple(
            each for directory in self.site_directories() for each in redirections(directory, session.env)
        )

    def site_directories(self) -> Iterator[SiteDirectory]:
        """The directories of packages, whose `.pth` files count."""
        for entry in self.entries:
            if entry.origin in (Origin.PACKAGES, Origin.USER):
                yield self.sites.directory(entry.path)

    def resolve(self, name: str) -> Resolution:
        """Follow a name, part by part."""
        top, *parts = ALIASES.get(name, name).split(".")
        candidates = _each_once(self._all(top))
        if not candidates:
            return Resolution(name)
        chosen, rest, reached = candidates[0], candidates[1:], top
        if chosen.module.kind is Kind.BUILT_IN:
            rest = tuple(each for each in rest if each.origin is not Origin.LIBRARY)  # its own source
        inside = self._spread(top, chosen.module)
        for part in parts:
            following = self._submodule(f"{reached}.{part}", part, inside, chosen)
            if following is None:
                return Resolution(name, None, rest, reached, chosen.module)
            chosen, reached = following, f"{reached}.{part}"
            inside = chosen.module.inside
        return Resolution(name, self._with_providers(chosen, top), tuple(self._owned(rest, top)), reached)

    def _owned(self, found: Iterable[Found], top: str) -> Iterator[Found]:
        return (self._with_providers(each, top) for each in found)

    def _all(self, top: str) -> Iterator[Found]:
        """Everything that has a name, in the order in which it counts."""
        if top in self.python.compiled_in:
            yield Found(Module(Kind.BUILT_IN), "the interpreter itself", Origin.LIBRARY)
        yield from self._redirected(top, first=True)
        namespaces: list[Found] = []
        regular = False
        for entry in self.entries:
            if entry.origin is Origin.HERE and top in LOADED_FIRST:
                continue  # Python has loaded its own before
            module = self.rules.find(entry.path, top)
            if module and module.kind is Kind.NAMESPACE:
                namespaces.append(Found(module, entry.label, entry.origin))
            elif module:
                regular = True
                yield Found(module, entry.label, entry.origin)
        if namespaces and not regular:
            places = tuple(each.module.path for each in namespaces if each.module.path)
            yield Found(Module(Kind.NAMESPACE, places[0], places), namespaces[0].label, namespaces[0].origin)
        yield from self._redirected(top, first=False)

    def _redirected(self, name: str, *, first: bool) -> Iterator[Found]:
        """What editable installs map a name to; a namespace if they map only names below it."""
        mine = [each for each in self.redirections if each.name == name and each.first is first]
        for each in mine:
            if module := self._at(each):
                yield Found(module, each.said_in, Origin.ADDED)
        below = [each for each in self.redirections if each.name.startswith(f"{name}.") and each.first is first]
        if below and not mine:
            yield Found(Module(Kind.NAMESPACE), below[0].said_in, Origin.ADDED)

    def _at(self, redirection: Redirection) -> Module | None:
        if redirection.path is None:
            return Module(Kind.PACKAGE)
        if redirection.only_directory:
            is_there = os.path.isdir(redirection.path)
            return Module(Kind.NAMESPACE, redirection.path, (redirection.path,)) if is_there else None
        return self.rules.at(redirection.path)

    def _submodule(self, name: str, part: str, inside: tuple[str, ...], parent: Found) -> Found | None:
        """What a part of a dotted name leads to, below what was found for the part before."""
        namespaces = []
        for place in inside:
            module = self.rules.find(place, part)
            if module and module.kind is not Kind.NAMESPACE:
                return Found(module, parent.label, parent.origin)
            namespaces += [module.path] if module and module.path else []
        if namespaces:
            return Found(Module(Kind.NAMESPACE, namespaces[0], tuple(namespaces)), parent.label, parent.origin)
        mapped = (*self._redirected(name, first=True), *self._redirected(name, first=False))
        return mapped[0] if mapped else None

    def _spread(self, top: str, module: Module) -> tuple[str, ...]:
        """Where the submodules of a package are: also elsewhere on the search path, if its `__init__.py` says so."""
        if module.kind is not Kind.PACKAGE or module.path is None or not _says(module.path, SPREADING):
            return module.inside
        others = (f"{entry.path}/{top}" for entry in self.entries)
        return tuple(dict.fromkeys((*module.inside, *filter(os.path.isdir, others))))

    def _with_providers(self, found: Found, top: str) -> Found:
        owners: list[Provider] = []
        entry = next((entry for entry in self.entries if entry.label == found.label), None)
        for place in (found.module.inside if found.module.kind is Kind.NAMESPACE else ()) or (found.module.path,):
            of = self._entry_around(place) if place else None
            owners += self._providers(of or entry, found, place, top)
        distinct = {each.record: each for each in owners}
        return Found(found.module, found.label, found.origin, tuple(distinct.values()))

    def _entry_around(self, place: str) -> Entry | None:
        """The element of the search path that a file lies in: the innermost one."""
        around = [entry for entry in self.entries if place.startswith(f"{entry.path.rstrip('/')}/")]
        return max(around, key=lambda entry: len(entry.path), default=None)

    def _providers(self, entry: Entry | None, found: Found, place: str | None, top: str) -> tuple[Provider, ...]:
        if entry is None or found.label.endswith(".pth"):
            return owners_of(self.sites, found.label) if found.label.endswith(".pth") else ()
        module = Module(found.module.kind, place)
        mine = providers(self.sites, entry.path, module, top)
        if mine or entry.said_in is None:
            return mine
        installed = [directory.path for directory in self.site_directories()]
        return owners_of(self.sites, entry.said_in) or linked(self.sites, installed, entry.path)


def _each_once(found: Iterable[Found]) -> tuple[Found, ...]:
    """One file may be reached by several places of the search path."""
    distinct: dict[str, Found] = {}
    for each in found:
        distinct.setdefault(os.path.realpath(each.module.path) if each.module.path else each.label, each)
    return tuple(distinct.values())


def _says(file: str, words: tuple[bytes, ...]) -> bool:
    try:
        text = read_head(file, INITIAL_LIMIT)
    except Unreadable:
        return False
    return any(word in text for word in words)
