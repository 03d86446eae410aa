"""Which sources of a uv project lead nowhere, by what the project's files say alone? In the words of uv 0.8 to 0.13.

uv locks for all extras, groups and platforms at once, so that a fault in any of them stops it.
"""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor.facts.dependencies import workspaces
from envdoctor.facts.dependencies.uv_ground import SOURCES, Fault, Ground, Source, asked_for, fault
from envdoctor.facts.python.distributions import normalised
from envdoctor.system.toml import Document, strings, table_at
from envdoctor.text.plain import plain

KINDS = {"git": "git", "url": "URL", "path": "path", "index": "registry"}
LIMITS = (
    ("extra", ("project", "optional-dependencies"), "extra"),
    ("group", ("dependency-groups",), "dependency group"),
)


def misled(ground: Ground, manifest: Document) -> Iterator[Fault]:
    """What uv refuses of a manifest's sources before it looks for what they name."""
    if not ground.ignores_sources:
        yield from _limited_in_vain(manifest)
    indexes = ground.indexes | _indexes(manifest) | _indexes(ground.root)
    for asked in asked_for(manifest, is_root=manifest is ground.root):
        sources = ground.sources(manifest, asked)
        is_member = asked.name in ground.names and asked.name != workspaces.name_of(manifest)
        if sources is None:
            if is_member and not ground.ignores_sources:
                missing = "is included as a workspace member, but is missing an entry in `tool.uv.sources`"
                example = f"(e.g., `{asked.name} = {{ workspace = true }}`)"
                yield fault(asked.origin, f"`{asked.name}` {missing} {example}")
            continue
        for source in sources:
            if said := _lost(asked.name, source, ground.names, indexes, is_member=is_member):
                yield fault(source.origin, said)


def _indexes(manifest: Document) -> frozenset[str]:
    entries = table_at(manifest.table, "tool", "uv").get("index")
    tables = (entry for entry in (entries if isinstance(entries, list) else ()) if isinstance(entry, dict))
    return frozenset(str(entry["name"]) for entry in tables if "name" in entry)


def _lost(
    name: str, source: Source, members: frozenset[str], indexes: frozenset[str], *, is_member: bool
) -> str | None:
    said = source.said
    kind = next((kind for key, kind in KINDS.items() if key in said), None)
    if is_member and kind:
        return (
            f"`{name}` is included as a workspace member, but references a {kind} in `tool.uv.sources`; workspace"
            f" members must be declared as workspace sources (e.g., `{name} = {{ workspace = true }}`)"
        )
    if said.get("workspace") is False:
        return "`workspace = false` is not yet supported"
    if said.get("workspace") is True and name not in members:
        return f"`{name}` references a workspace in `tool.uv.sources`, but is not a workspace member"
    if isinstance(said.get("index"), str) and said["index"] not in indexes:
        return f"package `{name}` references an undeclared index: `{plain(said['index'])}`"
    return None


def _limited_in_vain(manifest: Document) -> Iterator[Fault]:
    """Sources for an extra or a group that does not ask for their package."""
    dynamic = strings(table_at(manifest.table, "project").get("dynamic"))
    known = {(one.extra, one.group, one.name) for one in asked_for(manifest)}
    for name, said in table_at(manifest.table, "tool", "uv", "sources").items():
        for source in said if isinstance(said, list) else [said]:
            for key, keys, called in LIMITS:
                only = source.get(key) if isinstance(source, dict) else None
                if not isinstance(only, str) or keys[-1] in dynamic:
                    continue
                declared = {normalised(one) for one in table_at(manifest.table, *keys)}
                place = (normalised(only), "") if key == "extra" else ("", normalised(only))
                if (*place, normalised(name)) not in known:
                    missing = (
                        f"`{plain(name)}` was not found under the `{'.'.join(keys)}` section for that {key}"
                        if normalised(only) in declared
                        else f"the `{plain(only)}` {key} does not exist"
                    )
                    text = f"source entry for `{plain(name)}` only applies to {called} `{plain(only)}`, but {missing}"
                    yield fault(manifest.origin(SOURCES, name), text)
