"""LIB — shared libraries: what `LD_LIBRARY_PATH`, `LD_PRELOAD` and `DYLD_*` do to every program of the session."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import (
    EditFile,
    Evidence,
    Finding,
    Fix,
    Manual,
    Safety,
    SetVariable,
    Severity,
    UnsetVariable,
    check,
)
from envdoctor.facts.libraries.ffmpeg import Ffmpeg
from envdoctor.facts.libraries.programs import DisturbedPrograms
from envdoctor.facts.libraries.startup_exports import LibraryPathExport, LibraryPathExports
from envdoctor.facts.loader.conflicts import Effect
from envdoctor.facts.loader.library_path import (
    DyldVariables,
    ElementKind,
    LibraryPath,
    LibraryPathElement,
)
from envdoctor.facts.loader.preload import Preload, PreloadItem
from envdoctor.facts.shell.exported_lines import ExportedLines
from envdoctor.facts.shell.startup_files import StartupFiles, is_list
from envdoctor_checks.common.shell_words import in_quotes
from envdoctor_checks.common.startup_edits import appended, lasting
from envdoctor_checks.libraries._disturbed import DELICATE, MOST_EVIDENCE, clashes_of, gets, listed
from envdoctor_checks.libraries._fixes import (
    VARIABLE,
    link_actions,
    narrow_ffmpeg,
    off_the_path,
    within,
    without_duplicates,
)

MEANING = {
    ElementKind.RELATIVE: "is relative: it means another directory after every `cd`",
    ElementKind.TILDE: "begins with `~`, which the loader does not expand",
    ElementKind.UNEXPANDED: "holds a variable or a brace that the shell has not expanded, and the loader does not",
    ElementKind.QUOTED: "holds quotes, which the loader takes for a part of the name",
    ElementKind.BLANKS: "begins or ends with a blank, which the loader takes for a part of the name",
}


@check("LIB001", severity=Severity.WARNING, since="0.1")
def conda_libraries_shadow_system(
    library_path: LibraryPath, disturbed: DisturbedPrograms, ffmpeg: Ffmpeg | None
) -> Iterator[Finding]:
    """`LD_LIBRARY_PATH` gives conda's libraries to system programs that do not work with them.

    ## Why it matters
    The variable counts for every program, not for Python alone. Conda's `lib` holds its own `libtinfo`, `libssl`,
    `libcurl`, `libffi`: bash warns on every start, git cannot fetch, ssh ends with an undefined symbol.

    ## How to fix
    Take the directory off the path of every program, and give it to the one command that needs it:
    `LD_LIBRARY_PATH=/path/to/conda/lib python app.py`. If a Python package needs conda's FFmpeg, a directory with links
    to FFmpeg's libraries alone does no harm. For programs of the conda environment itself nothing is needed: they find
    their libraries by themselves. Where a variable must be exported, do it in a script of the environment's
    `etc/conda/activate.d`, in the form `export LD_LIBRARY_PATH=/dir${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}`.

    ## Not a problem when
    The directory holds nothing that system programs ask for, or what it holds fits: then nothing is said here.
    """
    for element in library_path.elements:
        if element.conda and not element.is_duplicate:
            fix = narrow_ffmpeg(element, library_path, ffmpeg) or off_the_path(library_path, element)
            yield from _disturbing(element, disturbed, fix, library_path)


@check("LIB013", severity=Severity.WARNING, since="0.1")
def library_path_disturbs_programs(library_path: LibraryPath, disturbed: DisturbedPrograms) -> Iterator[Finding]:
    """A directory on `LD_LIBRARY_PATH` gives everyday programs libraries that they do not work with.

    ## Why it matters
    The loader looks there before it looks where the system keeps its libraries, for every program. A library of the
    same name that lacks a version or a symbol ends the program; one without version information draws a warning.

    ## How to fix
    Take the directory off the path, and give it to the one command that needs it: `LD_LIBRARY_PATH=/dir command`.

    ## Not a problem when
    The libraries there have all that the programs ask of them, as those of a newer compiler do.
    """
    for element in library_path.elements:
        if element.kind is ElementKind.NORMAL and not element.conda and not element.is_duplicate:
            yield from _disturbing(element, disturbed, off_the_path(library_path, element), library_path)


def _disturbing(
    element: LibraryPathElement, disturbed: DisturbedPrograms, fix: Fix, library_path: LibraryPath
) -> Iterator[Finding]:
    hit = [(program, own) for program in disturbed.programs if (own := clashes_of(program, element.text))]
    if not hit:
        return
    broken = [program.name for program, own in hit if any(clash.effect is Effect.BREAKS for clash in own)]
    names = broken or [program.name for program, _ in hit]
    delicate = any(clash.soname.startswith(DELICATE) for _, own in hit for clash in own)
    what = "breaks" if broken else "makes the loader warn at every start of"
    evidence = [Evidence(library_path.value, VARIABLE)]
    for program, own in hit[:MOST_EVIDENCE]:
        evidence.append(Evidence(f"{program.name} {gets(own[0])}", f"symbols of {own[0].needed_by}"))
    yield Finding(
        f"{element.text} on {VARIABLE} {what} {listed(names)}",
        fix,
        where=element.text,
        evidence=tuple(evidence),
        severity=Severity.ERROR if broken or delicate else Severity.WARNING,
    )


@check("LIB002", severity=Severity.WARNING, since="0.1")
def library_path_entry_malformed(library_path: LibraryPath) -> Iterator[Finding]:
    """An element of `LD_LIBRARY_PATH` does not mean what its author meant.

    ## Why it matters
    An empty element is the working directory: a stray library there is loaded into every program that is started in
    it. It comes from `export LD_LIBRARY_PATH=/dir:$LD_LIBRARY_PATH` when the variable was not set before. What the
    shell has not expanded (`~`, `$HOME`, quotes), the loader does not expand either: the element does nothing.

    ## How to fix
    Remove the element, and write the export as `export LD_LIBRARY_PATH=/dir${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}`.

    ## Not a problem when
    The variable is set and empty, which the loader ignores; or an element holds `$ORIGIN`, `$LIB` or `$PLATFORM`, which
    the loader does expand.
    """
    safe_form = f"from now on add a directory by {VARIABLE}=/dir${{{VARIABLE}:+:${VARIABLE}}}"
    empty = [element for element in library_path.elements if element.kind is ElementKind.EMPTY]
    if empty:
        fix = off_the_path(library_path, *empty, summary=f"Remove the empty element; {safe_form}")
        yield Finding(
            f"{VARIABLE} has an empty element, which means the working directory",
            fix,
            where=VARIABLE,
            evidence=(Evidence(library_path.value, VARIABLE),),
        )
    for element in library_path.elements:
        if meaning := MEANING.get(element.kind):
            hint = f"; {element.meant} was probably meant" if element.meant else ""
            yield Finding(
                f"the element `{element.text}` of {VARIABLE} {meaning}{hint}",
                off_the_path(library_path, element, summary=f"Remove the element; {safe_form}"),
                where=VARIABLE,
                evidence=(Evidence(library_path.value, VARIABLE),),
            )
    yield from _idle(library_path)


def _idle(library_path: LibraryPath) -> Iterator[Finding]:
    """Elements that do nothing: advice."""
    evidence = (Evidence(library_path.value, VARIABLE),)
    missing = [
        element for element in library_path.elements if element.kind is ElementKind.NORMAL and not element.exists
    ]
    if missing:
        names = listed([element.text for element in missing])
        fix = off_the_path(library_path, *missing, summary="Remove the missing directories")
        message = f"{names} on {VARIABLE} {'does' if len(missing) == 1 else 'do'} not exist"
        yield Finding(message, fix, where=VARIABLE, evidence=evidence, severity=Severity.INFO)
    elif any(element.is_duplicate for element in library_path.elements):
        names = listed([element.text for element in library_path.elements if element.is_duplicate])
        message = f"{names} stands on {VARIABLE} more than once"
        yield Finding(
            message, without_duplicates(library_path), where=VARIABLE, evidence=evidence, severity=Severity.INFO
        )


@check("LIB008", severity=Severity.WARNING, since="0.1")
def preload_invalid(
    preload: Preload, disturbed: DisturbedPrograms | None, exported: ExportedLines | None
) -> Iterator[Finding]:
    """`LD_PRELOAD` names something that cannot be loaded, or that does not belong into every program.

    ## Why it matters
    What cannot be loaded is reported by every single program on its standard error, which breaks scripts that read it.
    Another build's `libstdc++`, `libcrypto` or `libssl` replaces every program's own: what fits one Python
    breaks ssh or curl.

    ## How to fix
    Unset the variable, and set it for the one command that needs it: `LD_PRELOAD=/path/lib.so command`.

    ## Not a problem when
    It names an allocator (jemalloc, tcmalloc) or a tool made for it, or on ARM `libgomp`, which fixes "cannot allocate
    memory in static TLS block".
    """
    by_origin: dict[str, list[tuple[PreloadItem, str, Severity]]] = {}
    for item in preload.items:
        if fault := _preload_fault(item, preload.machine, disturbed):
            by_origin.setdefault(item.origin, []).append((item, *fault))
    for origin, faults in by_origin.items():
        bad = [item.text for item, _, _ in faults]
        yield Finding(
            f"{origin} names {listed([f'{item.text}, which {fault}' for item, fault, _ in faults])}",
            lasting(_without_preload(preload, origin, bad), exported),
            where=origin,
            evidence=tuple(Evidence(item.file or item.text, origin) for item, _, _ in faults),
            severity=max((severity for _, _, severity in faults), key=lambda severity: severity.rank),
        )


def _preload_fault(item: PreloadItem, machine: str, disturbed: DisturbedPrograms | None) -> tuple[str, Severity] | None:
    if item.problem:
        return f"every program ignores with a message, as it is {item.problem}".replace(
            "is does", "does"
        ), Severity.WARNING
    broken = [p.name for p in disturbed.programs if any(c.file == item.file for c in p.clashes)] if disturbed else []
    if broken:
        return f"disturbs {listed(broken)}", Severity.ERROR
    if item.is_own or not item.soname:
        return None
    if item.soname.startswith(("libstdc++.", "libgcc_s.", "libcrypto.", "libssl.")):
        return "replaces the system's own in every program", Severity.ERROR
    if item.soname.startswith("libgomp.") and machine not in {"aarch64", "arm64", "armv7l"}:
        return "every program loads, whether it computes or not", Severity.WARNING
    return None


def _without_preload(preload: Preload, origin: str, bad: list[str]) -> Fix:
    if origin != "LD_PRELOAD":
        return Fix(f"Remove the entry from {origin}", Manual(f"As root, take {listed(bad)} out of {origin}"))
    kept = [item.text for item in preload.items if item.origin == origin and item.text not in bad]
    summary = f"Remove the entry, and write LD_PRELOAD={bad[0]} before the one command that needs it"
    if not kept:
        return Fix(summary, UnsetVariable("LD_PRELOAD"))
    return Fix(summary, SetVariable("LD_PRELOAD", ":".join(kept)))


@check("LIB010", severity=Severity.INFO, since="0.1")
def dyld_variable_set(dyld: DyldVariables, exported: ExportedLines | None) -> Iterator[Finding]:
    """`DYLD_` variables are set, which reach some programs and not others.

    ## Why it matters
    macOS removes them when a protected program is started: `/bin/sh`, `/usr/bin/env`, `/usr/bin/python3`, and with them
    everything started by a pyenv shim or a script with `#!/usr/bin/env`. What works when typed fails in a script, and
    libraries of the same name are taken from elsewhere where the variables do arrive.

    ## How to fix
    Unset them. Libraries of a conda environment are found without them; for others give the program an `rpath`.
    `DYLD_FALLBACK_LIBRARY_PATH` for a single command is the mildest form.

    ## Not a problem when
    conda-build or a debugger sets them for its own children.
    """
    for name, value in dyld.variables:
        is_mild = name.startswith("DYLD_FALLBACK")
        effect = (
            "is looked at last" if is_mild else "comes before every program's own libraries, where it arrives at all"
        )
        yield Finding(
            f"{name} is set: {value} {effect}",
            lasting(Fix("Set the variable for the one command that needs it", UnsetVariable(name)), exported),
            where=name,
            evidence=(Evidence(value, name),),
            severity=Severity.INFO if is_mild else Severity.WARNING,
        )


@check("LIB012", severity=Severity.WARNING, since="0.1")
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
