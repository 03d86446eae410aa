"""Does the session's Python find the FFmpeg libraries that its packages were built for?

Which soname belongs to which release: FFmpeg's own table (torchcodec, ffmpeg_versions.cmake). A program called `ffmpeg`
says nothing about it: it may be static, and packages need the shared libraries.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.conda.installations import CondaRoots
from envdoctor.facts.python.active import ActivePython
from envdoctor.system.session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:  # loaded when a package needs FFmpeg
    from envdoctor.facts.loader.elf import ElfObject
    from envdoctor.facts.loader.glibc import Loader
    from envdoctor.facts.loader.loading import Loading
    from envdoctor.facts.loader.process import Process

LIBRARY = r"lib(avutil|avcodec|avformat|avdevice|avfilter|swscale|swresample|postproc)\.so\.([0-9]{1,4})"
MAJOR = {  # of FFmpeg, by library and the major version of its soname
    **{("avutil", number): number - 52 for number in range(56, 62)},
    **{("avcodec", number): number - 54 for number in range(58, 64)},
    **{("avformat", number): number - 54 for number in range(58, 64)},
}
# package → where the objects lie that are linked with FFmpeg
PACKAGES = {
    "torchcodec": ("torchcodec",),
    "torchaudio": ("torio/lib", "torchaudio/lib"),
    "av": ("av",),
}
NAMED = r"(?:core|ffmpeg)([4-9])\.so$"
# what shows that a package does a part of its work without FFmpeg
OPTIONAL = {"torchaudio": "torchaudio", "torchcodec": "torchcodec/libtorchcodec_image.so"}
BUNDLED = {"av": "av.libs"}
# the C library and the compiler's own are the machine's, wherever everything else comes from
NEVER_LINKED = r"(?:libc|libm|libdl|librt|libpthread|ld-linux.*|libresolv|libutil)\.so\."
MOST_LINKS = 200


class FfmpegUse(Fact, frozen=True):
    """A package that needs FFmpeg's shared libraries.

    Attributes:
        package: its name.
        majors: the FFmpeg releases that it has been built for, ascending.
        loadable: those of them whose libraries the loader finds in this session.
        missing: the first library that is not found, of the newest release that it has been built for.
        optional: whether the package does a part of its work without FFmpeg.
    """

    package: str
    majors: tuple[int, ...]
    loadable: tuple[int, ...] = ()
    missing: str | None = None
    optional: bool = False


class FfmpegPlace(Fact, frozen=True):
    """A directory with FFmpeg's shared libraries.

    Attributes:
        directory: the directory.
        majors: the releases whose libraries lie there, ascending.
        conda: the conda environment that it belongs to; None for the system's.
        reached: whether the loader looks there for this session's Python.
        links: files to link into a directory of their own, so that the loader finds FFmpeg and nothing else of what
            lies there: FFmpeg's libraries of the newest release, and what they need that the system has not.
        private: where such a directory of links would suit: in the virtual environment, else in the home directory.
        above: the directories above that which are not there yet, the nearest first.
    """

    directory: str
    majors: tuple[int, ...]
    conda: str | None = None
    reached: bool = False
    links: tuple[str, ...] = ()
    private: str | None = None
    above: tuple[str, ...] = ()


class Ffmpeg(Fact, frozen=True):
    """FFmpeg as the session's Python finds it.

    Attributes:
        executable: the Python.
        uses: the packages that need it.
        places: where its libraries lie on this machine.
    """

    executable: str
    uses: tuple[FfmpegUse, ...]
    places: tuple[FfmpegPlace, ...] = ()


@probe
def probe_ffmpeg(session: Session, active: ActivePython, roots: CondaRoots | None) -> Ffmpeg:
    """Follow the loader for every object of these packages, and look for FFmpeg in conda and the system."""
    packages = [(name, path) for path in active.interpreter.site_packages for name in PACKAGES if _has(path, name)]
    if not packages:
        raise Unavailable("no installed package needs FFmpeg's libraries")
    from envdoctor.facts.loader.loading import loading

    executable, loaders = active.interpreter.executable, loading(session)
    loader = loaders.here(executable)
    process = loaders.start(loader, executable)
    if process is None:
        raise Unavailable(f"{executable} is not started by the system's loader")
    uses = [use for name, path in packages if (use := _use(loaders, loader, process, name, path))]
    if not uses:
        raise Unavailable("no installed package needs FFmpeg's libraries")
    wanted = tuple(sorted({major for use in uses for major in use.majors}))
    in_venv = active.interpreter.is_venv or session.home is None
    private = f"{active.interpreter.prefix if in_venv else f'{session.home}/.local'}/lib"
    above = tuple(_absent(private))
    places = []
    for directory, conda in _directories(session, active, loaders, roots):
        if place := _place(loader, process, directory, wanted):
            if conda:
                major = max(set(place.majors) & set(wanted) or set(place.majors))
                links = links_for(loaders, executable, directory, major)
                own = f"{private}/ffmpeg-{major}"
                place = FfmpegPlace(directory, place.majors, conda, place.reached, links, own, above)
            places.append(place)
    return Ffmpeg(executable, tuple(uses), tuple(places))


def _absent(directory: str) -> Iterator[str]:
    """A directory and those above it that are not there, the nearest first."""
    while not os.path.lexists(directory) and (parent := os.path.dirname(directory)) != directory:
        yield directory
        directory = parent


def is_library(soname: str) -> bool:
    """Whether a library is one of FFmpeg's."""
    return re.fullmatch(LIBRARY, soname) is not None


def major_of(soname: str) -> int | None:
    """The FFmpeg release that a library belongs to: `libavutil.so.59` is of FFmpeg 7."""
    match = re.fullmatch(LIBRARY, soname)
    return MAJOR.get((match[1], int(match[2]))) if match else None


