from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import pytest
from elftools.elf.elffile import ELFFile

from envdoctor.facts.loader.elf import Requirement, read_elf
from envdoctor.facts.loader.symbols import read_symbols
from envdoctor.system.files import Unreadable
from tests.facts.loader.elf_world import as_pyelftools_sees, real_objects
from tests.native import make_program


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
