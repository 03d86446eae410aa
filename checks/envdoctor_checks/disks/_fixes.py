"""How is a tool told of another directory, and a full file system relieved?"""

from __future__ import annotations

from collections.abc import Mapping

from envdoctor import Fix, Manual, Run, Safety, SetVariable
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.disks.caches import Caches, CacheTool
from envdoctor.facts.disks.volumes import DiskPlaces, Use, Volume

VARIABLES = {
    CacheTool.UV: "UV_CACHE_DIR",
    CacheTool.PIP: "PIP_CACHE_DIR",
    CacheTool.CONDA: "CONDA_PKGS_DIRS",
    CacheTool.POETRY: "POETRY_CACHE_DIR",
    CacheTool.PIPENV: "PIPENV_CACHE_DIR",
    CacheTool.HATCH: "HATCH_CACHE_DIR",
    CacheTool.PDM: "PDM_CACHE_DIR",
    CacheTool.PRE_COMMIT: "PRE_COMMIT_HOME",
    CacheTool.HUGGING_FACE: "HF_HUB_CACHE",
}
# what each tool has for taking out of its cache what can be had again
CLEANING = {
    CacheTool.UV: ("uv", "cache", "prune"),
    CacheTool.PIP: ("pip", "cache", "purge"),
    CacheTool.CONDA: ("conda", "clean", "--all", "--yes"),
}


def temporary_moved(places: DiskPlaces, room: int) -> Fix | None:
    """Use a directory for temporary files on another file system, with this room, where programs may be run.

    It is one of the system's, or one in the user's home.
    """
    summary = "Use another directory for temporary files"
    used = {place.volume.number for place in places.of(Use.TEMPORARY)}
    for place in (*places.of(Use.ELSEWHERE), *places.of(Use.HOME)):
        volume = place.volume
        suits = not (volume.no_execution or volume.read_only or volume.network) and (volume.free or 0) >= room
        if suits and volume.number not in used:
            if place.use is Use.ELSEWHERE:
                return Fix(summary, SetVariable("TMPDIR", place.path))
            own = f"{place.path}/tmp"  # noqa: S108 - in the user's home
            return Fix(summary, Run("mkdir", "-p", own), SetVariable("TMPDIR", own))
    return None


def cleaned(volume: Volume, places: DiskPlaces, caches: Caches, commands: Commands, *, links: bool) -> Fix | None:
    """Have the tools clean those of their caches that are on a file system; None if none is there.

    Where conda makes links into its cache, that is left alone.
    """
    steps = []
    for tool, argv in CLEANING.items():
        here = any(place.exists and place.volume.number == volume.number for place in places.of(Use.CACHE, tool))
        if tool is CacheTool.CONDA and links:
            continue
        if here and caches.of(tool) and commands.first(argv[0]):
            steps.append(Run(*argv))
    if not steps:
        return None
    names = " and ".join(step.argv[0] for step in steps)
    return Fix(f"Clean the cache of {names}", *steps, safety=Safety.DESTRUCTIVE)


def pointed(directories: Mapping[CacheTool, str]) -> Fix:
    """Have tools keep their caches in other directories."""
    steps = (SetVariable(VARIABLES[tool], directory) for tool, directory in directories.items())
    return Fix(f"Use another directory for the cache{'s' if len(directories) > 1 else ''}", *steps)


def remounted(volume: Volume, *, root: bool) -> Fix:
    """Allow what is on a file system to be executed."""
    sudo = () if root else ("sudo",)
    command = Run(*sudo, "mount", "-o", "remount,exec", volume.directory)
    back = Run(*sudo, "mount", "-o", "remount,noexec", volume.directory)
    return Fix("Mount the file system with `exec`", command, safety=Safety.CHANGES_STATE, undo=(back,))


def advised(summary: str, text: str) -> Fix:
    """Advice for what no command can do."""
    return Fix(summary, Manual(text))
