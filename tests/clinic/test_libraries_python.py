"""What library paths do to a Python and its extension modules: real objects, real interpreters, mended as printed."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from envdoctor.facts.loader.host import read_host
from tests.clinic.conda import make_prefix
from tests.clinic.patient import Patient
from tests.ffmpeg import CODEC, absent_releases, sonames
from tests.native import make_extension, make_library
from tests.support import needs_python, needs_tool
from tests.wheels import write_binary_wheel

pytestmark = pytest.mark.clinic

VARIABLE = "LD_LIBRARY_PATH"


def activate(patient: Patient, python: str = sys.executable) -> Path:
    """A project's environment on this Python, active; its site-packages."""
    patient.prepares(needs_tool("uv"), "venv", "-q", "--no-config", "-p", python, ".venv")
    patient.does("source .venv/bin/activate")
    [found] = (patient.project / ".venv" / "lib").glob("python3*/site-packages")
    return found


# LIB003: the C++ library


def libstdcxx(directory: Path, *labels: str) -> Path:
    """A stand-in for the C++ library that has these labels."""
    versions = {label: [f"f_{number}"] for number, label in enumerate(labels)}
    functions = [name for names in versions.values() for name in names]
    return make_library(directory / "libstdc++.so.6", functions, versions=versions)


@pytest.mark.sick("LIB003")
def test_a_library_path_with_an_old_cxx_library_breaks_an_extension(patient: Patient) -> None:
    packages = activate(patient)
    new = libstdcxx(patient.scratch / "new", "GLIBCXX_3.4.9", "GLIBCXX_3.4.30")
    make_extension(packages / "fast.abi3.so", calls=["f_1"], needs=[new])
    old = libstdcxx(patient.home / "gcc" / "lib64", "GLIBCXX_3.4.9")
    patient.does(f"export {VARIABLE}={old.parent}")
    assert "GLIBCXX_3.4.30' not found" in patient.shell.run("python -c 'import fast'").stderr
    before = patient.examine("--select LIB003")
    assert before.finding("LIB003")["severity"] == "error"
    patient.cure("LIB003", before=before, arguments=["--select LIB003"])


@pytest.mark.healthy("LIB003")
def test_a_newer_cxx_library_is_welcome(patient: Patient) -> None:
    packages = activate(patient)
    new = libstdcxx(patient.home / "gcc" / "lib64", "GLIBCXX_3.4.9", "GLIBCXX_3.4.30", "GLIBCXX_3.4.99")
    make_extension(packages / "fast.abi3.so", calls=["f_2"], needs=[new])
    patient.does(f"export {VARIABLE}={new.parent}")
    assert "LIB003" not in patient.examine("--select LIB003").codes


# LIB004: CUDA wheels


def cuda_wheel(packages: Path, version: str) -> Path:
    """What the cuDNN wheel leaves, with another wheel's library that finds it by RUNPATH."""
    (packages / f"nvidia_cudnn_cu12-{version}.dist-info").mkdir()
    library = make_library(packages / "nvidia" / "cudnn" / "lib" / "libcudnn.so.9")
    make_library(packages / "torch" / "lib" / "libtorch_cuda.so", needs=[library], flags=torch_flags())
    return library


def torch_flags() -> list[str]:
    return ["-Wl,--enable-new-dtags", "-Wl,-rpath,$ORIGIN/../../nvidia/cudnn/lib"]


@pytest.mark.sick("LIB004")
@pytest.mark.parametrize("patient", ["zsh"], indirect=True)
def test_a_toolkit_before_the_wheels_is_taken_off(patient: Patient) -> None:
    cuda_wheel(activate(patient), "9.1.0.70")
    toolkit = patient.home / "cuda-12.1" / "lib64"
    make_library(toolkit / "libcudnn.so.9.8.0", soname="libcudnn.so.9")
    (toolkit / "libcudnn.so.9").symlink_to("libcudnn.so.9.8.0")
    patient.does(f"export {VARIABLE}={toolkit}:/usr/local/lib")
    before = patient.examine("--select LIB")
    assert before.finding("LIB004")["severity"] == "error"
    patient.cure("LIB004", before=before, arguments=["--select LIB"])


