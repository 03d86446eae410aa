"""Why is an import name not found? What the files say, the most telling reason first."""

from __future__ import annotations

import enum
import os
import sys
from collections.abc import Iterable, Iterator

from envdoctor.engine.fact import Fact
from envdoctor.engine.selection import nearest
from envdoctor.facts.environments.registered import RegisteredEnvironments
from envdoctor.facts.imports import elsewhere, known_names
from envdoctor.facts.imports.modules import Kind, names_in
from envdoctor.facts.imports.providers import import_names, provider
from envdoctor.facts.imports.redirections import is_understood
from envdoctor.facts.imports.resolution import Imports, Resolution
from envdoctor.facts.packages.editables import owner_of
from envdoctor.facts.python.distributions import normalised
from envdoctor.facts.python.interpreters import Interpreters


class Cause(enum.Enum):
    """Why a name is not found."""

    NO_PACKAGE = "no package"
    NO_SUBMODULE = "no submodule"
    OTHER_BUILD = "built for another Python"
    SOURCE_GONE = "source gone"
    SHUT_OUT = "shut out"
    DISTRIBUTION = "name of a distribution"
    STANDARD = "standard library"
    ELSEWHERE = "installed elsewhere"
    NOT_INSTALLED = "not installed"
    HOOK = "code of a .pth file"
    NEAR = "misspelt"


UNSURE = (Cause.NO_PACKAGE, Cause.NO_SUBMODULE)


class Reason(Fact, frozen=True):
    """One reason.

    Attributes:
        cause: its kind.
        text: a sentence without a full stop.
        where: the file or directory that shows it; None if none does.
    """

    cause: Cause
    text: str
    where: str | None = None


def reasons(
    imports: Imports,
    resolution: Resolution,
    interpreters: Interpreters | None,
    environments: RegisteredEnvironments | None,
) -> tuple[Reason, ...]:
    """All that is known to keep an import from working; where nothing is, the name that was probably meant."""
    if resolution.found or not resolution.reached:
        found = [*_without(imports, resolution.name, interpreters, environments)]
    else:
        found = [*_within(imports, resolution), *_from_table(resolution.name)]
    if not resolution.found and all(each.cause in UNSURE for each in found):
        found += _near(imports, resolution)
    return (*found, *(() if resolution.reached else _hooks(imports)))


def _without(
    imports: Imports, name: str, interpreters: Interpreters | None, environments: RegisteredEnvironments | None
) -> Iterator[Reason]:
    """Why nothing that is installed has a name."""
    top = name.partition(".")[0]
    found = [*_other_builds(imports, top), *_gone(imports, top), *_named_so(imports, top), *_standard(imports, top)]
    others = elsewhere.found(imports, top, interpreters, environments)
    found += (Reason(Cause.ELSEWHERE, text, where) for text, where in others)
    yield from found or _from_table(name)


def of_distribution(imports: Imports, name: str) -> tuple[Reason, ...]:
    """What is known of a word that can be no import name, but may be that of a distribution."""
    return (*_named_so(imports, name), *_table_of(name))


def _within(imports: Imports, resolution: Resolution) -> Iterator[Reason]:
    """Why the name ends at a part that was found."""
    parent, reached = resolution.parent, resolution.reached
    part = resolution.name.removeprefix(f"{reached}.").partition(".")[0]
    if parent is None:
        return
    if "." not in reached:
        yield from _shut_out(imports, resolution, part)
    for place in parent.inside:
        yield from _builds_in(imports, place, part)
    if not parent.inside:
        text = f"{reached} is no package: it has no files for submodules, and only its own code could make some"
        if parent.kind is Kind.PACKAGE:
            text = f"{reached} is found by code of its build tool, which alone knows what is in it"
        yield Reason(Cause.NO_PACKAGE, text, parent.path)
        return
    text = f"{reached} has no module {part!r}; if it is a class or a function: `from {reached} import {part}`"
    yield Reason(Cause.NO_SUBMODULE, text, parent.inside[0])


def _shut_out(imports: Imports, resolution: Resolution, part: str) -> Iterator[Reason]:
    """Other places that have the submodule, and are not looked into because the package is taken from elsewhere."""
    parent, top = resolution.parent, resolution.reached
    if parent is None or parent.kind is Kind.NAMESPACE:
        return
    places = [place for hidden in resolution.hidden for place in hidden.module.inside]
    places += [os.path.join(entry.path, top) for entry in imports.entries]
    for place in dict.fromkeys(places):
        if place not in parent.inside and imports.rules.find(place, part):
            text = f"{place} has {part!r}, but {top} is taken from {parent.path}, which ends the search"
            yield Reason(Cause.SHUT_OUT, text, place)


def _other_builds(imports: Imports, top: str) -> Iterator[Reason]:
    for entry in imports.entries:
        yield from _builds_in(imports, entry.path, top)


