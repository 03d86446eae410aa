"""What does uv refuse of `[tool.uv.sources]` because of its shape? In the words of uv 0.8 to 0.13."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from envdoctor.system.toml import Table, table_at
from envdoctor.text import pep440
from envdoctor.text.patterns import pattern
from envdoctor.text.plain import plain

Place = tuple[str, str, str]
SOURCES = "tool.uv.sources"
NAME = pattern(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*+(?<=[A-Za-z0-9]))?")
NO_NAME = (
    'not a valid package or extra name: "{}"; names must start and end with a letter or digit and may only contain'
    " -, _, ., and alphanumeric characters"
)
KINDS = {str: "string", bool: "boolean", int: "integer", float: "floating point", list: "sequence", dict: "map"}
REFERENCES = ("rev", "tag", "branch")
KEYS = ("git", "url", "path", "index", "workspace")
TEXTS = ("git", "url", "path", "index", *REFERENCES, "subdirectory", "marker", "extra", "group")
# newer uvs take the path of a workspace too
CHOICES = ("editable", "package", "lfs")
DETAILS = (*REFERENCES, "subdirectory", "lfs", "editable", "package", "marker", "extra", "group")
# what cannot stand beside what; `git` beside `path` is refused by uv 0.9 and older alone
CLASHES = (
    *(("git", other) for other in ("url", "index", "workspace", "editable", "package")),
    *(("url", other) for other in ("path", "index", "workspace", *REFERENCES, "editable", "package")),
    *(("path", other) for other in ("index", "workspace", *REFERENCES)),
    *(("index", other) for other in ("workspace", *REFERENCES, "editable", "package")),
    *(("workspace", other) for other in (*REFERENCES, "package")),
    ("extra", "group"),
)
SCOPES = ("extra", "group")
SEVERAL = "when multiple sources are provided, each source must include a platform marker"


def spoken(value: object) -> str:
    """How uv names a value of the wrong kind."""
    kind = KINDS.get(type(value), "datetime")
    match value:
        case str():
            return f'string "{plain(value)}"'
        case bool() | int() | float():
            return f"{kind} `{str(value).lower()}`"
        case _:
            return kind


def source_faults(table: Table, *, known: bool) -> Iterator[tuple[Place, str]]:
    """Where each stands, and what is wrong with it; `known` is whether nobody's uv knows more than is known here."""
    for name, source in table_at(table, "tool", "uv", "sources").items():
        if not NAME.fullmatch(name):
            yield (SOURCES, name, ""), NO_NAME.format(plain(name))
        several = source if isinstance(source, list) else [source]
        said = "must provide at least one source" if not several else None
        wrong = (fault for one in several for fault in _faults(one, known=known))
        if said := said or next(wrong, None) or _unmarked(several):
            yield (SOURCES, name, ""), said


def _faults(source: object, *, known: bool) -> Iterator[str]:
    if not isinstance(source, dict):
        yield f"invalid type: {spoken(source)}, expected a single source (as a map) or list of sources"
        return
    unknown = [key for key in source if key not in (*KEYS, *DETAILS)]
    if known:
        yield from _strict_faults(source, unknown)
    if not unknown and not any(key in source for key in KEYS):
        yield "expected one of `git`, `url`, `path`, `index`, or `workspace`"
    if sum(key in source for key in REFERENCES) > 1:
        yield "expected at most one of `rev`, `tag`, or `branch`"
    if source.get("editable") is True and source.get("package") is False:
        yield "cannot specify both `editable = true` and `package = false`"
    marker = source.get("marker")
    if isinstance(marker, str) and (said := marker_fault(marker)):
        yield said


def _strict_faults(source: Table, unknown: list[str]) -> Iterator[str]:
    if unknown:
        yield f"unknown field `{plain(unknown[0])}`, expected one of {', '.join(f'`{key}`' for key in KEYS)} …"
    for kind, keys, expected in ((str, TEXTS, "a string"), (bool, CHOICES, "a boolean")):
        for key in keys:
            if key in source and type(source[key]) is not kind:
                yield f"invalid type: {spoken(source[key])}, expected {expected}"
    for one, other in CLASHES:
        if one in source and other in source:
            yield f"cannot specify both `{one}` and `{other}`"


def marker_fault(marker: str) -> str | None:
    """What is wrong with a marker; None if nothing is."""
    if pep440.requirement(f"x ; {marker}"):
        return None
    return f"expected a quoted string or a valid marker name: `{plain(marker)}`"


def _unmarked(sources: list[object]) -> str | None:
    tables = [source for source in sources if isinstance(source, dict)]
    for one, other in pairwise(tables):
        same = all(one.get(key) == other.get(key) for key in SCOPES)
        if same and not ("marker" in one and "marker" in other):
            return SEVERAL
    return None
