"""DSK: environments and caches on the network, on a drive of Windows, or in a folder that is synchronised."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename

from envdoctor import (
    Activate,
    EditFile,
    Evidence,
    Finding,
    Fix,
    Manual,
    RemoveFromPath,
    Run,
    Safety,
    SetVariable,
    Severity,
    check,
)
from envdoctor.facts.commands.commands import Commands, Hit
from envdoctor.facts.disks.caches import CacheTool
from envdoctor.facts.disks.cloud import CloudFolder, CloudFolders
from envdoctor.facts.disks.volumes import DiskPlace, DiskPlaces, Use
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.project.project import ProjectManager
from envdoctor.facts.session.context import Examined, Place
from envdoctor.facts.session.mounts import Mounts
from envdoctor_checks.disks._fixes import advised

TYPED = ("python", "python3", "pip", "uv", "conda")
USED_BY = {CacheTool.UV: "uv", CacheTool.PIP: "pip", CacheTool.CONDA: "conda"}


@check("DSK005", severity=Severity.INFO, since="0.1", where=("DiskPlaces.places.volume.network",))
def network_filesystem(places: DiskPlaces, commands: Commands) -> Iterator[Finding]:
    """An environment or a cache is on a file system that comes over the network.

    ## Why it matters
    Installing means tens of thousands of small files, and so does every start of Python: over the network that takes
    minutes. Locks may be slow or missing, and a quota shows only as "Disk quota exceeded".

    ## How to fix
    Keep the cache on a local disk with `UV_CACHE_DIR` and `UV_LINK_MODE=copy`, and big environments too. `quota -s`,
    on Lustre `lfs quota`, tell what may still be written.

    ## Not a problem when
    The environment is small, or works well enough.
    """
    slow = [place for place in _used(places, commands) if place.volume.network and not place.volume.windows]
    for directory in dict.fromkeys(place.volume.directory for place in slow):
        here = [place for place in slow if place.volume.directory == directory]
        kind = here[0].volume.kind
        if kind == "autofs":
            continue  # what will be mounted there is not known
        names = " and ".join(place.name for place in here)
        text = "Set UV_CACHE_DIR to a directory of your own on a local disk, and UV_LINK_MODE=copy"
        yield Finding(
            f"{names} {'are' if len(here) > 1 else 'is'} on a network file system ({kind})",
            advised("Use a local disk for the cache and for big environments", text),
            here[0].path,
            (Evidence(kind, directory),),
        )


def _used(places: DiskPlaces, commands: Commands) -> Iterator[DiskPlace]:
    yield from places.of(Use.ENVIRONMENT)
    for place in places.of(Use.CACHE):
        command = USED_BY.get(place.tool) if place.tool else None
        if (command and commands.first(command)) or (place.tool is CacheTool.HUGGING_FACE and place.exists):
            yield place


@check("DSK006", severity=Severity.WARNING, since="0.1", where=("Examined.wsl",))
def windows_drive_in_wsl(
    places: DiskPlaces, commands: Commands, mounts: Mounts, examined: Examined
) -> Iterator[Finding]:
    """In WSL, the project or its environment is on a drive of Windows, or a command is a program of Windows.

    ## Why it matters
    Each file on such a drive is fetched from Windows: `pip --version` alone takes seconds, links fail with "Operation
    not permitted", and rights do not hold. A `python` or `pip` of Windows installs for Windows.

    ## How to fix
    Keep projects in the home of Linux. `appendWindowsPath=false` in `/etc/wsl.conf` keeps the programs of Windows off
    the search path.

    ## Not a problem when
    Directories of Windows stand late on the search path, where nothing of Linux is missing.
    """
    wsl = examined.wsl
    if wsl is None or examined.at(Place.CONTAINER):
        return
    for name in TYPED:
        hit = commands.first(name)
        if hit and _is_windows(hit, mounts):
            yield _program(hit, commands, mounts)
    here = [place for use in (Use.PROJECT, Use.ENVIRONMENT) for place in places.of(use) if place.volume.windows]
    if here:
        names = " and ".join(place.name for place in here)
        home = examined.home or "~"
        yield Finding(
            f"{names} {'are' if len(here) > 1 else 'is'} on a drive of Windows, which WSL reaches slowly",
            advised(
                "Keep the project in the home of Linux",
                f"Move the project below {home}, and make its environment there",
            ),
            here[0].path,
            (Evidence(f"{here[0].volume.kind} at {here[0].volume.directory}", wsl.origin),),
        )


def _is_windows(hit: Hit, mounts: Mounts) -> bool:
    mount = mounts.of(hit.real)
    return hit.real.lower().endswith(".exe") or (mount is not None and mount.windows)


def _program(hit: Hit, commands: Commands, mounts: Mounts) -> Finding:
    others = any(not _is_windows(other, mounts) for other in commands.all(hit.name))
    steps = Manual("Write `appendWindowsPath=false` below `[interop]` in /etc/wsl.conf, and restart WSL")
    away = (RemoveFromPath(hit.directory),) if others else ()
    summary = (
        "Take the directory of Windows off the search path"
        if others
        else "Keep programs of Windows off the search path"
    )
    return Finding(
        f"`{hit.name}` is a program of Windows: {hit.path}",
        Fix(summary, *away, steps),
        hit.path,
        (Evidence(hit.path, f"`{hit.name}` on the search path"),),
        Severity.ERROR,
    )


@check("DSK007", severity=Severity.WARNING, since="0.1", where=("CloudFolders.found",))
def cloud_synced_environment(cloud: CloudFolders, builders: Builders, examined: Examined) -> Iterator[Finding]:
    """The environment lies in a folder that a program synchronises with other machines.

    ## Why it matters
    Tens of thousands of files are uploaded at each install, files are locked or replaced by placeholders while Python
    reads them, and another machine gets an environment with the paths of this one.

    ## How to fix
    Keep the environment elsewhere (`UV_PROJECT_ENVIRONMENT`), or mark it as one that is not synchronised.

    ## Not a problem when
    The environment is marked to be left alone. On macOS, Documents and Desktop are synchronised only if iCloud is told
    so, which a path does not show.
    """
    for found in cloud.found:
        may = "lies" if found.certain else "may lie"
        yield Finding(
            f"the environment {found.environment} {may} in a folder that {found.service} synchronises: {found.folder}",
            _kept_out(found, builders, examined),
            found.environment,
            (Evidence(found.folder, found.origin),),
            None if found.certain else Severity.INFO,
        )


def _kept_out(found: CloudFolder, builders: Builders, examined: Examined) -> Fix:
    if found.service == "Syncthing":
        edit = EditFile(f"{found.folder}/.stignore", add=(basename(found.environment),))
        return Fix("Have Syncthing leave the environment alone", edit, safety=Safety.CHANGES_STATE)
    if found.near and builders.manager is ProjectManager.UV and builders.project:
        place = f"{builders.collection}/{basename(builders.project)}"
        active = (Activate(place),) if not builders.idle else ()
        return Fix(
            "Keep the project's environment outside of the folder",
            SetVariable("UV_PROJECT_ENVIRONMENT", place),
            Run("uv", "sync", directory=builders.project),
            *active,
            safety=Safety.CHANGES_STATE,
        )
    if found.service == "Dropbox":
        mac = examined.system == "Darwin"
        mark = ("xattr", "-w", "com.dropbox.ignored", "1") if mac else ("attr", "-s", "com.dropbox.ignored", "-V", "1")
        summary = "Mark the environment as one that Dropbox leaves alone"
        return Fix(summary, Run(*mark, found.environment), safety=Safety.CHANGES_STATE)
    if examined.system == "Darwin" and "/Library/CloudStorage/" in found.folder:
        mark = ("xattr", "-w", "com.apple.fileprovider.ignore#P", "1")
        return Fix(
            "Mark the environment as one that is not synchronised",
            Run(*mark, found.environment),
            safety=Safety.CHANGES_STATE,
        )
    text = f"Recreate the environment outside of {found.folder}, or have {found.service} exclude it"
    return advised("Keep the environment outside of the folder", text)
