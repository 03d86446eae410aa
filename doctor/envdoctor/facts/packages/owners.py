"""Files that two packages have installed with different content, so that one of them is not what it should be.

By default those packages are compared that are known to exclude each other; with `--deep` all. Equal content is no
matter: families of packages share files on purpose.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.packages import pairs, requirements
from envdoctor.facts.packages.targets import PackageTargets, Target
from envdoctor.facts.python.distributions import Distribution, SiteDirectory, Sites, sites
from envdoctor.system.session import Progress, Session, silent

CODE = (".py", ".so", ".pyd", ".dll")
SHOWN = 10
# How all names in the table begin: it is read only where two of them may be there.
STEMS = (
    *("opencv-", "jwt", "pyjwt", "serial", "pyserial", "docx", "python-docx", "attr"),
    *("psycopg2", "onnxruntime", "tensorflow", "faiss-"),
)


class SharedFiles(Fact, frozen=True):
    """Packages that have written over each other.

    Attributes:
        packages: their names and versions, the one that was installed last at the end.
        files: what they have written over, as far as it is listed.
        count: how many files.
        different: whether they are no variants of one thing.
        required: those of them that other packages require.
        record: the metadata of the last.
    """

    packages: tuple[tuple[str, str], ...]
    files: tuple[str, ...]
    count: int
    record: str
    different: bool = False
    required: tuple[str, ...] = ()


class EnvironmentOwners(Fact, frozen=True):
    """The packages of one environment that have written over each other."""

    target: Target
    shared: tuple[SharedFiles, ...] = ()
    has_pip: bool = True


class FileOwners(Fact, frozen=True):
    """The same of each environment."""

    environments: tuple[EnvironmentOwners, ...]


@probe
def probe_file_owners(session: Session, targets: PackageTargets) -> FileOwners:
    """Compare the lists of files of packages that exclude each other, with `--deep` of all."""
    return FileOwners(tuple(_examine(session, target) for target in targets.targets))


def _examine(session: Session, target: Target) -> EnvironmentOwners:
    known, tell = sites(session), session.progress if session.deep else silent
    found: list[SharedFiles] = []
    for path in target.directories:
        directory = known.directory(path)
        packages = {package.name: package for package in directory.distributions if package.is_wheel}
        for group, different in _groups(packages, deep=session.deep):
            found += _compare(known, directory, [packages[name] for name in group], tell, different=different)
    names = {package.name for path in target.directories for package in known.directory(path).distributions}
    return EnvironmentOwners(target, tuple(found), "pip" in names)


def _groups(packages: dict[str, Distribution], *, deep: bool) -> Iterator[tuple[tuple[str, ...], bool]]:
    """The packages to compare with each other, and whether they are different things."""
    known: set[str] = set()
    if not deep and sum(name.startswith(STEMS) for name in packages) < 2:
        return
    for row in pairs.load().exclusive:
        group = tuple(name for name in row.packages if name in packages)
        if len(group) > 1:
            known.update(group)
            yield group, row.different
    if deep:
        yield tuple(name for name in packages if name not in known), True


def _compare(
    known: Sites, directory: SiteDirectory, packages: list[Distribution], tell: Progress, *, different: bool
) -> Iterator[SharedFiles]:
    owners: dict[str, list[tuple[Distribution, str]]] = {}
    for number, package in enumerate(packages):
        tell("lists of files", number, len(packages))
        for file in known.listed_files(package):
            if file.digest and file.path.endswith(CODE) and not file.path.startswith(("..", "/")):
                owners.setdefault(_imported_as(file.path, different=different), []).append((package, file.digest))
    clashes: dict[tuple[str, ...], list[str]] = {}
    for path, who in owners.items():
        if len(who) > 1 and len({digest for _, digest in who}) > 1:
            clashes.setdefault(tuple(sorted({package.name for package, _ in who})), []).append(path)
    by_name = {package.name: package for package in packages}
    for names, files in clashes.items():
        if len(names) < 2:
            continue
        ordered = sorted((by_name[name] for name in names), key=_written)
        yield SharedFiles(
            tuple((package.name, package.version) for package in ordered),
            tuple(f"{directory.path}/{path}" for path in sorted(files)[:SHOWN]),
            len(files),
            ordered[-1].record,
            different,
            tuple(sorted(requirements.required(known, directory.distributions, names))),
        )


def _imported_as(path: str, *, different: bool) -> str:
    """The file, or for packages that are different things the one place where `x.py` and `x/__init__.py` meet."""
    top, _, rest = path.partition("/")
    if different and not rest and top.endswith(".py"):
        return f"{top.removesuffix('.py')}/__init__.py"
    return path


def _written(package: Distribution) -> float:
    try:
        return os.stat(f"{package.record}/RECORD").st_mtime
    except OSError:
        return 0.0
