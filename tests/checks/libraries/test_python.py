"""LIB003 to LIB007, LIB009 and LIB011 over literal facts."""

from __future__ import annotations

import msgspec
import pytest

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
    PrependPath,
    RemoveFromPath,
    Run,
    Safety,
    Scope,
    Severity,
    UnsetVariable,
)
from envdoctor.facts.libraries.cuda_wheels import CudaCollision, CudaWheels
from envdoctor.facts.libraries.extension_modules import ExtensionModules, Unloadable
from envdoctor.facts.libraries.ffmpeg import Ffmpeg, FfmpegPlace, FfmpegUse
from envdoctor.facts.libraries.libpython import LibpythonChoice
from envdoctor.facts.libraries.libstdcxx import Libstdcxx, LibstdcxxChoice
from envdoctor.facts.libraries.openmp import OpenmpDuplicates
from envdoctor.facts.libraries.standard_modules import BrokenModule, LibraryImports
from envdoctor.facts.loader.library_path import LibraryPath, LibraryPathElement
from envdoctor.testing import assess
from envdoctor_checks.libraries.packages import extension_needs_missing_library, ffmpeg_not_loadable, libstdcxx_too_old
from envdoctor_checks.libraries.python import (
    cuda_wheels_shadowed,
    libpython_shadowed,
    openmp_duplicates_tolerated,
    ssl_module_broken,
)
from tests.checks.pythons import active

VARIABLE = "LD_LIBRARY_PATH"
PYTHON = "/home/me/.pyenv/versions/3.12.1/bin/python3.12"
CONDA = "/home/me/miniconda3"
OTHER = "/opt/other/lib"


def path(*texts: str) -> LibraryPath:
    elements = tuple(LibraryPathElement(number, text, first=number) for number, text in enumerate(texts))
    return LibraryPath(":".join(texts), elements)


# LIB006

SHADOWED = LibpythonChoice(
    PYTHON,
    "libpython3.12.so.1.0",
    f"{OTHER}/libpython3.12.so.1.0",
    "/home/me/.pyenv/versions/3.12.1/lib/libpython3.12.so.1.0",
    VARIABLE,
    same=False,
)


@pytest.mark.sick("LIB006")
def test_another_builds_libpython_is_taken_off_the_path() -> None:
    assert assess(libpython_shadowed, SHADOWED, path(OTHER, "/usr/local/lib")) == [
        Finding(
            f"{PYTHON} runs with {SHADOWED.taken} instead of its own {SHADOWED.own}",
            Fix("Take the other build's libraries off the path", RemoveFromPath(OTHER, VARIABLE, semicolons=True)),
            where=SHADOWED.taken,
            evidence=(
                Evidence("needs libpython3.12.so.1.0", PYTHON),
                Evidence(f"{OTHER}:/usr/local/lib", VARIABLE),
            ),
        )
    ]


@pytest.mark.healthy("LIB006")
@pytest.mark.parametrize(
    "change", [{"same": True}, {"own": None}, {"taken": None}, {"how": "the RUNPATH of /usr/bin/python"}]
)
def test_the_same_file_or_the_only_one_is_no_fault(change: dict[str, object]) -> None:
    assert assess(libpython_shadowed, msgspec.structs.replace(SHADOWED, **change), path(OTHER)) == []


# LIB007

BROKEN = LibraryImports(PYTHON, (VARIABLE,), (BrokenModule("ssl", "version `OPENSSL_3.2.0' not found"),), (OTHER,))


@pytest.mark.sick("LIB007")
def test_a_module_that_only_breaks_here_is_blamed_on_the_directory() -> None:
    assert assess(ssl_module_broken, BROKEN, path("/usr/local/lib", OTHER)) == [
        Finding(
            f"{PYTHON} cannot import `ssl` with this session's LD_LIBRARY_PATH",
            Fix(
                "Take the directory that brings other libraries off the path of every program",
                RemoveFromPath(OTHER, VARIABLE, semicolons=True),
            ),
            where=PYTHON,
            evidence=(
                Evidence("import ssl: version `OPENSSL_3.2.0' not found", PYTHON),
                Evidence(f"libraries are taken from {OTHER}", VARIABLE),
            ),
        )
    ]


