"""PYE001 to PYE004 over literal facts."""

from __future__ import annotations

import pytest

from envdoctor import (
    Activate,
    Deactivate,
    EditFile,
    Evidence,
    Finding,
    Fix,
    Manual,
    PrependPath,
    Run,
    Safety,
    Severity,
    UnsetVariable,
)
from envdoctor.facts.commands.commands import Commands, Hit
from envdoctor.facts.commands.resolve import HitKind, ShimManager
from envdoctor.facts.project.project import Project, ProjectManager
from envdoctor.facts.project.python_pins import (
    PinFile,
    PinScope,
    PythonPin,
    PythonPins,
    understand,
)
from envdoctor.facts.pyenv.versions import (
    Pin,
    Pyenv,
    PyenvRoot,
    Selection,
)
from envdoctor.facts.python.active import Answer, Answers
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.session.search_path import PathEntry, SearchPath
from envdoctor.facts.shell.startup_files import StartupFiles
from envdoctor.facts.shell.startup_lines import LineKind, StartupLine
from envdoctor.facts.venv.active import ActiveVenv
from envdoctor.testing import assess
from envdoctor_checks.pyenv.python_pins import pin_unreadable_for_uv, pinned_version_not_installed
from envdoctor_checks.pyenv.shims import shims_before_environment, shims_not_first
from tests.checks.venvs import HOME, PROJECT, ROOT, activated, examined, interpreter

PYENV_ROOT = f"{HOME}/.pyenv"
SHIMS = f"{PYENV_ROOT}/shims"
GLOBAL = f"{PYENV_ROOT}/version"
LOCAL = f"{PROJECT}/.python-version"
VERSION = f"{PYENV_ROOT}/versions/3.12.1"
INSTALLED = ("3.11.7", "3.12.1")
UV = Project(PROJECT, manager=ProjectManager.UV)
INIT = StartupLine(
    file=f"{HOME}/.bashrc", number=7, text='eval "$(pyenv init -)"', kind=LineKind.INIT, name="pyenv", value="init -"
)


def pyenv(*pins: Pin, origin: str = GLOBAL) -> Pyenv:
    return Pyenv((PyenvRoot(PYENV_ROOT, "HOME", INSTALLED, Selection(pins, origin)),))


def path(*directories: str) -> SearchPath:
    entries = (PathEntry(number, text, text, real=text) for number, text in enumerate(directories))
    return SearchPath(tuple(entries))


def hit(name: str, place: str, position: int = 0, **fields: object) -> Hit:
    kind = HitKind.SHIM if "manager" in fields else HitKind.PYTHON
    known = {"runs": f"{place}/{name}", **fields}
    return Hit(name, f"{place}/{name}", position, f"{place}/{name}", kind, **known)  # type: ignore[arg-type] # several types


def shim(name: str = "python", position: int = 0, **fields: object) -> Hit:
    return hit(name, SHIMS, position, **{"manager": ShimManager.PYENV, "runs": f"{VERSION}/bin/{name}", **fields})


def python(found: Hit, prefix: str = "/usr") -> Answers:
    return Answers(python=Answer("python", found, interpreter(prefix)))


SELECTED = pyenv(Pin("3.12", "3.12.1", 1))
SYSTEM = python(hit("python", "/usr/bin"))
WITH_PYENV = Commands((hit("pyenv", f"{PYENV_ROOT}/bin"),))


@pytest.mark.sick("PYE001")
def test_shims_that_are_not_on_the_path_are_put_first() -> None:
    found = assess(shims_not_first, SELECTED, path("/usr/bin"), SYSTEM, WITH_PYENV, examined())
    assert found == [
        Finding(
            "pyenv selects Python 3.12.1, but `python` is /usr/bin/python: its shims are not on the search path",
            where="PATH",
            evidence=(Evidence("selects 3.12.1", GLOBAL), Evidence("`python` is /usr/bin/python", "PATH, element 1")),
            fix=Fix(
                "Put the shims first, in this shell and in those to come",
                PrependPath(SHIMS),
                EditFile(f"{HOME}/.bashrc", add=(f'eval "$({PYENV_ROOT}/bin/pyenv init - bash)"',)),
            ),
        )
    ]


