"""Which installed distributions bring along an import name, as their own records say?"""

from __future__ import annotations

import os
from collections.abc import Iterable

from envdoctor.engine.fact import Fact
from envdoctor.facts.imports.modules import Kind, Module
from envdoctor.facts.python import metadata
from envdoctor.facts.python.distributions import Distribution, Sites, normalised, source_of_link
from envdoctor.system.files import Unreadable, read_bytes
from envdoctor.text import limits

PACKAGE_ENDINGS = (".py", ".so", ".pyd", ".pyc")


class Provider(Fact, frozen=True):
    """An installed distribution.

    Attributes:
        name: its name as its metadata spells it.
        version: its version.
        record: its metadata.
    """

    name: str
    version: str
    record: str

    @property
    def titled(self) -> str:
        """Name and version, as far as they are known."""
        return f"{self.name} {self.version}".rstrip()


def provider(known: Sites, distribution: Distribution) -> Provider:
    """A distribution under the name that people know."""
    try:
        name = metadata.field(known.headers(distribution), b"Name")
    except Unreadable:
        name = None
    return Provider(name or distribution.name, distribution.version, distribution.record)


def providers(known: Sites, place: str, module: Module, top: str) -> tuple[Provider, ...]:
    """The distributions in a directory that bring along a module: more than one where they share its files."""
    if module.path is None:
        return ()
    path = os.path.relpath(module.path, place)
    found = known.directory(place).distributions
    return tuple(
        provider(known, each) for each in found if _lists(known, each, path, top, folder=module.kind is Kind.NAMESPACE)
    )


def owners_of(known: Sites, file: str) -> tuple[Provider, ...]:
    """The distributions that have put a `.pth` file into its directory."""
    place, name = os.path.split(file)
    found = known.directory(place).distributions
    return tuple(provider(known, each) for each in found if _recorded(known, each, name, folder=False))


def linked(known: Sites, directories: Iterable[str], source: str) -> tuple[Provider, ...]:
    """The working copies that `setup.py develop` has installed from a directory."""
    links = (
        each
        for place in directories
        for each in known.directory(place).distributions
        if each.record.endswith(".egg-link")
    )
    real = os.path.realpath(source)
    return tuple(provider(known, each) for each in links if os.path.realpath(source_of_link(each.record) or "") == real)


def import_names(known: Sites, distribution: Distribution) -> tuple[str, ...]:
    """The names under which a distribution can be imported, as its record lists its files."""
    names = [_top(file.path) for file in known.listed_files(distribution)]
    names += _text(f"{distribution.record}/top_level.txt").split()
    return tuple(sorted({name for name in names if name and name.isidentifier()}))


def _top(path: str) -> str | None:
    """The import name of a listed file; None for what is no module."""
    first, slash, _ = path.partition("/")
    if slash:
        return first if path.endswith(PACKAGE_ENDINGS) and not first.startswith("__pycache__") else None
    stem, _, ending = first.partition(".")
    return stem if ending.endswith(("py", "so", "pyd")) and not stem.startswith("__editable__") else None


def _lists(known: Sites, distribution: Distribution, path: str, top: str, *, folder: bool) -> bool:
    if known.listed_files(distribution):
        return _recorded(known, distribution, path, folder=folder)
    if distribution.record.endswith(".egg"):
        return True  # nothing else lies in an egg
    if listed := _text(f"{distribution.record}/installed-files.txt"):
        return any(_is_meant(os.path.normpath(line), f"../{path}", folder=folder) for line in listed.splitlines())
    # a distribution of Linux leaves out the list of files
    tops = _text(f"{distribution.record}/top_level.txt").split()
    return top in tops if tops else distribution.name == normalised(top)


def _recorded(known: Sites, distribution: Distribution, path: str, *, folder: bool) -> bool:
    return any(_is_meant(file.path, path, folder=folder) for file in known.listed_files(distribution))


def _is_meant(listed: str, path: str, *, folder: bool) -> bool:
    return listed.startswith(f"{path}/") if folder else listed == path


def _text(path: str) -> str:
    """A list of files; empty where it is not there."""
    try:
        return read_bytes(path, limits.INSTALLED_FILES).decode("utf-8", "surrogateescape")
    except Unreadable:
        return ""
