from __future__ import annotations

import pytest
from msgspec.structs import replace

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
    Run,
    Safety,
    Severity,
    UnsetVariable,
)
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.project.project import Project, ProjectManager
from envdoctor.facts.project.pyproject import RequiresPython
from envdoctor.facts.project.python_pins import (
    PinFile,
    PinScope,
    PythonPin,
    PythonPins,
    parse,
    understand,
)
from envdoctor.facts.project.requires_python import RequiredPython
from envdoctor.facts.pyenv.versions import (
    Pin,
)
from envdoctor.testing import assess
from envdoctor_checks.common.moves import kept, put_back
from envdoctor_checks.pyenv.python_pins import pin_unreadable_for_uv, pinned_version_not_installed
from tests.builders import PROJECT, ROOT
from tests.checks.pyenv.literals import GLOBAL, PYENV_ROOT, SELECTED, SHIMS, hit, pyenv, shim

LOCAL = f"{PROJECT}/.python-version"


UV = Project(PROJECT, manager=ProjectManager.UV)


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
                kept(LOCAL),
                Run("pyenv", "local", "3.12.1", directory=PROJECT),
                safety=Safety.CHANGES_STATE,
                undo=put_back(LOCAL),
            ),
            severity=Severity.ERROR,
        )
    ]


@pytest.mark.sick("PYE002")
@pytest.mark.parametrize(("pin", "made"), [("app", True), ("app", False), ("3.12/envs/app", True)])
def test_an_environment_of_pyenv_virtualenv_is_created_again(pin: str, made: bool) -> None:
    known = pyenv(Pin(pin, None, 1), origin=LOCAL)
    roots = (replace(known.roots[0], has_virtualenv=made),)
    [finding] = assess(pinned_version_not_installed, replace(known, roots=roots), SHIMMED)
    created = finding.fix.actions == (Run("pyenv", "virtualenv", "3.12.1", "app"),)
    assert created == (made and pin == "app")


@pytest.mark.sick("PYE002")
@pytest.mark.parametrize(
    ("pin", "origin", "project", "actions"),
    [
        ("3.12", "PYENV_VERSION", None, (UnsetVariable("PYENV_VERSION"),)),
        ("3.12.99", LOCAL, UV, (kept(LOCAL), Run("uv", "python", "pin", "3.12.1", directory=PROJECT))),
        ("3.12.99", GLOBAL, None, (kept(GLOBAL), Run("pyenv", "global", "3.12.1"))),
        ("3.14", GLOBAL, None, (Run("pyenv", "install", "3.14"),)),
        (">=3.12", LOCAL, None, (kept(LOCAL), Run("pyenv", "local", "3.12.1", directory=PROJECT))),
        (
            "cpython-3.14.0-linux-x86_64-gnu",
            LOCAL,
            None,
            (
                Run("pyenv", "install", "3.14"),
                kept(LOCAL),
                Run("pyenv", "local", "3.14", directory=PROJECT),
            ),
        ),
        (
            "3.13t",
            LOCAL,
            None,
            (Run("pyenv", "install", "3.13"), kept(LOCAL), Run("pyenv", "local", "3.13", directory=PROJECT)),
        ),
        ("cpython-3.12", LOCAL, None, (kept(LOCAL), Run("pyenv", "local", "3.12.1", directory=PROJECT))),
        ("python3.12", LOCAL, None, (kept(LOCAL), Run("pyenv", "local", "3.12.1", directory=PROJECT))),
        ("<3.12,>=3.9", LOCAL, UV, (kept(LOCAL), Run("uv", "python", "pin", "3.11.7", directory=PROJECT))),
        (
            "<3.11,>=3.10",
            LOCAL,
            None,
            (Run("pyenv", "install", "3.10"), kept(LOCAL), Run("pyenv", "local", "3.10", directory=PROJECT)),
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


@pytest.mark.sick("PYE002")
@pytest.mark.parametrize(("pin", "knows"), [("3.14.9", False), ("3.14.9", True), ("3.12", False)])
def test_what_this_pyenv_is_too_old_for_is_not_installed(pin: str, knows: bool) -> None:
    found = pyenv(Pin(pin, None, 1), origin=LOCAL)
    roots = (replace(found.roots[0], unknown=() if knows else (pin,)),)
    [finding] = assess(pinned_version_not_installed, replace(found, roots=roots), SHIMMED)
    [first, *_] = finding.fix.actions
    if pin == "3.12":  # another patch is there
        assert finding.fix.summary == "Pin 3.12.1, which is installed"
    elif knows:
        assert first == Run("pyenv", "install", pin)
    else:
        assert finding.fix.summary == "Update pyenv, or change the pin"
        assert isinstance(first, Manual)
        assert first.text == (
            "This pyenv cannot install Python 3.14.9. "
            f"Update pyenv, where it is a clone with `git -C {PYENV_ROOT} pull`; "
            f"if it still cannot, write a version that `pyenv install --list` shows into {LOCAL}"
        )


def of_project(requires: str) -> RequiredPython:
    return RequiredPython(RequiresPython(requires, (requires,), "setup.py:1"))


@pytest.mark.sick("PYE002")
@pytest.mark.parametrize(
    ("pin", "requires", "steps"),
    [
        ("3.12.99", ">=3.12.4", (Run("pyenv", "install", "3.12.99"),)),
        ("3.12.99", ">=3.12,<4", (kept(LOCAL), Run("pyenv", "local", "3.12.1", directory=PROJECT))),
        (">=3.11", "<3.12", (kept(LOCAL), Run("pyenv", "local", "3.11.7", directory=PROJECT))),
    ],
)
def test_nothing_is_pinned_on_which_the_project_does_not_run(pin: str, requires: str, steps: tuple[Run, ...]) -> None:
    found, required = pyenv(Pin(pin, None, 1), origin=LOCAL), of_project(requires)
    [finding] = assess(pinned_version_not_installed, found, SHIMMED, required, pinned(pin))
    assert finding.fix.actions == steps


@pytest.mark.healthy("PYE002")
def test_a_pin_on_which_the_project_does_not_run_is_not_to_be_installed() -> None:
    found, required = pyenv(Pin("3.12.99", None, 1), origin=LOCAL), of_project(">=3.13")
    assert assess(pinned_version_not_installed, found, SHIMMED, required, pinned("3.12.99")) == []
    elsewhere = pinned("3.12.99", PinScope.OUTSIDE)  # a pin above the project: PRJ002 says nothing of it
    assert len(assess(pinned_version_not_installed, found, SHIMMED, required, elsewhere)) == 1


@pytest.mark.sick("PYE002")
def test_what_is_installed_is_listed_by_number() -> None:
    known = pyenv(Pin("3.12.99", None, 1), origin=LOCAL)
    roots = (replace(known.roots[0], installed=("2.7.18", "3.10.13", "3.9.18", "miniconda3-4.7", "pypy3.9-7.3")),)
    [finding] = assess(pinned_version_not_installed, replace(known, roots=roots), SHIMMED)
    assert finding.evidence[1].text == "installed: 2.7.18, 3.9.18, 3.10.13, miniconda3-4.7, pypy3.9-7.3"


@pytest.mark.healthy("PYE002")
def test_pins_that_are_fulfilled_or_do_not_matter() -> None:
    several = pyenv(Pin("3.99", None, 1), Pin("3.12", "3.12.1", 2), origin=LOCAL)
    assert assess(pinned_version_not_installed, several, SHIMMED) == []
    assert assess(pinned_version_not_installed, SELECTED, SHIMMED) == []
    assert assess(pinned_version_not_installed, MISSING, Commands((hit("python", f"{ROOT}/bin"),))) == []


ASIDE = Run("mv", "-n", "--", LOCAL, f"{LOCAL}.old")
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
                kept(LOCAL),
                Run("uv", "python", "pin", "3.11.7", directory=PROJECT),
                safety=Safety.CHANGES_STATE,
                undo=put_back(LOCAL),
            ),
            severity=Severity.ERROR,
            stops=tuple(("uv", command) for command in ("venv", "sync", "run", "lock", "add")),
        )
    ]
    [finding] = assess(pin_unreadable_for_uv, pinned("3.11.7/envs/mine", PinScope.OUTSIDE), WITH_UV)
    assert finding.severity is Severity.WARNING


