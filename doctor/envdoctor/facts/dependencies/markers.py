"""Does an environment marker hold for the Python that is examined, and not for the one that envdoctor runs on?"""

from __future__ import annotations

from functools import cache

from envdoctor.facts.project.environment import ProjectEnvironment

# what platform.system() and platform.python_implementation() say, by sys.platform and sys.implementation.name
SYSTEMS = {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}
IMPLEMENTATIONS = {"cpython": "CPython", "pypy": "PyPy", "graalpy": "GraalVM"}

Values = tuple[tuple[str, str], ...]


def values(environment: ProjectEnvironment) -> Values:
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
