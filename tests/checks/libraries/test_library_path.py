"""LIB001, LIB002, LIB008, LIB010, LIB012 and LIB013 over literal facts."""

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
    Scope,
    SetVariable,
    Severity,
    UnsetVariable,
)
from envdoctor.facts.libraries.ffmpeg import Ffmpeg, FfmpegPlace, FfmpegUse
from envdoctor.facts.libraries.programs import DisturbedProgram, DisturbedPrograms
from envdoctor.facts.loader.conflicts import Clash, Effect
from envdoctor.facts.loader.library_path import (
    ElementKind,
    LibraryPath,
    LibraryPathElement,
    kind_of,
)
from envdoctor.facts.shell.startup_files import StartupFiles
from envdoctor.facts.shell.startup_lines import LineKind, StartupLine
from envdoctor.testing import assess
from envdoctor_checks.libraries.library_path import (
    conda_libraries_shadow_system,
    library_path_disturbs_programs,
    library_path_entry_malformed,
)

CONDA, LIB, OTHER = "/home/me/miniconda3", "/home/me/miniconda3/lib", "/opt/matlab/bin"
SYSTEM = "/lib/x86_64-linux-gnu"
SAFE_FORM = "from now on add a directory by LD_LIBRARY_PATH=/dir${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
SCOPED = f"Remove the element, and write LD_LIBRARY_PATH={LIB} before the one command that needs it"


def element(position: int, text: str, **more: object) -> LibraryPathElement:
    made = LibraryPathElement(position, text, kind_of(text), first=position, conda=CONDA if text == LIB else None)
    return msgspec.structs.replace(made, **more)


def path(*texts: str) -> LibraryPath:
    return LibraryPath(":".join(texts), tuple(element(number, text) for number, text in enumerate(texts)))


def clash(soname: str, effect: Effect, detail: str, *, directory: str = LIB, needed_by: str = "/bin/bash") -> Clash:
    return Clash(soname, needed_by, f"{directory}/{soname}", f"{SYSTEM}/{soname}", effect, detail)


NO_VERSION = clash("libtinfo.so.6", Effect.WARNS, "has no version information")
LACKS = clash("libtinfo.so.6", Effect.BREAKS, "lacks the symbol tputs")


def programs(*disturbed: tuple[str, Clash]) -> DisturbedPrograms:
    return DisturbedPrograms(tuple(DisturbedProgram(name, f"/bin/{name}", (found,)) for name, found in disturbed))


# LIB001


@pytest.mark.sick("LIB001")
def test_a_conda_lib_that_breaks_programs_is_an_error_and_the_variable_goes() -> None:
    assert assess(
        conda_libraries_shadow_system, path(LIB), programs(("bash", LACKS), ("git", LACKS), ("vim", NO_VERSION))
    ) == [
        Finding(
            f"{LIB} on LD_LIBRARY_PATH breaks bash and git",
            Fix(SCOPED, UnsetVariable("LD_LIBRARY_PATH")),
            where=LIB,
            evidence=(
                Evidence(LIB, "LD_LIBRARY_PATH"),
                *(
                    Evidence(
                        f"{name} gets {LIB}/libtinfo.so.6 instead of {SYSTEM}/libtinfo.so.6: it {what}",
                        "symbols of /bin/bash",
                    )
                    for name, what in (
                        ("bash", "lacks the symbol tputs"),
                        ("git", "lacks the symbol tputs"),
                        ("vim", "has no version information"),
                    )
                ),
            ),
            severity=Severity.ERROR,
        )
    ]


@pytest.mark.sick("LIB001")
def test_mere_warnings_are_a_warning_and_the_other_elements_stay() -> None:
    [finding] = assess(conda_libraries_shadow_system, path("/opt/a", LIB), programs(("bash", NO_VERSION)))
    assert finding.message == f"{LIB} on LD_LIBRARY_PATH makes the loader warn at every start of bash"
    assert finding.severity is Severity.WARNING
    assert finding.fix == Fix(SCOPED, RemoveFromPath(LIB, "LD_LIBRARY_PATH", semicolons=True))


def test_openssl_without_versions_is_an_error_even_if_programs_start() -> None:
    unversioned = clash("libssl.so.3", Effect.WARNS, "has no version information", needed_by="/usr/bin/curl")
    [finding] = assess(conda_libraries_shadow_system, path(LIB), programs(("curl", unversioned)))
    assert finding.severity is Severity.ERROR


