"""The loader's configuration as `ldconfig` reads it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from envdoctor.facts.loader.configuration import ConfiguredDirectory, read_configuration
from tests.support import needs_tool


def write(root: Path, name: str, text: str) -> None:
    path = root / "etc" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_includes_comments_and_repeated_lines(tmp_path: Path) -> None:
    write(tmp_path, "ld.so.conf", "include ld.so.conf.d/*.conf  # the packages\n/opt/own/lib/\n\nhwcap 1 nosegneg\n")
    write(tmp_path, "ld.so.conf.d/b.conf", "/opt/b # why\n/opt/twice\n/opt/twice\n")
    write(tmp_path, "ld.so.conf.d/a.conf", "# nothing\n/opt/a=libc6\n")
    write(tmp_path, "ld.so.conf.d/c.txt", "/opt/c\n")
    assert read_configuration(str(tmp_path)) == (
        ConfiguredDirectory("/opt/a", "/etc/ld.so.conf.d/a.conf", 2, "/opt/a=libc6"),
        ConfiguredDirectory("/opt/b", "/etc/ld.so.conf.d/b.conf", 1, "/opt/b # why"),
        ConfiguredDirectory("/opt/twice", "/etc/ld.so.conf.d/b.conf", 2),
        ConfiguredDirectory("/opt/twice", "/etc/ld.so.conf.d/b.conf", 3),
        ConfiguredDirectory("/opt/own/lib", "/etc/ld.so.conf", 2, "/opt/own/lib/"),
    )


def test_a_file_that_includes_itself_and_none_at_all(tmp_path: Path) -> None:
    assert read_configuration(str(tmp_path)) == ()
    write(tmp_path, "ld.so.conf", "include /etc/ld.so.conf\ninclude /etc/*.more\n")
    write(tmp_path, "a.more", "include /etc/*\n/opt/more\n")
    assert [place.directory for place in read_configuration(str(tmp_path))] == ["/opt/more"]


@pytest.mark.tools
def test_the_real_ldconfig_reads_the_same_directories_in_the_same_order(tmp_path: Path) -> None:
    ldconfig = shutil.which("ldconfig", path="/sbin:/usr/sbin") or needs_tool("ldconfig")
    write(tmp_path, "ld.so.conf", "/opt/first\ninclude ld.so.conf.d/*.conf\n")
    write(tmp_path, "ld.so.conf.d/2.conf", "/opt/third # why\n")
    write(tmp_path, "ld.so.conf.d/1.conf", "  /opt/second/\n")
    for name in ("first", "second", "third"):
        (tmp_path / "opt" / name).mkdir(parents=True)
    said = subprocess.run([ldconfig, "-r", str(tmp_path), "-N", "-X", "-v"], capture_output=True, text=True, check=True)
    theirs = [line.partition(":")[0] for line in said.stdout.splitlines() if line.startswith("/opt")]
    assert [place.directory for place in read_configuration(str(tmp_path))] == theirs
