from __future__ import annotations

import pytest

from envdoctor.cli.brought import guarded, runs
from envdoctor.engine.finding import Finding, Outcome
from envdoctor.engine.fix import Activate, AnyAction, Fix, Manual, Run, SetVariable
from envdoctor.engine.judge import Result
from envdoctor.engine.reference import Facts
from envdoctor.facts.project.brought import BroughtEnvironments
from tests.samples import damp_ground

ROOT = "/clone/.venv"
BROUGHT = Facts({BroughtEnvironments: BroughtEnvironments((ROOT,))})


@pytest.mark.parametrize(
    "action",
    [
        Run(f"{ROOT}/bin/python", "-m", "pip", "install", "x"),
        Run("uv", "pip", "install", "--python", f"{ROOT}/bin/python", "x"),
        Run("uv", "pip", "install", f"--python={ROOT}", "x"),
        Run("uv", "sync", variables=(("VIRTUAL_ENV", ROOT),)),
        Activate(ROOT),
    ],
)
def test_what_would_run_its_programs_is_said_in_words(action: AnyAction) -> None:
    fix = Fix("Install x", Run("echo", "first"), action)
    [result] = guarded((Result(damp_ground, Outcome.FOUND, None, (Finding("x is not there", fix),)),), BROUGHT)
    [finding] = result.findings
    assert finding.fix.summary == "Install x"
    [step] = finding.fix.actions
    assert isinstance(step, Manual)
    assert step.text.startswith(f"{ROOT} came with the repository: git keeps it. Remove it, and make an environment")


@pytest.mark.parametrize(
    "action",
    [
        Run("rm", "-r", ROOT),
        Run("uv", "venv", "--clear", ROOT),
        Run("python3", "-m", "venv", "--clear", ROOT),
        Run("uv", "pip", "install", "--python", f"{ROOT}2/bin/python", "x"),
        Run("uv", "sync"),
        Activate("/clone/.venv2"),
        SetVariable("UV_PROJECT_ENVIRONMENT", ROOT),
    ],
)
def test_what_takes_it_away_or_is_about_another_stays(action: AnyAction) -> None:
    assert not runs(action, ROOT)
    results = (Result(damp_ground, Outcome.FOUND, None, (Finding("x", Fix("Do", action)),)),)
    assert guarded(results, BROUGHT) == results
    assert guarded(results, Facts()) == results