@pytest.mark.sick("LIB004")
def test_stand_ins_for_the_driver_are_taken_off_and_the_driver_is_found(patient: Patient) -> None:
    stubs = make_library(patient.home / "cuda-12.1" / "lib64" / "stubs" / "libcuda.so.1").parent
    driver = make_library(patient.home / "wsl" / "lib" / "libcuda.so.1", ["cuInit"])
    works = "python3 -c 'import ctypes; ctypes.CDLL(\"libcuda.so.1\").cuInit'"
    patient.does(f"export {VARIABLE}={stubs}:{driver.parent}")
    assert "undefined symbol: cuInit" in patient.shell.run(works).stderr
    before = patient.examine("--select LIB")
    assert before.finding("LIB004")["severity"] == "error"
    patient.cure("LIB004", before=before, arguments=["--select LIB"])
    patient.does(works)


@pytest.mark.healthy("LIB004")
def test_stand_ins_behind_the_driver_or_for_the_compiler_do_no_harm(patient: Patient) -> None:
    stubs = make_library(patient.home / "cuda-12.1" / "lib64" / "stubs" / "libcuda.so.1").parent
    driver = make_library(patient.home / "wsl" / "lib" / "libcuda.so.1", ["cuInit"])
    patient.does(f"export {VARIABLE}={driver.parent}:{stubs} LIBRARY_PATH={stubs}")
    assert patient.examine("--select LIB").problems() == []


@pytest.mark.healthy("LIB004")
def test_torch_with_an_rpath_and_the_drivers_directory_are_safe(patient: Patient) -> None:
    packages = activate(patient)
    library = cuda_wheel(packages, "9.1.0.70")
    flags = ["-Wl,--disable-new-dtags", *torch_flags()[1:]]
    make_library(packages / "torch" / "lib" / "libtorch_cuda.so", needs=[library], flags=flags)
    toolkit = make_library(patient.home / "cuda-12.1" / "lib64" / "libcudnn.so.9").parent
    driver = make_library(patient.home / "wsl" / "libcuda.so.1").parent
    patient.does(f"export {VARIABLE}={toolkit}:{driver}:{library.parent}")
    assert patient.examine("--select LIB").problems() == []


# LIB005: packages that need FFmpeg


OLDER, NEWER = absent_releases()


class Ffmpeg:
    """torchcodec in the project's environment, and a release of FFmpeg in conda beside libraries that break bash."""

    def __init__(self, patient: Patient) -> None:
        self.patient = patient
        self.packages = activate(patient)
        self.conda = make_prefix(patient.home / "miniconda3", python=False)
        lib = self.conda / "lib"
        inside = ["-Wl,--disable-new-dtags", "-Wl,-rpath,$ORIGIN/."]
        codec = make_library(lib / CODEC, ["encode"])
        make_library(lib / "libtinfo.so.6")
        shutil.copy(read_host().cache["libz.so.1"][0].path, lib / "libz.so.1")
        needs = [codec, lib / "libz.so.1"]
        self.libraries = []
        for name, soname in sonames(NEWER).items():
            self.libraries.append(make_library(lib / soname, [name], calls=["encode"], needs=needs, flags=inside))
        for major in (OLDER, NEWER):
            self.make_core(major)

    def make_core(self, major: int) -> None:
        """What torchcodec ships for one release of FFmpeg."""
        made = self.patient.scratch
        needs = [make_library(made / soname, [name]) for name, soname in sonames(major).items()]
        core = self.packages / "torchcodec" / f"libtorchcodec_core{major}.so"
        make_library(core, [f"core_{major}"], calls=["avutil"], needs=needs)

    def loads(self) -> bool:
        """Whether Python loads the fitting part of torchcodec."""
        core = self.packages / "torchcodec" / f"libtorchcodec_core{NEWER}.so"
        return self.patient.shell.run(f"python -c 'import ctypes; ctypes.CDLL(\"{core}\")'").status == 0


@pytest.fixture
def ffmpeg(patient: Patient) -> Ffmpeg:
    return Ffmpeg(patient)