@pytest.mark.sick("LIB007")
def test_without_a_culprit_the_variable_goes() -> None:
    start = BrokenModule("python", "symbol lookup error")
    [finding] = assess(ssl_module_broken, LibraryImports(PYTHON, (VARIABLE,), (start,)), path(OTHER))
    assert "does not start" in finding.message
    assert finding.fix.actions == (UnsetVariable(VARIABLE),)
    [finding] = assess(ssl_module_broken, LibraryImports(PYTHON, ("LD_PRELOAD",), BROKEN.broken))
    assert finding.fix.actions == (UnsetVariable("LD_PRELOAD"),)


@pytest.mark.healthy("LIB007")
def test_modules_that_import_are_no_fault() -> None:
    assert assess(ssl_module_broken, LibraryImports(PYTHON, (VARIABLE,)), path(OTHER)) == []


# LIB003

OLD = Libstdcxx(f"{CONDA}/lib/libstdc++.so.6", "GLIBCXX_3.4.9", "CXXABI_1.3.2")
NEW = Libstdcxx("/lib/x86_64-linux-gnu/libstdc++.so.6", "GLIBCXX_3.4.30", "CXXABI_1.3.13")
FAST = f"{CONDA}/lib/python3.11/site-packages/fast.abi3.so"


def lacking(file: str, *labels: str) -> ExtensionModules:
    reasons = tuple(Unloadable("libstdc++.so.6", file, f"lacks the version {label}", (FAST,), 1) for label in labels)
    return ExtensionModules((CONDA,), 10, reasons)


@pytest.mark.sick("LIB003")
def test_condas_old_library_is_replaced_by_conda() -> None:
    choice = LibstdcxxChoice(f"{CONDA}/bin/python", OLD, f"the RPATH of {CONDA}/bin/python", NEW)
    modules = lacking(OLD.path, "GLIBCXX_3.4.11", "GLIBCXX_3.4.30")
    assert assess(libstdcxx_too_old, choice, modules, active(CONDA)) == [
        Finding(
            f"{FAST} requires GLIBCXX_3.4.30, which {OLD.path} does not have",
            Fix(
                "Install a newer libstdc++ into the conda environment",
                Run("conda", "install", "-y", "-p", CONDA, "-c", "conda-forge", "libstdcxx-ng"),
                safety=Safety.CHANGES_STATE,
            ),
            where=OLD.path,
            evidence=(
                Evidence("one module: it lacks the version GLIBCXX_3.4.11", FAST),
                Evidence("one module: it lacks the version GLIBCXX_3.4.30", FAST),
                Evidence(f"has GLIBCXX_3.4.9, found by the RPATH of {CONDA}/bin/python", OLD.path),
                Evidence("has GLIBCXX_3.4.30", NEW.path),
            ),
        )
    ]


@pytest.mark.sick("LIB003")
def test_an_old_library_of_the_library_path_is_taken_off() -> None:
    old = msgspec.structs.replace(OLD, path=f"{OTHER}/libstdc++.so.6")
    choice = LibstdcxxChoice(PYTHON, old, VARIABLE, NEW)
    [finding] = assess(libstdcxx_too_old, choice, lacking(old.path, "GLIBCXX_3.4.30"), path(OTHER), active(CONDA))
    assert finding.fix.actions == (UnsetVariable(VARIABLE),)
    assert finding.severity is None
    [advice] = assess(libstdcxx_too_old, choice, ExtensionModules((), 3), path(OTHER), active(CONDA))
    assert advice.severity is Severity.INFO


def test_a_system_that_is_too_old_needs_another_build() -> None:
    choice = LibstdcxxChoice(PYTHON, NEW, "ld.so.cache", NEW)
    [finding] = assess(libstdcxx_too_old, choice, lacking(NEW.path, "GLIBCXX_3.4.32"), active("/usr"))
    assert [type(action) for action in finding.fix.actions] == [Manual]


@pytest.mark.healthy("LIB003")
def test_an_older_library_that_nobody_finds_too_old_is_no_fault() -> None:
    older = LibstdcxxChoice(PYTHON, OLD, f"the RPATH of {PYTHON}", NEW)
    newer = LibstdcxxChoice(PYTHON, NEW, VARIABLE, NEW)
    for choice in (older, newer):
        assert assess(libstdcxx_too_old, choice, ExtensionModules((), 3), path(OTHER), active(CONDA)) == []
        assert assess(libstdcxx_too_old, choice, path(OTHER), active(CONDA)) == []


