from __future__ import annotations

from typing import Any

import pytest

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
    RemoveFromPath,
    Run,
    Safety,
    Scope,
    SetVariable,
    Severity,
    UnsetVariable,
)
from envdoctor.facts.project.pyproject import Dependency, Pyproject
from envdoctor.facts.project.shadowing import (
    HERE,
    LocalModule,
    LocalModules,
    ModulePlace,
)
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.python.interpreters import Interpreter
from envdoctor.facts.python.pythonhome import PythonHome
from envdoctor.facts.python.pythonpath import PythonPath, PythonPathEntry, Shadowed
from envdoctor.facts.python.user_site import UserSite
from envdoctor.facts.shell.startup_files import StartupFiles
from envdoctor.facts.shell.startup_lines import LineKind, StartupLine
from envdoctor.testing import assess
from envdoctor_checks.python.leaks import (
    foreign_pythonpath,
    pythonhome_set,
    standard_library_shadowed,
    user_site_leaks,
)
from tests.builders import make_python, make_venv_python

VENV = make_venv_python("/p/.venv")
CONDA = make_python("/c/envs/ml", "3.12.1", is_conda=True)
ACTIVE = ActivePython("python", VENV)


def exported(name: str) -> StartupFiles:
    text = f"export {name}=/x"
    return StartupFiles((), (StartupLine(file="/h/.profile", number=3, text=text, kind=LineKind.EXPORT, name=name),))


def on_path(*entries: PythonPathEntry, ros: str | None = None, startup: StartupFiles | None = None) -> list[Finding]:
    return assess(foreign_pythonpath, PythonPath(entries, ros), ACTIVE, startup)


def entry(text: str, **facts: Any) -> PythonPathEntry:
    return PythonPathEntry(text, **{"exists": True, **facts})


OTHER = entry("/o/lib/python3.10/site-packages", minor="3.10", is_packages=True)


@pytest.mark.sick("PY006")
def test_packages_for_another_version() -> None:
    fault = f"puts {OTHER.text}, made for Python 3.10, before Python 3.12"
    assert on_path(OTHER, startup=exported("PYTHONPATH")) == [
        Finding(
            f"PYTHONPATH {fault}",
            where="PYTHONPATH",
            evidence=(
                Evidence(f"{OTHER.text}: {fault}", "variable PYTHONPATH"),
                Evidence("export PYTHONPATH=/x", "/h/.profile:3"),
            ),
            fix=Fix("Unset PYTHONPATH", UnsetVariable("PYTHONPATH")),
            severity=Severity.ERROR,
        )
    ]


@pytest.mark.sick("PY006")
@pytest.mark.parametrize(
    ("bad", "fault", "severity"),
    [
        (entry(""), "has an empty element, which is the working directory", Severity.WARNING),
        (entry("/gone", exists=False), "names /gone, which does not exist", Severity.INFO),
        (
            entry("/o/lib/python3.12/site-packages", minor="3.12", is_packages=True),
            "puts the packages of another environment first, which hide none here: /o/lib/python3.12/site-packages",
            Severity.INFO,
        ),
        (
            entry("/t", packages=2, shadowed=(Shadowed("numpy", "1.26.4", "2.2.0"),)),
            "puts /t first, which hides numpy 2.2.0 by 1.26.4",
            Severity.WARNING,
        ),
    ],
)
def test_what_else_is_wrong_with_an_element(bad: PythonPathEntry, fault: str, severity: Severity) -> None:
    [finding] = on_path(bad, entry("/p/src"))
    assert finding.message == f"PYTHONPATH {fault}"
    assert finding.severity is severity
    assert finding.fix == Fix("Remove the entries from PYTHONPATH", RemoveFromPath(bad.text, "PYTHONPATH"))