@pytest.mark.sick("LIB005")
def test_ffmpeg_that_only_conda_has_is_linked_alone(patient: Patient, ffmpeg: Ffmpeg) -> None:
    assert not ffmpeg.loads()
    patient.does(f"export CONDA_PREFIX={ffmpeg.conda}")
    before = patient.examine("--select LIB")
    assert before.finding("LIB005")["severity"] == "error"
    assert f"{ffmpeg.conda}/lib has them" in before.finding("LIB005")["message"]
    after = patient.cure("LIB005", before=before, arguments=["--select LIB"])
    assert after.problems() == []
    assert ffmpeg.loads()
    links = sorted(path.name for path in (patient.project / ".venv" / "lib" / f"ffmpeg-{NEWER}").iterdir())
    assert links == sorted([*sonames(NEWER).values(), CODEC])
    assert patient.does("bash -c :").stderr == ""


@pytest.mark.sick("LIB001", "LIB005")
def test_the_field_guides_export_is_narrowed_and_torchcodec_still_loads(patient: Patient, ffmpeg: Ffmpeg) -> None:
    patient.does(f"export {VARIABLE}={ffmpeg.conda}/lib CONDA_PREFIX={ffmpeg.conda}")
    assert ffmpeg.loads()
    assert patient.shell.run("bash -c :").status != 0
    before = patient.examine("--select LIB")
    assert before.codes == {"LIB001"}
    after = patient.cure("LIB001", before=before, arguments=["--select LIB"])
    assert after.problems() == []
    assert ffmpeg.loads()
    assert patient.does("bash -c :").stderr == ""


@pytest.mark.sick("LIB012")
def test_the_export_in_bashrc_is_narrowed_and_torchcodec_still_loads(patient: Patient, ffmpeg: Ffmpeg) -> None:
    bashrc = patient.home / ".bashrc"
    bashrc.write_text(f"export {VARIABLE}={ffmpeg.conda}/lib:${VARIABLE}\nalias ll='ls -l'\n")
    patient.does(f"export CONDA_PREFIX={ffmpeg.conda}", f"source {bashrc}")
    assert ffmpeg.loads()
    before = patient.examine("--select LIB")
    assert "LIB012" in before.codes
    patient.cure("LIB012", before=before, arguments=["--select LIB"])
    patient.does(f"unset {VARIABLE}", f"source {bashrc}")
    assert ffmpeg.loads()
    assert patient.does("bash -c :").stderr == ""
    assert patient.examine("--select LIB").problems() == []


@pytest.mark.healthy("LIB005")
def test_one_release_that_is_found_is_enough(patient: Patient, ffmpeg: Ffmpeg) -> None:
    private = patient.home / "ffmpeg"
    private.mkdir()
    for library in (*ffmpeg.libraries, ffmpeg.conda / "lib" / CODEC):
        shutil.copy(library, private)
    patient.does(f"export {VARIABLE}={private}")
    assert patient.examine("--select LIB").problems() == []


# LIB006, LIB007: the interpreter itself


@pytest.mark.sick("LIB006")
@pytest.mark.parametrize("patient", ["zsh"], indirect=True)
def test_another_builds_libpython_is_taken_off(patient: Patient) -> None:
    python = Path(needs_python("3.12"))
    own = next(iter(sorted((python.parent.parent / "lib").glob("libpython3.12.so.1.0"))), None)
    if own is None:
        pytest.skip("that Python has no shared library")
    activate(patient, str(python))
    other = patient.home / "other" / "lib" / own.name
    other.parent.mkdir(parents=True)
    other.write_bytes(own.read_bytes() + b"another build")
    patient.does(f"export {VARIABLE}={other.parent}")
    before = patient.examine("--select LIB")
    assert before.codes == {"LIB006"}
    patient.cure("LIB006", before=before, arguments=["--select LIB"])


@pytest.mark.healthy("LIB006")
def test_the_same_libpython_by_another_name_is_no_other_build(patient: Patient) -> None:
    python = Path(needs_python("3.12"))
    activate(patient, str(python))
    (patient.home / "lib").symlink_to(python.parent.parent / "lib")
    patient.does(f"export {VARIABLE}={patient.home}/lib")
    assert "LIB006" not in patient.examine("--select LIB").codes


@pytest.mark.sick("LIB007")
def test_a_python_that_gets_another_openssl_cannot_import_ssl(patient: Patient) -> None:
    activate(patient, needs_python("3.12"))
    for name in ("libssl.so.3", "libcrypto.so.3"):
        make_library(patient.home / "opt" / "openssl" / name, versions={"OPENSSL_1.1.0": ["stub"]})
    patient.does(f"export {VARIABLE}={patient.home}/opt/openssl:/usr/local/lib")
    assert patient.shell.run("python -c 'import ssl'").status != 0
    before = patient.examine("--select LIB")
    assert "`ssl`" in before.finding("LIB007")["message"]
    patient.cure("LIB007", before=before, arguments=["--select LIB"])
    patient.does("python -c 'import ssl'")


