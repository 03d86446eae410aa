"""LIB — shared libraries: what installed packages and their extension modules need, and whether it is there."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
    Run,
    Safety,
    Scope,
    Severity,
    check,
)
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.libraries.extension_modules import ExtensionModules, Unloadable
from envdoctor.facts.libraries.ffmpeg import Ffmpeg, FfmpegUse, is_library
from envdoctor.facts.libraries.libstdcxx import SONAME, LibstdcxxChoice
from envdoctor.facts.loader.conflicts import highest
from envdoctor.facts.loader.library_path import LibraryPath
from envdoctor.facts.python.active import ActivePython
from envdoctor.text.patterns import pattern
from envdoctor_checks.common.installing import is_uvs_turn, reinstalled
from envdoctor_checks.libraries._fixes import (
    VARIABLE,
    link_actions,
    removed_links,
    within,
    without,
)

# library → what brings it on Debian and its kin
SYSTEM_PACKAGES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libSM.so.6": "libsm6",
    "libXext.so.6": "libxext6",
    "libXrender.so.1": "libxrender1",
    "libX11.so.6": "libx11-6",
    "libxcb.so.1": "libxcb1",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgomp.so.1": "libgomp1",
    "libsndfile.so.1": "libsndfile1",
    "libportaudio.so.2": "libportaudio2",
    "libodbc.so.2": "unixodbc",
    "libpq.so.5": "libpq5",
    "libusb-1.0.so.0": "libusb-1.0-0",
    "libcairo.so.2": "libcairo2",
    "libopenblas.so.0": "libopenblas0",
    "libgfortran.so.5": "libgfortran5",
    "libmpi.so.40": "libopenmpi3",
    "libstdc++.so.6": "libstdc++6",
    "libxml2.so.2": "libxml2",
    "libffi.so.8": "libffi8",
    "libsqlite3.so.0": "libsqlite3-0",
    "libtk8.6.so": "libtk8.6",
    "libOpenGL.so.0": "libopengl0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libgobject-2.0.so.0": "libglib2.0-0",
    "libgirepository-1.0.so.1": "libgirepository-1.0-1",
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libmagic.so.1": "libmagic1",
    "libzbar.so.0": "libzbar0",
    "libenchant-2.so.2": "libenchant-2-2",
    "libmariadb.so.3": "libmariadb3",
    "libsybdb.so.5": "libsybdb5",
    "libcurl.so.4": "libcurl4",
    "libcurl-gnutls.so.4": "libcurl3-gnutls",
    "libldap-2.5.so.0": "libldap-2.5-0",
    "libcgraph.so.6": "libcgraph6",
}
# a build of the package that asks for less, by the start of its module's path in site-packages
LESS = {
    "/cv2/": "opencv-python-headless, which has no windows, in the place of opencv-python",
    "/psycopg2/": "psycopg2-binary, which brings it along, in the place of psycopg2",
}

GLIBC = pattern(r"(ld-linux|ld64|libc|libm|libmvec|libpthread|libdl|librt|libresolv|libutil|libnsl)[-.\w]*\.so\.\d+")


@check("LIB003", severity=Severity.ERROR, since="0.1")
def libstdcxx_too_old(
    choice: LibstdcxxChoice, modules: ExtensionModules | None, library_path: LibraryPath | None, active: ActivePython
) -> Iterator[Finding]:
    """The `libstdc++` that extension modules get lacks what an installed one requires.

    ## Why it matters
    The import ends with "version `GLIBCXX_3.4.30' not found". The first `libstdc++` that the loader finds serves the
    whole process: conda's own, or one that `LD_LIBRARY_PATH` puts before it.

    ## How to fix
    In a conda environment install a newer one from conda-forge; where the library path brings the old one, take that
    directory off the path. Do not replace conda's file by a link to the system's.

    ## Not a problem when
    conda's is newer than the system's, which is usual; or it is older and no installed module asks for more.
    """
    lacking = [reason for reason in modules.unloadable if reason.soname == SONAME] if modules else []
    taken, newest = choice.taken, choice.newest
    if lacking:
        labels = highest([reason.detail.rpartition(" ")[2] for reason in lacking])
        yield Finding(
            f"{lacking[0].modules[0]} requires {labels}, which {lacking[0].file} does not have",
            _newer_libstdcxx(choice, library_path, active),
            where=lacking[0].file,
            evidence=(
                *(Evidence(f"{_counted(reason)}: it {reason.detail}", reason.modules[0]) for reason in lacking[:5]),
                *([Evidence(f"has {taken.glibcxx}, found by {choice.how}", taken.path)] if taken else []),
                *([Evidence(f"has {newest.glibcxx}", newest.path)] if newest and newest != taken else []),
            ),
        )
    elif choice.is_older and choice.how == VARIABLE and taken and newest:
        yield Finding(
            f"{VARIABLE} brings {taken.path} ({taken.glibcxx}), which is older than {newest.path} ({newest.glibcxx})",
            without(library_path, posixpath.dirname(taken.path), summary="Remove the older library from the path"),
            where=taken.path,
            evidence=(Evidence(f"has {taken.glibcxx}", taken.path), Evidence(f"has {newest.glibcxx}", newest.path)),
            severity=Severity.INFO,
        )


def _counted(reason: Unloadable) -> str:
    return f"{reason.count} modules" if reason.count > 1 else "one module"


def _newer_libstdcxx(choice: LibstdcxxChoice, library_path: LibraryPath | None, active: ActivePython) -> Fix:
    taken = choice.taken
    if taken and choice.how == VARIABLE:
        return without(
            library_path, posixpath.dirname(taken.path), summary="Remove the older libstdc++ from the library path"
        )
    prefix = active.interpreter.base_prefix
    if taken and within(prefix, taken.path):
        argv = ("conda", "install", "-y", "-p", prefix, "-c", "conda-forge", "libstdcxx-ng")
        return Fix("Install a newer libstdc++ into the conda environment", Run(*argv), safety=Safety.CHANGES_STATE)
    text = "Install the package built for this system, or build it here: this system's libstdc++ is too old for it"
    return Fix("Use a build of the package that this system can load", Manual(text))


@check("LIB005", severity=Severity.ERROR, since="0.1", unless=("PKG013",))
def ffmpeg_not_loadable(ffmpeg: Ffmpeg) -> Iterator[Finding]:
    """An installed package needs FFmpeg's shared libraries, and the loader finds none of a fitting release.

    ## Why it matters
    torchcodec, torchaudio and a PyAV built from source load `libavutil`, `libavcodec` and `libavformat` of certain
    releases. An `ffmpeg` program proves nothing: it may be static. Conda's libraries are not found by a Python
    outside of conda.

    ## How to fix
    Install FFmpeg with the system's package manager, or link conda's FFmpeg libraries, and them alone, into a directory
    of their own and put that on `LD_LIBRARY_PATH`. Conda's whole `lib` there breaks bash, git and ssh.

    ## Not a problem when
    One release that the package supports is found: messages about the others are expected.
    """
    for use in ffmpeg.uses:
        if use.loadable:
            continue
        wanted = f"FFmpeg {use.majors[0]}" if len(use.majors) == 1 else f"FFmpeg {use.majors[0]} to {use.majors[-1]}"
        present = sorted({major for place in ffmpeg.places for major in place.majors})
        fitting = [place for place in ffmpeg.places if set(place.majors) & set(use.majors)]
        seen = f"{fitting[0].directory} has them and is not searched" if fitting else "nothing here has them"
        if present and not fitting:
            seen = f"only FFmpeg {', '.join(map(str, present))} is here"
        yield Finding(
            f"{use.package} needs the shared libraries of {wanted}, and {seen}",
            _bring_ffmpeg(ffmpeg, use),
            where=use.package,
            evidence=(
                Evidence(f"{use.missing} is not found", ffmpeg.executable),
                *(Evidence(f"FFmpeg {', '.join(map(str, p.majors))}", p.directory) for p in ffmpeg.places),
            ),
            severity=Severity.WARNING if use.optional else Severity.ERROR,
        )


def _bring_ffmpeg(ffmpeg: Ffmpeg, use: FfmpegUse) -> Fix:
    for place in ffmpeg.places:
        if set(place.majors) & set(use.majors) and place.links:
            summary = "Link only FFmpeg's libraries into a separate directory for this shell"
            return Fix(summary, *link_actions(place), scope=Scope.SESSION, undo=removed_links(place))
    newest = use.majors[-1]
    conda = next((place.conda for place in ffmpeg.places if place.conda), None)
    if conda:
        argv = ("conda", "install", "-y", "-p", conda, "-c", "conda-forge", f"ffmpeg<{newest + 1}")
        return Fix("Install a release that the package supports", Run(*argv), safety=Safety.CHANGES_STATE)
    text = f"Install the shared libraries of FFmpeg {use.majors[0]} to {newest}, on Debian: sudo apt install ffmpeg"
    return Fix("Install FFmpeg with the system's package manager", Manual(text))


@check("LIB011", severity=Severity.ERROR, since="0.1", unless=("PKG006",))
def extension_needs_missing_library(
    modules: ExtensionModules,
    ffmpeg: Ffmpeg | None,
    active: ActivePython,
    library_path: LibraryPath | None,
    commands: Commands,
) -> Iterator[Finding]:
    """An installed package needs a shared library, or a version or symbol of one, that nothing provides.

    By default packages are looked into that are known to need one of the system's: OpenCV, pyodbc, psycopg2, Qt,
    python-magic, soundfile and more. Their symbols are followed where `LD_LIBRARY_PATH` or `LD_PRELOAD` is set. With
    `envdoctor check --deep` every extension module of the session's Python is read, and its symbols with it.

    ## Why it matters
    The import ends with "cannot open shared object file", "version `…' not found" or "undefined symbol", often long
    after the start. A symbol is missing where a package was built against other libraries than it gets.

    ## How to fix
    Install the library with the system's package manager or conda, or a build of the package that brings it along.

    ## Not a problem when
    The library belongs to the graphics driver, or lies elsewhere in the environment and is loaded by its own package
    first; or the file is a plug-in that nobody imports; or a wheel brings the library along.
    """
    for unopened in modules.unopened:
        yield Finding(
            f"{unopened.package} cannot be imported: it opens {unopened.soname}, which is not found",
            _bring_library(unopened.soname, None, unopened.file),
            where=unopened.file,
            evidence=(Evidence(f"opens {unopened.soname}", unopened.file),),
        )
    yield from _undefined(modules, active, library_path, commands)
    for reason in modules.unloadable:
        if reason.soname == SONAME or (ffmpeg and is_library(reason.soname)):
            continue
        first, more = posixpath.basename(reason.modules[0]), reason.count - 1
        others = f" and {more} more" if more else ""
        what = f"{reason.soname}, which {reason.detail}"
        yield Finding(
            f"{first}{others} cannot be imported: {'needs' if not more else 'they need'} {what}",
            _bring_library(reason.soname, reason.file, reason.modules[0]),
            where=reason.modules[0],
            evidence=tuple(Evidence(f"needs {reason.soname}", module) for module in reason.modules[:6]),
        )


def _undefined(
    modules: ExtensionModules, active: ActivePython, library_path: LibraryPath | None, commands: Commands
) -> Iterator[Finding]:
    for missing in modules.undefined:
        first, more = posixpath.basename(missing.modules[0]), missing.count - 1
        others = f" and {more} more" if more else ""
        if missing.brought:
            fix = without(library_path, *missing.brought, summary="Remove the other libraries from the path")
        elif missing.package:
            python = active.interpreter
            uvs = is_uvs_turn(at_hand=commands.first("uv") is not None, has_pip=python.pip is not None, made_it=False)
            steps = reinstalled(python.path, missing.package, with_uv=uvs, has_pip=python.pip is not None)
            summary = f"Reinstall {missing.package} for the libraries that are here"
            fix = Fix(summary, *steps, safety=Safety.CHANGES_STATE)
        else:
            text = f"Build the package of {first} again, against the libraries that are here"
            fix = Fix("Rebuild the package", Manual(text))
        yield Finding(
            f"{first}{others} cannot be imported: nothing defines the symbol {missing.symbol}",
            fix,
            where=missing.modules[0],
            evidence=(
                Evidence(f"uses {missing.symbol}", missing.user),
                *(Evidence("from here come other libraries", directory) for directory in missing.brought),
            ),
        )


def _bring_library(soname: str, file: str | None, module: str) -> Fix:
    summary = "Install the missing library"
    less = next((f"; or install {name}" for part, name in LESS.items() if part in module), "")
    if file is None and (package := SYSTEM_PACKAGES.get(soname)):
        return Fix(summary, Manual(f"Install {soname}, on Debian: sudo apt install {package}{less}"))
    if file is None:
        text = f"Install what provides {soname}, or a wheel of the package that brings it along{less}"
        return Fix(summary, Manual(text))
    text = "Install a build of the package made for this system"
    if not GLIBC.fullmatch(soname):  # the system's own C library is never to be exchanged
        text += f", or a newer {soname} than {file}"
    return Fix("Use a build that this system can load", Manual(text))
