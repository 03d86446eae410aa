from __future__ import annotations

import glob
import os
import random
import sysconfig
from pathlib import Path
from typing import Any

import pytest
from elftools.elf.dynamic import DynamicSegment
from elftools.elf.elffile import ELFFile
from elftools.elf.gnuversions import GNUVerDefSection, GNUVerNeedSection

from envdoctor.facts.loader.elf import ElfObject, Requirement, read_elf
from envdoctor.facts.loader.symbols import Wanted, read_symbols
from envdoctor.system.files import Unreadable
from tests.native import make_library, make_program


@pytest.fixture(scope="module")
def versioned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with two versions, an RPATH, and a dependency on another one's version."""
    root = tmp_path_factory.mktemp("elf")
    base = make_library(root / "libbase.so.1", ["one"], versions={"BASE_1.2": ["one"]})
    return make_library(
        root / "libtop.so.3.1",
        ["two", "three"],
        soname="libtop.so.3",
        versions={"TOP_9": ["two"], "TOP_10": ["three"]},
        calls=["one"],
        needs=[base],
        flags=["-Wl,-rpath,$ORIGIN/../lib", "-Wl,--disable-new-dtags", "-Wl,-z,nodefaultlib"],
    )


def real_objects(most: int) -> list[str]:
    """Libraries, extension modules and programs of this machine, a different part of them for each pattern."""
    dynload = sysconfig.get_config_var("DESTSHARED") or ""
    patterns = (f"{dynload}/*.so", "/usr/lib/*-linux-gnu/lib*.so.*", "/usr/lib64/lib*.so.*", "/usr/bin/*")
    found = [sorted(glob.glob(pattern)) for pattern in patterns]
    return [path for paths in found for path in random.Random(4).sample(paths, min(most, len(paths)))]


def as_pyelftools_sees(path: str) -> ElfObject | None:
    with open(path, "rb") as file:
        if file.read(4) != b"\x7fELF":
            return None
        elf: Any = ELFFile(file)
        tags: list[Any] = [
            tag for part in elf.iter_segments() if isinstance(part, DynamicSegment) for tag in part.iter_tags()
        ]
        named = {tag.entry.d_tag: tag for tag in tags}
        interpreters = [part.get_interp_name() for part in elf.iter_segments("PT_INTERP")]
        defined, required = [], []
        for section in elf.iter_sections():
            if isinstance(section, GNUVerDefSection):
                for version, names in section.iter_versions():
                    first = next(iter(names)).name
                    if not version.entry.vd_flags & 1:
                        defined.append(first)
            if isinstance(section, GNUVerNeedSection):
                library: Any
                for library, versions in section.iter_versions():
                    labels = [(v.name, v.entry.vna_flags & 2) for v in versions]
                    strong = tuple(name for name, weak in labels if not weak)
                    required.append(Requirement(library.name, strong, tuple(name for name, weak in labels if weak)))
        return ElfObject(
            path=path,
            machine={"EM_X86_64": "x86_64", "EM_AARCH64": "aarch64"}.get(elf["e_machine"], "?"),
            bits=elf.elfclass,
            byte_order="little" if elf.little_endian else "big",
            interpreter=interpreters[0] if interpreters else None,
            soname=named["DT_SONAME"].soname if "DT_SONAME" in named else None,
            needed=tuple(tag.needed for tag in tags if tag.entry.d_tag == "DT_NEEDED"),
            rpath=named["DT_RPATH"].rpath if "DT_RPATH" in named else None,
            runpath=named["DT_RUNPATH"].runpath if "DT_RUNPATH" in named else None,
            defined=tuple(defined),
            required=tuple(required),
            no_default_directories=bool("DT_FLAGS_1" in named and named["DT_FLAGS_1"].entry.d_val & 0x800),
        )


@pytest.mark.tools
def test_real_objects_say_what_pyelftools_reads_in_them(versioned: Path) -> None:
    compared = 0
    for path in [*real_objects(40), str(versioned)]:
        expected = as_pyelftools_sees(path)
        if expected is not None:
            assert read_elf(path) == expected
            compared += 1
    assert compared > 60


@pytest.mark.tools
def test_everything_that_concerns_the_loader_is_read(versioned: Path) -> None:
    elf = read_elf(str(versioned))
    assert elf.soname == "libtop.so.3"
    assert elf.needed[0] == "libbase.so.1"
    assert elf.rpath == "$ORIGIN/../lib"
    assert elf.runpath is None
    assert elf.defined == ("TOP_9", "TOP_10")
    assert Requirement("libbase.so.1", ("BASE_1.2",)) in elf.required
    assert elf.no_default_directories


@pytest.mark.tools
def test_symbols_carry_their_versions(versioned: Path) -> None:
    symbols = read_symbols(str(versioned))
    assert symbols.provide(Wanted("three", "libtop.so.3", "TOP_10"))
    assert Wanted("one", "libbase.so.1", "BASE_1.2") in symbols.wanted
    assert symbols.provide(Wanted("two", "libtop.so.3", "TOP_9"))
    assert symbols.provide(Wanted("two"))
    assert not symbols.provide(Wanted("two", "libtop.so.3", "TOP_10"))
    assert not symbols.provide(Wanted("four"))


