"""What the session's Python gets: libpython, the C++ library, its modules, FFmpeg, CUDA, preloads, OpenMP."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from envdoctor import Unavailable
from envdoctor.engine.fact import TimedOut
from envdoctor.facts.libraries.cuda_wheels import file_version, probe_cuda_wheels, wheel_version
from envdoctor.facts.libraries.extension_modules import (
    Unloadable,
    is_extension,
    is_importable,
    probe_extension_modules,
)
from envdoctor.facts.libraries.ffmpeg import (
    FfmpegUse,
    is_library,
    major_of,
    probe_ffmpeg,
)
from envdoctor.facts.libraries.libpython import probe_libpython_choice
from envdoctor.facts.libraries.libstdcxx import probe_libstdcxx_choice
from envdoctor.facts.libraries.openmp import probe_openmp_duplicates
from envdoctor.facts.libraries.standard_modules import (
    COOKIE,
    BrokenModule,
    probe_library_imports,
    read_answer,
)
from envdoctor.facts.loader.library_path import probe_library_path
from envdoctor.facts.loader.preload import PreloadItem, probe_preload
from envdoctor.facts.python.active import ActivePython
from envdoctor.system.child_processes import Completed, Ending
from envdoctor.system.session import Session
from tests.checks.pythons import active
from tests.native import make_extension, make_library, make_program
from tests.support import make_session

pytestmark = pytest.mark.tools

OLD_TAGS = ["-Wl,--disable-new-dtags"]


class Lab:
    """A program that stands for a Python, in a prefix of its own, with site-packages."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.prefix = root / "env"
        self.packages = self.prefix / "lib" / "python3.11" / "site-packages"
        self.packages.mkdir(parents=True)
        self.executable = self.prefix / "bin" / "python"

    def python(self, *, needs: tuple[Path, ...] = (), flags: tuple[str, ...] = (), **more: Any) -> ActivePython:
        """The session's Python: a real program that needs these libraries."""
        if not self.executable.exists():
            make_program(self.executable, needs=needs, flags=flags)
        return active(str(self.prefix), executable=str(self.executable), **more)

    def session(self, library_path: str | Path | None = None, *, deep: bool = False, **env: str) -> Session:
        variables = {"LD_LIBRARY_PATH": str(library_path)} if library_path else {}
        return make_session({**variables, **env}, cwd=self.root, deep=deep)


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


# libpython


def test_the_libpython_of_the_library_path_is_told_from_the_own(lab: Lab) -> None:
    own = make_library(lab.prefix / "lib" / "libpython3.11.so.1.0")
    python = lab.python(needs=(own,), flags=("-Wl,--enable-new-dtags", "-Wl,-rpath,$ORIGIN/../lib"))
    other = make_library(lab.root / "other" / "libpython3.11.so.1.0", ["different"])
    choice = probe_libpython_choice(lab.session(other.parent), python)
    assert (choice.taken, choice.own, choice.how, choice.same) == (
        str(other),
        f"{lab.prefix}/bin/../lib/libpython3.11.so.1.0",
        "LD_LIBRARY_PATH",
        False,
    )
    shutil.copy(own, other)
    assert probe_libpython_choice(lab.session(other.parent), python).same
    with pytest.raises(Unavailable, match="neither"):
        probe_libpython_choice(lab.session(), python)


def test_a_python_that_holds_its_library_in_itself_has_none_to_lose(lab: Lab) -> None:
    with pytest.raises(Unavailable, match="in itself"):
        probe_libpython_choice(lab.session("/opt/lib"), lab.python())


# the modules of the standard library that need other libraries


def test_imports_are_asked_for_with_the_sessions_own_environment() -> None:
    python = active(sys.prefix, executable=sys.executable, version=sys.version_info[:3])
    session = make_session({"LD_LIBRARY_PATH": "/nope", "PATH": "/usr/bin"}, python=python.interpreter.path)
    imports = probe_library_imports(session, python)
    assert (imports.broken, imports.variables) == ((), ("LD_LIBRARY_PATH",))
    with pytest.raises(Unavailable, match="neither"):
        probe_library_imports(make_session(), python)


def answer(stdout: str, stderr: str = "", ending: Ending = Ending.EXITED) -> tuple[BrokenModule, ...]:
    return read_answer(Completed(("python",), ending, 127, stdout, stderr))


def test_the_answer_survives_chatter_and_a_python_that_does_not_start() -> None:
    assert answer(f"hello\n{COOKIE}ssl no such: file\nnoise {COOKIE}\n") == (BrokenModule("ssl", "no such: file"),)
    assert answer(f"{COOKIE}\n") == ()
    assert answer("", "python: symbol lookup error: x\n") == (BrokenModule("python", "python: symbol lookup error: x"),)
    assert answer("") == (BrokenModule("python", "ended with status 127"),)
    with pytest.raises(TimedOut):
        answer("", ending=Ending.TIMED_OUT)


