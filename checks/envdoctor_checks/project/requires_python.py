"""PRJ: does the Python that the project gets fit what it runs on?"""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename, dirname

from envdoctor import (
    EditFile,
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
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.project import requires_python
from envdoctor.facts.project.environment import ProjectEnvironment
from envdoctor.facts.project.project import Project, ProjectManager
from envdoctor.facts.project.pyproject import Pyproject, RequiresPython
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
from envdoctor.facts.pyenv.versions import VARIABLE as PYENV_VERSION
from envdoctor.facts.pyenv.versions import Pin, Pyenv
from envdoctor.facts.python.available import PythonsAtHand
from envdoctor.facts.shell.exported_lines import ExportedLines
from envdoctor.facts.uv.settings import UvSettings
from envdoctor_checks.common.startup_edits import all_lasting
from envdoctor_checks.project._fixes import Means, other_python

# uv had a global pin from here on, and stopped at one that does not fit the project up to here.
GLOBAL_PIN_COUNTS = ((0, 6), (0, 9, 30))


@check("PRJ002", severity=Severity.ERROR, since="0.1")
def pin_contradicts_requires_python(  # noqa: PLR0913, PLR0917 - each parameter is a fact that it judges
    project: Project,
    required: RequiredPython,
    pyproject: Pyproject | None,
    pins: PythonPins | None,
    settings: UvSettings,
    environment: ProjectEnvironment | None,
    builders: Builders,
    at_hand: PythonsAtHand,
    exported: ExportedLines | None,
    pyenv: Pyenv | None,
) -> Iterator[Finding]:
    """The Python that is pinned is none of those that the project says it runs on.

    ## Why it matters
    uv refuses every project command until the two agree. pyenv and CI follow the pin silently, and build an
    environment in which the project cannot be installed.

    ## How to fix
    Pin a version that the project runs on, or widen `requires-python`.

    ## Not a problem when
    The pin stands above the project, and so belongs to something else. It is the second or a later line of a file,
    which is for tox. It is a path, or a name that only pyenv knows. A global pin is ignored by uv 0.9.30 and newer.
    pyenv takes `PYENV_VERSION` instead of the file, and uv does not know that variable.
    """
    requires = required.requires
    means = Means(project, builders, at_hand, pyproject, requires)
    then = _after_pinning(requires, environment, means)
    chosen = pyenv.roots[0].selection if pyenv and project.manager is not ProjectManager.UV else None
    by_variable = chosen if chosen and chosen.origin == PYENV_VERSION and chosen.pins else None
    for file, pin in _counting(pins, means) if by_variable is None else ():
        if requires_python.can_be_met(requires.alternatives, pin) is False:
            yield Finding(
                f"{file.path} pins Python {pin.text}, and the project runs on {requires.text}",
                _pinning(file, requires, means, then),
                file.origin(pin),
                (Evidence(pin.text, file.origin(pin)), _asked(requires)),
            )
    fits = environment and requires_python.admits(requires.alternatives, environment.version_text)
    selected = _selected(by_variable.pins[0], requires, fits=fits is True) if by_variable else ()
    yield from all_lasting((*_variable(settings, requires, project), *selected), exported)


def _asked(requires: RequiresPython) -> Evidence:
    return Evidence(f"the project runs on {requires.text}", requires.origin)


def _counting(pins: PythonPins | None, means: Means) -> Iterator[tuple[PinFile, PythonPin]]:
    """The pins that count for the project: its own, else for some versions of uv the user's."""
    own, user = (pins.of(PinScope.PROJECT), pins.of(PinScope.GLOBAL)) if pins else (None, None)
    first, last = GLOBAL_PIN_COUNTS
    uv = means.builders.uv if means.project.manager is ProjectManager.UV else None
    if own and own.first:
        yield own, own.first
    elif own is None and user and user.first and uv and first <= uv < last:
        yield user, user.first


def _pinning(file: PinFile, requires: RequiresPython, means: Means, then: Fix | None) -> Fix:
    """Pin a Python that fits, in the way in which the file was made: by uv, or by hand with lines for tox."""
    python = means.python()
    if python is None:
        return Fix(
            "Widen requires-python to a Python that exists",
            Manual(f"Widen requires-python, which stands at {requires.origin}"),
        )
    if file.scope is PinScope.GLOBAL:
        own = Run("uv", "python", "pin", python.minor, directory=means.project.workspace_root)
        return _both(f"Pin Python {python.minor} for the project itself", own, then)
    if means.builders.uv and len(file.pins) == 1 and basename(file.path) == FILE:
        own = Run("uv", "python", "pin", python.minor, directory=dirname(file.path))
        return _both(f"Pin Python {python.minor}", own, then)
    fitting = tuple(pin.text for pin in file.pins if requires_python.can_be_met(requires.alternatives, pin))
    kept = fitting or (python.minor,)
    edit = EditFile(file.path, remove=tuple(pin.text for pin in file.pins), add=kept)
    return _both(f"Pin Python {kept[0]}", edit, then)


def _both(summary: str, pinning: Run | EditFile, then: Fix | None) -> Fix:
    if then is None:
        return Fix(summary, pinning, safety=Safety.CHANGES_STATE)
    return Fix(f"{summary}, and recreate the environment", pinning, *then.actions, safety=then.safety)


def _after_pinning(requires: RequiresPython, environment: ProjectEnvironment | None, means: Means) -> Fix | None:
    """What else has to be done where the environment does not fit either, which the pin may have brought about."""
    if environment is None or requires_python.admits(requires.alternatives, environment.version_text) is not False:
        return None
    fix = other_python(means, environment)
    return None if any(isinstance(step, Manual) for step in fix.actions) else fix


def _variable(settings: UvSettings, requires: RequiresPython, project: Project) -> Iterator[Finding]:
    """`UV_PYTHON` is a pin of the session."""
    value = settings.variable("UV_PYTHON")
    if not value or project.manager is not ProjectManager.UV:
        return
    pin = PythonPin(value, 0, *understand(value))
    if pin.form is not PinForm.PATH and requires_python.can_be_met(requires.alternatives, pin) is False:
        yield Finding(
            f"UV_PYTHON asks uv for Python {value}, and the project runs on {requires.text}",
            Fix("Unset UV_PYTHON", UnsetVariable("UV_PYTHON")),
            "UV_PYTHON",
            (Evidence(value, "UV_PYTHON"), _asked(requires)),
        )


def _selected(chosen: Pin, requires: RequiresPython, *, fits: bool) -> Iterator[Finding]:
    """`PYENV_VERSION` beats every `.python-version`; an environment that fits already is not changed by it."""
    pin = PythonPin(chosen.text, 0, *understand(chosen.version or chosen.text))
    if requires_python.can_be_met(requires.alternatives, pin) is False:
        yield Finding(
            f"{PYENV_VERSION} selects Python {chosen.version or chosen.text}, and the project runs on {requires.text}",
            Fix(f"Unset {PYENV_VERSION}", UnsetVariable(PYENV_VERSION)),
            PYENV_VERSION,
            (Evidence(chosen.text, PYENV_VERSION), _asked(requires)),
            Severity.WARNING if fits else None,
        )


@check("PRJ001", severity=Severity.ERROR, since="0.1", unless=("PRJ002", "PRJ006"))
def requires_python_unmet(
    project: Project,
    required: RequiredPython,
    pyproject: Pyproject | None,
    environment: ProjectEnvironment,
    builders: Builders,
    at_hand: PythonsAtHand,
) -> Iterator[Finding]:
    """The project does not run on the Python of the environment that it uses.

    ## Why it matters
    Installers refuse the project there, or pick old versions of what it depends on; what runs at all fails at the first
    use of something that this Python does not have.

    ## How to fix
    Recreate the environment with a Python that the project runs on.

    ## Not a problem when
    No environment has been made yet, and the project's manager makes its own with a Python that fits, as uv does. The
    Python that answers then does not matter.
    """
    requires, version = required.requires, environment.version_text
    if requires_python.admits(requires.alternatives, version) is not False:
        return
    yield Finding(
        f"{environment.root} has Python {version}, and the project runs on {requires.text}",
        other_python(Means(project, builders, at_hand, pyproject, requires), environment),
        requires.origin,
        (_asked(requires), Evidence(f"Python {version}", environment.python)),
    )