def _builds_in(imports: Imports, place: str, name: str) -> Iterator[Reason]:
    """Extension modules of this name whose ending this Python does not take."""
    inside = os.path.join(place, name)
    for directory, stem in ((place, name), (inside, "__init__")):
        for file in elsewhere.listed(directory):
            first, _, ending = file.partition(".")
            if first == stem and ending.endswith(("so", "pyd")) and f".{ending}" not in imports.rules.extensions:
                wanted = imports.python.extension_suffix or ".so"
                text = f"{file} is built for another Python: this one wants {stem}{wanted}"
                yield Reason(Cause.OTHER_BUILD, text, os.path.join(directory, file))
                break


def _gone(imports: Imports, top: str) -> Iterator[Reason]:
    """An editable install whose source has been moved or deleted."""
    for each in imports.redirections:
        if each.name.partition(".")[0] == top and each.path is not None and not os.path.exists(each.path):
            yield Reason(Cause.SOURCE_GONE, f"it is installed in place, and {each.path} is gone", each.said_in)
    for directory in imports.site_directories():
        for line in directory.path_lines:
            if not line.code and not os.path.exists(line.place) and owner_of(line.file) == normalised(top):
                yield Reason(Cause.SOURCE_GONE, f"it is installed in place, and {line.place} is gone", line.file)


def _named_so(imports: Imports, name: str) -> Iterator[Reason]:
    """An installed distribution of this name that is imported under another."""
    wanted = normalised(name)
    for directory in imports.site_directories():
        for each in directory.distributions:
            if each.name == wanted and (names := import_names(imports.sites, each)) and name not in names:
                known = provider(imports.sites, each)
                shown = ", ".join(names[: elsewhere.MOST_PLACES])
                text = f"{name} is the name of the distribution {known.titled}; import {shown}"
                yield Reason(Cause.DISTRIBUTION, text, each.record)


def _table_of(name: str) -> Iterator[Reason]:
    """What the table knows of a distribution that is not installed."""
    for row in known_names.load().distribution:
        if normalised(name) in map(normalised, row.distributions):
            yield Reason(Cause.DISTRIBUTION, f"{name} is the name of a distribution; import {row.name}")


def _standard(imports: Imports, top: str) -> Iterator[Reason]:
    python = imports.python
    names = known_names.load()
    minor = python.version[:2]
    span = names.span_of(top)
    if span and minor < span.since:
        text = f"{top} is part of the standard library since Python {_minor(span.since)}; this is {python.version_text}"
        yield Reason(Cause.STANDARD, text)
    elif span and minor >= span.until:
        text = f"the standard library has no {top} since Python {_minor(span.until)}; this is {python.version_text}"
        yield Reason(Cause.STANDARD, text)
    elif span or top in sys.stdlib_module_names:
        if package := names.part_of(top):
            text = f"{top} belongs to the standard library; Debian and Ubuntu have it in the package {package}"
        elif minor[0] == 2 or not span:
            return
        else:
            text = f"{top} belongs to the standard library of Python {python.minor}, and is missing in {python.stdlib}"
        yield Reason(Cause.STANDARD, text, python.stdlib)


def _minor(version: tuple[int, int]) -> str:
    return "{}.{}".format(*version)


def _from_table(name: str) -> Iterator[Reason]:
    """What a name that is nowhere on the machine is installed by, where that has another name."""
    for length in range(name.count(".") + 1, 0, -1):
        part = ".".join(name.split(".")[:length])
        if distributions := known_names.load().distributions_of(part):
            others = f" (or {', '.join(distributions[1:])})" if distributions[1:] else ""
            text = f"{part} comes with the distribution {distributions[0]}{others}, not installed here"
            yield Reason(Cause.NOT_INSTALLED, text)
            return


def _hooks(imports: Imports) -> Iterator[Reason]:
    """What might find a name, and cannot be known without running it."""
    for directory in imports.site_directories():
        for line in directory.path_lines:
            if line.code and not is_understood(directory, line):
                text = "this .pth file runs code at each start, which may change what can be imported"
                yield Reason(Cause.HOOK, text, line.file)


def _near(imports: Imports, resolution: Resolution) -> Iterator[Reason]:
    """The name that was probably meant."""
    if resolution.reached:
        missing = resolution.name.removeprefix(f"{resolution.reached}.").partition(".")[0]
        places: Iterable[str] = resolution.parent.inside if resolution.parent else ()
        before = f"{resolution.reached}."
        names: set[str] = set()
    else:
        missing, before = resolution.name.partition(".")[0], ""
        places, names = (entry.path for entry in imports.entries), set(imports.python.compiled_in)
    names.update(name for place in places for name in names_in(place))
    if (near := nearest(missing, names)) and near != missing:
        yield Reason(Cause.NEAR, f"did you mean {before}{near}?")
