"""Which members of uv's workspace does uv refuse?"""

from __future__ import annotations

import contextlib
import fnmatch
import glob
import os
from collections.abc import Iterator
from itertools import islice

from envdoctor.facts.project.project import PYPROJECT, matches
from envdoctor.facts.python.distributions import normalised
from envdoctor.system.files import Unreadable, read_text
from envdoctor.system.toml import Document, Malformed, find_line, has_table, read_toml, strings, table_at
from envdoctor.text.numbers import whole

# from here on uv passes over a directory in which there is nothing, or nothing that git does not ignore
PASSES_OVER_EMPTY = (0, 10)
MOST = 1000


def faults(root: str, version: tuple[int, ...] | None) -> Iterator[tuple[str, int, str]]:
    """The file that names each member without a `pyproject.toml`, the line, and uv's words; `version` is uv's."""
    try:
        document = read_toml(os.path.join(root, PYPROJECT))
    except Unreadable:
        return
    workspace = table_at(document.table, "tool", "uv", "workspace")
    excluded = strings(workspace.get("exclude"))
    for pattern in strings(workspace.get("members")):
        for member in _matching(root, pattern):
            inside = os.path.relpath(member, root)
            passed = any(matches(inside, other) for other in excluded)
            if not passed and _is_refused(member, version):
                origin = document.origin("tool.uv.workspace", "members", pattern)
                line = whole(origin.rpartition(":")[2]) or 0
                said = f"workspace member `{member}` is missing a `pyproject.toml` (matches: `{pattern}`)"
                yield document.path, line, said


def contradictions(root: str) -> Iterator[tuple[str, int, str]]:
    """The file, the line, and uv's words for members that cannot be in one workspace."""
    try:
        document = read_toml(os.path.join(root, PYPROJECT))
    except Unreadable:
        return
    names = {name_of(document): root}
    for member in members(document):
        try:
            own = read_toml(os.path.join(member, PYPROJECT))
        except Malformed as error:
            yield error.path.removesuffix(f":{error.line}"), error.line or 0, error.reason
            continue
        except Unreadable:
            continue
        name = name_of(own)
        if has_table(own.table, "tool", "uv", "workspace"):
            said = f"nested workspaces are not supported, but the member has a `tool.uv.workspace` table: {member}"
            yield own.path, find_line(own.text, "tool.uv.workspace", "members"), said
        elif not has_table(own.table, "project") and table_at(own.table, "tool", "uv").get("managed") is not False:
            yield own.path, 0, f"no `project` table found in the workspace member: {own.path}"
        elif name and name in names:
            said = f"two workspace members are both named `{name}`: `{names[name]}` and `{member}`"
            yield own.path, find_line(own.text, "project", "name"), said
        names.setdefault(name, member)


def manifests(root: str) -> tuple[Document, ...]:
    """What the root says, and each member that can be read and that uv manages; nothing without a root."""
    try:
        document = read_toml(os.path.join(root, PYPROJECT))
    except Unreadable:
        return ()
    found = [document]
    for member in members(document):
        with contextlib.suppress(Unreadable):
            own = read_toml(os.path.join(member, PYPROJECT))
            if table_at(own.table, "tool", "uv").get("managed") is not False:
                found.append(own)
    return tuple(found)


def name_of(document: Document) -> str:
    """What the project of a manifest is called, normalised; nothing if it has no name."""
    name = table_at(document.table, "project").get("name")
    return normalised(name) if isinstance(name, str) else ""


def members(document: Document) -> Iterator[str]:
    """The directories of all members but the root, each once."""
    workspace = table_at(document.table, "tool", "uv", "workspace")
    root, excluded = os.path.dirname(document.path), strings(workspace.get("exclude"))
    found: dict[str, None] = {}
    for pattern in strings(workspace.get("members")):
        for path in _matching(root, pattern):
            member = os.path.normpath(path)
            inside = os.path.relpath(member, root)
            if inside != "." and not any(matches(inside, other) for other in excluded):
                found[member] = None
    yield from found


def _matching(root: str, pattern: str) -> list[str]:
    """What a pattern of members matches, at most so much; nothing outside the workspace is looked for."""
    if os.path.isabs(pattern) or os.pardir in pattern.split("/"):
        return []
    found = glob.iglob(pattern, root_dir=root, recursive=True)
    return sorted(os.path.join(root, path) for path in islice(found, MOST))


def _is_refused(member: str, version: tuple[int, ...] | None) -> bool:
    if not os.path.isdir(member) or os.path.isfile(os.path.join(member, PYPROJECT)):
        return False
    if version is not None and version < PASSES_OVER_EMPTY:
        return True
    ignored = tuple(_ignored(member))
    return any(not _is_ignored(path, ignored) for path in _files(member))


def _files(directory: str) -> Iterator[str]:
    found = (os.path.join(where, name) for where, _, names in os.walk(directory) for name in names)
    yield from (os.path.relpath(path, directory) for path in islice(found, MOST))


def _ignored(directory: str) -> Iterator[str]:
    """The names that git ignores in a directory; nothing outside of a repository."""
    names: list[str] = []
    while True:
        names += _patterns(os.path.join(directory, ".gitignore"))
        if os.path.lexists(os.path.join(directory, ".git")):
            yield from names
            return
        if directory == (directory := os.path.dirname(directory)):
            return


def _patterns(path: str) -> Iterator[str]:
    try:
        lines = read_text(path).splitlines()
    except Unreadable:
        return
    for line in lines:
        if (line := line.strip()) and not line.startswith(("#", "!")):
            yield line.strip("/").rpartition("/")[2]


def _is_ignored(path: str, patterns: tuple[str, ...]) -> bool:
    """Whether a part of the path fits a name that is ignored, wherever that stands: in doubt it is."""
    return any(fnmatch.fnmatchcase(part, pattern) for part in path.split("/") for pattern in patterns)
