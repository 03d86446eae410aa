from __future__ import annotations

from typing import Any

import pytest

from envdoctor import (
    Activate,
    Evidence,
    Finding,
    Fix,
    Manual,
    PrependPath,
    Run,
    Severity,
)
from envdoctor.engine.fact import Fact
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.commands.resolve import HitKind, ShimManager
from envdoctor.facts.pyenv.versions import Pyenv, PyenvRoot, Selection
from envdoctor.facts.python.active import Answer, Answers
from envdoctor.facts.python.interpreters import Failure, FailureKind
from envdoctor.facts.python.off_path import UsualPythons
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.session.context import Place
from envdoctor.facts.shell.expansion import Edit
from envdoctor.facts.shell.startup_files import (
    Shell,
    StartupFile,
    StartupFiles,
    When,
)
from envdoctor.facts.shell.startup_lines import LineKind, StartupLine
from envdoctor.facts.venv.active import ActiveVenv, ProjectVenv, VenvProblem
from envdoctor.facts.venv.layout import LinkState
from envdoctor.testing import assess
from envdoctor_checks.python.search_path import python_not_found, python_outside_active_environment
from tests.builders import (
    make_active,
    make_answer,
    make_answers,
    make_commands,
    make_examined,
    make_hit,
    make_python,
    make_search_path,
    make_venv_python,
)

ROOT = "/home/ada/p/.venv"
VENV = make_venv_python(ROOT)
SYSTEM = make_python()
RC = "/home/ada/.bashrc"
SHIMS = "/home/ada/.pyenv/shims"


def outside(
    answers: Answers,
    *directories: str,
    active: ActiveVenv | None = None,
    lines: tuple[StartupLine, ...] = (),
    **session: Any,
) -> list[Finding]:
    places = session.pop("places", ())
    files = tuple(StartupFile(file, (Shell.BASH,), When.ALWAYS) for file in dict.fromkeys(line.file for line in lines))
    return assess(
        python_outside_active_environment,
        active or make_active(ROOT),
        answers,
        make_search_path(*directories),
        make_examined(*places, **session),
        StartupFiles(files, lines),
    )


def line(kind: LineKind, name: str, text: str, file: str = RC, **more: Any) -> StartupLine:
    return StartupLine(file=file, number=7, text=text, kind=kind, name=name, **more)


@pytest.mark.sick("PY002")
def test_a_line_that_would_have_left_another_search_path_is_not_blamed() -> None:
    guarded = line(
        *(LineKind.PATH, "PATH", 'export PATH="/usr/local/bin:/usr/games"'),
        file="/etc/profile",
        edit=Edit.ASSIGN,
        directories=("/usr/local/bin", "/usr/games"),
    )
    system = make_answer("python3", "/usr/bin/python3", SYSTEM)
    [finding] = outside(make_answers(system), "/usr/bin", "/bin", lines=(guarded,), login=True)
    assert finding.message.endswith(f"{ROOT}/bin is not on the search path")


@pytest.mark.sick("PY002")
def test_a_login_shell_has_set_the_search_path_anew() -> None:
    profile = line(
        *(LineKind.PATH, "PATH", 'PATH="/usr/bin:/bin"'),
        file="/etc/profile",
        edit=Edit.ASSIGN,
        directories=("/usr/bin", "/bin"),
    )
    system = make_answer("python3", "/usr/bin/python3", SYSTEM)
    assert outside(make_answers(system), "/usr/bin", "/bin", lines=(profile,), login=True) == [
        Finding(
            f"VIRTUAL_ENV names {ROOT}, but `python3` runs /usr/bin/python3: {ROOT}/bin is not on the search path, "
            "which /etc/profile:7 replaces",
            where="PATH",
            evidence=(
                Evidence(f"VIRTUAL_ENV={ROOT}", "variable VIRTUAL_ENV"),
                Evidence("/usr/bin/python3", "`python3` on the search path"),
                Evidence('PATH="/usr/bin:/bin"', "/etc/profile:7"),
            ),
            fix=Fix("Activate the environment again", Activate(ROOT)),
        )
    ]


@pytest.mark.sick("PY002")
@pytest.mark.parametrize(
    ("directory", "cause", "more"),
    [
        (SHIMS, line(LineKind.INIT, "pyenv", 'eval "$(pyenv init -)"'), {"manager": ShimManager.PYENV}),
        ("/c/bin", line(LineKind.BLOCK, "conda", "# >>> conda initialize >>>", value="/c"), {}),
        (
            "/opt/tools/bin",
            line(
                *(LineKind.PATH, "PATH", "PATH=/opt/tools/bin:$PATH"),
                edit=Edit.PREPEND,
                directories=("/opt/tools/bin",),
            ),
            {},
        ),
    ],
)
def test_the_line_that_put_another_directory_first_is_named(
    directory: str, cause: StartupLine, more: dict[str, Any]
) -> None:
    other = make_answer("python", f"{directory}/python", make_python("/other", "3.10.1"), **more)
    [finding] = outside(make_answers(other), directory, f"{ROOT}/bin", lines=(cause,))
    assert finding.message == (
        f"VIRTUAL_ENV names {ROOT}, but `python` runs {directory}/python: {directory} comes before it, "
        f"put there by {RC}:7"
    )
    assert finding.evidence[-1] == Evidence(cause.text, f"{RC}:7")


