"""Packages that are installed in place, as working copies: is the source still where it was?

Whatever the build tool, a `.pth` file beside the metadata leads there: it names a directory, or runs a finder that maps
names to places. `flit install --symlink` makes a link to the module instead, `setup.py develop` left an `.egg-link`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from msgspec.structs import replace

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.packages.targets import PackageTargets, Target
from envdoctor.facts.python.distributions import (
    Distribution,
    PathLine,
    SiteDirectory,
    Sites,
    normalised,
    sites,
    source_of_link,
)
from envdoctor.system.files import Unreadable, read_head
from envdoctor.system.session import Session
from envdoctor.text import limits
from envdoctor.text.patterns import pattern

FINDER = pattern(r"import (__editable___\w+_finder)\b")
MAPPING = pattern(r"(?m)^MAPPING(?::[^=\n]*)? = (\{.*\})$")
# `__editable__.N-V.pth`, `_editable_impl_N.pth`, `_editable_skbc_N.pth`, `_N_editable.pth`, `N-editable.pth`, `_N.pth`
DECORATION = pattern(r"^(?:__editable__\.|_editable_(?:impl|skbc)_|_+)|(?:[-_]editable)$")
PLUGGED = ("/mnt/", "/media/", "/run/media/", "/Volumes/", "/net/", "/afs/")


class LostEditable(Fact, frozen=True):
    """A working copy whose source is not there.

    Attributes:
        name: the package.
        version: its version; empty where nobody knows, since it stands in the source alone.
        record: its metadata, or the `.egg-link` that leads to it.
        source: the directory that it was installed from.
        missing: what is not there: the source, or a directory in it that the build tool made.
        said: where that stands.
        source_exists: whether the source itself is there.
        plugged: whether it lies where disks are mounted that come and go.
        path_file: the `.pth` file that has the source of an `.egg-link` on the search path.
    """

    name: str
    version: str
    record: str
    source: str
    missing: str
    said: str
    source_exists: bool = False
    plugged: bool = False
    path_file: str | None = None

    @property
    def shown(self) -> str:
        """`my-lib 1.0`."""
        return f"{self.name} {self.version}".rstrip()

    @property
    def is_link(self) -> bool:
        """Whether `setup.py develop` has installed it, so that pip and uv know nothing of it without its source."""
        return self.record.endswith(".egg-link")


class EnvironmentEditables(Fact, frozen=True):
    """The working copies of one environment whose source is not there."""

    target: Target
    lost: tuple[LostEditable, ...] = ()
    has_pip: bool = True


class Editables(Fact, frozen=True):
    """The same of each environment."""

    environments: tuple[EnvironmentEditables, ...]


@probe
def probe_editables(session: Session, targets: PackageTargets) -> Editables:
    """Follow each `.pth` file that belongs to a package."""
    return Editables(tuple(_examine(sites(session), target) for target in targets.targets))


def _examine(known: Sites, target: Target) -> EnvironmentEditables:
    lost: list[LostEditable] = []
    installed = {package.name for package in known.installed(target.directories)}
    for path in target.directories:
        directory = known.directory(path)
        for package in directory.distributions:
            if package.record.endswith(".egg-link"):
                source = source_of_link(package.record)
                if source and not os.path.isdir(source):
                    lines = (line.file for line in directory.path_lines if line.place == os.path.normpath(source))
                    lost.append(replace(_lost(package, source, source, package.record), path_file=next(lines, None)))
        lost += _of_path_files(directory)
        lost += _of_links(directory)
    return EnvironmentEditables(target, tuple(lost), "pip" in installed)


def _of_path_files(directory: SiteDirectory) -> Iterator[LostEditable]:
    if not directory.path_lines:
        return
    packages = {package.name: package for package in directory.distributions if package.is_wheel}
    lines: dict[str, list[PathLine]] = {}
    for line in directory.path_lines:
        lines.setdefault(line.file, []).append(line)
    for file, said in lines.items():
        package = packages.get(owner_of(file))
        source = source_of(package.record) if package else None
        if package and source:
            missing = next((place for place in _places(directory, said) if not os.path.exists(place)), None)
            if missing is None and not os.path.isdir(source) and any(line.code for line in said):
                missing = source
            if missing is not None:
                yield _lost(package, source, missing, file)


def _of_links(directory: SiteDirectory) -> Iterator[LostEditable]:
    """Working copies that a link in the directory leads to, called as the package is."""
    packages: dict[str, Distribution] = {}
    for name in directory.names:
        stem = name.removesuffix(".py")
        if name in directory.folders or "." in stem:
            continue
        packages = packages or {package.name: package for package in directory.distributions if package.is_wheel}
        package, link = packages.get(normalised(stem)), f"{directory.path}/{name}"
        source = source_of(package.record) if package and os.path.islink(link) and not os.path.exists(link) else None
        if package and source:
            yield _lost(package, source, os.path.realpath(link), link)


def owner_of(file: str) -> str:
    """The package that a `.pth` file belongs to, by its name."""
    stem = DECORATION.sub("", os.path.basename(file).removesuffix(".pth"))
    name, _, version = stem.partition("-")
    return normalised(name if version[:1].isdigit() else stem)


def source_of(record: str) -> str | None:
    """The directory that a package is a working copy in; None if it was copied."""
    import json
    from urllib.parse import unquote, urlsplit

    try:
        said = json.loads(read_head(f"{record}/direct_url.json", limits.PACKAGE_FILE))
        details = said.get("dir_info") if isinstance(said, dict) else None
        if not isinstance(details, dict) or details.get("editable") is not True:
            return None
        url = said.get("url")
        return unquote(urlsplit(url).path) if isinstance(url, str) else None
    except (Unreadable, ValueError, RecursionError):  # ValueError: no JSON, or no URL
        return None


def _places(directory: SiteDirectory, lines: list[PathLine]) -> Iterator[str]:
    """What has to be there for the imports to work."""
    for line in lines:
        if not line.code:
            yield line.place
        elif finder := FINDER.search(line.place):
            yield from _mapped(f"{directory.path}/{finder[1]}.py")


def _mapped(finder: str) -> Iterator[str]:
    import ast

    try:
        found = MAPPING.search(read_head(finder, limits.PACKAGE_FILE).decode("utf-8", "replace"))
        mapping = ast.literal_eval(found[1]) if found else {}
    except (Unreadable, ValueError, SyntaxError, RecursionError, MemoryError):
        return
    for place in mapping.values() if isinstance(mapping, dict) else ():
        if isinstance(place, str):
            yield place if os.path.exists(place) or not os.path.exists(f"{place}.py") else f"{place}.py"


def _lost(package: Distribution, source: str, missing: str, said: str) -> LostEditable:
    return LostEditable(
        package.name,
        package.version,
        package.record,
        source,
        missing,
        said,
        os.path.isdir(source),
        missing.startswith(PLUGGED),
    )
