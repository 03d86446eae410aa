"""PYE: pins that select nothing, or that uv reads otherwise than pyenv."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename, dirname

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
    Run,
    Safety,
    Severity,
    UnsetVariable,
    check,
)
from envdoctor.facts.commands.commands import Commands, Hit
from envdoctor.facts.commands.resolve import ShimManager
from envdoctor.facts.project import requires_python
from envdoctor.facts.project.project import Project, ProjectManager
from envdoctor.facts.project.python_pins import (
    FILE,
    PinFile,
    PinForm,
    PinScope,
    PythonPin,
    PythonPins,
    understand,
)
from envdoctor.facts.project.requires_python import RequiredPython
from envdoctor.facts.pyenv.versions import (
    NUMBERS,
    SYSTEM,
    VARIABLE,
    Pin,
    Pyenv,
    PyenvRoot,
    latest,
)
from envdoctor.facts.shell.exported_lines import ExportedLines
from envdoctor.text.patterns import pattern
from envdoctor_checks.common.moves import aside, kept, moved_back, put_back
from envdoctor_checks.common.startup_edits import lasting

ENVIRONMENT = pattern(r"[A-Za-z_][\w.-]*")  # what `pyenv virtualenv` takes for a name
TOO_OLD = (
    "This pyenv cannot install Python {0}. Update pyenv, where it is a clone with `git -C {1} pull`; "
    "if it still cannot, write a version that `pyenv install --list` shows"
)
NUMBER = pattern(r"(\d+)")
FREE_THREADED = pattern(r"\dt\b|freethreaded")
SHIMMED = ("python", "python3", "pip")


@check("PYE002", severity=Severity.ERROR, since="0.1", moots=("PIP006",))
def pinned_version_not_installed(
    pyenv: Pyenv,
    commands: Commands,
    project: Project | None,
    pins: PythonPins | None,
    required: RequiredPython | None,
    exported: ExportedLines | None,
) -> Iterator[Finding]:
    """The pin names a Python that pyenv has not installed.

    ## Why it matters
    The shims fail with `version … is not installed`, but not all: a command that the rest of the search path has is
    taken from there silently. So `python` may fail while `pip` installs into the system's Python.

    ## How to fix
    Install the version, or change the pin: `pyenv local`, or `uv python pin` in a project of uv. uv writes pins, such
    as a minor version or `>=3.12`, that it can fulfil itself and pyenv cannot. A pyenv that is older than the version
    does not know how to install it, and has to be updated first.

    ## Not a problem when
    Another version of the pin is installed and runs. The shims are not in use, because an environment is active or
    `uv run` is all that is needed. The project does not run on that Python either: PRJ002 says which to pin instead.
    """
    root = pyenv.roots[0]
    selection = root.selection
    hits = tuple(hit for name in SHIMMED if (hit := commands.first(name)) and hit.manager is ShimManager.PYENV)
    if not selection.missing or any(pin.version for pin in selection.pins) or not hits:
        return
    missing = next(pin for pin in selection.pins if pin.version is None)
    alternatives = required.requires.alternatives if required else ()
    if _is_refused(missing, selection.origin, pins, alternatives):
        return
    by_uv = project is not None and project.manager is ProjectManager.UV
    origin = selection.origin if missing.line is None else f"{selection.origin}:{missing.line}"
    yield Finding(
        f"pyenv has no Python {missing.text}, which {origin} asks for: {_consequences(hits)}",
        where=selection.origin,
        evidence=(
            Evidence(f"asks for {', '.join(selection.missing)}", origin),
            Evidence(
                f"installed: {', '.join(sorted(root.installed, key=_by_number)) or 'none'}", f"{root.root}/versions"
            ),
            *(Evidence(hit.problem, hit.path) for hit in hits[:1] if hit.problem),
        ),
        fix=lasting(_fulfilled(root, missing, alternatives, by_uv=by_uv), exported),
        severity=Severity.WARNING if by_uv else Severity.ERROR,
    )


def _is_refused(missing: Pin, origin: str, pins: PythonPins | None, alternatives: tuple[str, ...]) -> bool:
    """Whether it is the project's own pin, and the project runs on no Python that it asks for."""
    own = pins.of(PinScope.PROJECT) if pins else None
    counts = own is not None and own.path == origin and own.first is not None and own.first.text == missing.text
    pin = PythonPin(missing.text, 0, *understand(missing.text))
    return counts and bool(alternatives) and requires_python.can_be_met(alternatives, pin) is False


def _by_number(version: str) -> tuple[tuple[bool, int, str], ...]:
    """`3.10.1` comes after `3.9.2`, and names come after numbers."""
    parts = filter(None, NUMBER.split(version))
    return tuple((False, int(part), "") if part.isdecimal() else (True, 0, part) for part in parts)


def _consequences(hits: tuple[Hit, ...]) -> str:
    failing = [f"`{hit.name}`" for hit in hits if hit.problem]
    falling = [f"`{hit.name}` quietly becomes that of {hit.runs}" for hit in hits if hit.version == SYSTEM and hit.runs]
    failed = [f"{' and '.join(failing)} fail{'s' if len(failing) == 1 else ''}"] if failing else []
    return ", ".join(failed + falling[:2]) or "its shims choose something else"


