from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from envdoctor.facts.loader.glibc import Loader
from envdoctor.facts.loader.host import Host, read_host
from envdoctor.facts.loader.process import Failure, Process
from envdoctor.system.files import Unreadable
from tests.facts.loader.glibc_world import OTHER_CLASS, OTHER_MACHINE, RPATH, Lab
from tests.native import make_library, make_program

pytestmark = pytest.mark.tools


def test_rpath_beats_the_library_path_and_is_inherited(lab: Lab) -> None:
    lab.put("a")
    lab.put("b")
    program = lab.program(lab.top("b"), RPATH, "-Wl,-rpath,$ORIGIN/../b")
    assert lab.agree(program, f"{lab.root}/a")["liblow.so.1"] == f"{lab.root}/b/liblow.so.1"


def test_runpath_gives_way_to_the_library_path_and_is_not_inherited(lab: Lab) -> None:
    top = lab.top("b")
    program = lab.program(top, "-Wl,--enable-new-dtags", "-Wl,-rpath,$ORIGIN/../b")
    lab.put("b")
    assert lab.agree(program)["liblow.so.1"] is None
    shutil.copytree(lab.root / "b", lab.root / "a")
    assert lab.agree(program, f"{lab.root}/a")["libtop.so.1"] == f"{lab.root}/a/libtop.so.1"


def test_a_runpath_makes_its_object_ignore_the_rpath_of_others(lab: Lab) -> None:
    lab.put("b")
    program = lab.program(
        lab.top("b", "-Wl,--enable-new-dtags", "-Wl,-rpath,/nowhere"), RPATH, f"-Wl,-rpath,{lab.root}/b"
    )
    assert lab.agree(program)["liblow.so.1"] is None


@pytest.mark.parametrize("library_path", [":", ":x", "x:", "x::y", "x;;y", ";"])
def test_an_empty_element_is_the_working_directory(lab: Lab, library_path: str) -> None:
    lab.top("cwd")
    lab.put("cwd")
    found = lab.agree(lab.program(lab.root / "cwd" / "libtop.so.1"), library_path, lab.root / "cwd")
    assert found["liblow.so.1"] == f"{lab.root}/cwd/liblow.so.1"


@pytest.mark.parametrize("library_path", [None, "", "~", "'{a}'", '"{a}"', " {a}", "$HOME", "{a}x:/nope/"])
def test_what_the_loader_does_not_understand_finds_nothing(lab: Lab, library_path: str | None) -> None:
    program = lab.program(lab.top("a"))
    value = library_path and library_path.replace("{a}", f"{lab.root}/a")
    assert lab.agree(program, value)["libtop.so.1"] is None


@pytest.mark.parametrize("element", ["$ORIGIN/../a", "${ORIGIN}/../a/", "{root}/a//", "a", "./a", "{root}/link"])
def test_elements_are_expanded_and_links_kept(lab: Lab, element: str) -> None:
    program = lab.program(lab.top("a"))
    lab.put("a")
    (lab.root / "link").symlink_to("a")
    found = lab.agree(program, element.replace("{root}", str(lab.root)), lab.root)
    assert (found["libtop.so.1"] or "").startswith(str(lab.root))


def test_lib_and_platform_are_expanded(lab: Lab) -> None:
    host = read_host()
    program = lab.program(lab.top(f"x/{host.lib}"))
    lab.put(f"y/{host.platform}")
    found = lab.agree(program, f"{lab.root}/x/$LIB:{lab.root}/y/${{PLATFORM}}")
    assert None not in found.values()


def test_a_program_called_through_a_link_has_the_origin_of_the_file(lab: Lab) -> None:
    lab.put("b")
    program = lab.program(lab.top("b"), RPATH, "-Wl,-rpath,$ORIGIN/../b")
    link = lab.root / "elsewhere" / "deep" / "program"
    link.parent.mkdir(parents=True)
    link.symlink_to(program)
    assert None not in lab.agree(link).values()


def test_files_for_other_machines_are_passed_over(lab: Lab) -> None:
    program = lab.program(lab.top("a"))
    lab.put("a")
    lab.put("first", change=OTHER_CLASS)
    lab.put("second", change=OTHER_MACHINE)
    found = lab.agree(program, f"{lab.root}/first:{lab.root}/second:{lab.root}/a")
    assert found["liblow.so.1"] == f"{lab.root}/a/liblow.so.1"


def test_better_processors_come_first(lab: Lab) -> None:
    program = lab.program(lab.top("a"))
    lab.put("a")
    for subdirectory in read_host().subdirectories:
        lab.put(f"b/{subdirectory}")
    lab.put("b")
    lab.agree(program, f"{lab.root}/b:{lab.root}/a")


