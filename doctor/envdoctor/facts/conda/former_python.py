"""Which packages of pip's did conda leave behind when it changed the Python of an environment?

conda moves its own packages along to the new `lib/python3.N`. What pip has installed stays where it was.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import msgspec

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.python.distributions import Distribution, Sites, sites
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.system.files import Unreadable, read_text
from envdoctor.system.session import Session
from envdoctor.text import limits
from envdoctor.text.patterns import pattern

LIBRARY = pattern(r"python(3\.\d+)")
INSTALLERS = ("pip", "uv")


class Stranded(Fact, frozen=True):
    """A package for the Python before, which the environment does not have for its Python now.

    Attributes:
        name: the package.
        version: its version.
        installer: `pip` or `uv`.
        source: the address or directory that it came from; None for a package index.
        editable: whether it stands for a source tree, installed in place.
    """

    name: str
    version: str
    installer: str
    source: str | None = None
    editable: bool = False


class FormerPython(Fact, frozen=True):
    """What an environment of conda keeps for the Python that it had before.

    Attributes:
        prefix: the environment.
        minor: the Python that it has, `3.12`.
        former: the one before, `3.10`; of several the newest with such packages.
        directory: the packages of that one.
        stranded: those that are not there for the Python of now.
        has_pip: whether that one has pip.
    """

    prefix: str
    minor: str
    former: str
    directory: str
    stranded: tuple[Stranded, ...]
    has_pip: bool = True


class _Origin(msgspec.Struct):
    """What is read of a `direct_url.json`."""

    url: str
    dir_info: dict[str, object] = {}


@probe(
    where=("CondaActivation.has_meta", "ActivePython.interpreter.is_conda"), otherwise="no conda environment is active"
)
def probe_former_python(session: Session, conda: CondaActivation | None, python: ActivePython | None) -> FormerPython:
    """Compare the directories of packages of the active environment, or of conda's own Python without one."""
    if conda is not None and conda.has_meta:
        prefix = conda.prefix.rstrip("/")
    else:
        assert python is not None  # noqa: S101 - the gate has seen one of the two
        prefix = python.interpreter.prefix
    now = LIBRARY.fullmatch(os.path.basename(os.path.realpath(f"{prefix}/bin/python")))
    if now is None:
        raise Unavailable(f"{prefix} has no Python, or one whose version its name does not tell")
    read = sites(session)
    there = {package.name for package in read.installed((f"{prefix}/lib/{now[0]}/site-packages",))}
    seen: list[FormerPython] = []
    for former in _minors(f"{prefix}/lib", now[1]):
        directory = f"{prefix}/lib/python{former}/site-packages"
        stranded = tuple(_stranded(read, directory, there))
        seen.append(FormerPython(prefix, now[1], former, directory, stranded, "pip" in there))
    if not seen:
        raise Unavailable(f"{prefix} keeps nothing for another Python")
    return max(seen, key=lambda each: (bool(each.stranded), int(each.former.partition(".")[2])))


def _minors(library: str, now: str) -> Iterator[str]:
    try:
        names = os.listdir(library)
    except OSError:
        return
    yield from (found[1] for name in names if (found := LIBRARY.fullmatch(name)) and found[1] != now)


def _stranded(read: Sites, directory: str, there: set[str]) -> Iterator[Stranded]:
    for package in read.installed((directory,)):
        installer = _text(package, "INSTALLER").strip()
        if package.is_wheel and package.name not in there and installer in INSTALLERS:
            origin = _origin(package)
            source = origin.url.removeprefix("file://") if origin else None
            editable = origin is not None and origin.dir_info.get("editable") is True
            yield Stranded(package.name, package.version, installer, source, editable)


def _origin(package: Distribution) -> _Origin | None:
    try:
        return msgspec.json.decode(_text(package, "direct_url.json"), type=_Origin)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None


def _text(package: Distribution, name: str) -> str:
    try:
        return read_text(f"{package.record}/{name}", limits.SMALL_FILE)
    except Unreadable:
        return ""
