"""Wheels that were made for another Python, or for another machine, than the environment has.

`pip check` judges by the tags alone, and is wrong about wheels that have lost or repeat theirs. So the tags only raise
the question; it is answered by what the package's extension modules are called, and by their headers.
"""

from __future__ import annotations

import os

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.packages.targets import PackageTargets, Target
from envdoctor.facts.python.distributions import Distribution, Sites, sites
from envdoctor.system.files import Unreadable, read_head
from envdoctor.system.session import Session
from envdoctor.text.numbers import whole
from envdoctor.text.patterns import pattern

TAG = pattern(rb"(?im)^Tag:[ \t]*([^\s-]+-[^\s-]+-[^\s-]+)[ \t]*\r?$")
PYTHON = pattern(r"(py|cp)(\d)(\d*)")
PLATFORM = pattern(r"(manylinux(?:1|2010|2014)|manylinux_(\d+)_(\d+)|musllinux_\d+_\d+|linux)_(\w+)")
OLD_GLIBC = {"manylinux1": (2, 5), "manylinux2010": (2, 12), "manylinux2014": (2, 17)}
SUFFIX = pattern(r"\.(?:cpython-(\d)(\d+)(t?)(?:-[\w-]+)?|pypy[\w-]+|abi3)\.so$")
# e_machine of ELF headers (gABI), by what the system calls the architecture
MACHINES = {
    "x86_64": 62,
    "aarch64": 183,
    "i686": 3,
    "i386": 3,
    "armv7l": 40,
    "ppc64le": 21,
    "s390x": 22,
    "riscv64": 243,
}
ENDINGS = (".so", ".pyd", ".dylib")
MOST_LOOKED_INTO = 20


class ForeignWheel(Fact, frozen=True):
    """A package of which no extension module can be loaded here.

    Attributes:
        name: the package.
        version: its version.
        record: its metadata.
        tags: what it was made for.
        module: one of its extension modules.
        reason: why that cannot be loaded, as the second half of a sentence.
    """

    name: str
    version: str
    record: str
    tags: tuple[str, ...]
    module: str
    reason: str


class EnvironmentWheels(Fact, frozen=True):
    """The wheels in one environment that were made for another."""

    target: Target
    foreign: tuple[ForeignWheel, ...] = ()
    has_pip: bool = True


class WheelTags(Fact, frozen=True):
    """The same of each environment."""

    environments: tuple[EnvironmentWheels, ...]


@probe
def probe_wheel_tags(session: Session, targets: PackageTargets) -> WheelTags:
    """Read the tags of every wheel, and look at the modules of those that do not fit."""
    return WheelTags(tuple(_examine(sites(session), target) for target in targets.targets))


def _examine(known: Sites, target: Target) -> EnvironmentWheels:
    packages = known.installed(target.directories)
    judged = target.implementation == "cpython" and target.platform == "linux"
    fitting: dict[bytes, bool] = {}
    foreign = tuple(found for package in packages if judged and (found := _foreign(known, package, target, fitting)))
    return EnvironmentWheels(target, foreign, any(package.name == "pip" for package in packages))


def _foreign(known: Sites, package: Distribution, target: Target, fitting: dict[bytes, bool]) -> ForeignWheel | None:
    """Judge one package, by tags of which each is judged once."""
    if not package.is_wheel:
        return None
    try:
        head = read_head(f"{package.record}/WHEEL", 20_000)
    except Unreadable:
        return None
    said = [found[1] for found in TAG.finditer(head)]
    for tag in said:
        if tag not in fitting:
            fitting[tag] = fits(tag.decode("ascii", "replace"), target)
        if fitting[tag]:
            return None
    if not said:
        return None
    modules = [file.path for file in known.listed_files(package) if file.path.endswith(ENDINGS)][:MOST_LOOKED_INTO]
    reasons = [_unloadable(os.path.normpath(f"{package.location}/{path}"), target) for path in modules]
    if not reasons or None in reasons:
        return None
    tags = tuple(tag.decode("ascii", "replace") for tag in said)
    return ForeignWheel(package.name, package.version, package.record, tags, modules[0], reasons[0] or "")


def fits(tag: str, target: Target) -> bool:
    """Whether a tag, which may be compressed, fits an environment. What is not known here fits."""
    python, abi, platform = tag.split("-")
    return any(
        _python_fits(one, other, target) and _platform_fits(third, target)
        for one in python.split(".")
        for other in abi.split(".")
        for third in platform.split(".")
    )


def _python_fits(python: str, abi: str, target: Target) -> bool:
    found = PYTHON.fullmatch(python)
    if found is None:
        return not python.startswith("pp")
    version = (int(found[2]), int(found[3] or 0))
    if version[0] != target.version[0]:
        return False
    if found[1] == "py":
        return abi == "none" and version[1] <= target.version[1]
    if abi == "abi3":
        return version <= target.version[:2] and not target.free_threaded
    if abi == "none":
        return version == target.version[:2]
    return version == target.version[:2] and abi.endswith("t") == target.free_threaded


def _platform_fits(platform: str, target: Target) -> bool:
    if platform == "any":
        return True
    found = PLATFORM.fullmatch(platform)
    if found is None:
        return not platform.startswith(("win", "macosx", "ios", "android"))
    if found[4] != target.machine:
        return found[4] not in MACHINES or MACHINES[found[4]] == MACHINES.get(target.machine)
    glibc = _glibc(target)
    if found[1].startswith("musllinux"):
        return glibc is None
    wanted = (int(found[2]), int(found[3])) if found[2] else OLD_GLIBC.get(found[1])
    return glibc is None or wanted is None or wanted <= glibc


def _glibc(target: Target) -> tuple[int, ...] | None:
    """The version of the C library where it is glibc and somebody has asked."""
    name, _, version = (target.libc or "").partition(" ")
    numbers = tuple(n for part in version.split(".")[:2] if (n := whole(part)) is not None)
    return numbers if name == "glibc" and len(numbers) == 2 else None


def _unloadable(module: str, target: Target) -> str | None:
    """Why an extension module cannot be loaded; None if nothing speaks against it."""
    if not module.endswith(".so"):
        return "is for another system"
    if found := SUFFIX.search(module):
        if found[1] and (int(found[1]), int(found[2])) != target.version[:2]:
            return f"is for Python {found[1]}.{found[2]}"
        if found[1] and bool(found[3]) != target.free_threaded:
            return "is for a Python with another kind of threads"
    try:
        header = read_head(module, 20)
    except Unreadable:
        return None
    if header[:4] != b"\x7fELF" or len(header) < 20:
        return "is no library of this system"
    machine = int.from_bytes(header[18:20], "little" if header[5] == 1 else "big")
    return "is for another machine" if machine != MACHINES.get(target.machine, machine) else None
