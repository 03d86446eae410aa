"""DSK: file systems that are full where this session's tools write."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import Evidence, Finding, Fix, Severity, check
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.conda.condarc import Condarc
from envdoctor.facts.dependencies.declared import DeclaredRequirements
from envdoctor.facts.disks.caches import Caches, CacheTool
from envdoctor.facts.disks.volumes import FEW_FILES, MUCH, DiskPlace, DiskPlaces, Use, Volume
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.packages.targets import PackageTargets, Target
from envdoctor.facts.project.environment import InstalledPackages
from envdoctor.facts.project.project import ProjectManager
from envdoctor.facts.venv.layout import Tool
from envdoctor.text.patterns import pattern
from envdoctor_checks.disks._fixes import advised, cleaned, temporary_moved

MEGABYTE, GIGABYTE = 10**6, 10**9
LEAST, LEAST_FILES = 100 * MEGABYTE, FEW_FILES
ENOUGH, ENOUGH_FOR_TORCH = GIGABYTE, MUCH
TORCH = pattern(r"torch(?![\w.-])")
HUB = "huggingface-hub"
UNPACKING = ("pip", "pip3", "poetry", "pdm", "pipenv", "hatch")
CACHE_OF = {
    ProjectManager.UV: CacheTool.UV,
    ProjectManager.POETRY: CacheTool.POETRY,
    ProjectManager.PDM: CacheTool.PDM,
    ProjectManager.PIPENV: CacheTool.PIPENV,
}


@check("DSK002", severity=Severity.ERROR, since="0.1", where=("DiskPlaces.places.volume.may_be_full",))
def disk_full(
    places: DiskPlaces,
    caches: Caches,
    commands: Commands,
    builders: Builders,
    targets: PackageTargets | None,
    declared: DeclaredRequirements | None,
    installed: InstalledPackages | None,
    condarc: Condarc | None,
) -> Iterator[Finding]:
    """Where this session's tools write, next to nothing can be written any more.

    ## Why it matters
    An install ends with "No space left on device", and often leaves half a package without metadata. Bytes may be free
    while no further file can be made: each file needs an inode, and environments have tens of thousands. uv unpacks in
    its cache, pip in the directory for temporary files, so that the file system that matters is another for each.

    ## How to fix
    Clean the caches that lie there with the commands of their tools; for pip, name another directory in `TMPDIR`.
    `envdoctor envs --sizes` shows what environments and caches take, and what each command would free.

    ## Not a problem when
    Nothing more is to be installed. Some file systems count no files. What root alone may still use is not counted for
    others. A quota is not seen here: `quota -s`, on Lustre `lfs quota`, tell about it.
    """
    roots = targets.targets if targets else ()
    names = {package.name for package in installed.packages} if installed else set()
    written = list(_written_to(places, commands, builders, roots, hub=HUB in names))
    wants_torch = "torch" not in names and any(
        TORCH.match(each.text) for each in (declared.requirements if declared else ())
    )
    enough = ENOUGH_FOR_TORCH if wants_torch else ENOUGH
    for key in dict.fromkeys(map(_file_system, written)):
        here = [place for place in written if _file_system(place) == key]
        volume = here[0].volume
        if severity := _severity(volume, enough):
            fix = _relieved(
                volume,
                here,
                places,
                caches,
                commands,
                enough,
                links=condarc is not None and condarc.switched_on("always_softlink"),
            )
            yield _full(volume, here, fix, severity, enough)


def _written_to(
    places: DiskPlaces, commands: Commands, builders: Builders, targets: tuple[Target, ...], *, hub: bool
) -> Iterator[DiskPlace]:
    """The places that an install in this session would write to, by the tools that would do it."""
    environments = places.of(Use.ENVIRONMENT)
    yield from environments
    if not environments and builders.manager is not None:
        yield from places.of(Use.PROJECT)
    by_uv = builders.manager is ProjectManager.UV or any(target.tool is Tool.UV for target in targets)
    if by_uv and commands.first("uv"):
        yield from places.of(Use.CACHE, CacheTool.UV)
    elif any(map(commands.first, UNPACKING)) and any(not target.externally_managed for target in targets):
        yield from places.of(Use.TEMPORARY)
    if builders.manager in CACHE_OF and not by_uv:
        yield from places.of(Use.CACHE, CACHE_OF[builders.manager])
    if any(target.is_conda and not target.is_venv for target in targets):
        yield from (place for place in places.of(Use.CACHE, CacheTool.CONDA) if place.exists)
    if hub:
        yield from places.of(Use.CACHE, CacheTool.HUGGING_FACE)


def _file_system(place: DiskPlace) -> tuple[int | None, str]:
    """What tells one file system from another; what is free there may change from one question to the next."""
    return place.volume.number, place.volume.directory


def _severity(volume: Volume, enough: int) -> Severity | None:
    if volume.read_only or volume.free is None:
        return None
    if volume.free < LEAST or (volume.free_files is not None and volume.free_files < LEAST_FILES):
        return Severity.ERROR
    return Severity.WARNING if volume.free < enough else None


def _full(volume: Volume, here: list[DiskPlace], fix: Fix, severity: Severity, enough: int) -> Finding:
    names = " and ".join(dict.fromkeys(place.name for place in here))
    free = volume.free or 0
    few = volume.free_files is not None and volume.free_files < LEAST_FILES and free >= LEAST
    left = f"{volume.free_files} more files can be made" if few else f"{_size(free)} are free"
    wanted = f", and torch wants {_size(enough)}" if enough == ENOUGH_FOR_TORCH and not few and free >= ENOUGH else ""
    files = f", {volume.free_files} files" if volume.free_files is not None else ""
    evidence = Evidence(f"{volume.kind or 'file system'}: {free} bytes free for this user{files}", volume.directory)
    return Finding(f"only {left}{wanted} where {names} {_are(here)}", fix, here[0].path, (evidence,), severity)


def _are(here: list[DiskPlace]) -> str:
    return "lie" if len({place.name for place in here}) > 1 else "lies"


def _relieved(
    volume: Volume,
    here: list[DiskPlace],
    places: DiskPlaces,
    caches: Caches,
    commands: Commands,
    enough: int,
    *,
    links: bool,
) -> Fix:
    only_temporary = all(place.use is Use.TEMPORARY for place in here)
    if only_temporary and (fix := temporary_moved(places, enough)):
        return fix
    if fix := cleaned(volume, places, caches, commands, links=links):
        return fix
    quota = "; `quota -s` tells whether a quota is the limit" if volume.network else ""
    text = f"Free space on {volume.directory}: `envdoctor envs --sizes` shows what environments and caches take{quota}"
    return advised("Free space there", text)


def _size(count: int) -> str:
    return f"{count / GIGABYTE:.1f} GB" if count >= GIGABYTE else f"{count // MEGABYTE} MB"