# the C++ library


def libstdcxx(directory: Path, *labels: str) -> Path:
    versions = {label: [f"f_{number}"] for number, label in enumerate(labels)}
    functions = [name for names in versions.values() for name in names]
    return make_library(directory / "libstdc++.so.6", functions, versions=versions)


def test_the_cxx_library_that_modules_get_is_compared_with_the_newest(lab: Lab) -> None:
    old = libstdcxx(lab.root / "gcc", "GLIBCXX_3.4.9", "CXXABI_1.3.9", "GLIBCXX_3.4.8")
    new = libstdcxx(lab.prefix / "lib", "GLIBCXX_3.4.99", "CXXABI_1.3.99")
    choice = probe_libstdcxx_choice(lab.session(old.parent), lab.python())
    assert choice.taken is not None
    assert choice.newest is not None
    assert (choice.taken.path, choice.taken.glibcxx, choice.taken.cxxabi) == (str(old), "GLIBCXX_3.4.9", "CXXABI_1.3.9")
    assert choice.newest.path == str(new)
    assert choice.is_older


def test_an_environments_own_cxx_library_is_found_by_the_rpath_of_its_python(lab: Lab) -> None:
    new = libstdcxx(lab.prefix / "lib", "GLIBCXX_3.4.99")
    choice = probe_libstdcxx_choice(lab.session(), lab.python(flags=(*OLD_TAGS, "-Wl,-rpath,$ORIGIN/../lib")))
    assert choice.taken is not None
    assert Path(choice.taken.path).resolve() == new
    assert choice.how == f"the RPATH of {lab.executable}"
    assert not choice.is_older


def test_where_nothing_stands_before_the_systems_nothing_is_read(lab: Lab) -> None:
    with pytest.raises(Unavailable, match="system's"):
        probe_libstdcxx_choice(lab.session(), lab.python())


# extension modules


def test_every_module_is_looked_into_and_told_apart(lab: Lab) -> None:
    far = make_library(lab.root / "far" / "libfar.so.2", ["go", "went"], versions={"FAR_1": ["go"], "FAR_2": ["went"]})
    make_extension(lab.packages / "a.abi3.so", calls=["go"], needs=[far])
    make_extension(lab.packages / "deep" / "b.so", calls=["went"], needs=[far])
    make_library(lab.packages / "plugin.so", needs=[far])
    (lab.packages / "text.so").write_text("INPUT(libfar.so)")
    (lab.packages / "loop.so").symlink_to("loop.so")
    told: list[tuple[str, int, int]] = []
    session = lab.session(deep=True)
    session.progress = lambda *progress: told.append(progress)
    found = probe_extension_modules(session, lab.python(), None)
    paths = (str(lab.packages / "a.abi3.so"), str(lab.packages / "deep" / "b.so"))
    assert found.unloadable == (Unloadable("libfar.so.2", None, "is not found", paths, 2),)
    assert found.count == 5
    assert {Path(skipped.path).name: skipped.reason for skipped in found.skipped} == {
        "text.so": "not an ELF file",
        "loop.so": "too many levels of symbolic links",
    }
    assert told[0] == ("extension modules", 0, 5)
    assert told[-1] == ("extension modules", 5, 5)


def test_a_version_that_the_provider_lacks_is_named(lab: Lab) -> None:
    far = make_library(lab.root / "far" / "libfar.so.2", ["go", "went"], versions={"FAR_1": ["go"], "FAR_2": ["went"]})
    make_extension(lab.packages / "b.so", calls=["went"], needs=[far])
    make_library(far, ["go"], versions={"FAR_1": ["go"]})
    found = probe_extension_modules(lab.session(far.parent, deep=True), lab.python(), None)
    assert [(reason.file, reason.detail) for reason in found.unloadable] == [(str(far), "lacks the version FAR_2")]


def test_without_deep_nothing_is_looked_into(lab: Lab) -> None:
    with pytest.raises(Unavailable, match="--deep"):
        probe_extension_modules(lab.session(), lab.python(), None)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.cpython-311-x86_64-linux-gnu.so", True),
        ("a.abi3.so", True),
        ("a.so", True),
        ("a.cpython-310-x86_64-linux-gnu.so", False),
        ("liba.so", False),
        ("liba.so.1", False),
        ("a.so.py", False),
    ],
)
def test_the_name_says_who_imports_a_module(name: str, expected: bool) -> None:
    assert is_extension(name, ".cpython-311-x86_64-linux-gnu.so") is expected


def test_a_module_has_a_function_that_initialises_it(tmp_path: Path) -> None:
    assert is_importable(str(make_extension(tmp_path / "one.abi3.so")))
    assert is_importable(str(make_library(tmp_path / "two.so", ["inittwo"])))
    assert not is_importable(str(make_library(tmp_path / "three.so", ["PyInit_two"])))
    assert not is_importable("/nope")