def test_labels_are_compared_as_numbers() -> None:
    assert LibstdcxxChoice(PYTHON, OLD, None, NEW).is_older
    assert not LibstdcxxChoice(PYTHON, NEW, None, OLD).is_older
    same = Libstdcxx("/x", "GLIBCXX_3.4.30", "CXXABI_1.3.9")
    assert LibstdcxxChoice(PYTHON, same, None, NEW).is_older


# LIB004

WHEEL = "/env/lib/python3.12/site-packages/nvidia/cudnn/lib"
TOOLKIT = "/usr/local/cuda-12.1/lib64"


def collision(wheel: str | None, other: str | None) -> CudaWheels:
    found = CudaCollision("libcudnn.so.9", f"{WHEEL}/libcudnn.so.9", wheel, f"{TOOLKIT}/libcudnn.so.9", other, TOOLKIT)
    return CudaWheels((WHEEL,), (found,))


@pytest.mark.sick("LIB004")
@pytest.mark.parametrize(
    ("wheel", "other", "severity"),
    [
        ("9.1.0.70", "9.8.0", Severity.ERROR),
        ("9.1.0.70", "9.1.1", Severity.WARNING),
        (None, "9.1.1", Severity.WARNING),
        ("9.1.0.70", None, Severity.WARNING),
    ],
)
def test_releases_decide_about_the_severity(wheel: str | None, other: str | None, severity: Severity) -> None:
    [finding] = assess(cuda_wheels_shadowed, collision(wheel, other), path(TOOLKIT, "/usr/lib/wsl/lib"))
    assert finding.severity is severity
    assert finding.fix.actions == (RemoveFromPath(TOOLKIT, VARIABLE, semicolons=True),)
    assert finding.evidence == (Evidence(f"{TOOLKIT}/libcudnn.so.9 comes before {WHEEL}/libcudnn.so.9", VARIABLE),)
    assert finding.message.endswith(f"it has libcudnn.so.9 {other or 'one'}, the wheel brings {wheel or 'its own'}")


@pytest.mark.sick("LIB004")
def test_stubs_of_the_driver_are_taken_off() -> None:
    stubs = "/usr/local/cuda/lib64/stubs"
    [finding] = assess(cuda_wheels_shadowed, CudaWheels((WHEEL,), stubs=(stubs,)), path(stubs))
    assert finding.severity is Severity.ERROR
    assert finding.fix.actions == (UnsetVariable(VARIABLE),)


@pytest.mark.healthy("LIB004")
def test_wheels_without_a_collision_are_healthy() -> None:
    assert assess(cuda_wheels_shadowed, CudaWheels((WHEEL,)), path("/usr/lib/wsl/lib", TOOLKIT)) == []


# LIB005

LINKS = (f"{CONDA}/lib/libavcodec.so.61", f"{CONDA}/lib/libavutil.so.59")
PRIVATE = "/env/lib/ffmpeg-7"
UNREACHED = FfmpegPlace(f"{CONDA}/lib", (7,), CONDA, links=LINKS, private=PRIVATE)
CODEC = FfmpegUse("torchcodec", (4, 5, 6, 7), (), "libavutil.so.59")


@pytest.mark.sick("LIB005")
def test_ffmpeg_that_only_conda_has_is_linked_alone() -> None:
    assert assess(ffmpeg_not_loadable, Ffmpeg("/env/bin/python", (CODEC,), (UNREACHED,))) == [
        Finding(
            f"torchcodec needs the shared libraries of FFmpeg 4 to 7, and {CONDA}/lib has them and is not searched",
            Fix(
                "Link FFmpeg's libraries, and them alone, into a directory of their own for this shell",
                Run("mkdir", "-p", PRIVATE),
                Run("ln", "-sf", *LINKS, PRIVATE),
                PrependPath(PRIVATE, VARIABLE),
                scope=Scope.SESSION,
                undo=f"Remove {PRIVATE}, which holds nothing but links",
            ),
            where="torchcodec",
            evidence=(
                Evidence("libavutil.so.59 is not found", "/env/bin/python"),
                Evidence("FFmpeg 7", f"{CONDA}/lib"),
            ),
            severity=Severity.ERROR,
        )
    ]


