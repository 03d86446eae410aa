"""What does the project expect of its Python, its manager and the machine, and how do these stand?"""

from __future__ import annotations

import os

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.project.configuration import Configuration
from envdoctor.facts.project.environment import ProjectEnvironment
from envdoctor.facts.project.expectations import each, size
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.venv.active import ActiveVenv
from envdoctor.facts.venv.layout import is_environment
from envdoctor.system import silent_mounts
from envdoctor.system.session import Session


class JudgedPython(Fact, frozen=True):
    """A Python that has to be of the expected version: its path and version, and whether `python` runs it."""

    path: str
    version: str
    answers: bool


class ExpectedPython(Fact, frozen=True):
    """The versions of Python that are expected, where that is said, and the Pythons that this is about.

    The first is that of the environment which the project uses, where there is one.
    """

    specifier: str
    origin: str
    pythons: tuple[JudgedPython, ...]


class ExpectedManager(Fact, frozen=True):
    """The manager that is expected, and where that is said."""

    name: str
    origin: str


class PlaceOfEnvironment(Fact, frozen=True):
    """One of the environments that may be the active one.

    Attributes:
        text: what the configuration says.
        place: the directory that it means.
        is_venv: whether a virtual environment is there.
        is_conda: whether a conda environment is there.
        is_active: whether it is active.
    """

    text: str
    place: str
    is_venv: bool = False
    is_conda: bool = False
    is_active: bool = False

    @property
    def is_name(self) -> bool:
        """Whether it can be the name of a conda environment."""
        return "/" not in self.text and not self.text.startswith(".") and not (self.is_venv or self.is_conda)


class ExpectedEnvironment(Fact, frozen=True):
    """The environments of which one must be active, where that is said, and which one is; None if none is."""

    places: tuple[PlaceOfEnvironment, ...]
    origin: str
    active: str | None = None


class Wanted(Fact, frozen=True):
    """A text of the configuration, and where it stands."""

    text: str
    origin: str


class ExpectedPackages(Fact, frozen=True):
    """The requirements that the installed packages must satisfy."""

    requirements: tuple[Wanted, ...]


class ExpectedDisk(Fact, frozen=True):
    """The free space that is expected, in bytes and in the words of the configuration, and what is there."""

    text: str
    origin: str
    directory: str
    wanted: int
    free: int


class ExpectedPlatform(Fact, frozen=True):
    """The platforms of which this must be one."""

    texts: tuple[str, ...]
    origin: str


@probe
def probe_expected_python(
    configuration: Configuration, python: ActivePython | None, environment: ProjectEnvironment | None
) -> ExpectedPython:
    """Take the Python of the project's environment, and the one that answers."""
    specifier = configuration.settings.expect.python
    if specifier is None:
        raise Unavailable("no version of Python is expected here")
    found: dict[str, JudgedPython] = {}
    if environment:
        judged = JudgedPython(environment.python, environment.version_text, environment.answers)
        found[os.path.realpath(environment.root)] = judged
    if python:
        own = python.interpreter
        found.setdefault(own.root, JudgedPython(own.path, own.version_text, answers=True))
    if not found:
        raise Unavailable("no Python answers, and the project has no environment")
    return ExpectedPython(specifier, configuration.origin_of_expected("python"), tuple(found.values()))


@probe
def probe_expected_manager(configuration: Configuration) -> ExpectedManager:
    """Read which manager is expected."""
    name = configuration.settings.expect.manager
    if name is None:
        raise Unavailable("no manager is expected here")
    return ExpectedManager(name, configuration.origin_of_expected("manager"))


@probe
def probe_expected_environment(
    session: Session,
    configuration: Configuration,
    venv: ActiveVenv | None,
    conda: CondaActivation | None,
    python: ActivePython | None,
) -> ExpectedEnvironment:
    """Look at each place that is named. What `python` runs in counts as active too, as images have it on `PATH`."""
    texts = each(configuration.settings.expect.environment)
    if not texts:
        raise Unavailable("no environment is expected here")
    active = {venv.venv.real: venv.venv.root} if venv and venv.venv else {}
    active |= {conda.real: conda.prefix} if conda else {}
    if python and (python.interpreter.is_venv or python.interpreter.root in active):
        active.setdefault(python.interpreter.root, python.interpreter.prefix)
    names = {conda.name, os.path.basename(conda.prefix)} if conda else set()
    base = os.path.dirname(configuration.file)
    places = tuple(_place(session, base, text, {*active}, names) for text in texts)
    return ExpectedEnvironment(
        places, configuration.origin_of_expected("environment"), next(iter(active.values()), None)
    )


def _place(session: Session, base: str, text: str, active: set[str], names: set[str | None]) -> PlaceOfEnvironment:
    spelled = f"{session.home}{text[1:]}" if session.home and text.startswith("~/") else text
    place = os.path.normpath(os.path.join(base, spelled))
    is_active = os.path.realpath(place) in active or text in names
    is_conda = os.path.isdir(os.path.join(place, "conda-meta"))
    return PlaceOfEnvironment(text, place, is_environment(place) and not is_conda, is_conda, is_active)


@probe
def probe_expected_packages(configuration: Configuration) -> ExpectedPackages:
    """Read which packages are expected."""
    texts = configuration.settings.expect.packages
    if not texts:
        raise Unavailable("no package is expected here")
    return ExpectedPackages(tuple(Wanted(text, configuration.origin_of_expected(f"packages.{text}")) for text in texts))


@probe
def probe_expected_disk(configuration: Configuration) -> ExpectedDisk:
    """Ask the file system on which the project lies what this user may still write."""
    text, directory = configuration.settings.expect.free_disk, os.path.dirname(configuration.file)
    if text is None or (wanted := size(text)) is None:
        raise Unavailable("no free space is expected here")
    silent_mounts.touch(directory)
    try:
        system = os.statvfs(directory)
    except OSError as error:
        raise Unavailable(f"the file system of {directory} does not say what is free: {error.strerror}") from error
    free = system.f_bavail * system.f_frsize
    return ExpectedDisk(text, configuration.origin_of_expected("free-disk"), directory, wanted, free)


@probe
def probe_expected_platform(configuration: Configuration) -> ExpectedPlatform:
    """Read which platforms are expected."""
    texts = each(configuration.settings.expect.platform)
    if not texts:
        raise Unavailable("no platform is expected here")
    return ExpectedPlatform(texts, configuration.origin_of_expected("platform"))
