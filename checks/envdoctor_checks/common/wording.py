"""How the families that compare commands put what answers to them into words. There is no check in this module."""

from __future__ import annotations

from envdoctor import (
    Activate,
    Evidence,
    Manual,
    PrependPath,
    Run,
)
from envdoctor.facts.commands.commands import Commands, Hit
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.python.active import Answer, Answers
from envdoctor.facts.python.interpreters import Interpreter
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.venv.active import ActiveVenv, ProjectVenv
from envdoctor.facts.venv.layout import Venv
from envdoctor_checks.common.installing import made_by_venv


def listed(names: list[str]) -> str:
    """Several names in a sentence, each once."""
    names = list(dict.fromkeys(names))
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def same_environment(one: Interpreter, other: Interpreter) -> bool:
    """Whether what one of them installs, the other imports."""
    return one.environment == other.environment


def python_of(answers: Answers) -> Answer:
    """What answers when a Python is asked for: `python`, or `python3` where there is no `python`."""
    return answers.python if answers.python.hit else answers.python3


def named(python: Interpreter) -> str:
    """An environment with its version, as a sentence has it."""
    return f"{python.prefix} (Python {python.minor})"


def found(command: str, hit: Hit, python: Interpreter | None = None) -> Evidence:
    """What answers to a command, and what runs in the end."""
    runs = python.path if python else hit.runs
    if runs in (None, hit.path):
        return Evidence(hit.path, f"`{command}` on the search path")
    return Evidence(f"{hit.path} runs {runs}", f"`{command}` on the search path")


def venv_of(python: Interpreter, *known: ActiveVenv | ProjectVenv | None) -> Venv | None:
    """The virtual environment of a Python, if it is one of those that are known."""
    venvs = (environment.venv for environment in known if environment is not None)
    return next((venv for venv in venvs if venv is not None and venv.real == python.root), None)


def fresh_environment(
    python: Interpreter, commands: Commands, builders: Builders | None, *, pip: bool = False
) -> tuple[Run | Manual | Activate, ...]:
    """Make a virtual environment here and activate it, with uv where there is uv; with a pip in it if that matters.

    Where it is not known what uv is asked for here, it is told to take this Python.
    """
    if commands.first("uv"):
        other = builders.other_than_asked(but=python.path) if builders else ("--python", python.path)
        return Run("uv", "venv", *(("--seed",) if pip else ()), *other), Activate(".venv")
    return *made_by_venv(python.path, builders or Builders(), ".venv"), Activate(".venv")


def brought_forward(venv: Venv) -> Activate | PrependPath:
    """How an environment comes to the front; one whose script names another place cannot be trusted with it."""
    return Activate(venv.root) if venv.activate and venv.activate_is_here else PrependPath(venv.scripts)


def in_active(python: Interpreter, active: ActiveVenv | None, conda: CondaActivation | None) -> bool:
    """Whether a Python is that of an environment which the variables call active."""
    roots = {active.venv.real} if active and active.venv else set()
    return python.root in roots | ({conda.real} if conda else set())
