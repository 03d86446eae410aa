"""PRJ: is the machine such as the configuration expects: its system, its free space, its libraries?"""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import Evidence, Finding, Fix, Manual, Severity, check
from envdoctor.facts.project.expectations import system_and_machine
from envdoctor.facts.project.expected import ExpectedDisk, ExpectedPlatform
from envdoctor.facts.project.expected_libraries import ExpectedLibraries
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.session.context import Examined

SYSTEMS = {"Linux": "linux", "Darwin": "macos"}
MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}
GIGABYTE = 1000**3


@check("PRJ108", severity=Severity.ERROR, since="0.1")
def expected_space_missing(disk: ExpectedDisk) -> Iterator[Finding]:
    """Less space is free where the project lies than its configuration expects.

    ## Why it matters
    Downloads and builds fail half way, and leave broken packages behind.

    ## How to fix
    Free space, or move the project to another drive.

    ## Not a problem when
    What needs the space is written to another drive.
    """
    if disk.free < disk.wanted:
        yield Finding(
            f"{disk.free / GIGABYTE:.1f} GB are free in {disk.directory}, and {disk.text} are expected",
            Fix("Free space", Manual("Free space there: `envdoctor envs --sizes` shows what environments take")),
            disk.origin,
            (Evidence(f"free-disk = {disk.text}", disk.origin), Evidence(f"{disk.free} bytes free", disk.directory)),
        )


@check("PRJ109", severity=Severity.ERROR, since="0.1")
def expected_platform_differs(expected: ExpectedPlatform, examined: Examined) -> Iterator[Finding]:
    """This machine is of another platform than the project's configuration expects.

    ## Why it matters
    The project's packages or its commands do not exist here, or were never tried.

    ## How to fix
    Work on a machine or in a container of that platform.

    ## Not a problem when
    The project runs here as well: add this platform to the configuration.
    """
    system = SYSTEMS.get(examined.system, examined.system.lower())
    machine = MACHINES.get(examined.machine.lower(), examined.machine.lower())
    for text in expected.texts:
        wanted = system_and_machine(text)
        if wanted and wanted[0] == system and (wanted[1] is None or MACHINES.get(wanted[1], wanted[1]) == machine):
            return
    names = " or ".join(expected.texts)
    yield Finding(
        f"this is {system}-{machine}, and {names} is expected",
        Fix("Work on that platform", Manual(f"Work on a machine or in a container that is {names}")),
        expected.origin,
        (Evidence(f"platform = {names}", expected.origin), Evidence(f"{examined.system} {examined.machine}", "uname")),
    )


@check("PRJ110", severity=Severity.ERROR, since="0.1")
def expected_library_missing(expected: ExpectedLibraries, conda: CondaActivation | None) -> Iterator[Finding]:
    """A shared library that the project's configuration expects does not load in this Python.

    ## Why it matters
    Packages open it by its name when they are imported or first used, and fail only then.

    ## How to fix
    Install the library, or put its directory where this Python's loader looks.

    ## Not a problem when
    A package brings its own copy under another name.
    """
    for library in expected.libraries:
        if library.path is not None and library.lacks is None:
            continue
        found = f"{library.path} needs {library.lacks}" if library.path else f"{library.soname} is not found"
        tool = "conda" if conda and not conda.is_base else "the system's package manager"
        yield Finding(
            f"{library.soname} does not load in {expected.python}: {found}",
            Fix("Install the library", Manual(f"Install {library.lacks or library.soname} with {tool}")),
            library.origin,
            (Evidence(f"libraries: {library.soname}", library.origin), Evidence(found, expected.python)),
        )
