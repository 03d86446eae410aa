"""Which directories come over the network, from the kernel's own table."""

from __future__ import annotations

from envdoctor.facts.session.mounts import (
    Mount,
    Mounts,
    parse,
    probe_mounts,
)
from tests.support import make_session

TABLE = r"""22 1 259:2 / / rw,relatime shared:1 - ext4 /dev/root rw
30 22 0:45 / /home/me/data rw,relatime shared:9 - nfs4 server:/data rw,vers=4.2
31 22 0:46 / /home/me/my\040disk rw - fuse.sshfs me@host:/ rw
32 22 0:47 / /mnt/c rw,noatime - 9p C:\134 rw,dirsync,aname=drvfs;path=C:\134;uid=1000
35 22 0:50 / /mnt/host rw,noatime - 9p none rw,trans=virtio
36 22 0:51 / /mnt/d rw,noatime - drvfs D: rw
37 22 0:52 / /mnt/e rw,noatime - 9p E: rw
33 22 0:48 / /tmp rw - tmpfs tmpfs rw
34 22 0:49 / /tmp rw master:3 - ext4 /dev/b rw
nonsense
"""


def test_each_directory_belongs_to_the_deepest_mount_above_it() -> None:
    mounts = parse(TABLE)
    assert mounts.of("/home/me/project") == Mount("/", "ext4", "/dev/root")
    assert mounts.of("/home/me/data") == Mount("/home/me/data", "nfs4")
    assert mounts.of("/home/me/database") == Mount("/", "ext4", "/dev/root")
    assert mounts.of("/home/me/my disk/x") == Mount("/home/me/my disk", "fuse.sshfs")
    assert mounts.of("/tmp/x") == Mount("/tmp", "ext4", "/dev/b")


def test_network_and_windows_drives_are_told_from_disks() -> None:
    assert [mount.directory for mount in parse(TABLE).mounts if mount.network] == [
        "/home/me/data",
        "/home/me/my disk",
        "/mnt/c",
        "/mnt/host",
        "/mnt/d",
        "/mnt/e",
    ]
    assert [mount.directory for mount in parse(TABLE).mounts if mount.windows] == ["/mnt/c", "/mnt/d", "/mnt/e"]


def test_no_server_and_no_user_of_it_is_kept() -> None:
    [mount] = parse("31 22 0:46 / /share rw - cifs //host/share rw,username=ann,domain=work").mounts
    assert mount == Mount("/share", "cifs")


def test_no_table_says_nothing() -> None:
    assert parse("") == Mounts()
    assert Mounts().of("/") is None


def test_this_machine_has_a_root() -> None:
    mount = probe_mounts(make_session()).of("/")
    assert mount is not None