# LIB011: every extension module


@pytest.mark.sick("LIB011")
def test_a_missing_library_is_found_by_a_deep_look(patient: Patient) -> None:
    packages = activate(patient)
    missing = make_library(patient.scratch / "libnowhere.so.7")
    make_extension(packages / "cv" / "cv2.abi3.so", calls=["stub"], needs=[missing])
    assert patient.examine("--select LIB").result("LIB011")["outcome"] == "skipped"
    before = patient.examine("--deep", "--select LIB")
    assert (
        before.finding("LIB011")["message"]
        == "cv2.abi3.so cannot be imported: needs libnowhere.so.7, which is not found"
    )
    patient.does(f"export {VARIABLE}={patient.scratch}")
    assert "LIB011" not in patient.examine("--deep", "--select LIB").codes


@pytest.mark.healthy("LIB011")
def test_what_the_package_loads_first_and_what_nobody_imports_is_no_fault(patient: Patient) -> None:
    packages = activate(patient)
    beside = make_library(packages / "torch" / "lib" / "libc10.so")
    make_extension(packages / "vision" / "_C.abi3.so", calls=["stub"], needs=[beside])
    driver = make_library(patient.scratch / "libcuda.so.1")
    make_extension(packages / "vision" / "gpu.abi3.so", calls=["stub"], needs=[driver])
    plugin = make_library(patient.scratch / "libmysql.so.21")
    make_library(packages / "qt" / "plugins" / "mysql.so", needs=[plugin])
    (packages / "broken.abi3.so").write_bytes(b"")
    examination = patient.examine("--deep", "--select LIB")
    assert examination.problems() == []
    assert examination.document["facts"]["ExtensionModules"]["skipped"][0]["reason"] == "an empty file"


@pytest.mark.sick("LIB011")
def test_opencv_without_libgl_is_found_by_default_and_works_with_it(patient: Patient) -> None:
    packages = activate(patient)
    library = make_library(patient.scratch / "libGL.so.1", ["glGetError"], soname="libGL-of-envdoctor.so.1")
    make_extension(packages / "cv2" / "cv2.abi3.so", calls=["glGetError"], needs=[library])
    real = patient.shell.run("python -c 'import cv2.cv2'")
    assert "cannot open shared object file" in real.stderr
    before = patient.examine("--select LIB")
    assert before.finding("LIB011")["message"] == (
        "cv2.abi3.so cannot be imported: needs libGL-of-envdoctor.so.1, which is not found"
    )
    (patient.scratch / "libGL.so.1").rename(patient.scratch / "libGL-of-envdoctor.so.1")
    patient.does(f"export {VARIABLE}={patient.scratch}")
    assert "cannot open shared object file" not in patient.shell.run("python -c 'import cv2.cv2'").stderr
    assert patient.examine("--select LIB").problems() == []


@pytest.mark.sick("LIB011")
def test_a_package_that_opens_a_library_by_its_name(patient: Patient) -> None:
    packages = activate(patient)
    (packages / "enchant").mkdir()
    opens = "import ctypes\nctypes.CDLL('libenchant-2.so.2')\n"
    (packages / "enchant" / "_enchant.py").write_text(opens)
    if patient.shell.run("python -c 'import enchant._enchant'").status == 0:
        pytest.skip("this machine has libenchant")
    before = patient.examine("--select LIB")
    assert before.finding("LIB011")["message"] == (
        "pyenchant cannot be imported: it opens libenchant-2.so.2, which is not found"
    )
    make_library(patient.scratch / "libenchant-2.so.2")
    patient.does(f"export {VARIABLE}={patient.scratch}", "python -c 'import enchant._enchant'")
    assert patient.examine("--select LIB").problems() == []


