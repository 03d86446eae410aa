from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.loader.host import Host
from envdoctor.facts.loader.musl import MuslLoader, is_musl
from envdoctor.facts.loader.process import Process
from tests.facts.loader.glibc_world import OTHER_MACHINE, RPATH, Lab
from tests.native import make_library

pytestmark = pytest.mark.tools


def musl(lab: Lab, library_path: str | None, *flags: str, default: str = "nowhere") -> tuple[Process, Path]:
    interpreter = lab.root / "ld-musl-x86_64.so.1"
    make_library(interpreter)
    program = lab.program(lab.top("top"), f"-Wl,--dynamic-linker={interpreter}", *flags)
    assert is_musl(str(interpreter))
    host = Host((), musl_directories=(str(lab.root / default),))
    return MuslLoader(host, library_path, str(lab.root)).start(str(program)), interpreter


def test_musl_lets_the_library_path_beat_rpath(lab: Lab) -> None:
    lab.put("a")
    lab.put("top")
    process, _ = musl(lab, f"{lab.root}/a", RPATH, "-Wl,-rpath,$ORIGIN/../top")
    assert process.names["liblow.so.1"].path == f"{lab.root}/a/liblow.so.1"


def test_musl_inherits_runpath(lab: Lab) -> None:
    lab.put("top")
    process, _ = musl(lab, None, "-Wl,--enable-new-dtags", "-Wl,-rpath,${ORIGIN}/../top")
    assert process.names["liblow.so.1"].path == f"{lab.root}/bin/../top/liblow.so.1"


def test_musl_skips_empty_elements_and_splits_at_line_ends(lab: Lab) -> None:
    lab.put("a")
    lab.put(".")
    process, _ = musl(lab, f":{lab.root}/top\n{lab.root}/a", default="none")
    assert process.names["liblow.so.1"].path == f"{lab.root}/a/liblow.so.1"


def test_musl_stops_at_a_file_for_another_machine(lab: Lab) -> None:
    lab.put("a", change=OTHER_MACHINE)
    lab.put("top")
    process, _ = musl(lab, f"{lab.root}/a", "-Wl,-rpath,$ORIGIN/../top")
    assert [(failure.file, failure.reason) for failure in process.failures if failure.name == "liblow.so.1"] == [
        (f"{lab.root}/a/liblow.so.1", "for another machine")
    ]


def test_musl_is_its_own_c_library_and_has_default_directories(lab: Lab) -> None:
    lab.put("top")
    process, interpreter = musl(lab, None, default="top")
    assert process.names["libc.so.6"].path == str(interpreter)
    assert process.names["liblow.so.1"].how == "the default directories"