def test_a_library_that_one_of_condas_needs_and_nobody_has_counts() -> None:
    gone = Clash("libnghttp2.so.14", f"{LIB}/libcurl.so.4", None, None, Effect.BREAKS, "is not found")
    [finding] = assess(conda_libraries_shadow_system, path(LIB), programs(("curl", gone)))
    assert finding.message == f"{LIB} on LD_LIBRARY_PATH breaks curl"
    assert finding.evidence[1].text == "curl needs libnghttp2.so.14, which is not found"


@pytest.mark.healthy("LIB001")
def test_conda_without_victims_and_victims_of_others_are_silent() -> None:
    other = clash("libz.so.1", Effect.BREAKS, "lacks the version ZLIB_1.2.9", directory=OTHER)
    assert assess(conda_libraries_shadow_system, path(LIB), programs()) == []
    assert assess(conda_libraries_shadow_system, path(LIB, OTHER), programs(("git", other))) == []
    assert assess(conda_libraries_shadow_system, path(f"{LIB}64"), programs(("bash", LACKS))) == []


def test_a_duplicate_is_not_reported_twice() -> None:
    twice = LibraryPath(f"{LIB}:{LIB}", (element(0, LIB), element(1, LIB, first=0)))
    assert len(assess(conda_libraries_shadow_system, twice, programs(("bash", LACKS)))) == 1


def test_where_torchcodec_needs_condas_ffmpeg_links_take_the_place_of_the_whole_lib() -> None:
    links = (f"{LIB}/libavcodec.so.61", f"{LIB}/libavutil.so.59")
    private = "/home/me/project/.venv/lib/ffmpeg-7"
    place = FfmpegPlace(LIB, (7,), CONDA, reached=True, links=links, private=private)
    ffmpeg = Ffmpeg("/home/me/project/.venv/bin/python", (FfmpegUse("torchcodec", (4, 5, 6, 7), (7,)),), (place,))
    [finding] = assess(conda_libraries_shadow_system, path(LIB), programs(("bash", LACKS)), ffmpeg)
    assert finding.fix == Fix(
        "Give torchcodec only FFmpeg's libraries, through links in a separate directory",
        UnsetVariable("LD_LIBRARY_PATH"),
        Run("mkdir", "-p", private),
        Run("ln", "-sf", *links, private),
        PrependPath(private, "LD_LIBRARY_PATH"),
        scope=Scope.SESSION,
        undo=(
            Run("rm", "-f", f"{private}/libavcodec.so.61", f"{private}/libavutil.so.59"),
            Run("rmdir", private),
            RemoveFromPath(private, "LD_LIBRARY_PATH"),
            SetVariable("LD_LIBRARY_PATH", LIB),
        ),
    )


def test_conda_ffmpeg_that_is_found_elsewhere_needs_no_links() -> None:
    place = FfmpegPlace(f"{SYSTEM}", (5,), reached=True)
    ffmpeg = Ffmpeg("/usr/bin/python3", (FfmpegUse("torchcodec", (5,), (5,)),), (place,))
    [finding] = assess(conda_libraries_shadow_system, path(LIB), programs(("bash", LACKS)), ffmpeg)
    assert finding.fix == Fix(SCOPED, UnsetVariable("LD_LIBRARY_PATH"))


# LIB013


@pytest.mark.sick("LIB013")
def test_any_other_directory_that_breaks_programs_is_named() -> None:
    broken = clash("libz.so.1", Effect.BREAKS, "lacks the version ZLIB_1.2.9", directory=OTHER)
    [finding] = assess(library_path_disturbs_programs, path(LIB, OTHER), programs(("git", broken), ("bash", LACKS)))
    assert finding.message == f"{OTHER} on LD_LIBRARY_PATH breaks git"
    assert finding.severity is Severity.ERROR


@pytest.mark.healthy("LIB013")
def test_condas_directories_belong_to_another_check() -> None:
    assert assess(library_path_disturbs_programs, path(LIB, OTHER), programs(("bash", LACKS))) == []


# LIB002


