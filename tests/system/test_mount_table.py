from __future__ import annotations

import pytest

from envdoctor.system.mount_table import may_hang, visible


@pytest.mark.parametrize(
    ("directory", "kind", "expected"),
    [
        *[("/mnt/x", kind, True) for kind in ("nfs", "nfs4", "cifs", "9p", "autofs", "virtiofs", "fuse", "fuseblk")],
        ("/home/u", "fuse.sshfs", True),
        ("/home/u", "ext4", False),
        ("/home/u", "overlay", False),
        ("/sys/fs/fuse/connections", "fusectl", False),
        ("/proc/sys/fs/binfmt_misc", "autofs", False),
        ("/process", "autofs", True),
    ],
)
def test_which_mounts_may_hang(directory: str, kind: str, expected: bool) -> None:
    assert may_hang(directory, kind) is expected


def test_a_later_mount_hides_what_is_below_it() -> None:
    mounts = [("/", "ext4"), ("/a/b", "nfs"), ("/ab", "nfs"), ("/a", "tmpfs"), ("/a/c", "cifs"), ("/ab", "ext4")]
    assert visible(mounts) == {"/": "ext4", "/a": "tmpfs", "/a/c": "cifs", "/ab": "ext4"}
    assert visible([("/x", "nfs"), ("/", "ext4")]) == {"/": "ext4"}
