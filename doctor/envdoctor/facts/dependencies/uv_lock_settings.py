"""Which settings of the project, beside its requirements, has a `uv.lock` not been made with?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from envdoctor.facts.dependencies.lock_formats import own_package
from envdoctor.facts.project.requires_python import MICROS, MINORS, admits
from envdoctor.facts.python.distributions import normalised
from envdoctor.facts.uv.settings import UvSettings
from envdoctor.system.toml import Document, Table, strings, table_at
from envdoctor.text import pep440
from envdoctor.text.patterns import pattern

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet

# how `tool.uv.sources` says where a package comes from, and how the lock then notes it
NOTED = {
    "path": ("directory", "editable", "path"),
    "workspace": ("editable", "virtual", "directory"),
    "git": ("git",),
    "url": ("url",),
    "index": ("index",),
}
KINDS = frozenset(kind for kinds in NOTED.values() for kind in kinds)
# settings of the project's pyproject.toml, and how the lock keeps them: requirements, names, or as many entries
LIMITS = {
    "constraint-dependencies": "constraints",
    "override-dependencies": "overrides",
    "build-constraint-dependencies": "build-constraints",
}
EXCLUDES, KEEPS_EXCLUDES = "exclude-dependencies", 5  # the revision of the format that keeps them
COUNTED = {"environments": "supported-markers", "required-environments": "required-markers", "conflicts": "conflicts"}
# settings that may come from anywhere; what stands first is the default, which the lock does not keep
OPTIONS = {
    "resolution": ("resolution-mode", "highest"),
    "fork-strategy": ("fork-strategy", "requires-python"),
    # before uv 0.11 the first of these was no default
    "prerelease": ("prerelease-mode", "if-necessary", "if-necessary-or-explicit"),
}
# the values that uv takes; with another one it passes over the whole file, and says so (UV003)
VALUES = (
    *("highest", "lowest", "lowest-direct", "fewest", "requires-python"),
    *("disallow", "allow", "if-necessary", "explicit", "if-necessary-or-explicit"),
)
NEWEST = ("exclude-newer", "exclude-newer-span")
A_MOMENT = pattern(r"\d{4}-\d{2}-\d{2}T")  # uv 0.8 does not take a bare day from a file
NEXT_MAJOR = "4.0"  # an upper bound that is the only difference
Change = tuple[str, str]
# the specifiers of each package; None for one that has a source of its own
Limits = dict[str, "set[SpecifierSet | None]"]


def uv_setting_changes(lock: Table, place: str, manifest: Document, settings: UvSettings | None) -> Iterator[Change]:
    """What the lock does, and where the project says otherwise; `place` is the project's in its workspace."""
    alone = len(strings(table_at(lock, "manifest").get("members"))) < 2
    if alone or place == ".":  # a workspace has its limits in its root
        yield from _limits(lock, manifest)
        yield from _names(lock, manifest)
        yield from _options(table_at(lock, "options"), settings)
    own = own_package(lock, place)
    if own is not None and alone:
        yield from _sources(table_at(own, "metadata").get("requires-dist"), manifest)


def uv_python_changes(lock: Table, members: tuple[Document, ...]) -> Iterator[Change]:
    """Whether the lock was made for other Pythons than those on which all members run."""
    asked: dict[str, Document] = {}
    for member in members:
        if isinstance(text := table_at(member.table, "project").get("requires-python"), str):
            asked.setdefault(text, member)
    kept, now = lock.get("requires-python"), ",".join(asked)
    if isinstance(kept, str) and asked and _differ(kept, now):
        first = next(iter(asked.values()))
        yield f"was made for Python {kept}, not for {now}", first.origin("project", "requires-python")


def _differ(one: str, other: str) -> bool:
    """Whether some Python is one of these and not one of the others. uv writes the same in other words."""
    if one.replace(" ", "") == other.replace(" ", ""):
        return False
    versions = [f"{minor}.{micro}" for minor in (*MINORS, NEXT_MAJOR) for micro in MICROS]
    answers = [(admits((one,), version), admits((other,), version)) for version in versions]
    return all(None not in pair for pair in answers) and any(first != second for first, second in answers)


