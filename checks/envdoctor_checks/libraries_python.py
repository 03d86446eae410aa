"""LIB — shared libraries: what the session's Python and its extension modules get for the libraries that they need."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from envdoctor import Evidence, Finding, Fix, Manual, Run, Safety, Scope, Severity, UnsetVariable, check
from envdoctor.facts.answers import ActivePython
from envdoctor.facts.clashes import highest
from envdoctor.facts.cuda_wheels import CudaCollision, CudaWheels
from envdoctor.facts.extension_modules import ExtensionModules, Unloadable
from envdoctor.facts.ffmpeg import Ffmpeg, FfmpegUse, is_library
from envdoctor.facts.libpython import LibpythonChoice
from envdoctor.facts.library_imports import LibraryImports
from envdoctor.facts.library_path import LibraryPath
from envdoctor.facts.libstdcxx import SONAME, LibstdcxxChoice
from envdoctor.facts.openmp import OpenmpDuplicates
from envdoctor_checks.library_fixes import VARIABLE, link_actions, off_the_path, within

# whose maintainers say that the package does without FFmpeg, only with less
OPTIONAL = {"torchaudio"}
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
}


def _remove(library_path: LibraryPath | None, *directories: str, summary: str) -> Fix:
    """Take the elements that these directories belong to off the library path; all of it, where none can be told."""
    elements = library_path.elements if library_path else ()
    guilty = [e for e in elements if e.text and any(within(e.text, directory) for directory in directories)]
    if library_path is None or not guilty:
        return Fix(summary, UnsetVariable(VARIABLE))
    return off_the_path(library_path, *guilty, summary=summary)


@check("LIB006", severity=Severity.ERROR, since="0.1")
def libpython_shadowed(choice: LibpythonChoice, library_path: LibraryPath | None) -> Iterator[Finding]:
    """Python runs with the `libpython` of another build.

    ## Why it matters
    A Python that was built with a shared library is hardly more than that library. With another build's it reports a
    wrong version, misses symbols, or looks for its standard library in the other build's place.

    ## How to fix
    Take the directory off `LD_LIBRARY_PATH`.

    ## Not a problem when
    The two files are the same, or Python cannot be started without the variable because its library lies nowhere else.
    """
    if choice.same or not choice.taken or not choice.own or choice.how != VARIABLE:
        return
    yield Finding(
        f"{choice.executable} runs with {choice.taken} instead of its own {choice.own}",
        _remove(library_path, posixpath.dirname(choice.taken), summary="Take the other build's libraries off the path"),
        where=choice.taken,
        evidence=(
            Evidence(f"needs {choice.soname}", choice.executable),
            Evidence(library_path.value if library_path else choice.taken, VARIABLE),
        ),
    )


@check("LIB007", severity=Severity.ERROR, since="0.1", needs=(libpython_shadowed,))
def ssl_module_broken(imports: LibraryImports, library_path: LibraryPath | None) -> Iterator[Finding]:
    """Python cannot import `ssl`, `ctypes` or `sqlite3` with the session's library path, and can without it.

    ## Why it matters
    Without `ssl` neither pip nor conda can download anything. The modules are linked with OpenSSL, libffi and SQLite,
    and get whatever file of that name the loader finds first.

    ## How to fix
    Take the directory off `LD_LIBRARY_PATH`. Where a conda package of OpenSSL is damaged as well:
    `conda install --force-reinstall openssl`.

    ## Not a problem when
    The module is missing either way: then this Python was built without it.
    """
    if not imports.broken:
        return
    names = " and ".join(f"`{module.name}`" for module in imports.broken if module.name != "python")
    what = f"cannot import {names}" if names else "does not start"
    variables = " and ".join(imports.variables)
    summary = "Take the directory that brings other libraries off the path of every program"
    fix = _remove(library_path, *imports.culprits, summary=summary)
    if VARIABLE not in imports.variables:
        fix = Fix("Preload nothing into Python", *(UnsetVariable(name) for name in imports.variables))
    yield Finding(
        f"{imports.executable} {what} with this session's {variables}",
        fix,
        where=imports.executable,
        evidence=(
            *(Evidence(f"import {module.name}: {module.error}", imports.executable) for module in imports.broken),
            *(Evidence(f"libraries are taken from {directory}", VARIABLE) for directory in imports.culprits),
        ),
    )


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
            _remove(library_path, posixpath.dirname(taken.path), summary="Take the older library off the path"),
            where=taken.path,
            evidence=(Evidence(f"has {taken.glibcxx}", taken.path), Evidence(f"has {newest.glibcxx}", newest.path)),
            severity=Severity.INFO,
        )


def _counted(reason: Unloadable) -> str:
    return f"{reason.count} modules" if reason.count > 1 else "one module"


def _newer_libstdcxx(choice: LibstdcxxChoice, library_path: LibraryPath | None, active: ActivePython) -> Fix:
    taken = choice.taken
    if taken and choice.how == VARIABLE:
        return _remove(
            library_path, posixpath.dirname(taken.path), summary="Take the older libstdc++ off the library path"
        )
    prefix = active.interpreter.base_prefix
    if taken and within(prefix, taken.path):
        argv = ("conda", "install", "-y", "-p", prefix, "-c", "conda-forge", "libstdcxx-ng")
        return Fix("Install a newer libstdc++ into the conda environment", Run(*argv), safety=Safety.CHANGES_STATE)
    text = "Install the package built for this system, or build it here: this system's libstdc++ is too old for it"
    return Fix("Use a build of the package that this system can load", Manual(text))


@check("LIB004", severity=Severity.WARNING, since="0.1")
def cuda_wheels_shadowed(wheels: CudaWheels, library_path: LibraryPath) -> Iterator[Finding]:
    """A directory on `LD_LIBRARY_PATH` stands before the CUDA libraries that the installed wheels bring along.

    ## Why it matters
    Libraries of two CUDA or cuDNN releases in one process end in undefined symbols, `CUDNN_STATUS_…` or a crash.

    ## How to fix
    Take the toolkit's directory off `LD_LIBRARY_PATH`: wheels need none. Leave the driver's directories there, such as
    `/usr/lib/wsl/lib` or `/usr/local/nvidia/lib64`.

    ## Not a problem when
    The directory holds the driver's libraries only, other sonames than the wheels, or torch finds its own first by an
    RPATH.
    """
    for element in library_path.elements:
        own = [collision for collision in wheels.collisions if collision.element == element.text]
        if own and not element.is_duplicate:
            differing = [collision for collision in own if _differs(collision)]
            shown = differing or own
            yield Finding(
                f"{element.text} on {VARIABLE} stands before the installed CUDA wheels: {_compared(shown[0])}",
                off_the_path(
                    library_path, element, summary="Take the toolkit's libraries off the path: wheels need none"
                ),
                where=element.text,
                evidence=tuple(Evidence(f"{c.other} comes before {c.wheel}", VARIABLE) for c in shown[:6]),
                severity=Severity.ERROR if differing else Severity.WARNING,
            )
    for stub in dict.fromkeys(wheels.stubs):
        guilty = next(element for element in library_path.elements if element.text == stub)
        yield Finding(
            f"{stub} on {VARIABLE} holds a stand-in for the driver, libcuda.so.1, which finds no GPU",
            off_the_path(library_path, guilty, summary="Take the stubs off the path: they are for linking only"),
            where=stub,
            evidence=(Evidence(library_path.value, VARIABLE),),
            severity=Severity.ERROR,
        )


def _differs(collision: CudaCollision) -> bool:
    """Whether the two files are of different releases, by major and minor."""
    if not collision.wheel_version or not collision.other_version:
        return False
    return collision.wheel_version.split(".")[:2] != collision.other_version.split(".")[:2]


def _compared(collision: CudaCollision) -> str:
    other, wheel = collision.other_version or "one", collision.wheel_version or "its own"
    return f"it has {collision.soname} {other}, the wheel brings {wheel}"


@check("LIB005", severity=Severity.ERROR, since="0.1")
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
            severity=Severity.WARNING if use.package in OPTIONAL else Severity.ERROR,
        )


def _bring_ffmpeg(ffmpeg: Ffmpeg, use: FfmpegUse) -> Fix:
    for place in ffmpeg.places:
        if set(place.majors) & set(use.majors) and place.links:
            summary = "Link FFmpeg's libraries, and them alone, into a directory of their own for this shell"
            return Fix(summary, *link_actions(place), scope=Scope.SESSION, undo=f"rm -r {place.private}")
    newest = use.majors[-1]
    conda = next((place.conda for place in ffmpeg.places if place.conda), None)
    if conda:
        argv = ("conda", "install", "-y", "-p", conda, "-c", "conda-forge", f"ffmpeg<{newest + 1}")
        return Fix("Install a release that the package supports", Run(*argv), safety=Safety.CHANGES_STATE)
    text = f"Install the shared libraries of FFmpeg {use.majors[0]} to {newest}, on Debian: sudo apt install ffmpeg"
    return Fix("Install FFmpeg with the system's package manager", Manual(text))


@check("LIB009", severity=Severity.WARNING, since="0.1")
def openmp_duplicates_tolerated(openmp: OpenmpDuplicates) -> Iterator[Finding]:
    """`KMP_DUPLICATE_LIB_OK` hides that two OpenMP runtimes are in one process.

    ## Why it matters
    Intel's runtime would end the program instead ("OMP: Error #15"). Its makers call the variable unsafe: results may
    be wrong, or the program crashes later.

    ## How to fix
    Unset it, and take both stacks from one source: numpy and torch both by conda, or both as wheels; in conda
    `conda install nomkl` keeps Intel's runtime out.

    ## Not a problem when
    Wheels on Linux bring a `libgomp` of their own under a name with a hash: that is not the runtime this is about.
    """
    if not openmp.tolerated:
        return
    yield Finding(
        f"KMP_DUPLICATE_LIB_OK={openmp.value} hides two OpenMP runtimes in one process",
        Fix(
            "Let the runtime say which libraries meet, and take both from one source",
            UnsetVariable("KMP_DUPLICATE_LIB_OK"),
        ),
        where="KMP_DUPLICATE_LIB_OK",
        evidence=(
            Evidence(openmp.value, "KMP_DUPLICATE_LIB_OK"),
            *(Evidence("an OpenMP runtime", path) for path in openmp.runtimes[:6]),
        ),
    )


@check("LIB011", severity=Severity.ERROR, since="0.1")
def extension_needs_missing_library(modules: ExtensionModules, ffmpeg: Ffmpeg | None) -> Iterator[Finding]:
    """An installed extension module needs a shared library, or a version of one, that nothing provides.

    Looked into with `envdoctor check --deep`: every extension module of the session's Python is read.

    ## Why it matters
    The import ends with "cannot open shared object file" or "version `…' not found", often long after the start.

    ## How to fix
    Install the library with the system's package manager or conda, or a build of the package that brings it along.

    ## Not a problem when
    The library belongs to the graphics driver, or lies elsewhere in the environment and is loaded by its own package
    first; or the file is a plug-in that nobody imports.
    """
    for reason in modules.unloadable:
        if reason.soname == SONAME or (ffmpeg and is_library(reason.soname)):
            continue
        first, more = posixpath.basename(reason.modules[0]), reason.count - 1
        others = f" and {more} more" if more else ""
        what = f"{reason.soname}, which {reason.detail}"
        yield Finding(
            f"{first}{others} cannot be imported: {'needs' if not more else 'they need'} {what}",
            _bring_library(reason),
            where=reason.modules[0],
            evidence=tuple(Evidence(f"needs {reason.soname}", module) for module in reason.modules[:6]),
        )


def _bring_library(reason: Unloadable) -> Fix:
    package = SYSTEM_PACKAGES.get(reason.soname) if reason.file is None else None
    if package:
        return Fix("Install the library", Manual(f"Install {reason.soname}, on Debian: sudo apt install {package}"))
    if reason.file is None:
        text = f"Install what provides {reason.soname}, or a wheel of the package that brings it along"
        return Fix("Install the library", Manual(text))
    text = f"Install a build of the package made for this system, or a newer {reason.soname} than {reason.file}"
    return Fix("Use a build that this system can load", Manual(text))
