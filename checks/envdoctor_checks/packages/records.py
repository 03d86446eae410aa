"""PKG: records of packages that are broken, there twice, or left over from a removal that was interrupted."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename, dirname

from envdoctor import Evidence, Finding, Fix, Manual, Run, Safety, Severity, check
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.packages.dependencies import Dependencies, EnvironmentDependencies, Malformed
from envdoctor.facts.packages.managed import ManagedPackages
from envdoctor.facts.packages.records import (
    BrokenRecord,
    Duplicate,
    EnvironmentRecords,
    Leftover,
    PackageRecords,
    Unlisted,
)
from envdoctor.facts.venv.layout import Tool
from envdoctor_checks.common.installing import ensured
from envdoctor_checks.packages._fixes import Means, removed_then, upgraded

SHOWN = 5


@check("PKG002", severity=Severity.WARNING, since="0.1", where=("PackageRecords.environments.leftovers",))
def half_removed_package(
    records: PackageRecords, builders: Builders, managed: ManagedPackages | None
) -> Iterator[Finding]:
    """Directories whose names begin with `~` are left over from a removal or an upgrade that was interrupted.

    ## Why it matters
    pip renames what it is about to remove. If it is stopped in between, the package is gone, or lies there without
    its metadata: it may still be imported, and no tool knows it. pip warns of an invalid distribution ever after.

    ## How to fix
    Delete what begins with `~`, and install the package again.

    ## Not a problem when
    The package has been installed again since: what is left over is then harmless, which is only info. A pip that is at
    work has such entries too: those of the last minute are ignored.
    """
    for environment in records.environments:
        means = _means(environment, builders, managed)
        for left in environment.leftovers:
            yield _half_removed(environment, left, means)


def _means(environment: EnvironmentRecords, builders: Builders, managed: ManagedPackages | None) -> Means:
    return Means(environment.target, builders, environment.has_pip, managed)


def _half_removed(environment: EnvironmentRecords, left: Leftover, means: Means) -> Finding:
    where = dirname(left.paths[0])
    names = ", ".join(basename(path) for path in left.paths[:SHOWN])
    evidence = tuple(Evidence("left by an interrupted removal", path) for path in left.paths[:SHOWN])
    if left.twin is not None:
        fix = removed_then("Delete what is left over", means, left.paths)
        text = f"{names} in {where} is left over from an interrupted removal; {left.twin} itself is installed"
        return Finding(text, fix, where, evidence, Severity.INFO)
    if left.name is None:
        steps = Manual("Then install the package again that it belonged to")
        fix = Fix("Delete what is left over", Run("rm", "-rf", "--", *left.paths), steps, safety=Safety.DESTRUCTIVE)
        return Finding(f"a package that was removed only in part has left {names} in {where}", fix, where, evidence)
    summary = f"Delete what is left over, and install {left.name} again"
    if left.name == "pip" and not means.with_uv:
        remove = Run("rm", "-rf", "--", *left.paths)
        fix = Fix(summary, remove, ensured(environment.target.python), safety=Safety.DESTRUCTIVE)
    else:
        fix = removed_then(summary, means, left.paths, f"{left.name}=={left.version}")
    text = f"{left.name} {left.version} in {environment.target.root} was removed only in part, and no tool knows it now"
    return Finding(text, fix, where, evidence, Severity.ERROR if left.name == "pip" else None)


@check("PKG003", severity=Severity.ERROR, since="0.1", where=("PackageRecords.environments.duplicates",))
def duplicate_metadata(
    records: PackageRecords, builders: Builders, managed: ManagedPackages | None
) -> Iterator[Finding]:
    """A package is recorded twice in one directory, so that nobody can say which version it is.

    ## Why it matters
    Which record counts depends on the order in which the directory lists them. Versions that tools show, and what they
    conclude from them, may be of files that are no longer there. `pip install --upgrade` removes one and adds another.

    ## How to fix
    Reinstall with uv, which removes all of them first. With pip, uninstall as often as there are records, and then
    install: the first of these takes the code away, so that to stop there would leave a record without files.

    ## Not a problem when
    The records are in different directories: the first on the search path hides the others, which is how it is meant.
    """
    for environment in records.environments:
        for twice in environment.duplicates:
            target = environment.target
            versions = " and ".join(twice.versions)
            same = twice.is_same_version
            yield Finding(
                f"{twice.name} is recorded {_times(len(twice.records))} in {dirname(twice.records[0])}: {versions}",
                _once(twice, environment, _means(environment, builders, managed)),
                target.root,
                tuple(Evidence(version, record) for version, record in zip(twice.versions, twice.records, strict=True)),
                Severity.WARNING if same else None,
            )


def _times(count: int) -> str:
    return "twice" if count == 2 else f"{count} times"


def _once(twice: Duplicate, environment: EnvironmentRecords, means: Means) -> Fix:
    name, python = twice.name, environment.target.python
    older = [record for record in twice.records if not record.endswith(".dist-info")]
    if twice.is_same_version and older and len(older) < len(twice.records):
        return removed_then("Delete the record in the older form", means, tuple(older))
    if environment.target.externally_managed or not environment.target.owns(twice.records[0]):
        text = f"Uninstall {name} until nothing of it is left in {dirname(twice.records[0])}, then install it once"
        return Fix("Install the package once", Manual(text))
    spec = f"{name}=={twice.latest}"
    if means.manager(name):
        return removed_then("Delete every record of it, and install the package once", means, twice.records, spec)
    if means.builders.uv is not None and not environment.target.is_conda:
        again = Run("uv", "pip", "install", "--python", python, "--reinstall-package", name, spec)
        return Fix(
            "Reinstall the package with uv, which removes every record of it", again, safety=Safety.CHANGES_STATE
        )
    pip = (python, "-m", "pip")
    uninstall = Run(*pip, "uninstall", "--yes", name)
    steps = (*(uninstall for _ in twice.records), Run(*pip, "install", spec))
    return Fix("Uninstall every record, and install the package once", *steps, safety=Safety.CHANGES_STATE)


@check("PKG004", severity=Severity.WARNING, since="0.1", where=("PackageRecords.environments.unlisted",))
def record_missing(records: PackageRecords, builders: Builders, managed: ManagedPackages | None) -> Iterator[Finding]:
    """The record of an installed package does not list its files, so that no tool can remove or upgrade it.

    ## Why it matters
    pip stops with `uninstall-no-record-file`. uv goes on, and leaves a second record beside the first. An empty list is
    worse: both say that they have uninstalled the package, and leave its files.

    ## How to fix
    Delete the package's record and directory, and install it again.

    ## Not a problem when
    conda or the system's package manager installed it, which keep lists of their own.
    """
    for environment in records.environments:
        for found in environment.unlisted:
            yield _unlisted(environment, found, _means(environment, builders, managed))


def _unlisted(environment: EnvironmentRecords, found: Unlisted, means: Means) -> Finding:
    state = "an empty RECORD" if found.empty else "no RECORD"
    return Finding(
        f"{found.name} {found.version} in {environment.target.root} has {state}: no tool can remove or upgrade it",
        removed_then(
            "Delete the package, and install it again",
            means,
            (found.record, *found.top_level),
            f"{found.name}=={found.version}",
        ),
        found.record,
        (Evidence(f"{state} (installed by {found.installer or 'nobody knows what'})", found.record),),
    )


@check(
    "PKG011",
    severity=Severity.ERROR,
    since="0.1",
    unless=("ENV016",),
    where=("PackageRecords.environments.broken", "Dependencies.environments.malformed"),
)
def metadata_unreadable(
    records: PackageRecords, dependencies: Dependencies, builders: Builders, managed: ManagedPackages | None
) -> Iterator[Finding]:
    """The metadata of an installed package is missing or malformed, so that installers go wrong or stop.

    ## Why it matters
    A record without `METADATA`, or with one that is empty or cut off, counts as installed: `pip install` has nothing to
    do, and there may be no code. At a version or a name that is none, uv stops for the whole environment. A requirement
    that cannot be read hides all
    others of that package.

    ## How to fix
    Delete the record, and install the package again. Where a requirement is malformed, upgrade the package.

    ## Not a problem when
    An installer is at work: records of the last minute are ignored. A requirement of an old form, `>=2.0.*`, is
    understood by uv, and only info.
    """
    for environment in records.environments:
        for broken in environment.broken:
            yield _broken(environment, broken, _means(environment, builders, managed))
    for judged in dependencies.environments:
        means = Means(judged.target, builders, judged.has_pip, managed)
        for name in dict.fromkeys(one.name for one in judged.malformed):
            yield _malformed(judged, [one for one in judged.malformed if one.name == name], means)


def _broken(environment: EnvironmentRecords, broken: BrokenRecord, means: Means) -> Finding:
    target = environment.target
    uv = means.builders.uv is not None or target.tool is Tool.UV
    again = () if broken.stops_uv else (f"{broken.name}=={broken.version}",)
    summary = "Delete the record, and install the package again" if again else "Delete the record"
    consequence = "; uv stops at it" if broken.stops_uv else ""
    fix = removed_then(summary, means, (broken.record,), *again)
    if again and target.is_conda and not target.is_venv and broken.installer == "conda" and not means.manager(*again):
        # conda keeps a record of its own, by which it is still there: pip would install over conda's files
        command = Run("conda", "install", "--yes", "--force-reinstall", "--prefix", target.root, broken.name)
        fix = Fix(f"Reinstall {broken.name} with conda", command, safety=Safety.CHANGES_STATE)
    elif broken.stops_uv and broken.name:
        fix = Fix(summary, *fix.actions, Manual(f"Then install {broken.name} again"), safety=fix.safety)
    return Finding(
        f"the record {basename(broken.record)} in {dirname(broken.record)} is unusable: {broken.reason}{consequence}",
        fix,
        broken.record,
        (Evidence(broken.reason, broken.record),),
        Severity.WARNING if broken.stops_uv and not uv else None,
    )


def _malformed(environment: EnvironmentDependencies, found: list[Malformed], means: Means) -> Finding:
    first = found[0]
    legacy = all(one.legacy for one in found)
    who = "pip does not understand" if legacy else "pip and uv pass over them all, because of"
    return Finding(
        f"{first.name} {first.version} in {environment.target.root} has malformed requirements; {who} `{first.text}`",
        upgraded("Upgrade the package", means, first.name),
        first.record,
        tuple(Evidence(f"Requires-Dist: {one.text}", one.record) for one in found[:SHOWN]),
        Severity.INFO if legacy else Severity.WARNING,
    )
