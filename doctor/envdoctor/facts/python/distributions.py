"""The packages that are installed in the directories of a search path. Read from disk; no Python is asked.

Names and versions stand in the names of the directories that hold the metadata: pip and uv take them from there,
whatever the metadata says. So to list a directory tells what is installed; files are read for what they hold alone.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from envdoctor.engine.fact import Fact
from envdoctor.facts.python import metadata
from envdoctor.facts.python.listed_files import ListedFile, read_list
from envdoctor.facts.python.zipped_eggs import read_member
from envdoctor.system.files import Unreadable, read_head
from envdoctor.system.once import Once
from envdoctor.system.session import Session
from envdoctor.system.unread import note
from envdoctor.text import limits
from envdoctor.text.patterns import pattern

Headers = Callable[[str], bytes]
"""How the headers of a metadata file are read. Raises Unreadable."""

MOST_ENTRIES = limits.INSTALLED_ENTRIES
EGG = ".egg"
PYTHON_TAG = pattern(r"-py[0-9.]+(?:-[\w.-]+)?$")
SEPARATORS = pattern(r"[-_.]+")
# The same modules under several names: conda has one of them where the requirement has another.
VARIANTS = (
    ("opencv-python", "opencv-python-headless", "opencv-contrib-python", "opencv-contrib-python-headless", "opencv"),
    ("psycopg2", "psycopg2-binary"),
    ("tensorflow", "tensorflow-cpu", "tensorflow-gpu", "tensorflow-intel", "tensorflow-macos"),
    ("onnxruntime", "onnxruntime-gpu"),
    ("faiss", "faiss-cpu", "faiss-gpu"),
    ("torch", "pytorch"),
    ("pillow", "pillow-simd"),
)


class Distribution(Fact, frozen=True):
    """One installed package.

    Attributes:
        name: its name, normalised.
        version: as its record is called; empty where neither that nor the metadata has one.
        record: its `.dist-info`, `.egg-info`, `.egg-link` or `.egg`.
    """

    name: str
    version: str
    record: str

    @property
    def location(self) -> str:
        """The directory that it is installed in."""
        return os.path.dirname(self.record)

    @property
    def is_wheel(self) -> bool:
        """Whether it was installed from a wheel, as nearly all are."""
        return self.record.endswith(".dist-info")

    @property
    def is_zipped(self) -> bool:
        """Whether it is an egg that is one file."""
        return self.record.endswith(EGG) and os.path.isfile(self.record)


class SiteDirectory:
    """One directory of a search path, listed once. What cannot be listed is noted, unless Python sees nothing either.

    Args:
        path: the directory.
        headers: reads the metadata of packages whose names or versions stand there alone.

    Attributes:
        path: the directory.
        names: what lies in it, in the directory's own order: of two packages of one name the first is found.
        folders: those of them that are directories, or lead to one.
    """

    def __init__(self, path: str, headers: Headers = metadata.read_headers) -> None:
        self.path = path
        self._headers = headers
        self.folders: set[str] = set()
        self.names = tuple(self._list())

    def _list(self) -> Iterator[str]:
        try:
            with os.scandir(self.path) as entries:
                for number, entry in enumerate(entries):
                    if number >= MOST_ENTRIES:
                        note(self.path, f"more than {MOST_ENTRIES:,} entries")
                        return
                    if entry.is_dir():
                        self.folders.add(entry.name)
                    yield entry.name
        except (FileNotFoundError, NotADirectoryError, PermissionError, ValueError):
            return  # Python sees nothing there either
        except OSError as error:
            note(self.path, (error.strerror or str(error)).lower())

    @cached_property
    def distributions(self) -> tuple[Distribution, ...]:
        """What is installed here, as far as it has a name, in the directory's order; one name may be there twice."""
        if self.path.endswith(EGG):
            return tuple(filter(None, (_from_egg(self.path, f"{self.path}/EGG-INFO", self._headers),)))
        return tuple(filter(None, map(self._distribution, self.names)))

    @cached_property
    def added(self) -> tuple[str, ...]:
        """The directories that the `.pth` files here add to the search path, in order."""
        return tuple(line.place for line in self.path_lines if not line.code)

    @cached_property
    def path_lines(self) -> tuple[PathLine, ...]:
        """What the `.pth` files here say, file by file as Python reads them."""
        return tuple(
            line for name in sorted(self.names) if name.endswith(".pth") for line in _read_pth(self.path, name)
        )

    def _distribution(self, name: str) -> Distribution | None:
        stem, ending = os.path.splitext(name)
        record = f"{self.path}/{name}"
        match ending:
            case ".dist-info" if name in self.folders and not name.startswith("~"):
                called, _, version = stem.partition("-")
                return Distribution(normalised(called), version, record) if called and version else None
            case ".egg-info" if not name.startswith("~"):
                return _from_egg(record, record, self._headers)
            case ".egg-link":
                return _from_link(stem, record, self._headers)
            case ".egg" if record in self.added:
                return _from_egg(record, f"{record}/EGG-INFO", self._headers)
        return None


class PathLine(Fact, frozen=True):
    """One line of a `.pth` file.

    Attributes:
        file: the file.
        place: the directory that it names; of a line of code, the code.
        code: whether it is run rather than added to the search path.
    """

    file: str
    place: str
    code: bool = False


