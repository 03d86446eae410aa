from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from envdoctor.facts.loader.host import Cached, default_directories, parse_cache, read_host
from tests.native import make_library, system_loader
from tests.support import needs_tool


@pytest.mark.tools
def test_the_loader_itself_says_the_same() -> None:
    said = subprocess.run([system_loader(), "--help"], env={}, capture_output=True, text=True, check=True).stdout
    host = read_host()
    assert tuple(re.findall(r"^  (\S+) \(system search path\)", said, re.MULTILINE)) == host.default_directories


@pytest.mark.tools
def test_the_cache_holds_what_ldconfig_prints() -> None:
    printed = subprocess.run([needs_tool("ldconfig"), "-p"], capture_output=True, text=True, check=True).stdout
    listed: dict[str, list[str]] = {}
    for name, path in re.findall(r"^\t(\S+) \(.*?\) => (.+)$", printed, re.MULTILINE):
        listed.setdefault(name, []).append(path)
    assert {name: [entry.path for entry in entries] for name, entries in read_host().cache.items()} == listed


@pytest.mark.tools
def test_the_cache_says_for_which_processors_a_file_is(tmp_path: Path) -> None:
    for directory in ("glibc-hwcaps/x86-64-v3", "glibc-hwcaps/x86-64-v2", ""):
        make_library(tmp_path / "lib" / directory / "libfoo.so.1")
    (tmp_path / "conf").write_text(f"{tmp_path}/lib\n")
    cache = tmp_path / "cache"
    subprocess.run(
        [needs_tool("ldconfig"), "-X", "-C", cache, "-f", tmp_path / "conf"], check=True, capture_output=True
    )
    content = cache.read_bytes()
    library = f"{tmp_path}/lib"
    assert set(parse_cache(content)["libfoo.so.1"]) == {
        Cached(f"{library}/glibc-hwcaps/x86-64-v3/libfoo.so.1", "x86-64-v3"),
        Cached(f"{library}/glibc-hwcaps/x86-64-v2/libfoo.so.1", "x86-64-v2"),
        Cached(f"{library}/libfoo.so.1"),
    }
    for end in range(0, len(content), 7):
        assert isinstance(parse_cache(content[:end]), dict)
        assert isinstance(parse_cache(content[:end] + b"\xff" * (len(content) - end)), dict)


@pytest.mark.tools
def test_the_older_form_of_the_cache_contains_the_newer(tmp_path: Path) -> None:
    make_library(tmp_path / "lib" / "libfoo.so.1")
    (tmp_path / "conf").write_text(f"{tmp_path}/lib\n")
    argv = [needs_tool("ldconfig"), "-X", "-c", "compat", "-C", f"{tmp_path}/cache", "-f", f"{tmp_path}/conf"]
    subprocess.run(argv, check=True, capture_output=True)
    content = (tmp_path / "cache").read_bytes()
    assert content.startswith(b"ld.so-1.7.0")
    assert parse_cache(content)["libfoo.so.1"] == (Cached(f"{tmp_path}/lib/libfoo.so.1"),)


def test_what_is_no_cache_holds_nothing() -> None:
    for content in (b"", b"ld.so-1.7.0\0\xff\xff\xff\xff", b"glibc-ld.so.cache1.1", b"text" * 100):
        assert parse_cache(content) == {}


def test_an_unknown_machine_has_the_plain_directories() -> None:
    directories, lib = default_directories("no-such-triplet")
    assert (directories, lib) in ((("/lib", "/usr/lib"), "lib"), (("/lib64", "/usr/lib64"), "lib64"))
