"""Which packages are installed in a directory, and by whom? Read from their records on disk; no Python is asked."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator

from envdoctor.engine.fact import Fact
from envdoctor.system.files import Unreadable, read_head

MOST_ENTRIES = 20_000
RECORD_LIMIT = 100_000
PYTHON_TAG = r"-py[0-9.]+(?:-[\w.-]+)?$"
FIELD = rb"(?m)^(Name|Version):[ \t]*(\S+)"


class Distribution(Fact, frozen=True):
    """One installed package.

    Attributes:
        name: its name, normalised.
        version: as its record says.
        record: its `.dist-info`, `.egg-info` or `.egg-link`.
        installer: what installed it, `pip`, `uv`, `conda`; None if its record does not say.
        editable: the directory that it is a working copy in; None if it was copied.
    """

    name: str
    version: str
    record: str
    installer: str | None = None
    editable: str | None = None

    @property
    def location(self) -> str:
        """The directory that it is installed in."""
        return os.path.dirname(self.record)


def read_installed(directories: Iterable[str]) -> tuple[Distribution, ...]:
    """The packages in these directories of a search path, by name; the first directory that has one wins."""
    found: dict[str, Distribution] = {}
    for directory in directories:
        for distribution in _distributions(directory):
            found.setdefault(distribution.name, distribution)
    return tuple(found[name] for name in sorted(found))


def _distributions(directory: str) -> Iterator[Distribution]:
    try:
        names = sorted(os.listdir(directory))[:MOST_ENTRIES]
    except OSError:
        return
    for name in names:
        if name.startswith("~"):  # what an interrupted pip has left
            continue
        stem, ending = os.path.splitext(name)
        record = os.path.join(directory, name)
        found = None
        if ending == ".dist-info":
            found = _from_dist_info(stem, record)
        elif ending == ".egg-info":
            found = _from_egg(stem, record, record)
        elif ending == ".egg":
            found = _from_egg(stem, record, os.path.join(record, "EGG-INFO"))
        elif ending == ".egg-link":
            found = _from_link(stem, record)
        if found:
            yield found


def _from_dist_info(stem: str, record: str) -> Distribution | None:
    name, _, version = stem.rpartition("-")
    try:
        files = os.listdir(record)
    except OSError:
        return None
    if not name or "METADATA" not in files:
        return None
    installer = _installer(record) if "INSTALLER" in files else None
    return Distribution(
        normalised(name), version, record, installer, _editable(record) if "direct_url.json" in files else None
    )


def _from_egg(stem: str, record: str, metadata: str) -> Distribution | None:
    """A package in an older form: the metadata is a directory, or the file itself."""
    name, _, version = re.sub(PYTHON_TAG, "", stem).partition("-")
    if not version:
        name, version = _name_and_version(metadata, stem)
    return Distribution(normalised(name), version, record, _installer(metadata)) if version else None


def _from_link(stem: str, record: str) -> Distribution | None:
    """A working copy as `setup.py develop` leaves it: the file names the directory that holds the metadata."""
    try:
        source = read_head(record, RECORD_LIMIT).decode("utf-8", "surrogateescape").partition("\n")[0].strip()
    except Unreadable:
        return None
    name, version = _name_and_version(f"{source}/{stem.replace('-', '_')}.egg-info", stem)
    return Distribution(normalised(name), version, record, None, source)


def _name_and_version(metadata: str, name: str) -> tuple[str, str]:
    for path in (f"{metadata}/PKG-INFO", metadata):
        try:
            fields = dict(re.findall(FIELD, read_head(path, RECORD_LIMIT)))
        except Unreadable:
            continue
        said = [fields.get(key, b"").decode(errors="replace") for key in (b"Name", b"Version")]
        return said[0] or name, said[1]
    return name, ""


def _installer(record: str) -> str | None:
    try:
        return read_head(f"{record}/INSTALLER", 100).decode(errors="replace").strip() or None
    except Unreadable:
        return None


def _editable(record: str) -> str | None:
    import json
    from urllib.parse import unquote, urlsplit

    try:
        said = json.loads(read_head(f"{record}/direct_url.json", RECORD_LIMIT))
        details = said.get("dir_info") if isinstance(said, dict) else None
        if not isinstance(details, dict) or details.get("editable") is not True:
            return None
        url = said.get("url")
        return unquote(urlsplit(url).path) if isinstance(url, str) else None
    except (Unreadable, ValueError, RecursionError):  # ValueError: no JSON, or no URL
        return None


def normalised(name: str) -> str:
    """A package's, extra's or group's name in the one spelling that all others mean."""
    return re.sub(r"[-_.]+", "-", name).lower()
