from __future__ import annotations

import pytest

from envdoctor.cli.brought import any_runs, guarded, runs
from envdoctor.engine.finding import Finding, Outcome
from envdoctor.engine.fix import (
    Activate,
    AnyAction,
    EditFile,
    Fix,
    Manual,
    PrependPath,
    Run,
    SetVariable,
    UnsetVariable,
)
from envdoctor.engine.judge import Result
from envdoctor.engine.reference import Facts
from envdoctor.facts.project.brought import BroughtEnvironments, Doubt, Doubtful
from tests.samples import damp_ground

CLONE = "/clone"
ROOT = "/clone/.venv"
KEPT = Doubtful(ROOT, Doubt.KEPT, of_project=True)
ABOVE = Doubtful(ROOT, Doubt.KEPT)


def brought(one: Doubtful) -> Facts:
    return Facts({BroughtEnvironments: BroughtEnvironments((one,))})


def fix_of(one: Doubtful, *actions: AnyAction) -> Fix:
    found = Finding("x is not there", Fix("Install x", *actions))
    [result] = guarded((Result(damp_ground, Outcome.FOUND, None, (found,)),), brought(one))
    return result.findings[0].fix


@pytest.mark.parametrize(
    "action",
    [
        Run(f"{ROOT}/bin/python", "-m", "pip", "install", "x"),
        Run(".venv/bin/python", "-m", "pip", "install", "x", directory=CLONE),
        Run("sudo", f"{ROOT}/bin/python", "-m", "pip", "install", "x"),
        Run("uv", "pip", "install", "--python", f"{ROOT}/bin/python", "x"),
        Run("uv", "pip", "install", f"--python={ROOT}", "x"),
        Run("uv", "pip", "install", "x", directory=CLONE),
        Run("uv", "sync", variables=(("VIRTUAL_ENV", ROOT),)),
        Run("uv", "sync", directory=CLONE),
        Run("uv", "lock", directory=CLONE),
        Run("poetry", "install", directory=f"{CLONE}/member"),
        Run("conda", "install", "--prefix", ROOT, "pip"),
        Run("python3", "-m", "venv", ROOT),
        Activate(ROOT),
        PrependPath(f"{ROOT}/bin"),
        SetVariable("LD_LIBRARY_PATH", f"/opt/lib:{ROOT}/lib"),
        EditFile("/home/ada/.bashrc", add=(f"source {ROOT}/bin/activate",)),
        EditFile("/home/ada/.bashrc", add=(f'export UV_PROJECT_ENVIRONMENT="{ROOT}"',)),
    ],
)
def test_what_would_run_its_programs_is_said_in_words(action: AnyAction) -> None:
    fix = fix_of(ABOVE, Run("echo", "first"), action)
    assert fix.summary == "Install x"
    [step] = fix.actions
    assert isinstance(step, Manual)
    assert step.text.startswith(f"{ROOT} came with the repository: git keeps it. Remove it, and make an environment")


@pytest.mark.parametrize(
    "action",
    [
        Run("rm", "-r", ROOT),
        Run("uv", "venv", "--clear", ROOT),
        Run("uv", "python", "pin", "3.12", directory=CLONE),
        Run("pipenv", "--rm", directory=CLONE),
        Run("uv", "pip", "install", "--python", f"{ROOT}2/bin/python", "x", directory=CLONE),
        Run("uv", "sync", directory="/elsewhere"),
        Run("pip", "install", "--user", "x"),
        Activate("/clone/.venv2"),
        EditFile("/home/ada/.bashrc", add=(f"export UV_PROJECT_ENVIRONMENT={ROOT}-linux",)),
        UnsetVariable("VIRTUAL_ENV"),
    ],
)
def test_what_takes_it_away_or_is_about_another_stays(action: AnyAction) -> None:
    assert not runs(action, ABOVE, "/elsewhere")
    results = (Result(damp_ground, Outcome.FOUND, None, (Finding("x", Fix("Do", action)),)),)
    assert guarded(results, brought(ABOVE)) == results
    assert guarded(results, Facts()) == results


def test_what_a_manager_of_the_project_works_in_is_run_wherever_it_lies() -> None:
    sync = Run("poetry", "install", directory="/elsewhere")
    assert runs(sync, KEPT, "/")
    assert not runs(sync, ABOVE, "/")


@pytest.mark.parametrize(
    "first",
    [
        Run("rm", "-rf", "--", ROOT),
        Run("rm", "-r", ".venv", directory=CLONE),
        Run("mv", "-n", ROOT, f"{ROOT}.old"),
        Run("uv", "venv", "--clear", ROOT),
        Run("/usr/bin/python3", "-m", "venv", "--clear", ROOT),
        Run("pipenv", "--rm", directory=CLONE),
    ],
)
def test_what_comes_after_it_was_taken_away_runs_nothing_of_it(first: Run) -> None:
    rest = (Activate(ROOT), Run("uv", "sync", directory=CLONE))
    assert not any_runs((first, *rest), KEPT, CLONE)
    assert any_runs((*rest, first), KEPT, CLONE)


def test_uv_works_in_the_environment_that_a_step_before_names() -> None:
    beside = SetVariable("UV_PROJECT_ENVIRONMENT", ".venv-container")
    sync = Run("uv", "sync", directory=CLONE)
    assert not any_runs((beside, sync), KEPT, CLONE)
    assert any_runs((sync, beside), KEPT, CLONE)
    assert any_runs((beside, Run("poetry", "install", directory=CLONE)), KEPT, CLONE)
    assert any_runs((beside, Run("uv", "pip", "install", "--python", ROOT, "x")), KEPT, CLONE)


def test_the_words_say_why() -> None:
    step = Activate(ROOT)
    [elsewhere] = fix_of(Doubtful(ROOT, Doubt.MADE_ELSEWHERE), step).actions
    [others] = fix_of(Doubtful(ROOT, Doubt.OTHERS, "/x belongs to user 7"), step).actions
    assert isinstance(elsewhere, Manual)
    assert isinstance(others, Manual)
    assert elsewhere.text == (
        f"{ROOT} may have come from elsewhere: nothing in it names the place where it lies, and this fix would run it. "
        "If you made it, activate it and examine again; otherwise remove it first"
    )
    assert others.text == (
        f"{ROOT} is not run, and this fix would run it: /x belongs to user 7. `--trust` shows the steps nevertheless"
    )