class Sites:
    """The directories, metadata and lists of files that have been read in this session: nothing is read twice."""

    def __init__(self) -> None:
        self._headers = Once(metadata.read_headers)
        self._listed = Once(read_list)
        self._directories = Once(lambda path: SiteDirectory(path, self._headers))

    def directory(self, path: str) -> SiteDirectory:
        """A directory of a search path."""
        return self._directories(path)

    def installed(self, directories: Iterable[str]) -> tuple[Distribution, ...]:
        """The packages in these directories, by name; the first that is found wins."""
        found: dict[str, Distribution] = {}
        for directory in directories:
            for distribution in self.directory(directory).distributions:
                found.setdefault(distribution.name, distribution)
        return tuple(found[name] for name in sorted(found))

    def headers(self, distribution: Distribution) -> bytes:
        """The headers of its metadata. Raises Unreadable, also where there is none."""
        if distribution.is_zipped:
            return read_member(distribution.record, "EGG-INFO/PKG-INFO")
        problem: Unreadable | None = None
        for path in metadata_files(distribution):
            try:
                return self._headers(path)
            except Unreadable as unreadable:
                problem = problem or unreadable
        raise problem or Unreadable(distribution.record, "no metadata")

    def listed_files(self, distribution: Distribution) -> tuple[ListedFile, ...]:
        """The files of a package that was installed from a wheel; none where no list can be read."""
        return self._listed(f"{distribution.record}/RECORD") if distribution.is_wheel else ()

    def owner(self, directory: str, path: str) -> str | None:
        """The package whose record lists a file. Only asked where something is wrong, because it reads every record."""
        name = os.path.relpath(path, directory)
        packages = sorted(self.directory(directory).distributions, key=lambda package: package.record)
        owners = (package.name for package in packages if any(file.path == name for file in self.listed_files(package)))
        return next(owners, None)


_sites: weakref.WeakKeyDictionary[Session, Sites] = weakref.WeakKeyDictionary()


def sites(session: Session) -> Sites:
    """What has been read in this session, and is read where it has not been."""
    known = _sites.get(session)
    if known is None:
        known = _sites[session] = Sites()
    return known


def read_installed(directories: Iterable[str]) -> tuple[Distribution, ...]:
    """The packages in these directories of a search path, by name; the first directory that has one wins."""
    return Sites().installed(directories)


def metadata_files(distribution: Distribution) -> tuple[str, ...]:
    """Where the metadata of a package may stand, in the order in which pip looks."""
    record = distribution.record
    if record.endswith(".egg-link"):
        return (f"{_metadata_of_link(record)}/PKG-INFO",)
    if record.endswith(EGG):
        return (f"{record}/EGG-INFO/PKG-INFO",)
    if record.endswith(".egg-info"):
        return (f"{record}/PKG-INFO", record)
    return (f"{record}/METADATA", f"{record}/PKG-INFO")


def requires_file(distribution: Distribution) -> str | None:
    """Where packages of older forms list their requirements; None for a wheel's."""
    record = distribution.record
    if record.endswith(".egg-link"):
        return f"{_metadata_of_link(record)}/requires.txt"
    if record.endswith(EGG):
        return f"{record}/EGG-INFO/requires.txt"
    return None if distribution.is_wheel else f"{record}/requires.txt"


def _from_egg(record: str, place: str, headers: Headers) -> Distribution | None:
    """A package in an older form: the metadata is a directory, or the file itself."""
    stem = os.path.splitext(os.path.basename(record))[0]
    name, _, version = PYTHON_TAG.sub("", stem).partition("-")
    if not version:
        name, version = _name_and_version(place, stem, headers)
    return Distribution(normalised(name), version, record) if version else None


def _from_link(stem: str, record: str, headers: Headers) -> Distribution | None:
    """A working copy as `setup.py develop` leaves it: the file names the directory that holds the metadata."""
    name, version = _name_and_version(_metadata_of_link(record), stem, headers)
    return Distribution(normalised(name), version, record)


def source_of_link(record: str) -> str | None:
    """The directory that an `.egg-link` names; None if it names none."""
    try:
        lines = read_head(record, limits.SMALL_FILE).decode("utf-8", "surrogateescape").splitlines()
    except Unreadable:
        return None
    return next((line.strip() for line in lines if line.strip()), None)


def _metadata_of_link(record: str) -> str:
    stem = os.path.splitext(os.path.basename(record))[0]
    return f"{source_of_link(record) or record}/{stem.replace('-', '_')}.egg-info"


def _name_and_version(place: str, name: str, headers: Headers) -> tuple[str, str]:
    for path in (f"{place}/PKG-INFO", place):
        try:
            said = headers(path)
        except Unreadable:
            continue
        return metadata.field(said, b"Name") or name, metadata.field(said, b"Version") or ""
    return name, ""


def _read_pth(directory: str, name: str) -> Iterator[PathLine]:
    file = f"{directory}/{name}"
    try:
        text = read_head(file, limits.SMALL_FILE).decode("utf-8-sig", "surrogateescape")
    except Unreadable:
        return
    for line in text.splitlines():
        if line.startswith(("import ", "import\t")):
            yield PathLine(file, line, code=True)
        elif line.strip() and not line.startswith("#"):
            yield PathLine(file, os.path.normpath(os.path.join(directory, line.rstrip())))


def normalised(name: str) -> str:
    """A package's, extra's or group's name in the one spelling that all others mean."""
    return SEPARATORS.sub("-", name).lower()
