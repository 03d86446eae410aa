from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from elftools.elf.elffile import ELFFile

from envdoctor.facts.loader.symbols import Wanted, read_symbols
from tests.facts.loader.elf_world import as_pyelftools_sees, real_objects
from tests.native import make_library


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