@pytest.mark.sick("LIB005")
def test_an_unfitting_release_is_replaced_by_conda_where_conda_is() -> None:
    newer = msgspec.structs.replace(UNREACHED, majors=(8,), links=())
    [finding] = assess(ffmpeg_not_loadable, Ffmpeg("/env/bin/python", (CODEC,), (newer,)))
    assert finding.message.endswith("and only FFmpeg 8 is here")
    [run] = finding.fix.actions
    assert run == Run("conda", "install", "-y", "-p", CONDA, "-c", "conda-forge", "ffmpeg<8")


def test_without_conda_the_systems_package_is_named_and_torchaudio_only_warned_of() -> None:
    use = FfmpegUse("torchaudio", (6,), (), "libavutil.so.58", optional=True)
    [finding] = assess(ffmpeg_not_loadable, Ffmpeg("/env/bin/python", (use,)))
    assert finding.severity is Severity.WARNING
    assert finding.message == "torchaudio needs the shared libraries of FFmpeg 6, and nothing here has them"
    [manual] = finding.fix.actions
    assert isinstance(manual, Manual)
    assert "apt install ffmpeg" in manual.text


@pytest.mark.healthy("LIB005")
def test_one_release_that_loads_is_enough() -> None:
    use = msgspec.structs.replace(CODEC, loadable=(5,), missing=None)
    assert assess(ffmpeg_not_loadable, Ffmpeg("/env/bin/python", (use,), (UNREACHED,))) == []


# LIB009


@pytest.mark.sick("LIB009")
def test_a_guard_that_is_off_is_switched_on_again() -> None:
    runtimes = (f"{CONDA}/lib/libiomp5.so",)
    [finding] = assess(openmp_duplicates_tolerated, OpenmpDuplicates("TRUE", tolerated=True, runtimes=runtimes))
    assert finding.message == "KMP_DUPLICATE_LIB_OK=TRUE hides two OpenMP runtimes in one process"
    assert finding.fix.actions == (UnsetVariable("KMP_DUPLICATE_LIB_OK"),)
    assert finding.evidence[1] == Evidence("an OpenMP runtime", runtimes[0])


@pytest.mark.healthy("LIB009")
def test_a_guard_that_is_on_is_healthy() -> None:
    assert assess(openmp_duplicates_tolerated, OpenmpDuplicates("FALSE", tolerated=False)) == []


# LIB011


def unloadable(soname: str, file: str | None, detail: str, count: int = 1) -> ExtensionModules:
    return ExtensionModules(
        ("/env",), 9, (Unloadable(soname, file, detail, ("/env/cv2.abi3.so", "/env/b.so")[:count], count),)
    )


@pytest.mark.sick("LIB011")
def test_a_known_library_is_installed_by_the_systems_package() -> None:
    assert assess(extension_needs_missing_library, unloadable("libGL.so.1", None, "is not found")) == [
        Finding(
            "cv2.abi3.so cannot be imported: needs libGL.so.1, which is not found",
            Fix("Install the library", Manual("Install libGL.so.1, on Debian: sudo apt install libgl1")),
            where="/env/cv2.abi3.so",
            evidence=(Evidence("needs libGL.so.1", "/env/cv2.abi3.so"),),
        )
    ]


@pytest.mark.sick("LIB011")
def test_a_system_that_is_too_old_for_several_modules_is_said_once() -> None:
    modules = unloadable("libc.so.6", "/lib/libc.so.6", "lacks the version GLIBC_2.38", 2)
    [finding] = assess(extension_needs_missing_library, modules)
    assert finding.message == (
        "cv2.abi3.so and 1 more cannot be imported: they need libc.so.6, which lacks the version GLIBC_2.38"
    )


@pytest.mark.healthy("LIB011")
def test_what_other_checks_say_better_is_left_to_them() -> None:
    assert assess(extension_needs_missing_library, ExtensionModules(("/env",), 9)) == []
    assert assess(extension_needs_missing_library, lacking(NEW.path, "GLIBCXX_3.4.32")) == []
    modules = unloadable("libavutil.so.59", None, "is not found")
    assert assess(extension_needs_missing_library, modules, Ffmpeg("/env/bin/python", (CODEC,))) == []
    assert len(assess(extension_needs_missing_library, modules)) == 1