@pytest.mark.sick("PY006")
def test_the_line_that_leaves_an_empty_element_is_rewritten() -> None:
    line = "export PYTHONPATH=$PYTHONPATH:/p/src"
    startup = StartupFiles(
        lines=(StartupLine(file="/h/.bashrc", number=3, text=line, kind=LineKind.EXPORT, name="PYTHONPATH"),)
    )
    [finding] = on_path(entry(""), entry("/p/src"), startup=startup)
    assert finding.fix.scope is Scope.SESSION
    assert finding.fix.actions == (
        RemoveFromPath("", "PYTHONPATH"),
        Manual("For new shells write `export PYTHONPATH=${PYTHONPATH:+$PYTHONPATH:}/p/src` in /h/.bashrc:3"),
    )
    [finding] = on_path(entry("/gone", exists=False), startup=startup)
    assert finding.fix.actions == (UnsetVariable("PYTHONPATH"),)


@pytest.mark.sick("PY006")
def test_the_worst_speaks_for_all() -> None:
    [finding] = on_path(entry("/gone", exists=False), OTHER, entry("/p/src"))
    assert finding.message.endswith("before Python 3.12 (and 1 more)")
    assert finding.severity is Severity.ERROR
    assert len(finding.fix.actions) == 2


@pytest.mark.sick("PY006")
def test_with_ros_the_same_version_is_information_and_another_is_not() -> None:
    ros = entry("/opt/ros/jazzy/lib/python3.12/site-packages", minor="3.12", is_packages=True)
    [finding] = on_path(ros, ros="ROS_DISTRO")
    assert finding.severity is Severity.INFO
    [finding] = on_path(OTHER, ros="ROS_DISTRO")
    assert finding.severity is Severity.ERROR


@pytest.mark.healthy("PY006")
def test_sources_helpers_and_what_is_searched_anyway() -> None:
    own = entry("/p/.venv/lib/python3.12/site-packages", minor="3.12", is_packages=True, is_own=True)
    assert on_path(entry("/p/src"), entry("/ide/pydev"), own, entry("/x/agent.zip")) == []


def home(value: str, **facts: Any) -> list[Finding]:
    return assess(pythonhome_set, PythonHome(value, **facts), ACTIVE, exported("PYTHONHOME"))


@pytest.mark.sick("PY007")
def test_a_library_that_lets_nothing_start() -> None:
    assert home("/usr", is_own=False, error="No module named 'encodings'") == [
        Finding(
            "PYTHONHOME=/usr keeps `python` from starting",
            where="PYTHONHOME",
            evidence=(
                Evidence("PYTHONHOME=/usr", "variable PYTHONHOME"),
                Evidence("No module named 'encodings'", "/p/.venv/bin/python in this session"),
                Evidence("export PYTHONHOME=/x", "/h/.profile:3"),
            ),
            fix=Fix("Unset PYTHONHOME", UnsetVariable("PYTHONHOME")),
            severity=Severity.ERROR,
        )
    ]


@pytest.mark.sick("PY007")
def test_a_library_of_the_same_version_is_taken_without_a_word() -> None:
    [finding] = home("/usr", is_own=False, library="/usr/lib/python3.12")
    assert finding.message == "PYTHONHOME=/usr gives `python` the standard library of another Python"
    assert finding.evidence[1].text == "the library is /usr/lib/python3.12, not /opt/python3.12.1/lib/python3.12"
    assert finding.severity is Severity.ERROR


@pytest.mark.healthy("PY007")
@pytest.mark.sick("PY007")
def test_the_pythons_own_place_is_a_warning() -> None:
    [finding] = home("/opt/python3.12.1", is_own=True, library="/opt/python3.12.1/lib/python3.12")
    assert finding.severity is Severity.WARNING


def user(python: Interpreter, site: UserSite, pyproject: Pyproject | None = None) -> list[Finding]:
    return assess(user_site_leaks, site, ActivePython("python", python), pyproject)


SITE = "/home/ada/.local/lib/python3.12/site-packages"
SIX = UserSite(SITE, ("six", "black"), (Shadowed("six", "1.15.0", "1.17.0"),))


