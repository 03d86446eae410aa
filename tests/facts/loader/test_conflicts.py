"""What goes wrong where a program gets another file for its library, in real programs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from envdoctor.facts.loader.conflicts import Clash, Effect, SymbolTables, clashes, highest, version_key
from envdoctor.facts.loader.glibc import Loader
from envdoctor.facts.loader.host import read_host
from tests.library_lab import LibraryLab
from tests.native import make_library


class Lab(LibraryLab):
    """The same, started by the loader as foretold."""

    def clashes(self, directory: str) -> tuple[Clash, ...]:
        host = read_host()
        before = Loader(host).start(str(self.git))
        after = Loader(host, f"{self.root}/{directory}").start(str(self.git))
        return clashes(before, after, SymbolTables())


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


def only(found: tuple[Clash, ...]) -> tuple[Effect, str]:
    [clash] = found
    return clash.effect, clash.detail


@pytest.mark.tools
def test_a_missing_version_breaks(lab: Lab) -> None:
    make_library(lab.root / "other" / "libz.so.1", ["pack", "unpack"], versions={"Z_1": ["pack", "unpack"]})
    assert lab.clashes("other") == (
        Clash(
            "libz.so.1",
            str(lab.git),
            f"{lab.root}/other/libz.so.1",
            f"{lab.root}/bin/../own/libz.so.1",
            Effect.BREAKS,
            "lacks the version Z_2",
        ),
    )


@pytest.mark.tools
def test_no_versions_at_all_draw_a_warning(lab: Lab) -> None:
    make_library(lab.root / "other" / "libz.so.1", ["pack", "unpack"])
    assert only(lab.clashes("other")) == (Effect.WARNS, "has no version information")


@pytest.mark.tools
def test_a_symbol_that_is_nowhere_breaks(lab: Lab) -> None:
    make_library(lab.root / "other" / "libz.so.1", ["pack"])
    assert only(lab.clashes("other")) == (Effect.BREAKS, "lacks the symbol unpack, version Z_2")


@pytest.mark.tools
def test_a_file_that_is_no_library_breaks(lab: Lab) -> None:
    (lab.root / "other").mkdir()
    (lab.root / "other" / "libz.so.1").write_bytes(b"")
    assert only(lab.clashes("other")) == (Effect.BREAKS, "cannot be loaded (an empty file)")


@pytest.mark.tools
def test_fifos_devices_and_giants_with_the_name_of_a_library_are_no_trap(lab: Lab) -> None:
    for directory in ("fifo", "device", "giant", "directory"):
        (lab.root / directory).mkdir()
    os.mkfifo(lab.root / "fifo" / "libz.so.1")
    (lab.root / "device" / "libz.so.1").symlink_to("/dev/zero")
    with open(lab.root / "giant" / "libz.so.1", "wb") as file:
        file.truncate(1 << 30)
    (lab.root / "directory" / "libz.so.1").mkdir()
    reasons = {"fifo": "not a regular file", "device": "not a regular file", "giant": "not an ELF file"}
    for directory, reason in (reasons | {"directory": "not a regular file"}).items():
        assert only(lab.clashes(directory)) == (Effect.BREAKS, f"cannot be loaded ({reason})")


@pytest.mark.tools
def test_a_library_that_brings_one_more_need_breaks(lab: Lab) -> None:
    gone = make_library(lab.root / "gone" / "libgone.so.1", ["far"])
    versions = {"Z_1": ["pack"], "Z_2": ["unpack"]}
    library = lab.root / "other" / "libz.so.1"
    make_library(library, ["pack", "unpack"], versions=versions, calls=["far"], needs=[gone])
    [clash] = lab.clashes("other")
    assert (clash.soname, clash.needed_by, clash.file, clash.detail) == (
        "libgone.so.1",
        str(library),
        None,
        "is not found",
    )


@pytest.mark.tools
def test_a_newer_library_and_the_same_one_fit(lab: Lab) -> None:
    versions = {"Z_1": ["pack"], "Z_2": ["unpack"], "Z_3": ["more"]}
    make_library(lab.root / "newer" / "libz.so.1", ["pack", "unpack", "more"], versions=versions)
    assert lab.clashes("newer") == ()
    assert lab.clashes("own") == ()


def test_labels_are_numbers() -> None:
    assert highest(["GLIBCXX_3.4.9", "GLIBCXX_3.4.30", "GLIBCXX_3.4.11"]) == "GLIBCXX_3.4.30"
    assert version_key("CXXABI_1.3.13") > version_key("CXXABI_1.3.9")
    assert version_key("GLIBC_PRIVATE") == ("GLIBC", ())
