from __future__ import annotations

import pytest

from envdoctor import Evidence, Finding, Fix, Manual, Run, SetVariable, UnsetVariable
from envdoctor.facts.environments.virtualenvwrapper import WrapperPython
from envdoctor.testing import assess
from envdoctor_checks.environments.virtualenvwrapper import virtualenvwrapper_python_unusable

NAME = "VIRTUALENVWRAPPER_PYTHON"


@pytest.mark.sick("ENV018")
def test_a_python_that_is_gone() -> None:
    gone = WrapperPython("/usr/bin/python3.9", exists=False, other="/usr/bin/python3")
    assert assess(virtualenvwrapper_python_unusable, gone) == [
        Finding(
            f"{NAME} is /usr/bin/python3.9, which does not exist",
            where=NAME,
            evidence=(Evidence(f"{NAME}=/usr/bin/python3.9", NAME),),
            fix=Fix("Name a Python that has virtualenvwrapper", SetVariable(NAME, "/usr/bin/python3")),
        )
    ]
    [finding] = assess(virtualenvwrapper_python_unusable, WrapperPython("/usr/bin/python3.9", exists=False))
    assert finding.fix.actions == (UnsetVariable(NAME),)


@pytest.mark.sick("ENV018")
def test_a_python_without_virtualenvwrapper() -> None:
    venv = WrapperPython("/e/bin/python", exists=True, has_wrapper=False, is_venv=True)
    [finding] = assess(virtualenvwrapper_python_unusable, venv)
    assert finding.message == f"{NAME} is /e/bin/python, which has no virtualenvwrapper"
    assert finding.fix.actions == (Run("/e/bin/python", "-m", "pip", "install", "virtualenvwrapper"),)
    [finding] = assess(virtualenvwrapper_python_unusable, WrapperPython("/usr/bin/python3", True, has_wrapper=False))
    assert isinstance(finding.fix.actions[0], Manual)


@pytest.mark.healthy("ENV018")
@pytest.mark.parametrize("has", [True, None])
def test_a_python_that_has_it_or_of_which_nobody_knows(has: bool | None) -> None:
    assert not assess(
        virtualenvwrapper_python_unusable, WrapperPython("/usr/bin/python3", exists=True, has_wrapper=has)
    )
