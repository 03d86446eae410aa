"""What has conda installed in this environment, and where has pip or uv written over it?

conda keeps one record a package in `conda-meta`, with every file of it. A Python package among them brings metadata, a
`.dist-info` directory, by which pip knows it. pip replaces that by its own and tells conda nothing.
"""

from __future__ import annotations

import os

import msgspec

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.python.distributions import Sites, normalised, sites
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.system.files import Unreadable, read_bytes, read_text
from envdoctor.system.session import Session
from envdoctor.system.unread import note
from envdoctor.text import limits
from envdoctor.text.patterns import pattern

METADATA = pattern(r"(.+/site-packages)/([^/]+)-([^/-]+)\.dist-info/(?:METADATA|RECORD|INSTALLER|WHEEL)")


class Metadata(Fact, frozen=True):
    """Metadata of a Python package that conda's records do not list.

    Attributes:
        directory: the `.dist-info`.
        version: as the directory is called.
        installer: what it says of its installer: `pip`, `uv`; None if it says nothing.
        editable: whether it stands for a source tree, installed in place.
    """

    directory: str
    version: str
    installer: str | None
    editable: bool = False


class Contested(Fact, frozen=True):
    """A package of conda's that something else has touched.

    Attributes:
        name: what conda calls it.
        version: of conda's record.
        record: the record.
        metadata: the `.dist-info` that the record lists.
        exists: whether that is still there.
        others: metadata of the same package from another hand.
    """

    name: str
    version: str
    record: str
    metadata: str
    exists: bool
    others: tuple[Metadata, ...] = ()


class BrokenRecord(Fact, frozen=True):
    """A record that conda cannot read."""

    path: str
    reason: str


class CondaPackages(Fact, frozen=True):
    """The packages of the active conda environment.

    Attributes:
        prefix: the environment.
        count: how many records there are, and so how many packages conda believes in.
        contested: Python packages that conda's records and the files no longer agree on.
        broken: records that cannot be read.
    """

    prefix: str
    count: int
    contested: tuple[Contested, ...] = ()
    broken: tuple[BrokenRecord, ...] = ()


class _Record(msgspec.Struct):
    """What is read of a record; all else in it is passed over."""

    name: str
    version: str
    files: list[str] = []


@probe(
    where=("CondaActivation.has_meta", "ActivePython.interpreter.is_conda"), otherwise="no conda environment is active"
)
def probe_conda_packages(session: Session, conda: CondaActivation | None, python: ActivePython | None) -> CondaPackages:
    """Read the records of the active environment, or of conda's own Python where nothing is activated."""
    if conda is not None and conda.has_meta:
        return read_packages(conda.prefix, sites(session))
    assert python is not None  # noqa: S101 - the gate has seen one of the two
    return read_packages(python.interpreter.prefix, sites(session))


def read_packages(prefix: str, known: Sites) -> CondaPackages:
    """Read all records of an environment and compare them with the metadata in its `site-packages`."""
    meta = os.path.join(prefix, "conda-meta")
    decoder = msgspec.json.Decoder(_Record)
    owned: dict[str, tuple[_Record, str]] = {}
    broken = []
    try:
        names = sorted(os.listdir(meta))
    except OSError as error:
        raise Unavailable(f"{meta} cannot be read: {error.strerror}") from error
    paths = [os.path.join(meta, name) for name in names if name.endswith(".json")]
    for path in paths:
        try:
            record = decoder.decode(read_bytes(path, limits.CONDA_RECORD))
        except Unreadable as unreadable:
            broken.append(BrokenRecord(path, unreadable.reason))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            broken.append(BrokenRecord(path, str(error)))
            note(path, "no record that conda can read")
        else:
            for metadata in {
                found[0].rpartition("/")[0] for file in record.files if (found := METADATA.fullmatch(file))
            }:
                owned[metadata] = (record, path)
    return CondaPackages(prefix, len(paths), _contested(known, prefix, owned), tuple(broken))


def _contested(known: Sites, prefix: str, owned: dict[str, tuple[_Record, str]]) -> tuple[Contested, ...]:
    """Which of the metadata that conda lists is gone, or has a rival."""
    there = _metadata_in(known, {os.path.dirname(metadata) for metadata in owned}, prefix)
    rivals: dict[str, list[str]] = {}
    for metadata in sorted(there - owned.keys()):
        rivals.setdefault(_key(metadata), []).append(metadata)
    return tuple(
        Contested(
            record.name,
            record.version,
            path,
            os.path.join(prefix, metadata),
            metadata in there,
            tuple(_rival(os.path.join(prefix, rival)) for rival in rivals.get(_key(metadata), ())),
        )
        for metadata, (record, path) in sorted(owned.items())
        if metadata not in there or _key(metadata) in rivals
    )


def _metadata_in(known: Sites, directories: set[str], prefix: str) -> set[str]:
    """The `.dist-info` directories that are there, relative to the prefix."""
    return {
        f"{directory}/{name}"
        for directory in directories
        for name in known.directory(os.path.join(prefix, directory)).names
        if name.endswith(".dist-info")
    }


def _key(metadata: str) -> str:
    """What two spellings of one package have in common."""
    return normalised(os.path.basename(metadata).partition("-")[0])


def _rival(directory: str) -> Metadata:
    version = os.path.basename(directory).removesuffix(".dist-info").partition("-")[2]
    return Metadata(
        directory,
        version,
        _text(directory, "INSTALLER").strip() or None,
        '"editable"' in _text(directory, "direct_url.json"),
    )


def _text(directory: str, name: str) -> str:
    try:
        return read_text(os.path.join(directory, name), limits.SMALL_FILE)
    except Unreadable:
        return ""