def _limits(lock: Table, manifest: Document) -> Iterator[Change]:
    """Constraints and overrides, which uv takes from pyproject.toml alone."""
    settings = table_at(manifest.table, "tool", "uv")
    for key, section in LIMITS.items():
        kept, asked = _kept_limits(table_at(lock, "manifest").get(section)), _asked_limits(settings.get(key))
        if kept.keys() != asked.keys() or any(_disagree(kept[name], asked[name]) for name in kept):
            yield f"was made with other `{key}`", manifest.origin("tool.uv", key)


def _kept_limits(entries: object) -> Limits:
    found: Limits = {}
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and isinstance(entry.get("name"), str):
            has_source = any(kind in entry for kind in KINDS)
            specifiers = None if has_source else pep440.specifiers(str(entry.get("specifier", "")))
            found.setdefault(normalised(entry["name"]), set()).add(specifiers)
    return found


def _asked_limits(value: object) -> Limits:
    found: Limits = {}
    for text in strings(value):
        if requirement := pep440.requirement(text):
            specifiers = None if requirement.url else requirement.specifier
            found.setdefault(normalised(requirement.name), set()).add(specifiers)
    return found


def _disagree(kept: set[SpecifierSet | None], asked: set[SpecifierSet | None]) -> bool:
    return None not in kept and None not in asked and kept != asked


def _names(lock: Table, manifest: Document) -> Iterator[Change]:
    settings, kept = table_at(manifest.table, "tool", "uv"), table_at(lock, "manifest")
    revision, excluded = lock.get("revision"), strings(kept.get("excludes"))
    knows = isinstance(revision, int) and revision >= KEEPS_EXCLUDES
    asked = sorted(map(normalised, strings(settings.get(EXCLUDES))))
    if (knows or excluded) and sorted(excluded) != asked:
        yield f"was made with other `{EXCLUDES}`", manifest.origin("tool.uv", EXCLUDES)
    if _named(kept.get("dependency-metadata")) != _named(settings.get("dependency-metadata")):
        yield "was made with other `dependency-metadata`", manifest.origin("tool.uv", "dependency-metadata")
    for key, section in COUNTED.items():
        if _count(lock.get(section)) != _count(settings.get(key)):
            yield f"was made with other `{key}`", manifest.origin("tool.uv", key)


def _named(entries: object) -> set[str]:
    names = (entry.get("name") for entry in (entries if isinstance(entries, list) else ()) if isinstance(entry, dict))
    return {normalised(name) for name in names if isinstance(name, str)}


def _count(value: object) -> int:
    """How many entries there are; a single one may stand without brackets."""
    return len(value) if isinstance(value, list) else int(isinstance(value, str))


def _options(options: Table, settings: UvSettings | None) -> Iterator[Change]:
    """What the lock was resolved with, beside what a variable or a file says today, whosever it is."""
    if settings is None:
        return
    for key, (section, *defaults) in OPTIONS.items():
        kept, (now, origin) = options.get(section), _setting(settings, key)
        before = kept if isinstance(kept, str) else defaults[0]
        if now and now not in VALUES:
            continue
        if before != (now or defaults[0]) and not (before in defaults and now in defaults):
            yield f"was made with `{key}` = `{before}`, not `{now or defaults[0]}`", origin
    now, origin = _setting(settings, NEWEST[0])
    kept = any(key in options for key in NEWEST)
    if kept and not now:
        yield f"was made with `{NEWEST[0]}`, which is no longer set", origin
    elif now and not kept and (A_MOMENT.match(now) or origin.startswith("variable ")):
        yield f"was made without `{NEWEST[0]}`, which is set", origin


def _setting(settings: UvSettings, key: str) -> tuple[str | None, str]:
    """The value that wins, and where it is set; the first file where it is not set at all."""
    variable = f"UV_{key.replace('-', '_').upper()}"
    if value := settings.variable(variable):
        return value, f"variable {variable}"
    if found := settings.value(key):
        return found.value, found.origin
    return None, settings.files[0].path if settings.files else "uv.lock"


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
