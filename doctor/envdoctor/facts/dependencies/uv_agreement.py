"""Can what the members of a uv workspace ask for be had at once? In the words of uv 0.8 to 0.13.

Said only where no version can fit, whatever an index has: of two requirements that exclude each other, and of Pythons.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from envdoctor.facts.dependencies import uv_places, version_ranges, workspaces
from envdoctor.facts.dependencies.uv_ground import Asked, Fault, Ground, asked_for, fault, ground_of
from envdoctor.facts.uv.settings import UvSettings
from envdoctor.system.toml import Document, table_at
from envdoctor.text.plain import plain
from envdoctor.text.versions import are_specifiers

# settings with which uv does not solve all that is asked for at once, or asks for something else
APART = ("conflicts", "environments", "override-dependencies", "exclude-dependencies")


def faults(manifests: tuple[Document, ...], settings: UvSettings | None) -> Iterator[Fault]:
    """The file, the line, and uv's words, for the manifests of a workspace, the root first."""
    yield from _pythons(manifests)
    if not any(key in table_at(one.table, "tool", "uv") for one in manifests for key in APART):
        ground = ground_of(manifests, settings)
        yield from _requirements(manifests, ground)
        yield from _paths(manifests, ground)


def _pythons(manifests: Sequence[Document]) -> Iterator[Fault]:
    """Members of which no Python fits all, at the first that excludes those before."""
    asked: list[tuple[str, str]] = []
    for manifest in manifests:
        wanted = _python_of(manifest)
        if wanted is None:
            continue
        asked.append((workspaces.name_of(manifest), wanted))
        if version_ranges.is_empty(text for _, text in asked):
            listed = ", ".join(f"`{plain(name)}`: {plain(text)}" for name, text in asked)
            yield fault(
                manifest.origin("project", "requires-python"), f"found conflicting Python requirements: {listed}"
            )
            return


def _requirements(manifests: Sequence[Document], ground: Ground) -> Iterator[Fault]:
    """Requirements of one name that no version can meet, at the last of them."""
    known: dict[str, list[str]] = {}
    for manifest in manifests:
        for asked in asked_for(manifest, is_root=manifest is ground.root):
            if asked.address or _has_source(ground, manifest, asked) or asked.marked:
                continue
            before = known.setdefault(asked.name, [])
            if asked.specifiers and asked.specifiers not in before:
                before.append(asked.specifiers)
                if version_ranges.is_empty(before):
                    listed = " and ".join(f"{asked.name}{text}" for text in before)
                    yield fault(asked.origin, f"your project depends on {listed}, which no version can be")
                    return


def _paths(manifests: Sequence[Document], ground: Ground) -> Iterator[Fault]:
    """Packages taken from a path that want a newer Python than the oldest that the workspace is for."""
    pythons = [text for manifest in manifests if (text := _python_of(manifest))]
    for manifest in manifests:
        for asked in asked_for(manifest) if pythons else ():
            if asked.group or asked.marked:
                continue
            for origin, path in uv_places.places(ground, manifest, asked):
                other = uv_places.manifest_in(path)
                wanted = _python_of(other) if other else None
                if wanted and version_ranges.begin_later(wanted, pythons):
                    requested = f"the requested Python version ({plain(','.join(pythons))})"
                    said = f"{requested} does not satisfy Python{plain(wanted)}, and {asked.name} depends on that"
                    own = manifest.origin("project", "requires-python")
                    yield fault(own if _python_of(manifest) else origin, said)


def _python_of(manifest: Document) -> str | None:
    """The Pythons that a project is for; None if it does not say, or says what is no specifier."""
    wanted = table_at(manifest.table, "project").get("requires-python")
    return wanted if isinstance(wanted, str) and are_specifiers(wanted) else None


def _has_source(ground: Ground, manifest: Document, asked: Asked) -> bool:
    return asked.name in ground.names or bool(ground.sources(manifest, asked))
