"""What does this machine's dynamic loader know by itself: its cache, its default directories, its processor?

glibc builds its default directories in and prints them with `ld.so --help`; the tests hold `read_host` against that.
"""

from __future__ import annotations

import os
import platform
import struct
import sys
from collections.abc import Mapping

import msgspec

from envdoctor.facts.loader.processor import platform_name, subdirectories
from envdoctor.system.files import Unreadable, read_bytes, read_text
from envdoctor.text import limits

CACHE = "/etc/ld.so.cache"
MOST_CACHED = 500_000
OLD_MAGIC, MAGIC = b"ld.so-1.7.0\0", b"glibc-ld.so.cache1.1"
EXTENSIONS_MAGIC, HWCAPS_TAG, EXTENSION_BIT = 0xEAA42174, 1, 1 << 62

# by what `uname -m` says: where Debian and its kin keep the libraries of this machine
TRIPLETS = {
    "aarch64": "aarch64-linux-gnu",
    "armv7l": "arm-linux-gnueabihf",
    "ppc64le": "powerpc64le-linux-gnu",
    "riscv64": "riscv64-linux-gnu",
    "s390x": "s390x-linux-gnu",
    "x86_64": "x86_64-linux-gnu",
}


class Cached(msgspec.Struct, frozen=True):
    """One entry of the loader's cache: a file, and the `glibc-hwcaps` level that it is for, if any."""

    path: str
    level: str | None = None


class Host(msgspec.Struct, frozen=True):
    """What the machine's loader knows by itself.

    Attributes:
        default_directories: where it looks last.
        subdirectories: tried inside each directory before the directory itself: `glibc-hwcaps/x86-64-v3`.
        cache: the entries of `ld.so.cache` by name, in the order of the file.
        lib: what `$LIB` stands for.
        platform: what `$PLATFORM` stands for.
        musl_directories: where musl's loader looks last.
    """

    default_directories: tuple[str, ...]
    subdirectories: tuple[str, ...] = ()
    cache: Mapping[str, tuple[Cached, ...]] = msgspec.field(default_factory=dict)
    lib: str = "lib"
    platform: str = ""
    musl_directories: tuple[str, ...] = ("/lib", "/usr/local/lib", "/usr/lib")

    @property
    def levels(self) -> tuple[str, ...]:
        """The `glibc-hwcaps` levels that this processor has, best first."""
        prefix = "glibc-hwcaps/"
        return tuple(name.removeprefix(prefix) for name in self.subdirectories if name.startswith(prefix))


def read_host() -> Host:
    """What is known of this machine, without running its loader."""
    machine = platform.machine()
    try:
        cpu = read_text("/proc/cpuinfo", limits.PROCESSORS)
    except Unreadable:
        cpu = ""
    try:
        cache = parse_cache(read_bytes(CACHE, limits.LOADER_CACHE))
    except Unreadable:
        cache = {}
    directories, lib = default_directories(TRIPLETS.get(machine))
    glibc = glibc_version()
    return Host(
        default_directories=directories,
        subdirectories=subdirectories(machine, cpu, glibc),
        cache=cache,
        lib=lib,
        platform=platform_name(machine, cpu, glibc),
        musl_directories=_musl_directories(machine),
    )


def default_directories(triplet: str | None) -> tuple[tuple[str, ...], str]:
    """Where glibc looks last, and what `$LIB` is: by where the C library lies, which it was built together with."""
    if triplet and any(os.path.exists(f"{root}/{triplet}/libc.so.6") for root in ("/lib", "/usr/lib")):
        return (f"/lib/{triplet}", f"/usr/lib/{triplet}", "/lib", "/usr/lib"), f"lib/{triplet}"
    if os.path.exists("/lib64/libc.so.6"):
        return ("/lib64", "/usr/lib64"), "lib64"
    return ("/lib", "/usr/lib"), "lib"


def glibc_version() -> tuple[int, ...]:
    """The version of the C library, as it says itself; empty where it is another one."""
    try:
        name, _, version = (os.confstr("CS_GNU_LIBC_VERSION") or "").partition(" ")
    except (AttributeError, ValueError, OSError):
        return ()
    return tuple(int(part) for part in version.split(".") if part.isdigit()) if name == "glibc" else ()


def parse_cache(content: bytes) -> dict[str, tuple[Cached, ...]]:
    """The entries of an `ld.so.cache` by name. A damaged one gives what can be read of it."""
    try:
        return _parse_cache(content)
    except (struct.error, IndexError):
        return {}


def _parse_cache(content: bytes) -> dict[str, tuple[Cached, ...]]:
    order = "<" if sys.byteorder == "little" else ">"
    start = 0
    if content.startswith(OLD_MAGIC):
        (count,) = struct.unpack_from(order + "I", content, len(OLD_MAGIC))
        start = (len(OLD_MAGIC) + 4 + count * 12 + 7) // 8 * 8
    if content[start : start + len(MAGIC)] != MAGIC:
        return {}
    count, _, _, extensions = struct.unpack_from(order + "IIIi", content, start + len(MAGIC))
    levels = _levels(content, start, extensions, order) if extensions else ()
    entry = struct.Struct(order + "iIIIQ")
    found: dict[str, list[Cached]] = {}
    for number in range(min(count, MOST_CACHED)):
        _, key, value, _, capabilities = entry.unpack_from(content, start + 48 + number * entry.size)
        level = None
        if capabilities & EXTENSION_BIT:
            level = levels[capabilities & 0xFFFFFFFF]
        elif capabilities:
            continue  # the older scheme's subdirectories: ldconfig has not written these since glibc 2.33
        found.setdefault(_string(content, start + key), []).append(Cached(_string(content, start + value), level))
    return {name: tuple(entries) for name, entries in found.items()}


def _levels(content: bytes, start: int, extensions: int, order: str) -> tuple[str, ...]:
    """The names of the `glibc-hwcaps` levels that entries refer to by number."""
    magic, count = struct.unpack_from(order + "II", content, extensions)
    if magic != EXTENSIONS_MAGIC:
        return ()
    for number in range(min(count, 16)):
        tag, _, offset, size = struct.unpack_from(order + "IIII", content, extensions + 8 + number * 16)
        if tag == HWCAPS_TAG:
            names = struct.unpack_from(f"{order}{min(size // 4, 64)}I", content, offset)
            return tuple(_string(content, start + name) for name in names)
    return ()


def _string(content: bytes, at: int) -> str:
    end = content.find(b"\0", at)
    if end < 0 or end - at > 4096:
        raise IndexError(at)
    return content[at:end].decode("utf-8", "surrogateescape")


def _musl_directories(machine: str) -> tuple[str, ...]:
    """The path file of musl's loader, else its built-in directories."""
    try:
        text = read_text(f"/etc/ld-musl-{machine}.path", limits.SMALL_FILE)
    except Unreadable:
        return ("/lib", "/usr/local/lib", "/usr/lib")
    return tuple(element for element in text.replace("\n", ":").split(":") if element)
