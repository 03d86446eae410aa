"""The import names that a `.pth` file gives a place by running code: editable installs, and what setuptools takes over.

The code is not run. It is known by the form in which each build tool writes it.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator, Mapping

from envdoctor.engine.fact import Fact
from envdoctor.facts.python.distributions import PathLine, SiteDirectory
from envdoctor.system.files import Unreadable, read_head
from envdoctor.text.patterns import pattern

LIMIT = 1_000_000
IMPORTED = pattern(r"(?:^|;)\s*import\s+(\w+)")
# setuptools: MAPPING = {'pkg': '/src/pkg'}, NAMESPACES = {'ns': ['/src/ns']}
MAPPING = pattern(r"(?m)^(MAPPING|NAMESPACES)(?::[^=\n]*)? = (\{.*\})$")
# editables, of hatch, pdm and flit: F.map_module('pkg', '/src/pkg/__init__.py')
MAPPED = pattern(r"(?m)^[ \t]*+\w++\.map_module\((.*)\)$")
# scikit-build-core: install({'pkg': '/src/pkg/__init__.py'}, …)
INSTALLED = pattern(r"(?m)^install\((\{[^}]*\}),")
# meson-python: MesonpyMetaFinder('project', {'pkg'}, …)
MESON = pattern(r"\bMesonpyMetaFinder\(\s*'[^']*',\s*(\{[^}]*\})")
# setuptools' older namespace packages: *('ns', 'sub')
NAMESPACE = pattern(r"f_locals\['sitedir'\], \*\(([\w', ]+)\)")
DISTUTILS = "distutils-precedence.pth"


class Redirection(Fact, frozen=True):
    """An import name that leads to a place outside of the search path.

    Attributes:
        name: the name, dotted for a submodule.
        path: the file, or the path without its ending; None where only the code knows.
        said_in: the `.pth` file.
        first: whether it counts before the search path, rather than after it.
        only_directory: whether it is a namespace package.
    """

    name: str
    path: str | None
    said_in: str
    first: bool = False
    only_directory: bool = False


def redirections(directory: SiteDirectory, env: Mapping[str, str]) -> tuple[Redirection, ...]:
    """The names that the `.pth` files of a directory give a place."""
    return tuple(found for line in directory.path_lines if line.code for found in _of_line(directory, line, env))


def is_understood(directory: SiteDirectory, line: PathLine) -> bool:
    """Whether the code of a line is known to change no other import."""
    known = ("distutils-precedence", "easy-install", "_virtualenv", "coverage", "pytest-cov", "nspkg")
    return any(word in os.path.basename(line.file) for word in known) or bool(tuple(_of_line(directory, line, {})))


def _of_line(directory: SiteDirectory, line: PathLine, env: Mapping[str, str]) -> Iterator[Redirection]:
    if os.path.basename(line.file) == DISTUTILS:
        if env.get("SETUPTOOLS_USE_DISTUTILS", "local") == "local" and "setuptools" in directory.folders:
            yield Redirection("distutils", f"{directory.path}/setuptools/_distutils", line.file, first=True)
        return
    for names in NAMESPACE.findall(line.place):
        parts = [part for part in names.replace("'", "").replace(" ", "").split(",") if part]
        place = os.path.join(directory.path, *parts)
        yield Redirection(".".join(parts), place, line.file, only_directory=True)
    for module in IMPORTED.findall(line.place):
        if f"{module}.py" in directory.names:
            yield from _of_finder(f"{directory.path}/{module}.py", line.file)


def _of_finder(finder: str, said_in: str) -> Iterator[Redirection]:
    """What the module that a line imports maps."""
    try:
        source = read_head(finder, LIMIT).decode("utf-8", "replace")
    except Unreadable:
        return
    for kind, text in MAPPING.findall(source):
        for name, place in _mapping(text):
            for path in place if isinstance(place, list) else [place]:
                yield Redirection(name, str(path), said_in, only_directory=kind == "NAMESPACES")
    for text in MAPPED.findall(source):
        pair = _literal(f"({text},)")
        if isinstance(pair, tuple) and len(pair) == 2:
            yield Redirection(str(pair[0]), str(pair[1]), said_in)
    for text in INSTALLED.findall(source):
        yield from (Redirection(name, str(path), said_in, first=True) for name, path in _mapping(text))
    for text in MESON.findall(source):
        names = _literal(text)
        for name in sorted(map(str, names)) if isinstance(names, set) else ():
            yield Redirection(name, None, said_in, first=True)


def _mapping(text: str) -> Iterator[tuple[str, object]]:
    """The items of a dictionary that is written out; none of what is anything else."""
    value = _literal(text)
    for name, place in value.items() if isinstance(value, dict) else ():
        if isinstance(name, str) and isinstance(place, str | list):
            yield name, place


def _literal(text: str) -> object:
    try:
        value: object = ast.literal_eval(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None
    return value
