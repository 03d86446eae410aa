from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from envdoctor.facts.loader.glibc import (
    Failure,
    Files,
    Loader,
    Process,
    is_secure,
)
from envdoctor.facts.loader.host import Host, read_host
from envdoctor.facts.loader.musl import MuslLoader, is_musl
from envdoctor.system.files import Unreadable
from tests.native import loaded, make_library, make_program

pytestmark = pytest.mark.tools

RPATH = "-Wl,--disable-new-dtags"
OTHER_CLASS, OTHER_MACHINE = (4, 1), (18, 183)


class Lab:
    """A program that needs libtop, which needs libc1 … and directories a, b, c with copies of the libraries."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.low = make_library(root / "made" / "liblow.so.1", ["low"])

    def top(self, name: str, *flags: str) -> Path:
        """A `libtop.so.1` that needs `liblow.so.1`, linked with these flags."""
        return make_library(self.root / name / "libtop.so.1", ["top"], calls=["low"], needs=[self.low], flags=flags)

    def program(self, top: Path, *flags: str) -> Path:
        """A program that needs `libtop.so.1`."""
        return make_program(self.root / "bin" / "program", calls=["top"], needs=[top], flags=flags)

    def put(self, directory: str, *, change: tuple[int, int] | None = None) -> Path:
        """A copy of `liblow.so.1` in this directory, one byte changed if asked."""
        target = self.root / directory / "liblow.so.1"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(self.low, target)
        if change:
            content = bytearray(target.read_bytes())
            content[change[0]] = change[1]
            target.write_bytes(content)
        return target

    def agree(self, program: Path, library_path: str | None = None, cwd: Path | str = "/") -> dict[str, str | None]:
        """What the loader takes: predicted, and asserted to be what the real one takes."""
        process = Loader(read_host(), library_path, str(cwd)).start(str(program))
        expected = loaded(program, library_path, cwd)
        assert predicted(process, expected) == normal(expected)
        return normal(expected)


def predicted(process: Process, asked: dict[str, str | None]) -> dict[str, str | None]:
    failed = {failure.name for failure in process.failures}
    paths = {name: process.names[name].path for name in asked if name in process.names and name not in failed}
    assert set(asked) == set(paths) | failed
    return normal({name: paths.get(name) for name in asked})


def normal(found: dict[str, str | None]) -> dict[str, str | None]:
    return {name: path and os.path.normpath(path) for name, path in found.items()}


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


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


def test_preloaded_objects_come_before_what_is_needed(lab: Lab) -> None:
    low = lab.put("a")
    program = lab.program(lab.top("b"), f"-Wl,-rpath,{lab.root}/b")
    process = Loader(read_host(), preload=[str(low), "/nope.so"]).start(str(program))
    assert process.names["liblow.so.1"].path == str(low)
    assert process.failures == [Failure("/nope.so", "LD_PRELOAD")]


def test_raised_privileges_hide_the_library_path(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    program = lab.program(lab.top("a"))
    lab.put("a")
    assert Loader(read_host(), f"{lab.root}/a").start(str(program)).failures == []
    program.chmod(0o4755)
    uid = os.getuid()
    assert not is_secure(str(program))
    monkeypatch.setattr(os, "getuid", lambda: uid + 1)
    assert is_secure(str(program))
    assert Loader(read_host(), f"{lab.root}/a").start(str(program)).failures != []
    program.chmod(0o2755)
    assert not is_secure(str(program))
    gid = os.getgid()
    monkeypatch.setattr(os, "getgid", lambda: gid + 1)
    assert is_secure(str(program))


def test_a_program_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        Loader(Host(())).start(str(tmp_path))


def test_files_are_looked_at_once(lab: Lab) -> None:
    files = Files()
    low = lab.put("a")
    assert files.look(str(low)) is files.look(str(low))
    assert files.look("/nope") is None


# musl, whose loader is not on this machine


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
