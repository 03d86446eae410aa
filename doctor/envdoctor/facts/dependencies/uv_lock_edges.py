"""Which packages of a `uv.lock` lead nowhere, or lack what uv wants of each? In uv's words.

A merge without a conflict, or a hand, takes a package out and leaves what needs it. uv 0.8 to 0.13 then read nothing of
the lock, whichever command it is; the clinic holds that against several of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator
from typing import Any

from envdoctor.facts.dependencies.lock_formats import packages
from envdoctor.facts.python.distributions import normalised
from envdoctor.system.toml import Table, table_at
from envdoctor.text import versions
from envdoctor.text.plain import plain

Fault = tuple[int, str]
# by what a source is called that has versions: the others may leave theirs out
VERSIONED = "registry"
TELLING: tuple[tuple[str, ...], ...] = ((), ("version",), ("source",), ("version", "source"))


def edge_faults(table: Table, lines: dict[str, int]) -> Iterator[Fault]:
    """The line, 0 if unknown, and what is wrong there; `lines` is where each package stands."""
    times: Counter[str] = Counter()
    known: set[tuple[object, ...]] = set()
    for package in packages(table):
        times[package["name"]] += 1
        known.update(_told(package, keys) for keys in TELLING)
        line = lines.get(normalised(package["name"]), 0)
        yield from ((line, lacking) for lacking in _lacking(package))
    for package in packages(table):
        for edge in _edges(package):
            if said := _fault(package, edge, times[str(edge["name"])], known):
                yield lines.get(normalised(package["name"]), 0), said


def _lacking(package: Table) -> Iterator[str]:
    name, version, source = plain(package["name"]), package.get("version"), package.get("source")
    if not isinstance(source, dict):
        yield "missing field `source`"
    elif version is None and VERSIONED in source:
        yield f"package `{name}` from a registry source has a missing `version` field"
    if isinstance(version, str) and not versions.is_version(version):
        yield f"`{plain(version)}`, the version of `{name}`, is none"


def _edges(package: Table) -> Iterator[dict[str, Any]]:
    groups = [package.get("dependencies")]
    for key in ("optional-dependencies", "dev-dependencies"):
        groups += table_at(package, key).values()
    for group in groups:
        for edge in group if isinstance(group, list) else ():
            if isinstance(edge, dict) and isinstance(edge.get("name"), str):
                yield edge


def _told(package: Table, keys: tuple[str, ...]) -> tuple[object, ...]:
    """The name of a package with some of what tells it from others of that name, to be looked for."""
    values = (package.get(key) for key in keys)
    return package["name"], keys, *(str(sorted(v.items()) if isinstance(v, dict) else v) for v in values)


def _fault(package: Table, edge: Table, candidates: int, known: Container[tuple[object, ...]]) -> str | None:
    """What is wrong with an edge. What it does not say, the only package of that name does."""
    wanted = {key: edge[key] for key in ("version", "source") if key in edge}
    name = plain(str(edge["name"]))
    if len(wanted) < 2 and candidates != 1:
        missing = next(key for key in ("source", "version") if key not in wanted)
        return (
            f"dependency `{name}` has missing `{missing}` field but has more than one matching package"
            if candidates
            else f"dependency `{name}` has no package"
        )
    if _told(edge, tuple(wanted)) in known:
        return None
    version = wanted.get("version")
    found = f"{name}=={plain(str(version))}" if version is not None else name
    return f"for package `{plain(package['name'])}`, found dependency `{found}` with no locked package"