@pytest.mark.sick("PYE001")
def test_nothing_is_appended_to_a_file_that_may_end_before() -> None:
    stop = StartupLine(file=f"{HOME}/.bashrc", number=3, text="exec", kind=LineKind.STOP, name="exec")
    startup = StartupFiles(lines=(stop,))
    [finding] = assess(shims_not_first, SELECTED, path("/usr/bin"), SYSTEM, WITH_PYENV, startup, examined())
    assert isinstance(finding.fix.actions[1], Manual)


@pytest.mark.sick("PYE001")
def test_shims_that_come_later_are_put_first_and_the_line_is_named() -> None:
    startup = StartupFiles(lines=(INIT,))
    [finding] = assess(shims_not_first, SELECTED, path("/usr/bin", SHIMS), SYSTEM, Commands(), startup, examined())
    assert finding.message.endswith("`python` is /usr/bin/python: its shims come after /usr/bin")
    assert finding.evidence[-1] == INIT.evidence
    assert finding.fix == Fix("Put the shims first", PrependPath(SHIMS))


@pytest.mark.healthy("PYE001")
def test_what_may_stand_before_the_shims() -> None:
    late, absent, here = path("/usr/bin", SHIMS), path("/usr/bin"), examined()
    conda = CondaActivation(prefix="/opt/conda", real="/opt/conda")
    mise = python(hit("python", f"{HOME}/.local/share/mise/shims", manager=ShimManager.MISE))
    for facts in (
        (SELECTED, late, SYSTEM, Commands(), activated(), here),
        (SELECTED, late, SYSTEM, Commands(), conda, here),
        (SELECTED, late, python(hit("python", f"{VERSION}/bin"), VERSION), Commands(), here),
        (SELECTED, late, python(hit("python", f"{HOME}/bin"), VERSION), Commands(), here),
        (SELECTED, path(SHIMS), python(shim(), VERSION), Commands(), here),
        (SELECTED, late, mise, Commands(), here),
        (SELECTED, late, Answers(), Commands(), here),
        (SELECTED, late, SYSTEM, Commands(), examined(python="/usr/bin/python3")),
        (SELECTED, absent, SYSTEM, Commands((hit("uv", "/usr/bin"), *WITH_PYENV.hits)), here),
        (SELECTED, absent, SYSTEM, Commands(), here),
        (pyenv(), late, SYSTEM, WITH_PYENV, here),
        (pyenv(Pin("system", "system", 1)), late, SYSTEM, WITH_PYENV, here),
        (pyenv(Pin("3.99", None, 1)), late, SYSTEM, WITH_PYENV, here),
    ):
        assert assess(shims_not_first, *facts) == []


MISSING = pyenv(Pin("3.12.99", None, 1), origin=LOCAL)
SHIMMED = Commands(
    (
        shim("python", runs=None, problem="pyenv version 3.12.99 is not installed (set by …)"),
        shim("pip", runs="/usr/bin/python3", version="system"),
    )
)


@pytest.mark.sick("PYE002")
def test_a_pin_that_selects_nothing_and_what_comes_of_it() -> None:
    assert assess(pinned_version_not_installed, MISSING, SHIMMED) == [
        Finding(
            f"pyenv has no Python 3.12.99, which {LOCAL}:1 asks for: "
            "`python` fails, `pip` quietly becomes that of /usr/bin/python3",
            where=LOCAL,
            evidence=(
                Evidence("asks for 3.12.99", f"{LOCAL}:1"),
                Evidence("installed: 3.11.7, 3.12.1", f"{PYENV_ROOT}/versions"),
                Evidence("pyenv version 3.12.99 is not installed (set by …)", f"{SHIMS}/python"),
            ),
            fix=Fix(
                "Pin 3.12.1, which is installed",
                Run("pyenv", "local", "3.12.1", directory=PROJECT),
                safety=Safety.CHANGES_STATE,
                undo=f"write `3.12.99` into {LOCAL} again",
            ),
            severity=Severity.ERROR,
        )
    ]


