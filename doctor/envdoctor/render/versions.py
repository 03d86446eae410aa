"""The versions that maintainers ask for, each with the place where it was seen."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor.engine.reference import FactType
from envdoctor.facts.conda.version import CondaVersion
from envdoctor.facts.packages.gpu import NvidiaDriver
from envdoctor.facts.pip.command import BarePip
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.session.context import Examined
from envdoctor.facts.session.operating_system import OperatingSystem
from envdoctor.facts.uv.installations import UvCopies
from envdoctor.report.report import Report

NEEDED: tuple[FactType, ...] = (OperatingSystem, ActivePython, BarePip, UvCopies, CondaVersion, NvidiaDriver)
Row = tuple[str, str, str]


def rows(report: Report) -> Iterator[Row]:
    """What it is, its version, and where that was seen; an empty place where it is the machine."""
    known = report.known
    active, pip, uv = known.get(ActivePython), known.get(BarePip), known.get(UvCopies)
    conda, driver = known.get(CondaVersion), known.get(NvidiaDriver)
    python = active.interpreter if isinstance(active, ActivePython) else None
    yield "Python", python.version_text if python else "none", python.path if python else ""
    if isinstance(pip, BarePip) and pip.interpreter and pip.interpreter.pip:
        yield pip.command, pip.interpreter.pip.version or "unknown", pip.hit.path
    if isinstance(uv, UvCopies) and uv.copies:
        yield "uv", uv.copies[0].shown_version, uv.copies[0].path
    if isinstance(conda, CondaVersion):
        yield "conda", conda.version, conda.root
    yield from _machine(report)
    if python and python.libc:
        yield "C library", python.libc, ""
    if isinstance(driver, NvidiaDriver):
        yield "NVIDIA driver", driver.version or "unknown", driver.origin


def _machine(report: Report) -> Iterator[Row]:
    system, examined = report.known.get(OperatingSystem), report.known.get(Examined)
    if isinstance(system, OperatingSystem):
        machine = f", {examined.machine}" if isinstance(examined, Examined) else ""
        yield "system", f"{system.name}, kernel {system.kernel}{machine}", ""
    if isinstance(examined, Examined):
        kinds = [name for name, is_so in (("login", examined.login), ("interactive", examined.interactive)) if is_so]
        yield "shell", ", ".join((examined.shell or "none", *kinds)), ""
        if places := ", ".join(marker.name for marker in examined.markers):
            yield "inside", places, ""
