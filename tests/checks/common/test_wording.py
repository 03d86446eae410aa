"""How commands, Pythons and environments are put into words and steps."""

from __future__ import annotations

from envdoctor import Activate, Evidence, PrependPath, Run
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.python.active import Answer, Answers
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.venv.active import ActiveVenv, ProjectVenv
from envdoctor_checks.common.wording import (
    brought_forward,
    found,
    fresh_environment,
    in_active,
    named,
    python_of,
    same_environment,
    venv_of,
)
from tests.builders import UV_AND_PIP, make_answer_in, make_hit, make_interpreter, make_venv

PYTHON = make_interpreter("/p/.venv", (3, 12, 1))


def test_one_environment_is_one_root_and_one_minor_version() -> None:
    assert same_environment(PYTHON, make_interpreter("/p/.venv", (3, 12, 9)))
    assert not same_environment(PYTHON, make_interpreter("/p/.venv", (3, 11, 1)))
    assert not same_environment(PYTHON, make_interpreter("/q/.venv", (3, 12, 1)))


def test_a_python_is_asked_for_by_python_and_by_python3_where_there_is_no_python() -> None:
    both = Answers(make_answer_in("python", "/a"), make_answer_in("python3", "/b"))
    assert python_of(both) is both.python
    third = Answers(Answer("python"), make_answer_in("python3", "/b"))
    assert python_of(third) is third.python3


def test_what_answers_is_said_with_what_runs_in_the_end() -> None:
    origin = "`pip` on the search path"
    assert found("pip", make_hit("pip", "/a/pip", "/a/python")) == Evidence("/a/pip runs /a/python", origin)
    assert found("pip", make_hit("pip", "/a/pip", None)) == Evidence("/a/pip", origin)
    assert found("pip", make_hit("pip", "/a/pip", None), PYTHON) == Evidence("/a/pip runs /p/.venv/bin/python", origin)
    own = make_hit("python", "/p/.venv/bin/python", "/p/.venv/bin/python")
    assert found("python", own) == Evidence("/p/.venv/bin/python", "`python` on the search path")
    assert named(PYTHON) == "/p/.venv (Python 3.12)"


def test_an_environment_is_recognised_by_its_directory() -> None:
    own, other = make_venv("/p/.venv"), make_venv("/q/.venv")
    active, project = ActiveVenv("/q/.venv", other), ProjectVenv("/p/.venv", 0, own, None)
    assert venv_of(PYTHON, active, project, None) is own
    assert venv_of(PYTHON, active, None) is None
    assert not in_active(PYTHON, active, None)
    assert in_active(PYTHON, ActiveVenv("/p/.venv", own), None)
    assert in_active(make_interpreter("/conda"), None, CondaActivation(prefix="/conda", real="/conda"))


def test_an_environment_comes_to_the_front_by_its_script_if_that_names_it() -> None:
    assert brought_forward(make_venv("/v")) == Activate("/v")
    assert brought_forward(make_venv("/v", activate=None)) == PrependPath("/v/bin")
    assert brought_forward(make_venv("/v", activate_is_here=False)) == PrependPath("/v/bin")


def test_a_fresh_environment_is_made_with_uv_where_there_is_uv() -> None:
    assert fresh_environment(PYTHON, UV_AND_PIP, Builders()) == (Run("uv", "venv"), Activate(".venv"))
    unmet = Builders(request_unmet=True)
    other = ("--python", "/p/.venv/bin/python")
    seeded = Run("uv", "venv", "--seed", *other)
    assert fresh_environment(PYTHON, UV_AND_PIP, None, pip=True) == (seeded, Activate(".venv"))
    assert fresh_environment(PYTHON, UV_AND_PIP, unmet) == (Run("uv", "venv", *other), Activate(".venv"))
    assert fresh_environment(PYTHON, Commands(), unmet) == (
        Run("/p/.venv/bin/python", "-m", "venv", ".venv"),
        Activate(".venv"),
    )