@pytest.mark.sick("PY002")
def test_nothing_answers_at_all() -> None:
    [finding] = outside(make_answers(), "/usr/bin")
    assert finding.message == (
        f"VIRTUAL_ENV names {ROOT}, but `python3` is not found: {ROOT}/bin is not on the search path"
    )


def test_an_editor_is_named_and_a_script_that_leads_elsewhere_is_not_used() -> None:
    answers = make_answers(make_answer("python3", "/usr/bin/python3", SYSTEM))
    [finding] = outside(answers, "/usr/bin", active=make_active(ROOT, activate_is_here=False), places=(Place.EDITOR,))
    assert finding.evidence[-1] == Evidence("a terminal of editor", "a variable")
    assert finding.fix.actions == (PrependPath(f"{ROOT}/bin"),)


@pytest.mark.healthy("PY002")
@pytest.mark.parametrize(
    ("answer", "active"),
    [
        (make_answer("python", VENV.path, VENV), None),
        (make_answer("python", f"{SHIMS}/python", VENV, kind=HitKind.SHIM, manager=ShimManager.PYENV), None),
        (make_answer("python3", "/usr/bin/python3", SYSTEM), ActiveVenv("/gone", None, VenvProblem.GONE)),
        (
            make_answer("python3", "/usr/bin/python3", SYSTEM),
            make_active(ROOT, python_state=LinkState.DANGLING, base_exists=False),
        ),
    ],
    ids=["its own", "its own by a shim", "no environment", "a broken environment"],
)
def test_the_environments_own_python_answers_or_cannot(answer: Answer, active: ActiveVenv | None) -> None:
    assert outside(make_answers(answer), "/usr/bin", f"{ROOT}/bin", active=active) == []


@pytest.mark.healthy("PY002")
def test_the_environments_own_python_that_fails_is_not_elsewhere() -> None:
    broken = make_answer("python", VENV.path, Failure(VENV.path, FailureKind.FAILED, "x", (VENV.path,)))
    assert outside(make_answers(broken), f"{ROOT}/bin", "/usr/bin") == []


def not_found(*answers: Answer, commands: Commands | None = None, facts: tuple[Fact, ...] = ()) -> list[Finding]:
    usual = next((fact for fact in facts if isinstance(fact, UsualPythons)), UsualPythons())
    others = [fact for fact in facts if fact is not usual]
    return assess(python_not_found, make_answers(*answers), commands or Commands(), usual, *others)


@pytest.mark.sick("PY001")
def test_no_python_at_all() -> None:
    assert not_found(facts=(UsualPythons(("/home/ada/.local/bin", "/usr/bin")),)) == [
        Finding(
            "there is no `python` and no `python3` on the search path",
            where="PATH",
            evidence=(Evidence("neither name is found in any directory", "PATH"),),
            fix=Fix("Put the directory of a Python back on the search path", PrependPath("/usr/bin")),
        )
    ]


@pytest.mark.parametrize(
    ("commands", "facts", "step"),
    [
        (None, (ProjectVenv(ROOT, 0, make_active(ROOT).venv), UsualPythons(("/usr/bin",))), Activate(ROOT)),
        (
            None,
            (Pyenv((PyenvRoot("/home/ada/.pyenv", "HOME", ("3.12.1",), Selection((), "version")),)),),
            PrependPath(SHIMS),
        ),
        (make_commands(make_hit("uv", "/u/uv", None)), (), Run("uv", "venv")),
        (None, (), Manual("Install Python 3 with the package manager of the system, or install uv")),
    ],
)
def test_the_nearest_python_is_offered(commands: Commands | None, facts: tuple[Fact, ...], step: Any) -> None:
    [finding] = not_found(commands=commands, facts=facts)
    assert finding.fix.actions[0] == step


@pytest.mark.sick("PY001")
def test_an_active_environment_without_the_usual_name() -> None:
    own = make_answer("python3", f"{ROOT}/bin/python3", make_venv_python(ROOT, name="python3"))
    [finding] = not_found(own, facts=(make_active(ROOT),))
    assert finding.fix.actions == (Run("ln", "-s", "python3", f"{ROOT}/bin/python"),)
    conda = make_answer("python3", "/c/bin/python3", make_python("/c", is_conda=True))
    assert not_found(conda, facts=(CondaActivation(prefix="/c", real="/c"),))


@pytest.mark.healthy("PY001")
def test_a_system_with_python3_alone() -> None:
    assert not_found(make_answer("python3", "/usr/bin/python3", SYSTEM)) == []
    assert not_found(make_answer("python3", "/usr/bin/python3", SYSTEM), facts=(make_active(ROOT),)) == []


@pytest.mark.healthy("PY001")
def test_a_system_with_python_alone() -> None:
    [finding] = not_found()
    assert finding.severity in (None, Severity.WARNING)
    assert not_found(make_answer("python", "/c/bin/python", make_python("/c"))) == []
