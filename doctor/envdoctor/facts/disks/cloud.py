"""Which environments lie in a folder that a program copies to other machines?

Names alone are taken for proof only where no other directory is called so; what a program leaves in its folder proves
it by any name. An environment that the program is told to leave alone is left out.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.packages.targets import PackageTargets
from envdoctor.system.files import Unreadable, read_text
from envdoctor.system.session import Session
from envdoctor.text.patterns import pattern

# a word in the name of a folder, without which the name is not compiled for; the name; and whose it is
NAMES = (
    ("OneDrive", pattern(r"OneDrive( - .+)?"), "OneDrive"),
    ("Dropbox", pattern(r"(.+ )?Dropbox( \([^()]+\))?"), "Dropbox"),
    ("Google", pattern(r"Google ?Drive|GoogleDrive-.+"), "Google Drive"),
    ("iCloud", pattern(r"iCloud ?Drive( \(Archive\))?"), "iCloud Drive"),
    ("pCloud", pattern(r"pCloud ?Drive"), "pCloud"),
    ("Box", pattern(r"Box Sync"), "Box"),
)
# what lies in the folder of a program that synchronises it
SIGNS = (
    (".dropbox.cache", "Dropbox"),
    (".stfolder", "Syncthing"),
    (".nextcloudsync.log", "Nextcloud"),
    (".owncloudsync.log", "ownCloud"),
)
ICLOUD = "Library/Mobile Documents"
PROVIDED = pattern(r"(Library/CloudStorage/([A-Za-z]+)[^/]*)(/|$)")
BY_NAME = "the name of the folder"
PERHAPS = ("Documents", "Desktop")
# on Linux the attributes of users have names of their own
MARKS = ("user.com.dropbox.ignored", "com.dropbox.ignored", "com.apple.fileprovider.ignore#P")
IGNORING = (".stignore", ".sync-exclude.lst")


class CloudFolder(Fact, frozen=True):
    """An environment in such a folder.

    Attributes:
        environment: the environment.
        folder: the folder.
        service: who synchronises it.
        origin: what says so: the name of the folder, or what lies in it.
        certain: whether it is known to be synchronised.
        near: whether the environment is that of the project around the working directory.
    """

    environment: str
    folder: str
    service: str
    origin: str
    certain: bool = True
    near: bool = False


class CloudFolders(Fact, frozen=True):
    """Every such environment of the session."""

    found: tuple[CloudFolder, ...] = ()


@probe
def probe_cloud_folders(session: Session, targets: PackageTargets) -> CloudFolders:
    """Look at the directories above each environment."""
    environments = [target for target in targets.targets if target.is_environment]
    if not environments:
        raise Unavailable("there is no environment here")
    system = os.uname().sysname
    found = []
    for target in environments:
        folder = next(folders_above(os.path.realpath(target.root), session.home, system), None)
        if folder and not is_left_alone(target.root, folder[0]):
            found.append(CloudFolder(target.root, *folder, near=target.near))
    return CloudFolders(tuple(found))


def folders_above(path: str, home: str | None, system: str) -> Iterator[tuple[str, str, str, bool]]:
    """The folders above a path that are synchronised, the nearest first: folder, service, what says so, certainty."""
    own = os.path.realpath(home) if home else None
    if system == "Darwin" and own and path.startswith(f"{own}/"):
        inside = path.removeprefix(f"{own}/")
        if inside.startswith(f"{ICLOUD}/"):
            yield f"{own}/{ICLOUD}", "iCloud Drive", BY_NAME, True
        if provided := PROVIDED.match(inside):
            yield f"{own}/{provided[1]}", provided[2], BY_NAME, True
        if inside.partition("/")[0] in PERHAPS:
            yield f"{own}/{inside.partition('/')[0]}", "iCloud Drive", BY_NAME, False
    directory = os.path.dirname(path)
    while directory != os.path.dirname(directory):
        name = os.path.basename(directory)
        for sign, service in SIGNS:
            if os.path.lexists(os.path.join(directory, sign)):
                yield directory, service, os.path.join(directory, sign), True
        for word, fitting, service in NAMES:
            if word in name and fitting.fullmatch(name):
                yield directory, service, BY_NAME, True
        directory = os.path.dirname(directory)


def is_left_alone(environment: str, folder: str) -> bool:
    """Whether the environment, or a directory above it inside the folder, is marked to be left alone."""
    place, top = os.path.realpath(environment), os.path.realpath(folder)
    name = os.path.basename(place)
    for file in IGNORING:
        try:
            lines = read_text(os.path.join(top, file)).splitlines()
        except Unreadable:
            continue
        if any(line.strip().rstrip("/").rpartition("/")[2] in (name, "(?d)" + name) for line in lines):
            return True
    while place.startswith(f"{top}/"):
        if any(_has(place, mark) for mark in MARKS):
            return True
        place = os.path.dirname(place)
    return False


def _has(path: str, mark: str) -> bool:
    try:
        return _attribute(path, mark) not in (b"", b"0", None)
    except OSError:
        return False


def _attribute(path: str, name: str) -> bytes | None:
    """An extended attribute of a file. Python has no function for it on macOS."""
    if hasattr(os, "getxattr"):
        return os.getxattr(path, name)
    import ctypes

    room = ctypes.create_string_buffer(100)
    size = ctypes.CDLL(None).getxattr(os.fsencode(path), name.encode(), room, len(room), 0, 0)
    return room.raw[:size] if size > 0 else None