def _fulfilled(root: PyenvRoot, pin: Pin, alternatives: tuple[str, ...], *, by_uv: bool) -> Fix:
    """The least change that lets the pin select something: another patch of the same version, else an install.

    What the project does not run on is not chosen.
    """
    origin, (form, wanted, implementation) = root.selection.origin, understand(pin.text)
    if origin == VARIABLE:
        return Fix("Unset PYENV_VERSION and use the pin files", UnsetVariable(VARIABLE))
    minor = _minor(form, wanted) if wanted and implementation in (None, "cpython") else None
    base = latest("3", [version for version in root.installed if NUMBERS.fullmatch(version)])
    if form is PinForm.OTHER and root.has_virtualenv and base and ENVIRONMENT.fullmatch(pin.text):
        made = Run("pyenv", "virtualenv", base, pin.text)
        return Fix(f"Create the environment {pin.text}", made, safety=Safety.CHANGES_STATE)
    if wanted is None or minor is None:
        return Fix("Change the pin", Manual(f"Write a version that `pyenv versions` lists into {origin}"))
    fitting = tuple(
        v for v in root.installed if not alternatives or requires_python.admits(alternatives, v) is not False
    )
    near = None if FREE_THREADED.search(pin.text) else _near(fitting, form, wanted, minor)
    if near:
        steps = kept(origin), _repinned(origin, near, by_uv=by_uv)
        return Fix(f"Pin {near}, which is installed", *steps, safety=Safety.CHANGES_STATE, undo=put_back(origin))
    return _newly_installed(root, pin, minor, by_uv=by_uv)


def _newly_installed(root: PyenvRoot, pin: Pin, minor: str, *, by_uv: bool) -> Fix:
    """The install of what the pin asks for; pinned as its minor version if pyenv cannot read the pin."""
    origin, state = root.selection.origin, Safety.CHANGES_STATE
    if pin.text in root.unknown:
        return Fix("Update pyenv, or change the pin", Manual(f"{TOO_OLD.format(pin.text, root.root)} into {origin}"))
    if NUMBERS.fullmatch(pin.text):
        return Fix(f"Install Python {pin.text}", Run("pyenv", "install", pin.text), safety=state)
    install = Run("pyenv", "install", minor), kept(origin), _repinned(origin, minor, by_uv=by_uv)
    summary = f"Install Python {minor}, and pin it in a form that pyenv reads"
    return Fix(summary, *install, safety=state, undo=put_back(origin))


def _minor(form: PinForm, wanted: str) -> str | None:
    """The minor version to install for a version or a range; None if it names none."""
    if form is PinForm.RANGE:
        return requires_python.lowest((wanted,))
    return ".".join(wanted.split(".")[:2]) if "." in wanted else None


def _near(installed: tuple[str, ...], form: PinForm, wanted: str, minor: str) -> str | None:
    """The newest installed Python that is as good: in the range, or of the same minor version."""
    if form is PinForm.RANGE:
        return latest("3", [version for version in installed if requires_python.admits((wanted,), version)])
    return latest(minor, installed)


def _repinned(origin: str, version: str, *, by_uv: bool) -> Run:
    """Change the file that holds the pin, by the tool that it belongs to."""
    if basename(origin) != FILE:
        return Run("pyenv", "global", version)
    return Run(*(("uv", "python", "pin") if by_uv else ("pyenv", "local")), version, directory=dirname(origin))


@check("PYE004", severity=Severity.WARNING, since="0.1")
def pin_unreadable_for_uv(pins: PythonPins, commands: Commands, project: Project | None) -> Iterator[Finding]:
    """A pin in `.python-version` means something to pyenv, and nothing or something else to uv.

    ## Why it matters
    Both read the file. `system`, `pypy3.9-7.3.11`, `miniconda3-latest` or the name of an environment are ignored by uv
    with a warning, and it takes whatever Python it finds. `3.11.7/envs/mine`, as pyenv-virtualenv writes it, is a path
    to uv: every command fails with `No interpreter found at path`. So does the path of a Python that is gone.

    ## How to fix
    Pin a plain version, which both read. An environment of pyenv-virtualenv is named by `PYENV_VERSION` instead.

    ## Not a problem when
    The project is not kept with uv and the form is merely ignored, uv is not installed, or the file stands above the
    project, where uv's project commands do not look.
    """
    by_uv = project is not None and project.manager is ProjectManager.UV
    file = pins.of(PinScope.PROJECT) if by_uv else pins.nearest
    pin = file.first if file else None
    if file is None or pin is None or (commands.first("uv") is None and not by_uv):
        return
    fatal = pin.absent or (pin.form is PinForm.PATH and not pin.text.startswith(("/", "./", "../")))
    ignored = pin.form is PinForm.OTHER or pin.text.startswith("python-")
    if not fatal and not (ignored and by_uv):
        return
    effect = "takes for a path that does not exist, and fails" if fatal else "ignores"
    meant = f"`{pin.text}`, which pyenv understands and uv {effect}"
    if pin.absent:
        meant = f"{pin.text}, which does not exist, and uv fails"
    yield Finding(
        f"{file.path} pins {meant}",
        where=file.path,
        evidence=(Evidence(pin.text, file.origin(pin)),),
        fix=_readable(file, pin),
        severity=Severity.ERROR if fatal and by_uv else Severity.WARNING,
        stops=(("uv", "venv"), ("uv", "sync"), ("uv", "run"), ("uv", "lock"), ("uv", "add")) if fatal else (),
    )


def _readable(file: PinFile, pin: PythonPin) -> Fix:
    """A pin that both read, where the text names a version of CPython; otherwise none at all."""
    version = re.match(r"(?:python-)?(\d+\.\d+(?:\.\d+)?)(?:$|[/ -])", pin.text)
    if version:
        steps = kept(file.path), Run("uv", "python", "pin", version[1], directory=dirname(file.path))
        undo = put_back(file.path)
        return Fix(f"Pin Python {version[1]}, which both read", *steps, safety=Safety.CHANGES_STATE, undo=undo)
    moved = aside(file.path)
    summary = "Move the pin aside; `requires-python` says enough to uv"
    return Fix(summary, moved, safety=Safety.CHANGES_STATE, undo=moved_back(moved))
