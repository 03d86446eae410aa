"""On which file systems lies what this session's tools write to, and what is free there for this user?

The kernel's table is asked before the file system is: whoever touches a mount whose server is silent waits. What does
not answer has a kind, and nothing else.
"""

from __future__ import annotations

import enum
import os

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.disks.caches import Caches, CacheTool
from envdoctor.facts.disks.home import HomeDirectory
from envdoctor.facts.disks.rights import is_writable, nearest_existing
from envdoctor.facts.disks.temporary import TemporaryDirectory
from envdoctor.facts.packages.targets import PackageTargets
from envdoctor.facts.session.mounts import Mount, Mounts
from envdoctor.system.session import Session
from envdoctor.system.silent_mounts import Unanswered
from envdoctor.system.unread import note

UNKNOWN = Mount("/", "")
NO_EXECUTION = getattr(os, "ST_NOEXEC", 8)  # the header of Linux; macOS tells nothing here
MUCH, FEW_FILES = 5 * 10**9, 1_000
"""The bytes that are enough for any install, and the number of files that no longer is."""
ELSEWHERE = ("/tmp", "/var/tmp")  # noqa: S108 - looked at, never written to


class Use(enum.Enum):
    """What a place is to the tools of the session."""

    ENVIRONMENT = "the environment"
    CACHE = "the cache"
    TEMPORARY = "the temporary directory"
    PROJECT = "the working directory"
    HOME = "the home directory"
    ELSEWHERE = "another place for temporary files"


class Volume(Fact, frozen=True, kw_only=True):
    """A mounted file system, as it is seen at one place.

    Attributes:
        directory: where it begins.
        kind: its type: `ext4`, `nfs4`, `fuse.sshfs`; empty where the system has no table.
        device: the device of this machine that it is on; empty if there is none.
        number: the number by which the system tells it from others; None if it does not answer.
        network: whether it comes over the network.
        windows: whether it is a drive of Windows in WSL.
        read_only: whether nobody may write.
        no_execution: whether nothing on it may be executed or loaded.
        free: the bytes that this user may still write; None if that is not known.
        free_files: the files that this user may still make; None where they are not counted.
    """

    directory: str
    kind: str
    device: str = ""
    number: int | None = None
    network: bool = False
    windows: bool = False
    read_only: bool = False
    no_execution: bool = False
    free: int | None = None
    free_files: int | None = None

    @property
    def may_be_full(self) -> bool:
        """Whether it is worth asking if there is room for an install."""
        few = self.free_files is not None and self.free_files < FEW_FILES
        return few or (self.free is not None and self.free < MUCH)


class DiskPlace(Fact, frozen=True, kw_only=True):
    """A directory that matters to the session, and the file system that it is on, or would be made on.

    Attributes:
        use: what it is.
        path: the directory, there or not.
        volume: the file system of the nearest directory above it that is there.
        tool: whose cache it is.
        origin: what names it.
        exists: whether it is there.
    """

    use: Use
    path: str
    volume: Volume
    tool: CacheTool | None = None
    origin: str = ""
    exists: bool = True

    @property
    def name(self) -> str:
        """What it is, in a sentence: `the environment /x`, `uv's cache /y`."""
        return f"{self.tool.value}'s cache {self.path}" if self.tool else f"{self.use.value} {self.path}"


class DiskPlaces(Fact, frozen=True):
    """All such places."""

    places: tuple[DiskPlace, ...] = ()

    @property
    def differ(self) -> bool:
        """Whether they lie on more than one file system."""
        return len({(place.volume.number, place.volume.directory) for place in self.places}) > 1

    def of(self, use: Use, tool: CacheTool | None = None) -> tuple[DiskPlace, ...]:
        """The places of one use; of caches those of one tool, if it is given."""
        return tuple(place for place in self.places if place.use is use and tool in (None, place.tool))


@probe
def probe_disk_places(
    session: Session,
    mounts: Mounts,
    caches: Caches,
    home: HomeDirectory,
    temporary: TemporaryDirectory,
    targets: PackageTargets | None,
) -> DiskPlaces:
    """Ask the file system of each place."""
    roots = [target.root for target in targets.targets if target.is_environment] if targets else []
    found = [placed(mounts, Use.ENVIRONMENT, root) for root in roots]
    used = [cache for cache in caches.caches if not any(unused.tool is cache.tool for unused in caches.unused)]
    found += [placed(mounts, Use.CACHE, cache.path, cache.tool, cache.origin) for cache in used]
    if temporary.used:
        found.append(placed(mounts, Use.TEMPORARY, temporary.used, origin=temporary.variable or ""))
    if session.cwd:
        found.append(placed(mounts, Use.PROJECT, session.cwd))
    found.append(placed(mounts, Use.HOME, session.home or home.path))
    usable = (path for path in ELSEWHERE if path != temporary.used and is_writable(path))
    found += [placed(mounts, Use.ELSEWHERE, path) for path in usable]
    return DiskPlaces(tuple(found))


def placed(mounts: Mounts, use: Use, path: str, tool: CacheTool | None = None, origin: str = "") -> DiskPlace:
    """A place with its file system."""
    try:
        nearest = nearest_existing(path)
        volume = _volume(nearest, mounts.of(os.path.realpath(nearest)) or UNKNOWN)
    except Unanswered as silence:
        note(path, str(silence))
        mount = mounts.of(path) or UNKNOWN
        nearest, volume = path, _answering(mount)
    return DiskPlace(use=use, path=path, volume=volume, tool=tool, origin=origin, exists=nearest == path)


def _answering(mount: Mount, **said: object) -> Volume:
    return Volume(
        directory=mount.directory,
        kind=mount.kind,
        device=mount.device,
        network=mount.network,
        windows=mount.windows,
        **said,  # type: ignore[arg-type]  # attributes by their names
    )


def _volume(path: str, mount: Mount) -> Volume:
    try:
        system, number = os.statvfs(path), os.stat(path).st_dev
    except OSError:
        return _answering(mount)
    # what is kept back for root is root's to write; a file system that counts no files says that it has none at all
    mine = os.geteuid() == 0
    files = system.f_ffree if mine else system.f_favail
    return _answering(
        mount,
        number=number,
        read_only=bool(system.f_flag & os.ST_RDONLY),
        no_execution=bool(system.f_flag & NO_EXECUTION),
        free=(system.f_bfree if mine else system.f_bavail) * system.f_frsize,
        free_files=files if system.f_files else None,
    )
