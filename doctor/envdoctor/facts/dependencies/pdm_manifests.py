"""What does pdm refuse of a well-formed `pyproject.toml`? In the words of pdm 2.29 where it has words.

A source that lacks its name, or says what pdm does not know, ends in a `TypeError` of every version since 2.10.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from envdoctor.facts.dependencies.installed_versions import Version
from envdoctor.facts.python.distributions import normalised
from envdoctor.system.toml import Document, Table, table_at
from envdoctor.text.plain import plain

READS_GROUPS = (2, 20)  # older ones pass over `[dependency-groups]`
READS_FORMAT = (2, 29, 4)  # older ones pass over `format`
FORMATS = ("pdm", "pylock")
KNOWN = (2, 30)  # what a source can say in this pdm and later ones, nobody knows yet
SOURCE = (
    *("name", "url", "username", "password", "verify_ssl", "type", "ca_certs", "client_cert", "client_key"),
    *("include_packages", "exclude_packages"),
)
Place = tuple[str, str, str]


def faults(document: Document, version: Version | None) -> Iterator[tuple[Place, str]]:
    """Where each stands (table, key, within), and what is wrong with it; `version` is that of the installed pdm."""
    if not table_at(document.table, "project"):
        yield ("", "project", ""), "the pyproject.toml has not been initialized yet: it has no `[project]`"
        return
    yield from _sources(table_at(document.table, "tool", "pdm"), version)
    if version is not None and READS_FORMAT <= version < KNOWN:
        yield from _format(table_at(document.table, "tool", "pdm", "lock"))
    if version is None or version >= READS_GROUPS:
        groups = table_at(document.table, "dependency-groups")
        older = table_at(document.table, "tool", "pdm", "dev-dependencies")
        yield from _groups(groups, {normalised(name) for name in (*groups, *older)})


def _format(lock: Table) -> Iterator[tuple[Place, str]]:
    written = lock.get("format", FORMATS[0])
    if written not in FORMATS:
        yield ("tool.pdm.lock", "format", ""), f"invalid lock format `{plain(str(written))}`, must be 'pdm' or 'pylock'"


def _sources(pdm: Table, version: Version | None) -> Iterator[tuple[Place, str]]:
    sources, place = pdm.get("source", []), ("tool.pdm", "source", "")
    if not isinstance(sources, list) or not all(isinstance(source, dict) for source in sources):
        yield place, "the sources are no list of tables, `[[tool.pdm.source]]`"
        return
    for source in sources:
        if "name" not in source:
            yield (*place[:2], str(source.get("url", ""))), "a source has no `name`"
        for key in source if version is not None and version < KNOWN else ():
            if key not in SOURCE:
                yield (*place[:2], str(source.get("name", ""))), f"a source has an unexpected `{plain(key)}`"


def _groups(groups: Table, names: set[str]) -> Iterator[tuple[Place, str]]:
    """The faults of the standard's groups; `names` are those that can be included, the older ones of pdm's own too."""
    for name, times in Counter(map(normalised, groups)).items():
        if times > 1:
            yield ("", "dependency-groups", ""), f"the group {plain(name)} is duplicated in dependency-groups"
    includes: dict[str, list[str]] = {}
    for name, items in groups.items():
        for item in items if isinstance(items, list) else ():
            included = item.get("include-group") if isinstance(item, dict) and len(item) == 1 else None
            if isinstance(included, str):
                includes.setdefault(normalised(name), []).append(normalised(included))
                if normalised(included) not in names:
                    said = f"missing group '{plain(normalised(included))}' in `include-group`"
                    yield ("dependency-groups", name, included), said
            elif not isinstance(item, str):
                shown = f"a table of {', '.join(item)}" if isinstance(item, dict) else str(item)
                yield ("dependency-groups", name, ""), f"invalid dependency group item: {plain(shown)}"
    if circle := _circle(includes):
        yield (
            ("", "dependency-groups", ""),
            f"cyclic dependency group include detected: {', '.join(map(plain, circle))}",
        )


def _circle(includes: dict[str, list[str]]) -> list[str]:
    """The groups that stay when those are taken away, again and again, that include none of the others."""
    left = dict(includes)
    while settled := [name for name, others in left.items() if not any(other in left for other in others)]:
        for name in settled:
            del left[name]
    return sorted(left)
