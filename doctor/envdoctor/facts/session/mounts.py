"""Which parts of the file tree come over the network? Searching them may never end, so nothing walks into them."""

from __future__ import annotations

from envdoctor.engine.fact import Fact, probe
from envdoctor.system import mount_table
from envdoctor.system.files import Unreadable, read_text
from envdoctor.system.mount_table import NETWORK_TYPES, TABLE
from envdoctor.system.session import Session
from envdoctor.text.patterns import pattern

DRIVE = pattern(r"[A-Za-z]:\\?")
NETWORK_FUSE = (
    *("fuse.sshfs", "fuse.glusterfs", "fuse.s3fs", "fuse.rclone", "fuse.gcsfuse", "fuse.davfs", "fuse.ceph"),
    *("fuse.juicefs", "fuse.blobfuse", "fuse.s3ql", "fuse.goofys", "fuse.mountpoint-s3", "fuse.mfs", "fuse.seaweedfs"),
    *("fuse.google-drive-ocamlfuse", "fuse.onedriver", "fuse.curlftpfs", "fuse.smbnetfs"),
)


class Mount(Fact, frozen=True):
    """A file system and the directory where it begins.

    Attributes:
        directory: where it begins.
        kind: its type: `ext4`, `nfs4`, `fuse.sshfs`.
        device: the device, if it is one of this machine: `/dev/sda1`. The name of a server is not kept.
        windows: whether it is a drive of Windows in WSL.
    """

    directory: str
    kind: str
    device: str = ""
    windows: bool = False

    @property
    def network(self) -> bool:
        """Whether it comes over the network, or from another machine as in WSL."""
        return self.kind in NETWORK_TYPES or self.kind.startswith(NETWORK_FUSE)


class Mounts(Fact, frozen=True):
    """The mounted file systems, in the order in which they were mounted: the last at a directory is the one seen."""

    mounts: tuple[Mount, ...] = ()

    def of(self, path: str) -> Mount | None:
        """The file system that an absolute path with its links resolved lies on."""
        found = None
        for mount in self.mounts:
            inside = path == mount.directory or path.startswith(f"{mount.directory.rstrip('/')}/")
            if inside and (found is None or len(mount.directory) >= len(found.directory)):
                found = mount
        return found


@probe
def probe_mounts(session: Session) -> Mounts:
    """Read the kernel's table; where there is none, ask psutil."""
    del session
    try:
        return parse(read_text(TABLE))
    except Unreadable:
        import psutil

        return Mounts(tuple(Mount(part.mountpoint, part.fstype) for part in psutil.disk_partitions(all=True)))


def parse(table: str) -> Mounts:
    """The mounts in the text of `/proc/self/mountinfo`."""
    return Mounts(tuple(_mount(*entry) for entry in mount_table.entries(table)))


def _mount(directory: str, kind: str, source: str, options: str) -> Mount:
    """A mount, with neither the name of a server nor what it was told: a user may be named there, or worse."""
    return Mount(directory, kind, source if source.startswith("/dev/") else "", _is_windows(kind, source, options))


def _is_windows(kind: str, source: str, options: str) -> bool:
    """WSL 1 has a type of its own for drives of Windows. In WSL 2 they are shared by 9p, and say so."""
    named = source == "drvfs" or DRIVE.fullmatch(source) is not None or "aname=drvfs" in options
    return kind == "drvfs" or (kind == "9p" and named)