@pytest.mark.healthy("LIB011")
def test_packages_that_bring_their_library_and_those_of_another_python_are_fine(patient: Patient) -> None:
    packages = activate(patient)
    (packages / "soundfile.py").write_text("")
    make_library(packages / "_soundfile_data" / "libsndfile_x86_64.so")
    own = make_library(packages / "opencv_python.libs" / "libQt5Core-1a2b.so.5")
    flags = ["-Wl,-rpath,$ORIGIN/../opencv_python.libs"]
    make_extension(packages / "cv2" / "cv2.abi3.so", calls=["stub"], needs=[own], flags=flags)
    nowhere = make_library(patient.scratch / "nowhere" / "libodbc.so.2", soname="libodbc-of-nowhere.so.2")
    make_extension(packages / "pyodbc.cpython-27-x86_64-linux-gnu.so", calls=["stub"], needs=[nowhere])
    examined = patient.examine("--select LIB")
    assert examined.problems() == []
    assert examined.result("LIB011")["outcome"] == "ok"


@pytest.mark.sick("LIB011")
def test_a_symbol_that_the_library_path_takes_away_is_back_without_it(patient: Patient) -> None:
    packages = activate(patient)
    own = make_library(packages / "fast.libs" / "libfast.so.1", ["old_call", "new_call"])
    flags = ["-Wl,--enable-new-dtags", "-Wl,-rpath,$ORIGIN/fast.libs"]
    make_extension(packages / "fast.abi3.so", calls=["old_call", "new_call"], needs=[own], flags=flags)
    other = make_library(patient.home / "opt" / "libfast.so.1", ["old_call"])
    patient.does(f"export {VARIABLE}={other.parent}:/usr/local/lib")
    assert "undefined symbol: new_call" in patient.shell.run("python -c 'import fast'").stderr
    before = patient.examine("--deep", "--select LIB")
    finding = before.finding("LIB011")
    assert finding["message"] == "fast.abi3.so cannot be imported: nothing defines the symbol new_call"
    patient.cure("LIB011", before=before, arguments=["--deep", "--select LIB"])
    assert "undefined symbol" not in patient.shell.run("python -c 'import fast'").stderr


@pytest.mark.sick("LIB011")
def test_a_module_with_a_symbol_that_is_nowhere_is_installed_again(patient: Patient, tmp_path: Path) -> None:
    packages = activate(patient)
    patient.install("uv")
    good = make_extension(tmp_path / "good" / "fast.abi3.so")
    flags = ["-Wl,--unresolved-symbols=ignore-all"]
    broken = make_extension(tmp_path / "broken" / "fast.abi3.so", calls=["PyRemoved_Call"], flags=flags)
    wheel = write_binary_wheel(tmp_path, "fast", "1.0", files={"fast.abi3.so": good.read_bytes()})
    patient.env |= {"UV_FIND_LINKS": str(wheel.parent), "UV_OFFLINE": "1", "UV_LINK_MODE": "copy"}
    patient.close_shell()
    patient.does("source .venv/bin/activate", "uv pip install --quiet fast")
    assert patient.examine("--deep", "--select LIB").problems() == []
    (packages / "fast.abi3.so").write_bytes(broken.read_bytes())
    assert "undefined symbol: PyRemoved_Call" in patient.shell.run("python -c 'import fast'").stderr
    before = patient.examine("--deep", "--select LIB")
    assert before.finding("LIB011")["fix"]["summary"] == "Reinstall fast for the libraries that are here"
    patient.cure("LIB011", before=before, arguments=["--deep", "--select LIB"])


@pytest.mark.healthy("LIB011")
def test_symbols_that_come_from_elsewhere_are_not_missed(patient: Patient) -> None:
    packages = activate(patient)
    free = ["-Wl,--unresolved-symbols=ignore-all"]
    make_library(packages / "torch" / "lib" / "libc10.so", ["c10_call"])
    make_extension(packages / "opens_it_first.abi3.so", calls=["c10_call"], flags=free)
    make_extension(packages / "of_python.abi3.so", calls=["PyLong_FromLong", "PyList_New"], flags=free)
    weak = patient.scratch / "weak.h"
    weak.write_text("int maybe(void) __attribute__((weak));\n")
    make_extension(packages / "weakly.abi3.so", calls=["maybe"], flags=[*free, "-include", str(weak)])
    assert patient.examine("--deep", "--select LIB").problems() == []
    for module in ("of_python", "weakly"):
        assert "undefined symbol" not in patient.shell.run(f"python -c 'import {module}'").stderr
