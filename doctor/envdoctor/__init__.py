"""The public API for authors of checks. Everything else in this package is the doctor's own.

Names are imported when they are first used, so that the launcher can put `sys.path` in order before anything else.
"""

from envdoctor._version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from envdoctor.engine.check import Check, check
    from envdoctor.engine.fact import (
        Fact,
        TimedOut,
        Unavailable,
        probe,
    )
    from envdoctor.engine.finding import Evidence, Finding, Severity
    from envdoctor.engine.fix import (
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
    from envdoctor.system.session import Session

_HOMES = {
    "Activate": "engine.fix",
    "Check": "engine.check",
    "CopyVariable": "engine.fix",
    "Deactivate": "engine.fix",
    "EditFile": "engine.fix",
    "Evidence": "engine.finding",
    "Fact": "engine.fact",
    "Finding": "engine.finding",
    "Fix": "engine.fix",
    "Manager": "engine.fix",
    "Manual": "engine.fix",
    "PrependPath": "engine.fix",
    "RemoveFromPath": "engine.fix",
    "Run": "engine.fix",
    "Safety": "engine.fix",
    "Scope": "engine.fix",
    "Session": "system.session",
    "SetFromOutput": "engine.fix",
    "SetVariable": "engine.fix",
    "Severity": "engine.finding",
    "TimedOut": "engine.fact",
    "Unavailable": "engine.fact",
    "UnsetVariable": "engine.fix",
    "check": "engine.check",
    "probe": "engine.fact",
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
    if name not in _HOMES:
        raise AttributeError(f"module 'envdoctor' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"envdoctor.{_HOMES[name]}"), name)
