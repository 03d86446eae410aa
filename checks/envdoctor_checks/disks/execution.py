"""DSK: file systems that let nothing be executed."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import Evidence, Finding, Fix, Severity, check
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.disks.access import CacheAccess
from envdoctor.facts.disks.caches import CacheTool
from envdoctor.facts.disks.volumes import DiskPlace, DiskPlaces, Use
from envdoctor.facts.session.context import Examined
from envdoctor_checks.disks._fixes import pointed, remounted, temporary_moved


@check("DSK009", severity=Severity.ERROR, since="0.1", where=("DiskPlaces.places.volume.no_execution",))
def files_not_executable(
    places: DiskPlaces, access: CacheAccess, commands: Commands, examined: Examined
) -> Iterator[Finding]:
    """The environment, uv's cache or the directory for temporary files is on a file system mounted with `noexec`.

    ## Why it matters
    In such an environment Python starts and pure packages work, but no extension module loads ("failed to map segment
    from shared object") and no script runs. From such a cache `uvx` starts nothing. In such a directory for temporary
    files builds fail that run their own tools there, with meson, cmake or ninja; wheels install as ever.

    ## How to fix
    Mount the file system with `exec`, or move to another.

    ## Not a problem when
    Only wheels are installed: then neither the cache nor the directory for temporary files matters.
    """
    root = examined.effective_user_id == 0
    environments = [place for place in places.of(Use.ENVIRONMENT) if place.volume.no_execution]
    for place in environments:
        fix = remounted(place.volume, root=root)
        yield _found(place, "no extension module loads there, and no script runs", fix, Severity.ERROR)
    said = {place.volume.directory for place in environments}
    caches = places.of(Use.CACHE, CacheTool.UV) if commands.first("uv") else ()
    for place in caches:
        if place.volume.no_execution and place.volume.directory not in said:
            severity = Severity.WARNING if access.runs_tools else Severity.INFO
            yield _found(place, "`uvx` can start nothing from there", _cache_moved(place, places, root=root), severity)
            said.add(place.volume.directory)
    builds = places.of(Use.TEMPORARY) if any(map(commands.first, ("pip", "pip3", "python", "python3"))) else ()
    for place in builds:
        if place.volume.no_execution and place.volume.directory not in said:
            what = "builds that run their own tools fail there"
            yield _found(place, what, temporary_moved(places, 0) or remounted(place.volume, root=root), Severity.INFO)


def _found(place: DiskPlace, what: str, fix: Fix, severity: Severity) -> Finding:
    volume = place.volume
    evidence = Evidence(f"{volume.kind or 'a file system'}, mounted with noexec", volume.directory)
    return Finding(
        f"{place.name} is on a file system mounted with noexec: {what}", fix, place.path, (evidence,), severity
    )


def _cache_moved(place: DiskPlace, places: DiskPlaces, *, root: bool) -> Fix:
    for home in places.of(Use.HOME):
        usual = f"{home.path}/.cache/uv"
        if not home.volume.no_execution and not home.volume.read_only and usual != place.path:
            return pointed({CacheTool.UV: usual})
    return remounted(place.volume, root=root)
