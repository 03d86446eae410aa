"""How is a directory taken off the library path, or made harmless? Scoped ways only: nothing here exports for good."""

from __future__ import annotations

import posixpath

from envdoctor import (
    Fix,
    Manual,
    PrependPath,
    RemoveFromPath,
    Run,
    Scope,
    SetVariable,
    UnsetVariable,
)
from envdoctor.facts.libraries.ffmpeg import Ffmpeg, FfmpegPlace
from envdoctor.facts.loader.library_path import LibraryPath, LibraryPathElement
from envdoctor_checks.common.shell_words import PLAIN

VARIABLE = "LD_LIBRARY_PATH"


def within(directory: str, path: str | None) -> bool:
    """Whether a file lies in a directory, at any depth."""
    return path is not None and f"{posixpath.normpath(path)}/".startswith(f"{posixpath.normpath(directory)}/")


def off_the_path(library_path: LibraryPath, *elements: LibraryPathElement, summary: str | None = None) -> Fix:
    """Take elements off the library path of this shell; the variable goes with the last one.

    Each is taken from what the variable holds by then, so that the fixes of several findings do not undo each other.
    """
    text = (
        summary or f"Remove the element, and write {VARIABLE}={elements[0].text} before the one command that needs it"
    )
    gone = dict.fromkeys(element.text for element in elements)
    kept = [element.text for element in library_path.elements if element.text not in gone]
    if not any(kept):
        return Fix(text, UnsetVariable(VARIABLE))
    return Fix(text, *(RemoveFromPath(element, VARIABLE, semicolons=True) for element in gone))


def without(library_path: LibraryPath | None, *directories: str, summary: str) -> Fix:
    """Take the elements that these directories belong to off the library path; all of it, where none can be told."""
    elements = library_path.elements if library_path else ()
    culprits = [e for e in elements if e.text and any(within(e.text, directory) for directory in directories)]
    if library_path is None or not culprits:
        return Fix(summary, UnsetVariable(VARIABLE))
    return off_the_path(library_path, *culprits, summary=summary)


def without_duplicates(library_path: LibraryPath) -> Fix:
    """Keep the first of each. What the variable will hold once other findings are fixed, nobody knows yet."""
    summary = "Keep the first of each element; the others have no effect"
    again = [element for element in library_path.elements if element.is_duplicate]
    kept = {element.text for element in library_path.elements if not element.is_duplicate}
    same = next((element.text for element in again if element.text in kept), None)
    if same is None:
        return off_the_path(library_path, *again, summary=summary)
    guard = f': case ":${VARIABLE}:" in *:{same}:*) ;; *) … ;; esac' if PLAIN.fullmatch(same) else ""
    return Fix(summary, Manual(f"Where {same} is added, add it only if it is not there yet{guard}"))


def narrow_ffmpeg(element: LibraryPathElement, library_path: LibraryPath, ffmpeg: Ffmpeg | None) -> Fix | None:
    """Put links to FFmpeg's libraries in the place of conda's whole `lib`; None where no package needs them."""
    if ffmpeg is None or not any(use.loadable for use in ffmpeg.uses):
        return None
    for place in ffmpeg.places:
        if place.reached and place.private and within(element.text, place.directory):
            removal = off_the_path(library_path, element).actions
            packages = " and ".join(use.package for use in ffmpeg.uses)
            summary = f"Give {packages} only FFmpeg's libraries, through links in a separate directory"
            return Fix(
                summary,
                *removal,
                *link_actions(place),
                scope=Scope.SESSION,
                undo=(*removed_links(place), SetVariable(VARIABLE, library_path.value)),
            )
    return None


def link_actions(place: FfmpegPlace) -> tuple[Run | PrependPath, ...]:
    """Make a directory of links to FFmpeg's libraries, and put that on the library path of this shell."""
    assert place.private is not None  # noqa: S101 - asked for only where there is one
    return (
        Run("mkdir", "-p", place.private),
        Run("ln", "-sf", *place.links, place.private),
        PrependPath(place.private, VARIABLE),
    )


def removed_links(place: FfmpegPlace) -> tuple[Run | RemoveFromPath, ...]:
    """Remove those links again, the directories that were made for them, and what names these."""
    assert place.private is not None  # noqa: S101 - asked for only where there is one
    links = tuple(posixpath.join(place.private, posixpath.basename(link)) for link in place.links)
    return Run("rm", "-f", *links), Run("rmdir", place.private, *place.above), RemoveFromPath(place.private, VARIABLE)
