"""Does an environment marker hold for the Python that is examined, and not for the one that envdoctor runs on?"""

from __future__ import annotations

from functools import cache
from typing import Protocol

# what platform.system() and platform.python_implementation() say, by sys.platform and sys.implementation.name
SYSTEMS = {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}
IMPLEMENTATIONS = {"cpython": "CPython", "pypy": "PyPy", "graalpy": "GraalVM"}

Values = tuple[tuple[str, str], ...]


class PythonTraits(Protocol):
    """What markers ask of a Python."""

    @property
    def version(self) -> tuple[int, ...]:
        """Major, minor and, where it is known, micro."""

    @property
    def minor(self) -> str:
        """`3.11`."""

    @property
    def implementation(self) -> str:
        """`cpython`, `pypy`."""

    @property
    def platform(self) -> str:
        """`sys.platform`."""

    @property
    def machine(self) -> str:
        """The architecture as the system calls it."""


def values(environment: PythonTraits) -> Values:
    """What the variables of markers are in this environment."""
    full = ".".join(map(str, (*environment.version, 0)[:3]))
    return (
        ("implementation_name", environment.implementation),
        ("implementation_version", full),
        ("os_name", "nt" if environment.platform == "win32" else "posix"),
        ("platform_machine", environment.machine),
        ("platform_python_implementation", IMPLEMENTATIONS.get(environment.implementation, environment.implementation)),
        ("platform_release", ""),
        ("platform_system", SYSTEMS.get(environment.platform, environment.platform)),
        ("platform_version", ""),
        ("python_full_version", full),
        ("python_version", environment.minor),
        ("sys_platform", environment.platform),
    )


@cache
def holds(marker: str, known: Values, extra: str = "") -> bool | None:
    """Whether a marker holds, for one extra or none; None if nobody can tell."""
    from packaging.markers import InvalidMarker, Marker, UndefinedComparison, UndefinedEnvironmentName

    try:
        return Marker(marker).evaluate({**dict(known), "extra": extra})
    except (InvalidMarker, UndefinedComparison, UndefinedEnvironmentName, KeyError, TypeError):
        return None
