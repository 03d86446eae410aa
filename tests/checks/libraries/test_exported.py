from __future__ import annotations

import pytest

from envdoctor import (
    EditFile,
    Evidence,
    Finding,
    Fix,
    Manual,
    Run,
    Safety,
)
from envdoctor.facts.libraries.ffmpeg import Ffmpeg, FfmpegPlace, FfmpegUse
from envdoctor.facts.libraries.programs import DisturbedProgram
from envdoctor.facts.libraries.startup_exports import ExportedElement, LibraryPathExport, LibraryPathExports
from envdoctor.facts.loader.conflicts import Effect
from envdoctor.facts.shell.startup_files import StartupFiles
from envdoctor.testing import assess
from envdoctor_checks.libraries.exported import library_path_exported_globally
from tests.checks.libraries.test_library_path import CONDA, LACKS, LIB, SYSTEM, clash

BASHRC = "/home/me/.bashrc"


EXPORT = f"export LD_LIBRARY_PATH={LIB}:$LD_LIBRARY_PATH"


BASH = DisturbedProgram("bash", "/bin/bash", (LACKS,))


def exporting(*disturbed: DisturbedProgram, whole: bool = True) -> LibraryPathExports:
    whole_line = EXPORT if whole else None
    return LibraryPathExports(
        (LibraryPathExport(BASHRC, 7, EXPORT, (ExportedElement(LIB, CONDA),), whole_line, disturbed),)
    )


@pytest.mark.sick("LIB012")
def test_an_export_that_disturbs_programs_is_taken_out_of_the_start_up_file() -> None:
    assert assess(library_path_exported_globally, exporting(BASH)) == [
        Finding(
            f"{BASHRC} gives {LIB} to every program through LD_LIBRARY_PATH, which disturbs bash",
            Fix(
                f"Remove the line, and write LD_LIBRARY_PATH={LIB} before the one command that needs it",
                EditFile(BASHRC, remove=(EXPORT,)),
                safety=Safety.CHANGES_STATE,
            ),
            where=f"{BASHRC}:7",
            evidence=(
                Evidence(EXPORT, f"{BASHRC}:7"),
                Evidence(
                    f"bash gets {LIB}/libtinfo.so.6 instead of {SYSTEM}/libtinfo.so.6: it lacks the symbol tputs",
                    "symbols of /bin/bash",
                ),
            ),
        )
    ]


@pytest.mark.sick("LIB012")
def test_ffmpegs_libraries_stay_for_the_package_that_needs_them() -> None:
    private = "/home/me/p/.venv/lib/ffmpeg-7"
    place = FfmpegPlace(LIB, (7,), CONDA, reached=True, links=(f"{LIB}/libavutil.so.59",), private=private)
    ffmpeg = Ffmpeg("/home/me/p/.venv/bin/python", (FfmpegUse("torchcodec", (7,), (7,)),), (place,))
    [finding] = assess(library_path_exported_globally, exporting(BASH), ffmpeg, StartupFiles())
    make, link, edit = finding.fix.actions
    assert make == Run("mkdir", "-p", private)
    assert link == Run("ln", "-sf", f"{LIB}/libavutil.so.59", private)
    line = f"export LD_LIBRARY_PATH={private}${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}"
    assert edit == EditFile(BASHRC, remove=(EXPORT,), add=(line,))


def test_a_line_that_cannot_be_taken_out_whole_is_left_to_the_reader() -> None:
    [finding] = assess(library_path_exported_globally, exporting(BASH, whole=False))
    assert [type(action) for action in finding.fix.actions] == [Manual]


@pytest.mark.healthy("LIB012")
def test_what_disturbs_nothing_may_be_exported() -> None:
    assert assess(library_path_exported_globally, exporting()) == []
    elsewhere = clash("libz.so.1", Effect.BREAKS, "lacks the symbol inflate", directory="/opt/other")
    assert assess(library_path_exported_globally, exporting(DisturbedProgram("git", "/bin/git", (elsewhere,)))) == []
    assert assess(library_path_exported_globally, LibraryPathExports()) == []