# FFmpeg


def libav(directory: Path, major: int, **more: Any) -> list[Path]:
    """The libraries of one release."""
    numbers = {"avutil": major + 52, "avcodec": major + 54}
    return [make_library(directory / f"lib{name}.so.{number}", [name], **more) for name, number in numbers.items()]


def core(lab: Lab, major: int) -> None:
    needs = libav(lab.root / "made", major)
    make_library(lab.packages / "torchcodec" / f"libtorchcodec_core{major}.so", [f"core_{major}"], needs=needs)


def test_a_release_is_known_by_its_sonames() -> None:
    names = (
        "libavutil.so.56",
        "libavcodec.so.59",
        "libavformat.so.60",
        "libavutil.so.59",
        "libavcodec.so.62",
        "libavutil.so.61",
    )
    assert [major_of(name) for name in names] == [4, 5, 6, 7, 8, 9]
    assert major_of("libavutil.so") is None
    assert major_of("libswscale.so.8") is None
    assert is_library("libswscale.so.8")
    assert not is_library("libavahi.so.3")


def test_a_release_loads_if_all_that_it_needs_does(lab: Lab) -> None:
    core(lab, 4)
    core(lab, 7)
    python = lab.python()
    assert probe_ffmpeg(lab.session(), python, None).uses == (FfmpegUse("torchcodec", (4, 7), (), "libavutil.so.59"),)
    codec = make_library(lab.root / "av" / "libx264.so.164")
    libav(lab.root / "av", 7, needs=[codec])
    assert probe_ffmpeg(lab.session(f"{lab.root}/av"), python, None).uses == (FfmpegUse("torchcodec", (4, 7), (7,)),)
    codec.unlink()
    make_library(lab.packages / "torchcodec" / "libtorchcodec_image.so")
    [use] = probe_ffmpeg(lab.session(f"{lab.root}/av"), python, None).uses
    assert (use.loadable, use.missing, use.optional) == ((), "libx264.so.164", True)


def test_condas_ffmpeg_is_found_with_what_must_be_linked(lab: Lab) -> None:
    core(lab, 7)
    conda = lab.root / "conda"
    (conda / "conda-meta").mkdir(parents=True)
    codec = make_library(conda / "lib" / "libx264.so.164")
    zlib = conda / "lib" / "libz.so.1"
    make_library(zlib, ["z"])  # the system has one, which will do
    libav(conda / "lib", 7, needs=[codec, zlib])
    libav(conda / "lib", 8)
    session = lab.session(CONDA_PREFIX=str(conda), HOME="/home/me")
    [place] = [place for place in probe_ffmpeg(session, lab.python(), None).places if place.conda]
    assert (place.directory, place.majors, place.reached) == (f"{conda}/lib", (7, 8), False)
    assert [Path(link).name for link in place.links] == ["libavcodec.so.61", "libavutil.so.59", "libx264.so.164"]
    assert place.private == "/home/me/.local/lib/ffmpeg-7"


def test_files_that_say_nothing_count_by_their_names(lab: Lab) -> None:
    (lab.packages / "torchcodec").mkdir()
    (lab.packages / "torchcodec" / "libtorchcodec_core6.so").write_bytes(b"")
    assert probe_ffmpeg(lab.session(), lab.python(), None).uses[0].majors == (6,)


def test_pyav_with_libraries_of_its_own_needs_none(lab: Lab) -> None:
    make_library(lab.packages / "av" / "_core.so", needs=libav(lab.root / "made", 7))
    assert probe_ffmpeg(lab.session(), lab.python(), None).uses[0].package == "av"
    (lab.packages / "av.libs").mkdir()
    with pytest.raises(Unavailable, match="no installed package"):
        probe_ffmpeg(lab.session(), lab.python(), None)


# CUDA


def wheels(lab: Lab) -> Path:
    (lab.packages / "nvidia_cudnn_cu12-9.1.0.70.dist-info").mkdir()
    return make_library(lab.packages / "nvidia" / "cudnn" / "lib" / "libcudnn.so.9")


def test_the_same_soname_on_the_library_path_is_a_collision_with_both_versions(lab: Lab) -> None:
    wheel = wheels(lab)
    real = make_library(lab.root / "cuda" / "libcudnn.so.9.8.0", soname="libcudnn.so.9")
    other = real.with_name("libcudnn.so.9")
    other.symlink_to(real.name)
    session = lab.session(f"{wheel.parent}x:{other.parent}")
    [collision] = probe_cuda_wheels(session, lab.python(), probe_library_path(session)).collisions
    assert (collision.wheel, collision.wheel_version) == (str(wheel), "9.1.0.70")
    assert (collision.other, collision.other_version) == (str(other), "9.8.0")


