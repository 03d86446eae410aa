"""Symbols that nothing defines, held against what the real loader says of the same objects."""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path

import pytest

from envdoctor.facts.libraries.undefined_symbols import undefined
from envdoctor.facts.loader.conflicts import SymbolTables
from envdoctor.facts.loader.glibc import Loader
from envdoctor.facts.loader.host import read_host
from tests.native import make_extension, make_library

pytestmark = pytest.mark.tools

FREE = ["-Wl,--unresolved-symbols=ignore-all"]


def judged(module: Path, *others: Path) -> str | None:
    loader = Loader(read_host())
    process = loader.start(sys.executable)
    before = len(process.objects)
    loader.open(process, str(module))
    found = undefined(process, process.objects[before:], SymbolTables(), lambda: map(str, others))
    return found[0] if found else None


def really(module: Path) -> str | None:
    try:
        ctypes.CDLL(str(module))
    except OSError as error:
        return str(error).rpartition("undefined symbol: ")[2]
    return None


def test_a_symbol_that_nobody_defines(tmp_path: Path) -> None:
    module = make_extension(tmp_path / "a.so", calls=["nowhere_call"], flags=FREE)
    assert judged(module) == really(module) == "nowhere_call"


def test_one_of_a_library_that_it_needs_and_one_that_this_lacks(tmp_path: Path) -> None:
    library = make_library(tmp_path / "libown.so.1", ["have", "had"], versions={"OWN_1": ["have", "had"]})
    flags = ["-Wl,-rpath,$ORIGIN"]
    fine = make_extension(tmp_path / "fine.so", calls=["have"], needs=[library], flags=flags)
    sick = make_extension(tmp_path / "sick.so", calls=["had"], needs=[library], flags=flags)
    make_library(library, ["have"], versions={"OWN_1": ["have"]})
    assert judged(fine) is really(fine) is None
    assert judged(sick) == "had, version OWN_1"
    assert really(sick) is not None


def test_weak_ones_and_those_of_the_c_library_and_python(tmp_path: Path) -> None:
    header = tmp_path / "weak.h"
    header.write_text("int maybe(void) __attribute__((weak));\n")
    module = make_extension(
        tmp_path / "b.so", calls=["maybe", "PyLong_FromLong", "puts"], flags=[*FREE, "-include", str(header)]
    )
    assert judged(module) is None
    assert really(module) in (None, "PyLong_FromLong")  # a Python that exports nothing cannot be asked


def test_another_library_that_may_be_loaded_first_leaves_it_open(tmp_path: Path) -> None:
    other = make_library(tmp_path / "libtorch.so", ["torch_call"])
    module = make_extension(tmp_path / "c.so", calls=["torch_call"], flags=FREE)
    assert judged(module) == "torch_call"
    assert judged(module, other) is None
    (tmp_path / "text.so").write_text("no library")
    assert judged(module, tmp_path / "text.so") is None