@pytest.mark.sick("PYE002")
@pytest.mark.parametrize(
    ("pin", "origin", "project", "actions"),
    [
        ("3.12", "PYENV_VERSION", None, (UnsetVariable("PYENV_VERSION"),)),
        ("3.12.99", LOCAL, UV, (Run("uv", "python", "pin", "3.12.1", directory=PROJECT),)),
        ("3.12.99", GLOBAL, None, (Run("pyenv", "global", "3.12.1"),)),
        ("3.14", GLOBAL, None, (Run("pyenv", "install", "3.14"),)),
        (">=3.12", LOCAL, None, (Run("pyenv", "local", "3.12.1", directory=PROJECT),)),
        (
            "cpython-3.14.0-linux-x86_64-gnu",
            LOCAL,
            None,
            (
                Run("pyenv", "install", "3.14"),
                Run("pyenv", "local", "3.14", directory=PROJECT),
            ),
        ),
        ("3.13t", LOCAL, None, (Run("pyenv", "install", "3.13"), Run("pyenv", "local", "3.13", directory=PROJECT))),
        ("cpython-3.12", LOCAL, None, (Run("pyenv", "local", "3.12.1", directory=PROJECT),)),
        ("python3.12", LOCAL, None, (Run("pyenv", "local", "3.12.1", directory=PROJECT),)),
        ("<3.12,>=3.9", LOCAL, UV, (Run("uv", "python", "pin", "3.11.7", directory=PROJECT),)),
        (
            "<3.11,>=3.10",
            LOCAL,
            None,
            (Run("pyenv", "install", "3.10"), Run("pyenv", "local", "3.10", directory=PROJECT)),
        ),
        ("pypy3.10", LOCAL, None, (Manual(f"Write a version that `pyenv versions` lists into {LOCAL}"),)),
        ("mine", LOCAL, None, (Manual(f"Write a version that `pyenv versions` lists into {LOCAL}"),)),
    ],
)
def test_the_least_change_that_selects_something(
    pin: str, origin: str, project: Project | None, actions: tuple[object, ...]
) -> None:
    found = pyenv(Pin(pin, None, None if origin == "PYENV_VERSION" else 1), origin=origin)
    [finding] = assess(pinned_version_not_installed, found, SHIMMED, project)
    assert finding.fix.actions == actions
    assert finding.severity is (Severity.WARNING if project else Severity.ERROR)


@pytest.mark.healthy("PYE002")
def test_pins_that_are_fulfilled_or_do_not_matter() -> None:
    several = pyenv(Pin("3.99", None, 1), Pin("3.12", "3.12.1", 2), origin=LOCAL)
    assert assess(pinned_version_not_installed, several, SHIMMED) == []
    assert assess(pinned_version_not_installed, SELECTED, SHIMMED) == []
    assert assess(pinned_version_not_installed, MISSING, Commands((hit("python", f"{ROOT}/bin"),))) == []


@pytest.mark.sick("PYE003")
def test_shims_that_were_pushed_before_the_environment() -> None:
    answers = python(shim(), VERSION)
    order = path(SHIMS, f"{ROOT}/bin", "/usr/bin")
    found = assess(shims_before_environment, activated(), answers, order, StartupFiles(lines=(INIT,)))
    assert found == [
        Finding(
            f"the shims of pyenv stand before the active environment {ROOT}: `python` runs {VERSION}/bin/python3",
            where="PATH",
            evidence=(
                Evidence(f"VIRTUAL_ENV={ROOT}", "VIRTUAL_ENV"),
                Evidence(f"{SHIMS} is element 1", "PATH"),
                Evidence(f"{ROOT}/bin is element 2", "PATH"),
                INIT.evidence,
            ),
            fix=Fix("Activate it again", Deactivate(), Activate(ROOT)),
            severity=Severity.ERROR,
        )
    ]


