"""PRJ: is the Python to be had that uv is asked for?"""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename, dirname

from envdoctor import EditFile, Evidence, Finding, Fix, Manual, Run, Safety, Severity, UnsetVariable, check
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.project.project import Project, ProjectManager
from envdoctor.facts.project.python_pins import FILE, PinFile, PinScope
from envdoctor.facts.project.python_request import VARIABLE, PythonRequest, is_met
from envdoctor.facts.project.requires_python import RequiredPython
from envdoctor.facts.python.available import PythonsAtHand
from envdoctor.facts.shell.exported_lines import ExportedLines
from envdoctor.facts.uv.directories import Standing
from envdoctor.facts.uv.project import UvProject
from envdoctor.facts.uv.python_downloads import UvDownloads
from envdoctor_checks.common.moves import kept, put_back
from envdoctor_checks.common.startup_edits import lasting
from envdoctor_checks.project._fixes import Means, Python

STOPPED = tuple(("uv", command) for command in ("add", "build", "export", "lock", "remove", "run", "sync", "tree"))


@check("PRJ010", severity=Severity.ERROR, since="0.1", unless=("PRJ002", "PYE002", "PYE004", "UV003", "UV008"))
def requested_python_unavailable(
    project: Project,
    request: PythonRequest,
    own: UvProject,
    builders: Builders,
    at_hand: PythonsAtHand,
    required: RequiredPython | None,
    downloads: UvDownloads | None,
    exported: ExportedLines | None,
) -> Iterator[Finding]:
    """The Python that uv is asked for is neither on this machine nor to be downloaded.

    ## Why it matters
    `uv sync`, `uv run`, `uv lock` and `uv add` stop: *No interpreter found for Python 3.10*. That happens where a pin
    names a version that does not exist, and where downloads are forbidden or uv is offline.

    ## How to fix
    Install that Python, or let uv download it. What does not exist has to be changed: pin a Python that is here.

    ## Not a problem when
    uv may download what is asked for. The project's environment is there and has that Python: uv takes it as it is.
    Some `python3` on the search path may be the one that is asked for, or uv is newer than what is known here of its
    downloads.
    """
    unavailable = request.available is False and request.by_project
    if not unavailable or project.manager is not ProjectManager.UV or builders.uv is None or _is_there(own, request):
        return
    means = Means(project, builders, at_hand, requires=required.requires if required else None)
    downloads = downloads or UvDownloads()
    reason = (downloads.forbidden,) if request.exists is not False and downloads.forbidden else ()
    yield Finding(
        f"{_asking(request)}, which is neither here nor to be downloaded, so that `uv sync` and `uv run` stop",
        lasting(_fix(request, means, downloads), exported),
        request.origin,
        (
            Evidence(request.pin.text, request.origin),
            *(Evidence(setting, "forbids the download") for setting in reason),
        ),
        stops=STOPPED,
    )


def _is_there(own: UvProject, request: PythonRequest) -> bool:
    """Whether uv keeps the environment of the project; what the project does not run on is told by PRJ001."""
    place = own.environment
    by_itself = request.file is None and request.origin != VARIABLE
    return place.standing is Standing.ENVIRONMENT and (
        by_itself or place.python is None or is_met(request.pin, place.python)
    )


def _asking(request: PythonRequest) -> str:
    if request.origin == VARIABLE:
        return f"{VARIABLE} asks uv for Python {request.pin.text}"
    return (
        f"{request.file.path} pins Python {request.pin.text}"
        if request.file
        else f"the project runs on Python {request.pin.text}"
    )


def _fix(request: PythonRequest, means: Means, downloads: UvDownloads) -> Fix:
    if request.origin == VARIABLE:
        return Fix(f"Unset {VARIABLE}", UnsetVariable(VARIABLE))
    python = means.python()
    if request.exists is not False:
        other = python.minor if python and python.path and request.file else None
        return _brought(request.pin.text, downloads, other)
    if request.file is None or python is None:
        advice = f"Widen requires-python, which stands at {request.origin}"
        return Fix("Widen requires-python to a Python that exists", Manual(advice))
    if python.path is None and downloads.forbidden:
        return _brought(python.minor, downloads)
    return _pinned(python, request.file, means.project.workspace_root)


def _brought(text: str, downloads: UvDownloads, other: str | None = None) -> Fix:
    """The install of what is asked for; by hand where uv may not be told to download it either.

    `other` is what may be pinned instead.
    """
    if downloads.on_request:
        return Fix(f"Install Python {text}", Run("uv", "python", "install", text), safety=Safety.CHANGES_STATE)
    instead = f", or pin Python {other}, which is here: `uv python pin {other}`" if other else ""
    advice = f"Install Python {text}, or let uv download it, which {downloads.forbidden} forbids{instead}"
    return Fix(f"Install Python {text}", Manual(advice))


def _pinned(python: Python, file: PinFile, root: str) -> Fix:
    """Pin a Python that is here, for the project itself where the pin is the user's; further lines are for tox."""
    summary, others = f"Pin Python {python.minor}", tuple(pin.text for pin in file.pins[1:])
    if file.scope is PinScope.GLOBAL:
        return Fix(f"{summary} for the project itself", _repinned(python, root), safety=Safety.CHANGES_STATE)
    if others or basename(file.path) != FILE:
        lines = dict.fromkeys((python.minor, *others))
        edit = EditFile(file.path, remove=tuple(pin.text for pin in file.pins), add=tuple(lines))
        return Fix(summary, edit, safety=Safety.CHANGES_STATE)
    steps = kept(file.path), _repinned(python, dirname(file.path))
    return Fix(summary, *steps, safety=Safety.CHANGES_STATE, undo=put_back(file.path))


def _repinned(python: Python, directory: str) -> Run:
    return Run("uv", "python", "pin", python.minor, directory=directory)
