from __future__ import annotations

import msgspec
import pytest
from msgspec import structs

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Run,
    Safety,
)
from envdoctor.facts.commands.commands import Hit
from envdoctor.facts.commands.resolve import HitKind, ShimManager
from envdoctor.facts.commands.shebang import Means, ScriptHeader
from envdoctor.facts.environments.condition import Defect
from envdoctor.facts.pip.command import BarePip
from envdoctor.facts.python.active import Answer
from envdoctor.facts.python.interpreters import Failure, FailureKind
from envdoctor.facts.session.search_path import EntryKind, PathEntry, SearchPath
from envdoctor.testing import assess
from envdoctor_checks.common.line_ends import converted
from envdoctor_checks.pip.launcher import pip_launcher_broken
from tests.builders import (
    make_answer,
    make_answers,
    make_commands,
    make_condition,
    make_conditions,
    make_hit,
    make_python,
    make_search_path,
    make_venv,
    make_venv_python,
)
from tests.checks.pip.test_command import ENSURE, SYSTEM, UV_PYTHON, VENV

HEADER = ScriptHeader("/gone/bin/python", Means.ABSOLUTE, (), "#!/gone/bin/python")


def launched(
    pip: Answer, python: Answer | None, *others: Hit, path: SearchPath | None = None, command: str = "pip"
) -> list[Finding]:
    assert pip.hit
    bare = BarePip(command, pip.hit, pip.interpreter, pip.fault)
    answers = make_answers(*filter(None, (pip, python)))
    commands = make_commands(pip, python, *others)
    return assess(pip_launcher_broken, bare, answers, commands, path or make_search_path("/home/ada/.local/bin"))


@pytest.mark.sick("PIP002")
def test_a_launcher_left_over_from_a_python_that_is_gone_is_switched_off() -> None:
    path = "/home/ada/.local/bin/pip"
    problem = f"{path} asks for /gone/bin/python, which does not exist"
    pip = make_answer("pip", path, None, header=HEADER, problem=problem, mode=0o750)
    behind = make_hit("pip", "/usr/bin/pip", SYSTEM.path, position=1)
    assert launched(pip, make_answer("python3", SYSTEM.path, SYSTEM), behind) == [
        Finding(
            f"`pip` does not run: {problem}",
            where=path,
            evidence=(
                Evidence("#!/gone/bin/python", f"{path}:1"),
                Evidence("/usr/bin/pip runs /usr/bin/python3", "`pip` on the search path"),
            ),
            fix=Fix(
                "Disable the broken launcher, so that the next one answers",
                Run("chmod", "a-x", path),
                safety=Safety.CHANGES_STATE,
                undo=(Run("chmod", "0750", path),),
            ),
        )
    ]


@pytest.mark.sick("PIP002")
@pytest.mark.parametrize("has_pip", [True, False])
def test_the_launcher_of_an_environment_that_works_is_written_anew(has_pip: bool) -> None:
    python = make_venv_python(VENV) if has_pip else UV_PYTHON
    pip = make_answer("pip", f"{VENV}/bin/pip", None, header=HEADER, problem="asks for what is gone")
    [finding] = launched(pip, make_answer("python", python.path, python))
    assert finding.fix.actions[0] == (
        Run(python.path, "-m", "pip", "install", "--force-reinstall", "--no-deps", "pip")
        if has_pip
        else Run(python.path, *ENSURE)
    )


@pytest.mark.sick("PIP002")
@pytest.mark.healthy("PIP002")
def test_an_environment_that_suffers_says_why_its_pip_does_not_run_and_no_other() -> None:
    suffering = make_conditions(make_condition(make_venv(VENV), defect=Defect.BASE_GONE))
    for path, expected in ((f"{VENV}/bin/pip", 0), ("/home/ada/envs/ml/bin/pip", 1)):
        pip = make_answer("pip", path, None, header=HEADER, problem="asks for what is gone")
        answers, commands = make_answers(pip, make_answer("python3", SYSTEM.path, SYSTEM)), make_commands(pip)
        assert pip.hit
        facts = (BarePip("pip", pip.hit, None, pip.fault), answers, commands, make_search_path("/x"))
        assert len(assess(pip_launcher_broken, *facts, suffering)) == expected
        assert len(assess(pip_launcher_broken, *facts)) == 1