@pytest.mark.sick("PYE003")
def test_a_shim_that_does_not_say_what_it_runs_is_a_warning() -> None:
    unknown = Answers(python=Answer("python", hit("python", "/shims", manager=ShimManager.MISE)))
    [finding] = assess(shims_before_environment, activated(), unknown, path("/shims", f"{ROOT}/bin"))
    assert finding.severity is Severity.WARNING
    assert finding.message.startswith("the shims of mise stand before")


@pytest.mark.healthy("PYE003")
def test_shims_behind_the_environment_or_that_run_it_are_fine() -> None:
    order, behind = path(SHIMS, f"{ROOT}/bin"), path(f"{ROOT}/bin", SHIMS)
    gone = ActiveVenv("/gone", None)
    for venv, answers, found in (
        (activated(), python(shim(), ROOT), order),
        (activated(), python(hit("python", f"{ROOT}/bin"), ROOT), behind),
        (activated(), python(shim(position=1), VERSION), behind),
        (activated(), python(shim(), VERSION), path(SHIMS)),
        (gone, python(shim(), VERSION), order),
    ):
        assert assess(shims_before_environment, venv, answers, found) == []


WITH_UV = Commands((hit("uv", "/usr/bin"),))


def pinned(text: str, scope: PinScope = PinScope.PROJECT) -> PythonPins:
    return PythonPins((PinFile(LOCAL, scope, (PythonPin(text, 1, *understand(text)),)),))


@pytest.mark.sick("PYE004")
def test_a_pin_that_is_a_path_to_uv_stops_it() -> None:
    assert assess(pin_unreadable_for_uv, pinned("3.11.7/envs/mine"), WITH_UV, UV) == [
        Finding(
            f"{LOCAL} pins `3.11.7/envs/mine`, which pyenv understands "
            "and uv takes for a path that does not exist, and fails",
            where=LOCAL,
            evidence=(Evidence("3.11.7/envs/mine", f"{LOCAL}:1"),),
            fix=Fix(
                "Pin Python 3.11.7, which both read",
                Run("uv", "python", "pin", "3.11.7", directory=PROJECT),
                safety=Safety.CHANGES_STATE,
                undo=f"write `3.11.7/envs/mine` into {LOCAL} again",
            ),
            severity=Severity.ERROR,
        )
    ]
    [finding] = assess(pin_unreadable_for_uv, pinned("3.11.7/envs/mine", PinScope.OUTSIDE), WITH_UV)
    assert finding.severity is Severity.WARNING


@pytest.mark.sick("PYE004")
@pytest.mark.parametrize(
    ("pin", "run"),
    [
        ("system", Run("uv", "python", "pin", "--rm", directory=PROJECT)),
        ("pypy3.9-7.3.11", Run("uv", "python", "pin", "--rm", directory=PROJECT)),
        ("3.12-dev", Run("uv", "python", "pin", "3.12", directory=PROJECT)),
        ("python-3.12.1", Run("uv", "python", "pin", "3.12.1", directory=PROJECT)),
        ("3.12.1 3.11.7", Run("uv", "python", "pin", "3.12.1", directory=PROJECT)),
    ],
)
def test_a_pin_that_uv_ignores_is_exchanged(pin: str, run: Run) -> None:
    [finding] = assess(pin_unreadable_for_uv, pinned(pin), WITH_UV, UV)
    assert finding.severity is Severity.WARNING
    assert finding.fix.actions == (run,)


@pytest.mark.healthy("PYE004")
def test_pins_that_both_read_or_that_nobody_reads() -> None:
    for pin in ("3.12", "3.12.1", "pypy@3.10", ">=3.11", "cpython-3.12.1-linux-x86_64-gnu", "3.13t", "/opt/python"):
        assert assess(pin_unreadable_for_uv, pinned(pin), WITH_UV, UV) == []
    assert assess(pin_unreadable_for_uv, pinned("system"), WITH_UV) == []
    assert assess(pin_unreadable_for_uv, pinned("3.11.7/envs/mine"), Commands()) == []
    assert assess(pin_unreadable_for_uv, pinned("system", PinScope.OUTSIDE), WITH_UV, UV) == []
    assert assess(pin_unreadable_for_uv, PythonPins((PinFile(LOCAL, PinScope.PROJECT),)), WITH_UV, UV) == []