def test_the_first_of_a_soname_is_kept_for_the_whole_process(lab: Lab) -> None:
    lab.put("a")
    lab.put("b")
    first = make_library(lab.root / "a" / "libfirst.so", calls=["low"], needs=[lab.low], flags=["-Wl,-rpath,$ORIGIN"])
    second = make_library(lab.root / "b" / "libsecond.so", calls=["low"], needs=[lab.low], flags=["-Wl,-rpath,$ORIGIN"])
    flags = [RPATH, f"-Wl,-rpath,{lab.root}/a:{lab.root}/b"]
    program = make_program(lab.root / "program", needs=[first, second], flags=flags)
    assert lab.agree(program)["liblow.so.1"] == f"{lab.root}/a/liblow.so.1"


def test_libraries_that_need_each_other_end(lab: Lab) -> None:
    make_library(lab.root / "a" / "libone.so")
    two = make_library(lab.root / "a" / "libtwo.so", needs=[lab.root / "a" / "libone.so"])
    one = make_library(lab.root / "a" / "libone.so", needs=[two])
    assert None not in lab.agree(make_program(lab.root / "program", needs=[one]), f"{lab.root}/a").values()


@pytest.mark.parametrize("content", [b"", b"INPUT(liblow.so.2)\n"])
def test_a_damaged_file_that_is_found_first_is_the_end(lab: Lab, content: bytes) -> None:
    program = lab.program(lab.top("a"))
    lab.put("a")
    (lab.root / "bad").mkdir()
    (lab.root / "bad" / "liblow.so.1").write_bytes(content)
    process = Loader(read_host(), f"{lab.root}/bad:{lab.root}/a").start(str(program))
    [failure] = process.failures
    assert (failure.name, failure.file) == ("liblow.so.1", f"{lab.root}/bad/liblow.so.1")


def test_fifos_and_loops_are_no_trap(lab: Lab) -> None:
    program = lab.program(lab.top("a"))
    lab.put("a")
    (lab.root / "loop").mkdir()
    (lab.root / "loop" / "liblow.so.1").symlink_to("liblow.so.1")
    assert lab.agree(program, f"{lab.root}/loop:{lab.root}/a")["liblow.so.1"] is None
    (lab.root / "fifo").mkdir()
    os.mkfifo(lab.root / "fifo" / "liblow.so.1")
    [failure] = Loader(read_host(), f"{lab.root}/fifo:{lab.root}/a").start(str(program)).failures
    assert failure.reason == "not a regular file"


def test_an_extension_module_opened_in_a_program_inherits_its_rpath(lab: Lab) -> None:
    lab.put("b")
    program = make_program(lab.root / "bin" / "program", flags=[RPATH, "-Wl,-rpath,$ORIGIN/../b"])
    loader = Loader(read_host(), f"{lab.root}/a")
    lab.put("a")
    process = loader.start(str(program))
    opened = loader.open(process, str(lab.top("ext")))
    assert opened is not None
    low = opened.takes["liblow.so.1"]
    assert low is not None
    assert (low.path, low.how) == (f"{lab.root}/bin/../b/liblow.so.1", f"the RPATH of {program}")


def test_who_asks_while_another_still_looks_gets_the_same_answer(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    program = str(lab.program(lab.top("b"), "-Wl,--enable-new-dtags", "-Wl,-rpath,$ORIGIN/../b"))
    loader = Loader(read_host())
    seen, look = loader.files.look, Loader(read_host()).files.look
    others: list[Process] = []

    def looking(path: str) -> object:
        if path == f"{lab.root}/bin/../b/libtop.so.1" and not others:
            monkeypatch.setattr(loader.files, "look", seen)
            others.append(loader.start(program))  # as another thread may, at this very moment
        return look(path)

    monkeypatch.setattr(loader.files, "look", looking)
    own = loader.start(program)
    assert own.program.takes["libtop.so.1"] is not None
    [other] = others
    assert other.program.takes["libtop.so.1"] is not None


def test_preloaded_objects_come_before_what_is_needed(lab: Lab) -> None:
    low = lab.put("a")
    program = lab.program(lab.top("b"), f"-Wl,-rpath,{lab.root}/b")
    process = Loader(read_host(), preload=[str(low), "/nope.so"]).start(str(program))
    assert process.names["liblow.so.1"].path == str(low)
    assert process.failures == [Failure("/nope.so", "LD_PRELOAD")]


def test_a_program_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        Loader(Host(())).start(str(tmp_path))
