"""DSK: caches that cannot be written to, or that uv cannot link from."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import Evidence, Finding, Fix, Manual, Run, Safety, SetVariable, Severity, check
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.disks.access import CacheAccess, CacheFault
from envdoctor.facts.disks.caches import CacheTool
from envdoctor.facts.disks.home import HomeDirectory
from envdoctor.facts.disks.volumes import DiskPlace, DiskPlaces, Use, Volume
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.packages.targets import PackageTargets
from envdoctor.facts.project.project import ProjectManager
from envdoctor.facts.session.context import Examined, Place
from envdoctor.facts.session.switched_user import SwitchedUser
from envdoctor.facts.shell.exported_lines import ExportedLines
from envdoctor.facts.uv.settings import UvSettings
from envdoctor.facts.venv.layout import Tool
from envdoctor_checks.common.startup_edits import lasting
from envdoctor_checks.disks._fixes import VARIABLES, advised, pointed

# that copy whole files without taking room, wherever they are mounted
CLONING = ("btrfs", "xfs", "zfs", "bcachefs")
THROWN_AWAY = (Place.CONTAINER, Place.CONTAINER_BUILD, Place.CI)


@check("DSK001", severity=Severity.ERROR, since="0.1", where=("CacheAccess.faults",))
def cache_not_writable(
    access: CacheAccess, home: HomeDirectory, switched: SwitchedUser | None, exported: ExportedLines | None
) -> Iterator[Finding]:
    """A cache cannot be written to by the user who needs it.

    ## Why it matters
    uv stops, with "Failed to initialize cache" or "Permission denied": nearly every command of uv needs its cache. pip
    goes on without one, and downloads and builds everything again. Most often root has made the files, in a shell that
    had the user's `HOME`: pip refuses that, uv does it without a word.

    ## How to fix
    Give the cache back to its user, or name another with `UV_CACHE_DIR`. Never run uv or pip with `sudo`.

    ## Not a problem when
    The tool is told to do without a cache (`UV_NO_CACHE`, `PIP_NO_CACHE_DIR`), or the cache is not there yet and can
    be made. Single files of another user in it do no harm.
    """
    faults = [fault for fault in access.faults if not _is_said_elsewhere(fault, home, switched)]
    faults.sort(key=lambda fault: len(fault.place))  # what keeps several from being made comes first
    while faults:
        first = faults[0]
        others = [fault for fault in faults[1:] if _covers(first, fault)]
        yield _not_writable(first, others, home, exported)
        faults = [fault for fault in faults[1:] if fault not in others]


def _is_said_elsewhere(fault: CacheFault, home: HomeDirectory, switched: SwitchedUser | None) -> bool:
    kept = switched is not None and switched.kept_home is not None
    return _comes_of_home(fault, home) or (_is_roots_pip(fault) and kept)


def _covers(one: CacheFault, other: CacheFault) -> bool:
    """Whether one fix is enough for both: the rights to a place above, or variables for each tool."""
    if one.spoiled_for or (one.owner, one.user, one.spoiled_for) != (other.owner, other.user, other.spoiled_for):
        return False
    if one.read_only:
        return other.read_only and one.elsewhere is not None and other.elsewhere is not None
    inside = f"{other.place}/".startswith(f"{one.place.rstrip('/')}/")
    return inside and _rights(one) is not None


def _comes_of_home(fault: CacheFault, home: HomeDirectory) -> bool:
    """Whether the home itself is what cannot be used, which DSK008 says."""
    inside = fault.cache.path.startswith(f"{home.path.rstrip('/')}/")
    return home.problem is not None and inside and fault.spoiled_for is None


def _is_roots_pip(fault: CacheFault) -> bool:
    return fault.cache.tool is CacheTool.PIP and fault.user == 0 and not fault.mine and not fault.read_only


def _not_writable(
    fault: CacheFault, others: list[CacheFault], home: HomeDirectory, exported: ExportedLines | None
) -> Finding:
    place, path = fault.place, fault.cache.path
    tools = sorted((each.cache.tool for each in (fault, *others)), key=list(CacheTool).index)
    names = " and ".join(tool.value for tool in tools)
    cannot = f"{names} cannot write to {'their caches' if others else f'its cache {path}'}"
    owner = f" belongs to {fault.owner}" if fault.owner else " cannot be seen"
    caches = (Evidence(each.cache.path, each.cache.origin) for each in (fault, *others))
    evidence = [Evidence(f"{place}{owner}", place), *caches]
    severity = Severity.WARNING if {*tools} == {CacheTool.PIP} else None
    if fault.spoiled_for:
        message = f"{place} belongs to root, and lies in the home of {fault.spoiled_for}, whose uv stops at it"
    elif fault.read_only:
        message = f"{cannot}: the file system there is read-only"
        evidence[0] = Evidence("mounted read-only", place)
    elif _is_roots_pip(fault):
        message = f"pip does without its cache: {place} belongs to {fault.owner}, and as root it wants root's own"
        severity = Severity.INFO if fault.from_outside else severity
    elif fault.no_directory:
        what = f"a link to {fault.creatable}, which is not there" if fault.creatable else "no directory"
        message = f"{cannot}: {place} is {what}"
        evidence[0] = Evidence(what, place)
    elif fault.mine or fault.user == 0:
        message = f"{cannot}: {place} is write-protected"
        evidence[0] = Evidence("its owner may not write" if fault.by_mode else "nobody may write", place)
    else:
        message = f"{cannot}: {place}{owner}"
    fix = lasting(_made_writable(fault, others, home), exported)
    stops = (("uv",),) if CacheTool.UV in tools and not fault.spoiled_for else ()
    return Finding(message, fix, path, tuple(evidence), severity, stops)


def _made_writable(fault: CacheFault, others: list[CacheFault], home: HomeDirectory) -> Fix:
    if fault.spoiled_for:
        summary = f"Give the cache back to {fault.spoiled_for}"
        return Fix(summary, Run("chown", "-hR", str(fault.user), fault.cache.path), safety=Safety.CHANGES_STATE)
    if _is_roots_pip(fault):
        return _with_own_home(home)
    if fault.creatable:
        return Fix(
            "Create what the link leads to, or mount the disk that it is on", Run("mkdir", "-p", fault.creatable)
        )
    if step := _rights(fault):
        return Fix("Make the cache writable again", step, safety=Safety.CHANGES_STATE)
    if fault.elsewhere:
        return pointed({each.cache.tool: each.elsewhere for each in (fault, *others) if each.elsewhere})
    text = f"Set {VARIABLES[fault.cache.tool]} to a directory of your own"
    return advised("Use another directory for the cache", text)


def _with_own_home(home: HomeDirectory) -> Fix:
    if home.own:
        return Fix("Use root's own home", SetVariable("HOME", home.own))
    return advised("Run pip with root's own home", "Run pip as `sudo -H pip …`, or as the user")


def _rights(fault: CacheFault) -> Run | None:
    """How the user gets the rights to the cache, or to what keeps it from being made; never to a whole home."""
    place, path = fault.place, fault.cache.path
    inside = place == path or place.startswith(f"{path}/")
    if fault.read_only or fault.no_directory or fault.user == 0:
        return None
    if fault.mine:
        mode = ("-R", "u+rwX") if inside else ("u+rwx",)
        return Run("chmod", *mode, place) if fault.by_mode else None
    return Run("sudo", "chown", "-hR", str(fault.user), path if inside else place) if fault.at_home else None


@check("DSK003", severity=Severity.INFO, since="0.1", where=("DiskPlaces.differ",))
def cache_on_another_filesystem(
    places: DiskPlaces,
    targets: PackageTargets,
    settings: UvSettings,
    commands: Commands,
    builders: Builders,
    examined: Examined,
) -> Iterator[Finding]:
    """Uv's cache and the environment are on different file systems, so that uv copies every file.

    ## Why it matters
    Within one file system uv links files from its cache: installing takes no time and no room. Across two it copies,
    and says "Failed to hardlink files; falling back to full copy" at every run.

    ## How to fix
    Put the cache on the file system of the environments with `UV_CACHE_DIR`, or set `UV_LINK_MODE=copy` if copies are
    as good.

    ## Not a problem when
    `UV_LINK_MODE` or `link-mode` is set. In containers and in CI the cache is often mounted from elsewhere on purpose.
    """
    is_set = (
        settings.variable("UV_LINK_MODE") is not None or settings.value("link-mode") or settings.value("pip.link-mode")
    )
    if is_set or not commands.first("uv") or any(map(examined.at, THROWN_AWAY)):
        return
    roots = {target.root for target in targets.targets if _is_uvs(target.tool, builders)}
    for cache in places.of(Use.CACHE, CacheTool.UV):
        for environment in places.of(Use.ENVIRONMENT):
            if environment.path in roots and _must_copy(cache.volume, environment.volume):
                yield _apart(cache, environment)
                return


def _is_uvs(tool: Tool | None, builders: Builders) -> bool:
    return tool is Tool.UV or builders.manager is ProjectManager.UV


def _must_copy(one: Volume, other: Volume) -> bool:
    """Whether no file of one can be linked or cloned into the other: nothing is linked across two mounts."""
    if None in (one.number, other.number) or one.network or other.network:
        return False
    same = one.number == other.number or (one.device and one.device == other.device)
    return not (same and (one.directory == other.directory or one.kind in CLONING))


def _apart(cache: DiskPlace, environment: DiskPlace) -> Finding:
    return Finding(
        f"uv copies every file into {environment.path}: its cache {cache.path} is on another file system",
        Fix(
            "Have uv copy without trying to link, or put its cache on the file system of the environment",
            SetVariable("UV_LINK_MODE", "copy"),
            Manual(f"Or set UV_CACHE_DIR to a directory below {environment.volume.directory}"),
        ),
        cache.path,
        (
            Evidence(f"{cache.volume.kind} at {cache.volume.directory}", cache.path),
            Evidence(f"{environment.volume.kind} at {environment.volume.directory}", environment.path),
        ),
    )
