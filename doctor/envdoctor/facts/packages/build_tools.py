"""What imports `pkg_resources` or `distutils` at run time where they are no longer there.

No metadata tells: setuptools 82 has no `pkg_resources`, Python 3.12 no `distutils`, and new environments no setuptools.
The first lines of what can be imported by one name are read, and of the scripts. An import that is indented is guarded,
or comes later.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.packages.targets import PackageTargets, Target
from envdoctor.facts.python.distributions import SiteDirectory, sites
from envdoctor.system.files import Unreadable, read_head
from envdoctor.system.session import Session
from envdoctor.text.patterns import pattern

HEAD = 4_000
MOST = 4_000
"""Files that are looked into for one environment."""
WITHOUT_DISTUTILS = (3, 12)
NEVER_IN_PACKAGES = {"__pycache__", "pip", "setuptools", "pkg_resources", "_distutils_hack", "wheel", "bin"}
TEXT = pattern(rb'"""|\'\'\'')
IMPORT = r"""(?m)^(?:from|import)[ \t]+({0})\b|^__import__\(["']({0})["']\)"""


class NeedsTool(Fact, frozen=True):
    """A file that imports what is not there: the file, the module, and how it says so."""

    path: str
    module: str
    line: str


class EnvironmentBuildTools(Fact, frozen=True):
    """What one environment lacks, and what needs it.

    Attributes:
        setuptools: the version that is installed; None if it is not.
    """

    target: Target
    setuptools: str | None
    needs: tuple[NeedsTool, ...] = ()
    has_pip: bool = True


class BuildTools(Fact, frozen=True):
    """The same of each environment that lacks one of these modules."""

    environments: tuple[EnvironmentBuildTools, ...]


@probe
def probe_build_tools(session: Session, targets: PackageTargets) -> BuildTools:
    """Look for the modules, and where one is missing for who imports it."""
    found = []
    for target in targets.targets:
        directories = [sites(session).directory(path) for path in target.directories]
        if missing := tuple(_missing(target, directories)):
            versions = {package.name: package.version for each in directories for package in each.distributions}
            wanted = pattern(IMPORT.format("|".join(missing)).encode())
            needs = tuple(_needs(_files(target, directories), wanted))
            found.append(EnvironmentBuildTools(target, versions.get("setuptools"), needs, "pip" in versions))
    if not found:
        raise Unavailable("pkg_resources and distutils are there")
    return BuildTools(tuple(found))


def _missing(target: Target, directories: Iterable[SiteDirectory]) -> Iterator[str]:
    names = {name for directory in directories for name in directory.names}
    if not names & {"pkg_resources", "pkg_resources.py"}:
        yield "pkg_resources"
    # setuptools brings a distutils by a hook that a `.pth` file installs
    if target.version[:2] >= WITHOUT_DISTUTILS and not names & {"distutils-precedence.pth", "distutils"}:
        yield "distutils"


def _files(target: Target, directories: Iterable[SiteDirectory]) -> Iterator[str]:
    """The scripts of an environment, and what its directories hold by one name: modules, and beginnings of packages."""
    if target.is_environment:
        scripts = SiteDirectory(f"{target.root}/bin")
        yield from (f"{scripts.path}/{name}" for name in scripts.names if name not in scripts.folders)
    for directory in directories:
        for name in directory.names:
            if name in NEVER_IN_PACKAGES or name[0] in "~.":
                continue
            if name in directory.folders and "." not in name and "-" not in name:
                yield f"{directory.path}/{name}/__init__.py"
            elif name.endswith(".py"):
                yield f"{directory.path}/{name}"


def _needs(files: Iterable[str], wanted: re.Pattern[bytes]) -> Iterator[NeedsTool]:
    for number, path in enumerate(files):
        if number >= MOST:
            return
        if os.path.basename(path).startswith("python"):
            continue
        try:
            head = read_head(path, HEAD)
        except Unreadable:
            continue
        if found := _imported(head, wanted):
            line = head[found.start() :].split(b"\n", 1)[0].decode("utf-8", "replace").strip()
            yield NeedsTool(path, (found[1] or found[2]).decode(), line)


def _imported(head: bytes, wanted: re.Pattern[bytes]) -> re.Match[bytes] | None:
    """The first such import that is no part of a text: documentation shows imports too."""
    opened: bytes | None = None
    end = 0
    for found in wanted.finditer(head):
        for quotes in TEXT.finditer(head, end, found.start()):
            opened = quotes[0] if opened is None else None if opened == quotes[0] else opened
        end = found.end()
        if opened is None:
            return found
    return None
