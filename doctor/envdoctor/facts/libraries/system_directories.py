"""Which directories of the loader's own configuration give everyday programs libraries that do not fit them?"""

from __future__ import annotations

import os
import sys

import msgspec

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.libraries.programs import DisturbedProgram, disturbed_by
from envdoctor.facts.loader.configuration import ConfiguredDirectory, read_configuration
from envdoctor.facts.loader.library_path import conda_environment
from envdoctor.system.session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:  # what reads the cache is loaded when there is a reason to
    from envdoctor.facts.loader.host import Host

# what a distribution and its packages keep there was made for it
OF_THE_SYSTEM = ("/lib/", "/lib32/", "/lib64/", "/libx32/", "/usr/lib/", "/usr/lib32/", "/usr/lib64/", "/usr/libx32/")
MOST_NAMES = 5000


class DisturbingDirectory(Fact, frozen=True):
    """A directory that the loader's configuration names, and what comes of it.

    Attributes:
        place: the directory, and the line that names it.
        programs: the everyday programs that do not work with the libraries that lie there.
        conda: the conda environment whose `lib` it is; None for any other directory.
        writable: whether this user can change the file that names it.
    """

    place: ConfiguredDirectory
    programs: tuple[DisturbedProgram, ...]
    conda: str | None = None
    writable: bool = False


class SystemDirectories(Fact, frozen=True):
    """Those that disturb a program, in the order of the configuration; none where all that lies there fits."""

    disturbing: tuple[DisturbingDirectory, ...] = ()


@probe
def probe_system_directories(session: Session) -> SystemDirectories:
    """Compare how programs load with and without the cache's libraries from each directory that is not the system's."""
    if sys.platform == "darwin":
        raise Unavailable("the loader of macOS has no such configuration")
    configured = read_configuration()
    own = [place.directory for place in configured if _is_the_systems(place)]
    own += [directory.rstrip("/") for directory in OF_THE_SYSTEM]
    added = [place for place in configured if not _is_the_systems(place) and _may_shadow(place.directory, own)]
    if not added:
        raise Unavailable("the loader's configuration names no libraries that the system has too")
    from envdoctor.facts.loader.loading import loading

    host = loading(session).host
    found = []
    for place in added:
        reduced = without(host, place.directory)
        if programs := _disturbed(session, reduced) if reduced else ():
            conda = conda_environment(place.directory)
            found.append(DisturbingDirectory(place, programs, conda, os.access(place.file, os.W_OK)))
    return SystemDirectories(tuple(found))


def _is_the_systems(place: ConfiguredDirectory) -> bool:
    return f"{place.directory}/".startswith(OF_THE_SYSTEM)


def _may_shadow(directory: str, own: list[str]) -> bool:
    """Whether a library there has the name of one of the system's: most configurations have none such."""
    try:
        names = [name for name in os.listdir(directory) if ".so." in name][:MOST_NAMES]
    except OSError:
        return False
    return any(os.path.exists(f"{place}/{name}") for place in own for name in names)


def without(host: Host, directory: str) -> Host | None:
    """The machine without the libraries of a directory; None if they stand before no other of their name."""
    start = f"{directory}/"
    kept = {}
    shadows = False
    for name, entries in host.cache.items():
        others = tuple(entry for entry in entries if not entry.path.startswith(start))
        if len(others) < len(entries):
            at_hand = any(os.path.exists(f"{place}/{name}") for place in host.default_directories)
            shadows = shadows or bool(others) or at_hand
        if others:
            kept[name] = others
    return msgspec.structs.replace(host, cache=kept) if shadows else None


def _disturbed(session: Session, reduced: Host) -> tuple[DisturbedProgram, ...]:
    """The programs that load otherwise than they would on the machine as it would be, and do not work."""
    from envdoctor.facts.loader.glibc import Loader
    from envdoctor.facts.loader.loading import loading

    loaders = loading(session)
    before = Loader(reduced, None, session.cwd or "/", (), loaders.files)
    return disturbed_by(session, loaders.clean, lambda _: before).programs