@pytest.mark.tools
def test_a_library_without_versions_satisfies_any(tmp_path: Path) -> None:
    symbols = read_symbols(str(make_library(tmp_path / "libplain.so", ["two"])))
    assert symbols.provide(Wanted("two", "libplain.so", "TOP_9"))


@pytest.mark.tools
@pytest.mark.parametrize("style", ["gnu", "sysv", "both"])
def test_both_kinds_of_hash_tables_are_understood(tmp_path: Path, style: str) -> None:
    names = [f"name_{number}" for number in range(300)]
    path = make_library(tmp_path / "lib.so", names, calls=["far"], flags=[f"-Wl,--hash-style={style}"])
    symbols = read_symbols(str(path))
    assert all(symbols.provide(Wanted(name)) for name in names)
    assert not symbols.provide(Wanted("name_300"))
    assert not symbols.provide(Wanted("far"))
    assert Wanted("far") in symbols.wanted


def test_symbols_are_those_that_pyelftools_lists() -> None:
    small = [path for path in real_objects(12) if os.path.getsize(path) < 300_000]
    for path in filter(as_pyelftools_sees, small):
        with open(path, "rb") as file:
            elf: Any = ELFFile(file)
            table = elf.get_section_by_name(".dynsym")
            listed = [symbol for symbol in (table.iter_symbols() if table else ()) if symbol.name]
        symbols = read_symbols(path)
        wanted = {s.name for s in listed if s["st_shndx"] == "SHN_UNDEF" and s["st_info"]["bind"] == "STB_GLOBAL"}
        assert wanted <= {symbol.name for symbol in symbols.wanted}
        assert all(symbol.name in wanted or symbol.version for symbol in symbols.wanted)
        exported = {s.name for s in listed if s["st_shndx"] != "SHN_UNDEF" and s["st_info"]["bind"] != "STB_LOCAL"}
        for name in exported | wanted:
            assert symbols.provide(Wanted(name)) == (name in exported), (path, name)


@pytest.mark.tools
def test_a_static_program_needs_nothing(tmp_path: Path) -> None:
    elf = read_elf(str(make_program(tmp_path / "static", flags=["-static", "-nostdlib", "-Wl,-emain"])))
    assert (elf.interpreter, elf.needed, elf.required) == (None, (), ())


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "an empty file"),
        (b"\x7fEL", "not an ELF file"),
        (b"\x7fELF", "a damaged ELF header"),
        (b"\x7fELF\x07\x01" + bytes(60), "a damaged ELF header"),
        (b"\x7fELF\x02\x01" + bytes(10), "truncated"),
        (b"/* GNU ld script */\nINPUT(libfoo.so.1)\n", "not an ELF file"),
        (b"INPUT(" * 2000, "not an ELF file"),
    ],
)
def test_what_is_no_elf_file_is_refused_with_a_reason(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "libfoo.so"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=f"{path}: {reason}"):
        read_elf(str(path))


def test_fifos_devices_directories_loops_and_giants_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "libfifo.so")
    (tmp_path / "libdir.so").mkdir()
    (tmp_path / "libloop.so").symlink_to(tmp_path / "libloop.so")
    with open(tmp_path / "libgiant.so", "wb") as file:
        file.truncate(1 << 30)
    for path in (*tmp_path.iterdir(), Path("/dev/zero"), Path("/dev/null")):
        with pytest.raises(Unreadable):
            read_elf(str(path))


@pytest.mark.tools
def test_a_giant_with_a_true_header_is_read_in_part(versioned: Path, tmp_path: Path) -> None:
    path = tmp_path / "libgiant.so"
    path.write_bytes(versioned.read_bytes())
    with open(path, "r+b") as file:
        file.truncate(1 << 30)
    assert read_elf(str(path)).soname == "libtop.so.3"


@pytest.mark.tools
def test_whatever_is_cut_off_or_damaged_ends_in_a_reason(versioned: Path, tmp_path: Path) -> None:
    content = versioned.read_bytes()
    path = tmp_path / "libhurt.so"
    chance = random.Random(11)
    with open(versioned, "rb") as file:
        elf: Any = ELFFile(file)
        dynamic = elf.get_section_by_name(".dynamic")["sh_offset"]
    for trial in range(600):
        hurt = bytearray(content)
        if trial % 3 == 0:
            del hurt[chance.randrange(len(hurt)) :]
        for _ in range(chance.randrange(1, 8)):
            start = chance.choice((0, 64, 0x200, dynamic))
            at = start + chance.randrange(400)
            if at < len(hurt):
                hurt[at] = chance.choice((0, 1, 0x7F, 0xFF, chance.randrange(256)))
        path.write_bytes(hurt)
        for read in (read_elf, read_symbols):
            try:
                read(str(path))
            except Unreadable as error:
                assert error.reason  # noqa: PT017 - either it is read or it is refused; nothing else may come
