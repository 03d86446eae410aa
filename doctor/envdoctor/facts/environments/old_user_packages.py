"""Which packages of `pip install --user` are for a Python that this machine no longer has?"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.commands.resolve import PYTHON
from envdoctor.facts.commands.shebang import HEAD_SIZE, Means, parse
from envdoctor.facts.conda.environments import CondaEnvironments
from envdoctor.facts.python.available import PythonsAtHand
from envdoctor.facts.python.distributions import Distribution, Sites, sites
from envdoctor.facts.python.interpreters import Interpreters
from envdoctor.facts.session.user_dirs import below, chosen
from envdoctor.system.files import Unreadable, read_head
from envdoctor.system.session import Session
from envdoctor.text.patterns import pattern

OLD = pattern(r"python(3\.\d+)")
# where a Python may stand that the search path does not lead to; `{}` is the minor version
PLACES = (
    *("/usr/bin/python{}", "/usr/local/bin/python{}", "/bin/python{}", "/opt/homebrew/bin/python{}"),
    *("/opt/homebrew/opt/python@{}", "/usr/local/opt/python@{}", "/home/linuxbrew/.linuxbrew/opt/python@{}"),
    *("/Library/Frameworks/Python.framework/Versions/{}", "/opt/python{}", "/opt/python/{}", "/usr/local/python{}"),
)


class OldUserSite(Fact, frozen=True):
    """Packages of the user for one Python that is gone.

    Attributes:
        directory: where they are.
        minor: the Python that they are for, `3.9`.
        names: what is installed there.
        commands: the commands of these packages that now run with another Python, which does not have them.
        runs: the minor version of that Python; None without such commands.
    """

    directory: str
    minor: str
    names: tuple[str, ...]
    commands: tuple[str, ...] = ()
    runs: str | None = None


class OldUserPackages(Fact, frozen=True):
    """All such directories.

    Attributes:
        sites: the oldest Python first.
        home_is_mounted: whether they are on another file system than the root, as a home that a container shares.
    """

    sites: tuple[OldUserSite, ...]
    home_is_mounted: bool = False


@probe
def probe_old_user_packages(
    session: Session, asked: Interpreters, at_hand: PythonsAtHand, conda: CondaEnvironments | None
) -> OldUserPackages:
    """List the user's directories of packages, and look for a Python of each version wherever one may be."""
    base = chosen(session, "PYTHONUSERBASE") or below(session.home, ".local")
    here = {".".join(map(str, python.version[:2])) for python in asked.answered}
    here |= {python.minor for python in at_hand.pythons}
    prefixes = [environment.prefix for environment in conda.environments] if conda else []
    read, found = sites(session), list[OldUserSite]()
    minors = sorted(_minors(f"{base}/lib"), key=lambda minor: int(minor.partition(".")[2])) if base else []
    present = [f"{base}/lib/python{minor}/site-packages" for minor in minors if _is_here(minor, here, prefixes)]
    for minor in minors:
        directory = f"{base}/lib/python{minor}/site-packages"
        packages = read.installed((directory,)) if directory not in present else ()
        if packages:
            kept = {package.name for package in read.installed(present)}
            commands = dict(_commands(read, f"{base}/bin", packages, kept, minor))
            runs = next(iter(commands.values()), None)
            names = tuple(package.name for package in packages)
            found.append(OldUserSite(directory, minor, names, tuple(commands), runs))
    if not found:
        raise Unavailable("the user has no packages for a Python that is gone")
    return OldUserPackages(tuple(found), os.stat(found[0].directory).st_dev != os.stat("/").st_dev)


def _minors(directory: str) -> Iterator[str]:
    try:
        names = os.listdir(directory)
    except OSError:
        return
    yield from (found[1] for name in names if (found := OLD.fullmatch(name)))


def _is_here(minor: str, known: set[str], conda: Iterable[str]) -> bool:
    places = (*(place.format(minor) for place in PLACES), *(f"{prefix}/bin/python{minor}" for prefix in conda))
    return minor in known or any(map(os.path.lexists, places))


def _commands(
    known: Sites, directory: str, packages: Iterable[Distribution], kept: set[str], minor: str
) -> Iterator[tuple[str, str]]:
    """The commands of the packages that start another Python, with its version.

    One whose Python is gone is not among them, nor one of a package that the user has for another Python too.
    """
    for package in packages:
        for name in () if package.name in kept else _recorded(known, package):
            runs = _runs(f"{directory}/{name}")
            if runs and runs != minor:
                yield f"{directory}/{name}", runs


def _recorded(known: Sites, package: Distribution) -> Iterator[str]:
    """The commands that a package has brought, by its own list of files."""
    for file in known.listed_files(package):
        if file.path.startswith("../../../bin/") and file.path.count("/") == 4:
            yield os.path.basename(file.path)


def _runs(command: str) -> str | None:
    """The minor version of the Python that runs a script; None where its name does not tell."""
    try:
        header = parse(read_head(command, HEAD_SIZE))
    except Unreadable:
        return None
    if header is None or header.means is not Means.ABSOLUTE or not os.path.exists(header.interpreter):
        return None
    name = os.path.basename(os.path.realpath(header.interpreter))
    return name.removeprefix("python") if PYTHON.fullmatch(name) and OLD.fullmatch(name) else None