def test_the_wheels_own_directory_first_is_no_collision(lab: Lab) -> None:
    wheel = wheels(lab)
    other = make_library(lab.root / "cuda" / "libcudnn.so.9")
    session = lab.session(f"{wheel.parent}:{other.parent}")
    assert probe_cuda_wheels(session, lab.python(), probe_library_path(session)).collisions == ()


def test_libraries_that_are_opened_late_are_not_saved_by_torchs_rpath(lab: Lab) -> None:
    wheel = wheels(lab)
    late = make_library(wheel.with_name("libcudnn_ops.so.9"))
    flags = [*OLD_TAGS, "-Wl,-rpath,$ORIGIN/../../nvidia/cudnn/lib"]
    make_library(lab.packages / "torch" / "lib" / "libtorch_cuda.so", needs=[wheel, late], flags=flags)
    for name in (wheel.name, late.name):
        make_library(lab.root / "cuda" / name)
    session = lab.session(lab.root / "cuda")
    found = probe_cuda_wheels(session, lab.python(), probe_library_path(session)).collisions
    assert [collision.soname for collision in found] == [late.name]


def test_stubs_are_told_from_the_driver(lab: Lab) -> None:
    wheels(lab)
    stubs = make_library(lab.root / "cuda" / "stubs" / "libcuda.so.1").parent
    driver = make_library(lab.root / "wsl" / "libcuda.so.1").parent
    session = lab.session(f"{stubs}:{driver}")
    assert probe_cuda_wheels(session, lab.python(), probe_library_path(session)).stubs == (str(stubs),)


def test_without_wheels_there_is_nothing_to_shadow(lab: Lab) -> None:
    session = lab.session("/opt/cuda")
    with pytest.raises(Unavailable, match="no CUDA wheels"):
        probe_cuda_wheels(session, lab.python(), probe_library_path(session))


def test_versions_are_read_off_names(tmp_path: Path) -> None:
    library = tmp_path / "nvidia" / "cublas" / "lib" / "libcublas.so.12"
    library.parent.mkdir(parents=True)
    assert wheel_version(str(library)) is None
    (tmp_path / "nvidia_cublas_cu12-12.4.5.8.dist-info").mkdir()
    (tmp_path / "nvidia_cublas_other-1.0.dist-info").mkdir()
    assert wheel_version(str(library)) == "12.4.5.8"
    assert file_version("/usr/lib/libcublas.so.12.4.5.8") == "12.4.5.8"
    assert file_version("/usr/lib/libcublas.so.12") is None
    assert file_version("/usr/local/cuda-12.1/lib64/libnvJitLink.so.12") == "12.1"
    assert file_version("/usr/local/cuda-12.1/lib64/libcudnn.so.9") is None


# preloads and OpenMP


def test_each_preloaded_object_is_what_the_loader_makes_of_it(lab: Lab) -> None:
    good = make_library(lab.root / "libgood.so.1")
    other = lab.root / "libother.so"
    content = bytearray(good.read_bytes())
    content[18] = 0xF3
    other.write_bytes(content)
    (lab.root / "text.so").write_text("no library")
    texts = [str(good), "/nope.so", "libnowhere.so", str(other), str(lab.root / "text.so"), str(lab.root)]
    items = {item.text: item for item in probe_preload(lab.session(LD_PRELOAD=" ".join(texts))).items}
    assert items[str(good)] == PreloadItem(str(good), "LD_PRELOAD", str(good), None, "libgood.so.1")
    assert [items[text].problem for text in texts[1:]] == [
        "does not exist",
        "does not exist",
        "for another machine (riscv, 64 bit)",
        "not an ELF file",
        "not a regular file",
    ]


def test_the_systems_own_file_is_recognised(lab: Lab) -> None:
    [item] = [item for item in probe_preload(lab.session(LD_PRELOAD="libc.so.6")).items if item.origin == "LD_PRELOAD"]
    assert (item.problem, item.soname, item.is_own) == (None, "libc.so.6", True)


def test_openmps_runtimes_are_listed_when_the_guard_is_off(lab: Lab) -> None:
    for path in (lab.prefix / "lib" / "libiomp5.so", lab.packages / "torch" / "lib" / "libiomp5.so"):
        make_library(path)
    make_library(lab.packages / "sklearn.libs" / "libgomp-a34b3233.so.1.0.0")
    found = probe_openmp_duplicates(lab.session(KMP_DUPLICATE_LIB_OK="True"), lab.python())
    assert found.tolerated
    assert len(found.runtimes) == 2
    assert not probe_openmp_duplicates(lab.session(KMP_DUPLICATE_LIB_OK="FALSE"), None).tolerated
    with pytest.raises(Unavailable):
        probe_openmp_duplicates(lab.session(), None)
