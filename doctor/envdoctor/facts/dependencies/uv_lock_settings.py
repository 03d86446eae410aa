"""Which settings of the project, beside its requirements, has a `uv.lock` not been made with?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from envdoctor.facts.dependencies.lock_formats import packages
from envdoctor.facts.project.requires_python import MICROS, MINORS, admits
from envdoctor.facts.python.distributions import normalised
from envdoctor.system.toml import Document, Table, strings, table_at

# how `tool.uv.sources` says where a package comes from, and how the lock then notes it
NOTED = {
    "path": ("directory", "editable", "path"),
    "workspace": ("editable", "virtual", "directory"),
    "git": ("git",),
    "url": ("url",),
    "index": ("index",),
}
KINDS = frozenset(kind for kinds in NOTED.values() for kind in kinds)
LIMITS = {"constraint-dependencies": "constraints", "override-dependencies": "overrides"}
NEXT_MAJOR = "4.0"  # an upper bound that is the only difference
NAME = r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)"
Change = tuple[str, str]


def uv_setting_changes(lock: Table, place: str, manifest: Document) -> Iterator[Change]:
    """What the lock does, and where the project says otherwise; `place` is the project's in its workspace."""
    alone = len(strings(table_at(lock, "manifest").get("members"))) < 2
    if alone:  # a workspace has one Python for all, and its limits in its root
        yield from _python(lock, manifest)
    if alone or place == ".":
        yield from _limits(lock, manifest)
    own = next((package for package in packages(lock) if place in table_at(package, "source").values()), None)
    if own is not None and alone:
        yield from _sources(table_at(own, "metadata").get("requires-dist"), manifest)


def _python(lock: Table, manifest: Document) -> Iterator[Change]:
    kept, asked = lock.get("requires-python"), table_at(manifest.table, "project").get("requires-python")
    if isinstance(kept, str) and isinstance(asked, str) and _differ(kept, asked):
        yield f"was made for Python {kept}, not for {asked}", manifest.origin("project", "requires-python")


def _differ(one: str, other: str) -> bool:
    """Whether some Python is one of these and not one of the others. uv writes the same in other words."""
    if one.replace(" ", "") == other.replace(" ", ""):
        return False
    versions = [f"{minor}.{micro}" for minor in (*MINORS, NEXT_MAJOR) for micro in MICROS]
    answers = [(admits((one,), version), admits((other,), version)) for version in versions]
    return all(None not in pair for pair in answers) and any(first != second for first, second in answers)


def _limits(lock: Table, manifest: Document) -> Iterator[Change]:
    settings = table_at(manifest.table, "tool", "uv")
    for key, section in LIMITS.items():
        entries = table_at(lock, "manifest").get(section)
        kept = {
            normalised(entry["name"])
            for entry in (entries if isinstance(entries, list) else ())
            if isinstance(entry, dict) and isinstance(entry.get("name"), str)
        }
        asked = {normalised(found[1]) for text in strings(settings.get(key)) if (found := re.match(NAME, text))}
        if kept != asked:
            yield f"was made with other `{key}`", manifest.origin("tool.uv", key)


def _sources(entries: object, manifest: Document) -> Iterator[Change]:
    sources = {
        normalised(name): (name, source)
        for name, source in table_at(manifest.table, "tool", "uv", "sources").items()
        if isinstance(source, dict)
    }
    for entry in entries if isinstance(entries, list) else ():
        if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
            continue
        name, source = sources.get(normalised(entry["name"]), (entry["name"], None))
        noted = KINDS.intersection(entry)
        if source is not None and not _fits(source, noted):
            yield f"was made with another source of `{name}`", manifest.origin("tool.uv.sources", name)


def _fits(source: Table, noted: frozenset[str]) -> bool:
    """Whether the lock notes a source as uv would; one whose form is not known here fits."""
    kind = next((kind for kind in NOTED if kind in source), None)
    if kind is None:
        return True
    if kind == "path" and noted & {"directory", "editable"}:
        return ("editable" in noted) == (source.get("editable") is True)
    return bool(noted.intersection(NOTED[kind]))
