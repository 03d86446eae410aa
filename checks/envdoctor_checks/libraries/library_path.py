"""LIB — shared libraries: what `LD_LIBRARY_PATH`, `LD_PRELOAD` and `DYLD_*` do to every program of the session."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Scope,
    Severity,
    check,
)
from envdoctor.facts.libraries.ffmpeg import Ffmpeg
from envdoctor.facts.libraries.programs import DisturbedPrograms
from envdoctor.facts.loader.conflicts import Effect
from envdoctor.facts.loader.library_path import (
    ElementKind,
    LibraryPath,
    LibraryPathElement,
)
from envdoctor.facts.shell.startup_files import StartupFiles
from envdoctor_checks.common.extending_lines import for_new_shells
from envdoctor_checks.common.wording import listed
from envdoctor_checks.libraries._disturbed import DELICATE, MOST_EVIDENCE, clashes_of, gets
from envdoctor_checks.libraries._fixes import (
    VARIABLE,
    narrow_ffmpeg,
    off_the_path,
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
def library_path_entry_malformed(library_path: LibraryPath, startup: StartupFiles | None) -> Iterator[Finding]:
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
        advice = for_new_shells(VARIABLE, startup)
        summary = f"Remove the empty element{'' if advice else f'; {safe_form}'}"
        yield Finding(
            f"{VARIABLE} has an empty element, which means the working directory",
            Fix(summary, *off_the_path(library_path, *empty).actions, *advice, scope=Scope.SESSION),
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
