"""What does a uv project ask for that uv cannot find: in the project's files, or because a place is gone?

In the words of uv 0.8 to 0.13. A path is looked at whatever marker limits it: uv looks for other platforms too.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from envdoctor.facts.dependencies import workspaces
from envdoctor.facts.dependencies.uv_ground import Asked, Fault, Ground, asked_for, fault, ground_of
from envdoctor.facts.dependencies.uv_sources import misled
from envdoctor.facts.project.project import PYPROJECT, workspace_root
from envdoctor.facts.python.distributions import normalised
from envdoctor.facts.uv.settings import UvSettings
from envdoctor.system.files import Unreadable, is_there
from envdoctor.system.toml import Document, read_toml
from envdoctor.text.plain import plain

WHEEL = ".whl"
ENDINGS = (
    *(WHEEL, ".zip", ".tar", ".tar.gz", ".tar.bz2", ".tar.lz", ".tar.lzma", ".tar.xz", ".tar.zst"),
    *(".tbz", ".tgz", ".tlz", ".txz"),
)
FILE = "file://"


def faults(manifests: tuple[Document, ...], settings: UvSettings | None) -> Iterator[Fault]:
    """The file, the line, and uv's words, first for what it refuses before it looks for anything.

    The manifests are those of a workspace, the root first.
    """
    ground = ground_of(manifests, settings)
    for manifest in manifests:
        yield from misled(ground, manifest)
    yield from _followed([(ground, manifest, False) for manifest in manifests], settings)


def _followed(manifests: list[tuple[Ground, Document, bool]], settings: UvSettings | None) -> Iterator[Fault]:
    """What is gone of the places that are named, and what is wrong in those that are there."""
    seen = {manifest.path for _, manifest, _ in manifests}
    for ground, manifest, is_distant in manifests:
        for asked in asked_for(manifest, is_root=manifest is ground.root):
            if is_distant and not asked.always:
                continue
            for origin, path in places(ground, manifest, asked):
                if said := _gone(asked.name, path):
                    yield fault(origin, said)
                elif len(seen) < workspaces.MOST and (other := manifest_in(path)) and other.path not in seen:
                    seen.add(other.path)
                    root = workspaces.manifests(workspace_root(path, other.table))
                    there = ground_of(root or (other,), settings)
                    yield from misled(there, other)
                    manifests.append((there, other, True))


def places(ground: Ground, manifest: Document, asked: Asked) -> Iterator[tuple[str, str]]:
    """Where each path stands that a package is to be taken from, and the path."""
    sources = ground.sources(manifest, asked)
    for source in sources or ():
        path = source.said.get("path")
        if isinstance(path, str) and "git" not in source.said:
            yield source.origin, os.path.normpath(os.path.join(os.path.dirname(source.manifest.path), path))
    if sources is None and asked.address.startswith(FILE) and not {"$", "%"} & {*asked.address}:
        yield asked.origin, os.path.normpath(asked.address.removeprefix(FILE).partition("#")[0])


def manifest_in(directory: str) -> Document | None:
    """The `pyproject.toml` of a directory; None if there is none that can be read."""
    try:
        return read_toml(os.path.join(directory, PYPROJECT))
    except Unreadable:
        return None


def _gone(name: str, path: str) -> str | None:
    """What uv says of a place that holds no such package."""
    if not is_there(path):
        return f"distribution not found at: {path}"
    if os.path.isdir(path):
        if any(is_there(os.path.join(path, file)) for file in (PYPROJECT, "setup.py")):
            return None
        return (
            f"`{path}` does not appear to be a Python project, as neither `pyproject.toml` nor `setup.py` are present"
            " in the directory"
        )
    if not path.endswith(ENDINGS):
        return f"expected path (`{path}`) to end in a supported file extension: `.whl`, `.tar.gz`, `.zip` …"
    other = os.path.basename(path).partition("-")[0]
    if path.endswith(WHEEL) and normalised(other) != name:
        return f"requested package name `{name}` does not match `{plain(other)}` in the distribution filename: {path}"
    return None
