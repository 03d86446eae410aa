from __future__ import annotations

import pytest

from envdoctor.system.mount_table import may_hang, visible
from tests.fuzz.growth import MOST, cost, growth


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
    assert visible([("/a", "nfs"), ("/a", "tmpfs")]) == {"/a": "tmpfs"}


@pytest.mark.parametrize("directory", ["/a{}", "/{}/a", "/a"])
def test_twice_as_many_mounts_cost_twice(directory: str) -> None:
    def measured(size: int) -> float:
        mounts = [(directory.format(n), "ext4") for n in range(size)]
        return cost(lambda: visible(mounts), times=3)

    assert growth(measured, [3_000]) < MOST
