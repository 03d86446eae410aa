"""LIB: a library path that a start-up file exports for every program."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import (
    EditFile,
    Evidence,
    Finding,
    Fix,
    Manual,
    Safety,
    Severity,
    check,
)
from envdoctor.facts.libraries.ffmpeg import Ffmpeg
from envdoctor.facts.libraries.startup_exports import LibraryPathExport, LibraryPathExports
from envdoctor.facts.shell.startup_files import StartupFiles, is_list
from envdoctor_checks.common.shell_words import in_quotes
from envdoctor_checks.common.startup_edits import appended
from envdoctor_checks.common.wording import listed
from envdoctor_checks.libraries._disturbed import MOST_EVIDENCE, clashes_of, gets
from envdoctor_checks.libraries._fixes import (
    VARIABLE,
    link_actions,
    within,
)


@check("LIB012", severity=Severity.WARNING, since="0.1", where=("LibraryPathExports.exports",))
def library_path_exported_globally(
    exports: LibraryPathExports, ffmpeg: Ffmpeg | None, startup: StartupFiles | None
) -> Iterator[Finding]:
    """A start-up file exports `LD_LIBRARY_PATH`, and programs of every session get libraries that do not fit them.

    ## Why it matters
    The loader looks there first, whatever is started: bash, git and ssh get conda's `libtinfo`, `libcurl` and `libssl`.

    ## How to fix
    Take the line out, and give the directory to the one command that needs it: `LD_LIBRARY_PATH=/dir command`. If a
    Python package needs conda's FFmpeg, export a directory with links to FFmpeg's libraries alone in its place. For a
    conda environment put the export into a script in `etc/conda/activate.d`, for a project into its own run script.

    ## Not a problem when
    No everyday program is disturbed by what lies there: then nothing is said, neither of conda's `lib` nor of a
    driver's directory. Or the line sets it for one command only.
    """
    for export in exports.exports:
        culprits = [e.directory for e in export.elements if any(clashes_of(p, e.directory) for p in export.disturbed)]
        if not culprits:
            continue
        hit = [(program, own) for program in export.disturbed if (own := clashes_of(program, culprits[0]))]
        yield Finding(
            f"{export.file} gives {listed(culprits)} to every program through {VARIABLE}, "
            f"which disturbs {listed([program.name for program, _ in hit])}",
            _with_ffmpeg_alone(export, culprits, ffmpeg, startup) or _without_export(export, culprits[0]),
            where=f"{export.file}:{export.line}",
            evidence=(
                Evidence(export.text, f"{export.file}:{export.line}"),
                *(
                    Evidence(f"{program.name} {gets(own[0])}", f"symbols of {own[0].needed_by}")
                    for program, own in hit[:MOST_EVIDENCE]
                ),
            ),
        )


def _with_ffmpeg_alone(
    export: LibraryPathExport, culprits: list[str], ffmpeg: Ffmpeg | None, startup: StartupFiles | None
) -> Fix | None:
    """Export links to FFmpeg's libraries in the place of the whole directory; None where no package needs them."""
    if (
        ffmpeg is None
        or startup is None
        or export.whole_line is None
        or export.file.endswith(".fish")
        or is_list(export.file)
    ):
        return None
    suiting = (place for place in ffmpeg.places if place.private and place.links)
    place = next((place for place in suiting if any(within(each, place.directory) for each in culprits)), None)
    if place is None:
        return None
    kept = (element.directory for element in export.elements if element.directory not in culprits)
    value = in_quotes(":".join((place.private or "", *kept)))
    if value is None:
        return None
    step = appended(f"export {VARIABLE}={value}${{{VARIABLE}:+:${VARIABLE}}}", export.file, startup)
    make, link, *_ = link_actions(place)
    if not isinstance(step, EditFile):
        taken_out = Manual(f"Take `{export.text}` out of {export.file}, line {export.line}")
        return Fix("Export links to FFmpeg's libraries alone", make, link, step, taken_out)
    edit = EditFile(export.file, remove=(export.whole_line,), add=step.add)
    packages = " and ".join(use.package for use in ffmpeg.uses)
    summary = f"Export FFmpeg's libraries alone for {packages}, through links in a separate directory"
    return Fix(summary, make, link, edit, safety=Safety.CHANGES_STATE)


def _without_export(export: LibraryPathExport, directory: str) -> Fix:
    summary = f"Remove the line, and write {VARIABLE}={directory} before the one command that needs it"
    if export.whole_line is None:
        return Fix(summary, Manual(f"Take `{export.text}` out of {export.file}, line {export.line}"))
    return Fix(summary, EditFile(export.file, remove=(export.whole_line,)), safety=Safety.CHANGES_STATE)
