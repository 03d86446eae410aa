from __future__ import annotations

import msgspec
import pytest

from envdoctor import (
    Evidence,
    Fact,
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
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.libraries.extension_modules import ExtensionModules, Unloadable
from envdoctor.facts.libraries.ffmpeg import Ffmpeg, FfmpegPlace, FfmpegUse
from envdoctor.facts.libraries.libstdcxx import LibstdcxxChoice
from envdoctor.facts.libraries.opened_libraries import UnopenedLibrary
from envdoctor.facts.libraries.undefined_symbols import UndefinedSymbol
from envdoctor.testing import assess
from envdoctor_checks.libraries.packages import extension_needs_missing_library, ffmpeg_not_loadable, libstdcxx_too_old
from tests.builders import make_active_python
from tests.checks.libraries.literals import CONDA, NEW, OLD, OTHER, PYTHON, VARIABLE, path

FAST = f"{CONDA}/lib/python3.11/site-packages/fast.abi3.so"


def missing(*facts: Fact) -> list[Finding]:
    return assess(extension_needs_missing_library, *facts, make_active_python("/env"), Commands())


def lacking(file: str, *labels: str) -> ExtensionModules:
    reasons = tuple(Unloadable("libstdc++.so.6", file, f"lacks the version {label}", (FAST,), 1) for label in labels)
    return ExtensionModules((CONDA,), 10, reasons)


@pytest.mark.sick("LIB003")
def test_condas_old_library_is_replaced_by_conda() -> None:
    choice = LibstdcxxChoice(f"{CONDA}/bin/python", OLD, f"the RPATH of {CONDA}/bin/python", NEW)
    modules = lacking(OLD.path, "GLIBCXX_3.4.11", "GLIBCXX_3.4.30")
    assert assess(libstdcxx_too_old, choice, modules, make_active_python(CONDA)) == [
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
    [finding] = assess(
        libstdcxx_too_old, choice, lacking(old.path, "GLIBCXX_3.4.30"), path(OTHER), make_active_python(CONDA)
    )
    assert finding.fix.actions == (UnsetVariable(VARIABLE),)
    assert finding.severity is None
    [advice] = assess(libstdcxx_too_old, choice, ExtensionModules((), 3), path(OTHER), make_active_python(CONDA))
    assert advice.severity is Severity.INFO


def test_a_system_that_is_too_old_needs_another_build() -> None:
    choice = LibstdcxxChoice(PYTHON, NEW, "ld.so.cache", NEW)
    [finding] = assess(libstdcxx_too_old, choice, lacking(NEW.path, "GLIBCXX_3.4.32"), make_active_python("/usr"))
    assert [type(action) for action in finding.fix.actions] == [Manual]


@pytest.mark.healthy("LIB003")
def test_an_older_library_that_nobody_finds_too_old_is_no_fault() -> None:
    older = LibstdcxxChoice(PYTHON, OLD, f"the RPATH of {PYTHON}", NEW)
    newer = LibstdcxxChoice(PYTHON, NEW, VARIABLE, NEW)
    for choice in (older, newer):
        assert assess(libstdcxx_too_old, choice, ExtensionModules((), 3), path(OTHER), make_active_python(CONDA)) == []
        assert assess(libstdcxx_too_old, choice, path(OTHER), make_active_python(CONDA)) == []


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
                "Link only FFmpeg's libraries into a separate directory for this shell",
                Run("mkdir", "-p", PRIVATE),
                Run("ln", "-sf", *LINKS, PRIVATE),
                PrependPath(PRIVATE, VARIABLE),
                scope=Scope.SESSION,
                undo=(
                    Run("rm", "-f", *(link.replace(f"{CONDA}/lib", PRIVATE) for link in LINKS)),
                    Run("rmdir", PRIVATE),
                    RemoveFromPath(PRIVATE, VARIABLE),
                ),
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


def unloadable(soname: str, file: str | None, detail: str, count: int = 1) -> ExtensionModules:
    return ExtensionModules(
        ("/env",), 9, (Unloadable(soname, file, detail, ("/env/cv2.abi3.so", "/env/b.so")[:count], count),)
    )


@pytest.mark.sick("LIB011")
def test_a_known_library_is_installed_by_the_systems_package() -> None:
    assert missing(unloadable("libGL.so.1", None, "is not found")) == [
        Finding(
            "cv2.abi3.so cannot be imported: needs libGL.so.1, which is not found",
            Fix("Install the missing library", Manual("Install libGL.so.1, on Debian: sudo apt install libgl1")),
            where="/env/cv2.abi3.so",
            evidence=(Evidence("needs libGL.so.1", "/env/cv2.abi3.so"),),
        )
    ]


@pytest.mark.sick("LIB011")
def test_a_system_that_is_too_old_for_several_modules_is_said_once() -> None:
    modules = unloadable("libc.so.6", "/lib/libc.so.6", "lacks the version GLIBC_2.38", 2)
    [finding] = missing(modules)
    assert finding.message == (
        "cv2.abi3.so and 1 more cannot be imported: they need libc.so.6, which lacks the version GLIBC_2.38"
    )


@pytest.mark.sick("LIB011")
def test_a_library_that_a_package_opens_by_its_name() -> None:
    file = "/env/magic/loader.py"
    modules = ExtensionModules(
        ("/env",), 0, unopened=(UnopenedLibrary("python-magic", file, "libmagic.so.1"),), known_only=True
    )
    assert missing(modules) == [
        Finding(
            "python-magic cannot be imported: it opens libmagic.so.1, which is not found",
            Fix("Install the missing library", Manual("Install libmagic.so.1, on Debian: sudo apt install libmagic1")),
            where=file,
            evidence=(Evidence("opens libmagic.so.1", file),),
        )
    ]


@pytest.mark.sick("LIB011")
def test_a_build_that_asks_for_less_is_named() -> None:
    reason = Unloadable("libGL.so.1", None, "is not found", ("/env/cv2/cv2.abi3.so",), 1)
    [finding] = missing(ExtensionModules(("/env",), 1, (reason,)))
    [step] = finding.fix.actions
    assert isinstance(step, Manual)
    assert step.text.startswith("Install libGL.so.1, on Debian: sudo apt install libgl1; or install opencv-python-head")


@pytest.mark.healthy("LIB011")
def test_what_other_checks_say_better_is_left_to_them() -> None:
    assert missing(ExtensionModules(("/env",), 9)) == []
    assert missing(lacking(NEW.path, "GLIBCXX_3.4.32")) == []
    modules = unloadable("libavutil.so.59", None, "is not found")
    assert missing(modules, Ffmpeg("/env/bin/python", (CODEC,))) == []
    assert len(missing(modules)) == 1


@pytest.mark.sick("LIB011")
@pytest.mark.parametrize(("soname", "advised"), [("libc.so.6", False), ("libm.so.6", False), ("libfoo.so.1", True)])
def test_a_newer_c_library_is_never_advised(soname: str, advised: bool) -> None:
    modules = unloadable(soname, f"/lib/{soname}", "lacks the version X_2.38")
    [finding] = missing(modules)
    [action] = finding.fix.actions
    assert isinstance(action, Manual)
    assert action.text.startswith("Install a build of the package made for this system")
    assert ("a newer" in action.text) is advised


ARRAY = UndefinedSymbol("PyFoo_New", "/env/fast.abi3.so", ("/env/fast.abi3.so", "/env/b.so"), 2, "fast")


@pytest.mark.sick("LIB011")
def test_a_symbol_that_nothing_defines() -> None:
    assert missing(ExtensionModules(("/env",), 2, undefined=(ARRAY,))) == [
        Finding(
            "fast.abi3.so and 1 more cannot be imported: nothing defines the symbol PyFoo_New",
            Fix(
                "Reinstall fast for the libraries that are here",
                Run("/env/bin/python", "-m", "pip", "install", "--force-reinstall", "--no-deps", "fast"),
                safety=Safety.CHANGES_STATE,
            ),
            where="/env/fast.abi3.so",
            evidence=(Evidence("uses PyFoo_New", "/env/fast.abi3.so"),),
        )
    ]


@pytest.mark.sick("LIB011")
def test_a_symbol_that_the_library_path_takes_away_and_one_that_nobody_owns() -> None:
    brought = msgspec.structs.replace(ARRAY, brought=("/opt/old",), count=1)
    unowned = msgspec.structs.replace(ARRAY, package=None, symbol="other, version X_1")
    first, second = missing(ExtensionModules(("/env",), 2, undefined=(brought, unowned)), path("/opt/old"))
    assert first.fix.actions == (UnsetVariable(VARIABLE),)
    assert first.message.startswith("fast.abi3.so cannot be imported")
    assert isinstance(second.fix.actions[0], Manual)
    assert second.message.endswith("nothing defines the symbol other, version X_1")