def _has(site_packages: str, package: str) -> bool:
    if package in BUNDLED and os.path.isdir(f"{site_packages}/{BUNDLED[package]}"):
        return False
    return any(os.path.isdir(f"{site_packages}/{place}") for place in PACKAGES[package])


def _use(loaders: Loading, loader: Loader, process: Process, package: str, site_packages: str) -> FfmpegUse | None:
    """What a package was built for, and which of it would load."""
    missing: dict[int, str | None] = {}
    for path in _objects(f"{site_packages}/{place}" for place in PACKAGES[package]):
        elf = loaders.files.elf(path)
        names = [name for name in elf.needed if re.fullmatch(LIBRARY, name)] if elf else []
        if not names and (named := re.search(NAMED, os.path.basename(path))):
            names = [name for name in _sonames() if major_of(name) == int(named[1])]
        major = next((major for name in names if (major := major_of(name))), None)
        if major is not None and not missing.get(major):
            missing[major] = _first_missing(loader, process, path, names)
    if not missing:
        return None
    majors = tuple(sorted(missing))
    loadable = tuple(major for major in majors if missing[major] is None)
    optional = package in OPTIONAL and os.path.exists(f"{site_packages}/{OPTIONAL[package]}")
    return FfmpegUse(package, majors, loadable, None if loadable else missing[majors[-1]], optional)


def _first_missing(loader: Loader, process: Process, path: str, names: list[str]) -> str | None:
    """The first of FFmpeg's libraries, or of what they need in turn, that does not load."""
    trial = process.fork()
    trial.failures.clear()
    opened = loader.open(trial, path)
    for name in names:
        if (opened.takes.get(name) if opened else loader.take(trial, name)) is None:
            return name
    own = {mapped.path for mapped in trial.objects if re.fullmatch(LIBRARY, mapped.elf.soname or "")}
    return next((failure.name for failure in trial.failures if failure.needed_by in own), None)


def _objects(directories: Iterator[str]) -> Iterator[str]:
    for directory in directories:
        try:
            names = sorted(os.listdir(directory))
        except OSError:
            continue
        yield from (f"{directory}/{name}" for name in names if name.endswith(".so"))


def _directories(
    session: Session, active: ActivePython, loaders: Loading, roots: CondaRoots | None
) -> Iterator[tuple[str, str | None]]:
    """Where FFmpeg may lie, and the conda environment that it is: the active one, the base's, each root, the system."""
    prefixes = [session.env.get("CONDA_PREFIX") or "", active.interpreter.prefix, active.interpreter.base_prefix]
    prefixes += [root.path for root in roots.roots] if roots else []
    seen = set()
    for prefix in filter(os.path.isabs, prefixes):
        real = os.path.realpath(prefix)
        if real not in seen and os.path.isdir(f"{prefix}/conda-meta"):
            seen.add(real)
            yield f"{prefix}/lib", prefix
    system = [os.path.dirname(entry.path) for name in _sonames() for entry in loaders.host.cache.get(name, ())]
    for directory in dict.fromkeys((*system, *loaders.host.default_directories)):
        real = os.path.realpath(directory)
        if real not in seen:
            seen.add(real)
            yield directory, None


def _sonames() -> Iterator[str]:
    return (f"lib{name}.so.{number}" for name, number in MAJOR if name == "avutil")


def _place(loader: Loader, process: Process, directory: str, wanted: tuple[int, ...]) -> FfmpegPlace | None:
    """What lies in a directory; None if nothing of FFmpeg does."""
    sonames = {major_of(name): name for name in _sonames() if os.path.exists(f"{directory}/{name}")}
    majors = tuple(sorted(major for major in sonames if major is not None))
    if not majors:
        return None
    taken = loader.take(process.fork(), sonames[max(set(majors) & set(wanted) or set(majors))])
    reached = taken is not None and os.path.realpath(os.path.dirname(taken.path)) == os.path.realpath(directory)
    return FfmpegPlace(directory, majors, reached=reached)


def links_for(loaders: Loading, executable: str, directory: str, major: int) -> tuple[str, ...]:
    """The files of a directory to link, so that one release of FFmpeg loads beside the system's libraries."""
    clean = loaders.clean(executable)
    process = loaders.start(clean, executable)
    try:
        names = sorted(os.listdir(directory))
    except OSError:
        return ()
    waiting = [name for name in names if re.fullmatch(LIBRARY, name) and _release(loaders, directory, name) == major]
    chosen = list(waiting)
    while process and waiting and len(chosen) < MOST_LINKS:
        elf = loaders.files.elf(f"{directory}/{waiting.pop()}")
        if elf is None:
            continue
        for name in elf.needed:
            if name in chosen or re.match(NEVER_LINKED, name) or not os.path.exists(f"{directory}/{name}"):
                continue
            if not _system_has(clean, process, name, elf):
                chosen.append(name)
                waiting.append(name)
    return tuple(f"{directory}/{name}" for name in sorted(chosen))


def _release(loaders: Loading, directory: str, name: str) -> int | None:
    """The release that a file belongs to, by its soname; `libswscale` and the like by what they need."""
    if known := major_of(name):
        return known
    elf = loaders.files.elf(f"{directory}/{name}")
    needed = elf.needed if elf else ()
    return next((major for other in needed if (major := major_of(other))), None)


def _system_has(clean: Loader, process: Process, name: str, user: ElfObject) -> bool:
    """Whether the system's file of that name has every version that a library of FFmpeg requires of it."""
    own = clean.take(process.fork(), name)
    if own is None:
        return False
    required = {label for need in user.required if need.soname == name for label in need.versions}
    return required <= set(own.elf.defined)