@pytest.mark.sick("PYE004")
def test_the_path_of_a_python_that_is_gone_stops_uv() -> None:
    pins = PythonPins((PinFile(LOCAL, PinScope.PROJECT, tuple(parse("/no/python"))),))
    [finding] = assess(pin_unreadable_for_uv, pins, WITH_UV, UV)
    assert finding.message == f"{LOCAL} pins /no/python, which does not exist, and uv fails"
    assert (finding.severity, finding.fix.actions) == (Severity.ERROR, (ASIDE,))
    assert ("uv", "venv") in finding.stops


@pytest.mark.sick("PYE004")
@pytest.mark.parametrize(
    ("pin", "steps"),
    [
        ("system", (ASIDE,)),
        ("pypy3.9-7.3.11", (ASIDE,)),
        ("3.12-dev", (kept(LOCAL), Run("uv", "python", "pin", "3.12", directory=PROJECT))),
        ("python-3.12.1", (kept(LOCAL), Run("uv", "python", "pin", "3.12.1", directory=PROJECT))),
        ("3.12.1 3.11.7", (kept(LOCAL), Run("uv", "python", "pin", "3.12.1", directory=PROJECT))),
    ],
)
def test_a_pin_that_uv_ignores_is_exchanged(pin: str, steps: tuple[Run, ...]) -> None:
    [finding] = assess(pin_unreadable_for_uv, pinned(pin), WITH_UV, UV)
    assert (finding.severity, finding.stops) == (Severity.WARNING, ())
    assert finding.fix.actions == steps


@pytest.mark.healthy("PYE004")
def test_pins_that_both_read_or_that_nobody_reads() -> None:
    for pin in ("3.12", "3.12.1", "pypy@3.10", ">=3.11", "cpython-3.12.1-linux-x86_64-gnu", "3.13t", "/opt/python"):
        assert assess(pin_unreadable_for_uv, pinned(pin), WITH_UV, UV) == []
    assert assess(pin_unreadable_for_uv, pinned("system"), WITH_UV) == []
    assert assess(pin_unreadable_for_uv, pinned("3.11.7/envs/mine"), Commands()) == []
    assert assess(pin_unreadable_for_uv, pinned("system", PinScope.OUTSIDE), WITH_UV, UV) == []
    assert assess(pin_unreadable_for_uv, PythonPins((PinFile(LOCAL, PinScope.PROJECT),)), WITH_UV, UV) == []