@pytest.mark.sick("PIP002")
@pytest.mark.parametrize("ours", [True, False])
def test_a_launcher_with_the_line_ends_of_windows(ours: bool) -> None:
    python = make_venv_python(VENV)
    path = f"{VENV}/bin/pip" if ours else "/home/ada/.local/bin/pip"
    header = structs.replace(HEADER, line=f"{HEADER.line}\r")
    pip = make_answer("pip", path, None, header=header, problem="asks for /x/python\r, which does not exist")
    [finding] = launched(pip, make_answer("python", python.path, python))
    assert finding.message == (
        "`pip` does not run: the first line of its launcher ends in a carriage return (CRLF, the line ends of Windows)"
    )
    again = Run(python.path, "-m", "pip", "install", "--force-reinstall", "--no-deps", "pip")
    assert finding.fix.actions == ((again,) if ours else converted(path))


def test_a_selected_version_without_pip_gets_one() -> None:
    python = make_python("/home/ada/.pyenv/versions/3.12.1", "3.12.1", pip=None)
    shim = {"kind": HitKind.SHIM, "manager": ShimManager.PYENV}
    pip = make_answer("pip", "/home/ada/.pyenv/shims/pip", None, problem="the pyenv version has no command pip", **shim)
    [finding] = launched(pip, make_answer("python", "/home/ada/.pyenv/shims/python", python, **shim))
    assert finding.fix.actions == (Run(python.path, *ENSURE), Run("pyenv", "rehash"))


@pytest.mark.sick("PIP002")
@pytest.mark.parametrize("with_uv", [True, False])
def test_a_launcher_whose_package_is_gone(with_uv: bool) -> None:
    python = make_venv_python(VENV, pip=None)
    hit = make_hit("pip", f"{VENV}/bin/pip", python.path)
    commands = make_commands(hit, make_hit("uv", "/usr/bin/uv", "/usr/bin/uv") if with_uv else None)
    answers, path = make_answers(make_answer("python", python.path, python)), make_search_path(f"{VENV}/bin")
    pip = BarePip("pip", hit, python, lacks_package=True)
    [finding] = assess(pip_launcher_broken, pip, answers, commands, path)
    assert finding.message == f"`pip` does not run: {VENV} (Python 3.12) has no package pip, only its launcher"
    again = Run("uv", "pip", "install", "--python", python.path, "--reinstall", "pip")
    assert finding.fix.actions == ((again,) if with_uv else (Run(python.path, *ENSURE),))


@pytest.mark.sick("PIP002")
def test_a_record_that_is_left_goes_before_ensurepip() -> None:
    python, record = make_venv_python(VENV, pip=None), f"{VENV}/lib/python3.12/site-packages/pip-26.3.dist-info"
    pip = BarePip("pip", make_hit("pip", f"{VENV}/bin/pip", python.path), python, lacks_package=True, remains=(record,))
    answers, path = make_answers(make_answer("python", python.path, python)), make_search_path(f"{VENV}/bin")
    [finding] = assess(pip_launcher_broken, pip, answers, make_commands(pip.hit), path)
    assert finding.fix.actions == (Run("rm", "-rf", "--", record), Run(python.path, *ENSURE))


@pytest.mark.sick("PIP002")
def test_a_package_of_which_a_part_is_left() -> None:
    python = msgspec.structs.replace(make_venv_python(VENV, pip=None), pip_lacks="pip._vendor")
    pip = BarePip("pip", make_hit("pip", f"{VENV}/bin/pip", python.path), python, lacks_package=True)
    answers, path = make_answers(make_answer("python", python.path, python)), make_search_path(f"{VENV}/bin")
    [finding] = assess(pip_launcher_broken, pip, answers, make_commands(pip.hit), path)
    assert finding.message.endswith("has only a part of the package pip, as after an upgrade that was interrupted")
    assert finding.evidence[1].text == "No module named 'pip._vendor'"


@pytest.mark.healthy("PIP002")
def test_a_python_that_fails_too_is_the_cause() -> None:
    failure = Failure("/x/bin/python", FailureKind.FAILED, "crashed", ("/x/bin/python",))
    assert launched(make_answer("pip", "/x/bin/pip", failure), make_answer("python", "/x/bin/python", failure)) == []


@pytest.mark.healthy("PIP002")
def test_what_stands_in_a_relative_element_is_not_run_and_not_judged() -> None:
    pip = make_answer("pip", "./pip", None, problem="found through a relative element of the search path")
    path = SearchPath((PathEntry(0, ".", None, EntryKind.RELATIVE),))
    assert launched(pip, make_answer("python", SYSTEM.path, SYSTEM), path=path) == []


@pytest.mark.healthy("PIP002")
def test_a_pip_that_runs_is_fine() -> None:
    assert launched(make_answer("pip", "/usr/bin/pip", SYSTEM), None) == []
