"""The public API for authors of checks. Everything else in this package is the doctor's own.

Names are imported when they are first used, so that the launcher can put `sys.path` in order before anything else.
"""

from envdoctor._version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from envdoctor.checking import Check, check
    from envdoctor.fact import Fact, TimedOut, Unavailable, probe
    from envdoctor.fix import (
        Activate,
        CopyVariable,
        Deactivate,
        EditFile,
        Fix,
        Manager,
        Manual,
        PrependPath,
        RemoveFromPath,
        Run,
        Safety,
        Scope,
        SetFromOutput,
        SetVariable,
        UnsetVariable,
    )
    from envdoctor.model import Evidence, Finding, Severity
    from envdoctor.session import Session

_HOMES = {
    "checking": ("Check", "check"),
    "fact": ("Fact", "TimedOut", "Unavailable", "probe"),
    "fix": (
        "Activate",
        "CopyVariable",
        "Deactivate",
        "EditFile",
        "Fix",
        "Manager",
        "Manual",
        "PrependPath",
        "RemoveFromPath",
        "Run",
        "Safety",
        "Scope",
        "SetFromOutput",
        "SetVariable",
        "UnsetVariable",
    ),
    "model": ("Evidence", "Finding", "Severity"),
    "session": ("Session",),
}

__all__ = [
    "Activate",
    "Check",
    "CopyVariable",
    "Deactivate",
    "EditFile",
    "Evidence",
    "Fact",
    "Finding",
    "Fix",
    "Manager",
    "Manual",
    "PrependPath",
    "RemoveFromPath",
    "Run",
    "Safety",
    "Scope",
    "Session",
    "SetFromOutput",
    "SetVariable",
    "Severity",
    "TimedOut",
    "Unavailable",
    "UnsetVariable",
    "__version__",
    "check",
    "probe",
]


def __getattr__(name: str) -> object:
    for module, names in _HOMES.items():
        if name in names:
            from importlib import import_module

            return getattr(import_module(f"envdoctor.{module}"), name)
    raise AttributeError(f"module 'envdoctor' has no attribute {name!r}")