@pytest.mark.sick("PY008")
def test_the_users_package_hides_condas() -> None:
    assert user(CONDA, SIX) == [
        Finding(
            f"the user's packages in {SITE} hide six 1.17.0 by 1.15.0",
            where=SITE,
            evidence=(
                Evidence("the conda environment /c/envs/ml searches the user's packages", "sys.path"),
                Evidence("six 1.15.0 comes before 1.17.0", SITE),
            ),
            fix=Fix("Hide the user's packages from this shell", SetVariable("PYTHONNOUSERSITE", "1")),
            severity=Severity.WARNING,
        )
    ]
    [finding] = user(make_venv_python("/p/.venv", sees_user_site=True), SIX)
    assert finding.evidence[0].text == "the virtual environment /p/.venv searches the user's packages"


@pytest.mark.sick("PY008")
def test_it_is_worse_for_what_the_project_asks_for() -> None:
    pyproject = Pyproject("/p/pyproject.toml", dependencies=(Dependency("Six>=1.16; python_version>'3'", "x:1"),))
    [finding] = user(CONDA, SIX, pyproject)
    assert finding.severity is Severity.ERROR


@pytest.mark.sick("PY008")
def test_packages_that_hide_nothing_are_information_in_conda() -> None:
    names = ("attrs", "black", "click", "mypy", "rich")
    [finding] = user(CONDA, UserSite(SITE, names))
    assert finding.severity is Severity.INFO
    assert finding.message.endswith("are visible in /c/envs/ml: attrs, black, click, mypy and 1 more")


@pytest.mark.healthy("PY008")
def test_nothing_is_hidden() -> None:
    assert user(CONDA, UserSite(SITE)) == []
    assert user(make_venv_python("/p/.venv", sees_user_site=True), UserSite(SITE, ("black",))) == []
    assert user(make_python(), UserSite(SITE, ("black",))) == []


RANDOM = LocalModule("random", "/p/random.py", "/opt/python/lib/python3.12/random.py")
EMAIL = LocalModule("email", "/p/email", "/opt/python/lib/python3.12/email")
TORCH = LocalModule("torch", "/p/torch.py", "/p/.venv/lib/python3.12/site-packages/torch")


def local(*places: ModulePlace) -> list[Finding]:
    return assess(standard_library_shadowed, LocalModules(places), ACTIVE)


@pytest.mark.sick("PY009")
def test_a_file_that_takes_the_place_of_a_standard_module() -> None:
    assert local(ModulePlace("/p", HERE, standard=(RANDOM,))) == [
        Finding(
            "random.py in /p hides a part of the standard library of `python`",
            where="/p/random.py",
            evidence=(
                Evidence("/p/random.py is taken for /opt/python/lib/python3.12/random.py", "`import random`"),
                Evidence("/p is searched first", "the working directory"),
            ),
            fix=Fix(
                "Rename the file",
                Run("mv", "-n", "/p/random.py", "/p/my_random.py"),
                safety=Safety.CHANGES_STATE,
                undo=(Run("mv", "-n", "/p/my_random.py", "/p/random.py"),),
            ),
            severity=Severity.WARNING,
        )
    ]


@pytest.mark.sick("PY009")
def test_several_files_and_an_installed_package() -> None:
    both, torch = local(ModulePlace("/p", HERE, standard=(EMAIL, RANDOM), installed=(TORCH,)))
    assert both.message == "email, random.py in /p hide parts of the standard library of `python`"
    assert len(both.fix.actions) == 2
    assert torch.message == "torch.py in /p hides a part of installed packages"


@pytest.mark.sick("PY009")
def test_inside_a_package_it_is_information_but_not_on_pythonpath() -> None:
    [finding] = local(ModulePlace("/p", HERE, is_package=True, standard=(RANDOM,)))
    assert finding.severity is Severity.INFO
    [finding] = local(ModulePlace("/p", "PYTHONPATH", is_package=True, standard=(RANDOM,)))
    assert finding.severity is Severity.WARNING


@pytest.mark.healthy("PY009")
def test_no_name_is_taken() -> None:
    assert local(ModulePlace("/p", HERE), ModulePlace("/q", "PYTHONPATH")) == []