@pytest.mark.sick("LIB002")
def test_the_trailing_colon_of_the_field_guide_is_taken_out() -> None:
    assert assess(library_path_entry_malformed, path(LIB, "")) == [
        Finding(
            "LD_LIBRARY_PATH has an empty element, which means the working directory",
            Fix(
                f"Remove the empty element; {SAFE_FORM}",
                RemoveFromPath("", "LD_LIBRARY_PATH", semicolons=True),
            ),
            where="LD_LIBRARY_PATH",
            evidence=(Evidence(f"{LIB}:", "LD_LIBRARY_PATH"),),
        )
    ]
    line = f"export LD_LIBRARY_PATH={LIB}:$LD_LIBRARY_PATH"
    startup = StartupFiles(
        lines=(StartupLine(file="/h/.bashrc", number=3, text=line, kind=LineKind.EXPORT, name="LD_LIBRARY_PATH"),)
    )
    [finding] = assess(library_path_entry_malformed, path(LIB, ""), startup)
    better = f"export LD_LIBRARY_PATH={LIB}${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}"
    assert finding.fix == Fix(
        "Remove the empty element",
        RemoveFromPath("", "LD_LIBRARY_PATH", semicolons=True),
        Manual(f"For new shells write `{better}` in /h/.bashrc:3"),
        scope=Scope.SESSION,
    )


@pytest.mark.sick("LIB002")
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("lib", "is relative"),
        ("~/lib", "begins with `~`"),
        ("$HOME/lib", "a variable or a brace"),
        ("{LD_LIBRARY_PATH:+", "a variable or a brace"),
        ('"/opt/lib"', "holds quotes"),
        (" /opt/lib", "a blank"),
        ("/opt/lib\n", "a blank"),
    ],
)
def test_each_malformed_element_is_explained(text: str, why: str) -> None:
    [finding] = assess(library_path_entry_malformed, path("/usr/local/lib", text))
    assert why in finding.message
    assert finding.fix.actions == (RemoveFromPath(text, "LD_LIBRARY_PATH", semicolons=True),)
    assert finding.severity is None


def test_what_was_meant_is_said() -> None:
    library_path = LibraryPath("~/lib", (element(0, "~/lib", exists=False, meant="/home/me/lib"),))
    [finding] = assess(library_path_entry_malformed, library_path)
    assert finding.message.endswith("; /home/me/lib was probably meant")


def test_no_fix_brings_back_what_another_has_taken_out() -> None:
    elements = (element(0, "/a"), element(1, ""), element(2, "/b"), element(3, "rel"))
    found = assess(library_path_entry_malformed, LibraryPath("/a;;/b;rel", elements))
    assert [finding.fix.actions for finding in found] == [
        (RemoveFromPath("", "LD_LIBRARY_PATH", semicolons=True),),
        (RemoveFromPath("rel", "LD_LIBRARY_PATH", semicolons=True),),
    ]


def test_what_does_nothing_is_advice() -> None:
    library_path = LibraryPath("/a:/gone", (element(0, "/a"), element(1, "/gone", exists=False)))
    [finding] = assess(library_path_entry_malformed, library_path)
    assert (finding.message, finding.severity) == ("/gone on LD_LIBRARY_PATH does not exist", Severity.INFO)
    twice = LibraryPath("/a:/b:/a/", (element(0, "/a"), element(1, "/b"), element(2, "/a/", first=0)))
    [finding] = assess(library_path_entry_malformed, twice)
    assert finding.message == "/a/ stands on LD_LIBRARY_PATH more than once"
    assert finding.fix.actions == (RemoveFromPath("/a/", "LD_LIBRARY_PATH", semicolons=True),)
    twice = LibraryPath("/a:/b:/a", (element(0, "/a"), element(1, "/b"), element(2, "/a", first=0)))
    [finding] = assess(library_path_entry_malformed, twice)
    assert isinstance(finding.fix.actions[0], Manual)


@pytest.mark.healthy("LIB002")
def test_what_the_loader_expands_is_well_formed() -> None:
    tokens = ("$ORIGIN/../lib", "${ORIGIN}/lib", "/opt/$LIB", "/opt/${PLATFORM}/lib", "/usr/local/lib")
    assert assess(library_path_entry_malformed, path(*tokens)) == []
    assert [kind_of(token) for token in tokens[:-1]] == [ElementKind.DYNAMIC] * 4


# LIB008


# LIB010


# LIB012
