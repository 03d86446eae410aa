"""The kernel's table of mounted file systems, and which of them depend on somebody who may not answer."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any

from envdoctor.text.patterns import pattern

TABLE = "/proc/self/mountinfo"
ESCAPE = pattern(r"\\([0-3][0-7]{2})")
# mnt_fstype_is_netfs in libmount/src/utils.c, util-linux 2.40, and the file systems of clusters
NETWORK_TYPES = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "afpfs", "webdav", "ncpfs", "9p", "drvfs", "coda"),
        *("lustre", "gpfs", "beegfs", "ceph", "glusterfs", "pvfs2", "orangefs", "gfs2", "ocfs2", "autofs"),
    }
)
# a program of this machine, or the host of a virtual one, answers
SERVED_TYPES = frozenset({"fuse", "fuseblk", "virtiofs", "vboxsf", "prl_fs", "vmhgfs"})
COVERS = ""  # no directory has this name
OF_THE_KERNEL = ("/proc", "/sys", "/dev")

Entry = tuple[str, str, str, str]
"""A mounted file system: the directory where it begins, its type, what was mounted, and what it was told."""


def entries(table: str) -> Iterator[Entry]:
    """The mounts in the text of `mountinfo`: the fifth field, and the three that follow the `-`."""
    for line in table.splitlines():
        before, _, after = line.partition(" - ")
        fields, (kind, source, options) = before.split(" "), [*after.split(" "), "", ""][:3]
        if len(fields) > 4 and kind:
            yield os.path.normpath(_unescaped(fields[4])), kind, _unescaped(source), options


def parse(table: str) -> list[tuple[str, str]]:
    """Directory and type of each mount in the text of `mountinfo`."""
    return [(directory, kind) for directory, kind, *_ in entries(table)]


def visible(mounts: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The mounts that a path can lead to, by directory: a later one hides what is at and below its directory."""
    tree = dict[str, Any]()
    seen = [(directory, kind) for directory, kind in reversed(list(mounts)) if not _is_covered(directory, tree)]
    return dict(reversed(seen))


def _is_covered(directory: str, tree: dict[str, Any]) -> bool:
    """Whether a directory is at or below one that was asked about before. The tree remembers these, name by name."""
    for name in filter(None, directory.split("/")):
        if COVERS in tree:
            return True
        tree = tree.setdefault(name, {})
    covered, tree[COVERS] = COVERS in tree, None
    return covered


def may_hang(directory: str, kind: str) -> bool:
    """Whether whoever touches a mount waits for a program or another machine."""
    served = kind in NETWORK_TYPES or kind in SERVED_TYPES or kind.startswith("fuse.")
    return served and not any(is_at_or_below(directory, place) for place in OF_THE_KERNEL)


def is_at_or_below(path: str, directory: str) -> bool:
    """Whether a path is a directory or something in it, by their names."""
    return path == directory or path.startswith(f"{directory.rstrip('/')}/")


def _unescaped(text: str) -> str:
    r"""A field as it is: the kernel writes a blank as `\040`, and tab, newline and backslash likewise."""
    return ESCAPE.sub(lambda code: chr(int(code[1], 8)), text)
