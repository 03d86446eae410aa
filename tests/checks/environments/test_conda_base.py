from __future__ import annotations

import pytest

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
    Run,
    Safety,
    Severity,
)
from envdoctor.facts.conda.installations import CondaRoot, CondaRoots, RootKind
from envdoctor.facts.environments.builders import Builders
from envdoctor.facts.environments.condition import Condition, Defect
from envdoctor.facts.project.pyproject import RequiresPython
from envdoctor.facts.project.requires_python import RequiredPython
from envdoctor.facts.python.available import PythonAtHand, PythonsAtHand
from envdoctor.testing import assess
from envdoctor_checks.environments.conda_base import built_on_conda_python
from tests.builders import (
    ROOT,
    make_condition,
    make_conditions,
    make_config,
    make_examined,
    make_venv,
)

CONDA = "/home/me/miniforge3"


CONDA_ROOTS = CondaRoots((CondaRoot(CONDA, CONDA, RootKind.CONDA),))


NONE = PythonsAtHand()


def on_conda(prefix: str, **fields: object) -> Condition:
    environment = make_venv(settings=make_config(ROOT, home=f"{prefix}/bin"), base_is_conda=True)
    return make_condition(environment, **{"base_owner": 1000, "rebuild_with": f"{prefix}/bin/python3", **fields})


@pytest.mark.sick("ENV011")
def test_an_environment_on_a_conda_environment_is_put_on_another_python() -> None:
    prefix = f"{CONDA}/envs/ml"
    roots = CONDA_ROOTS
    builders = Builders(pythons=("/usr/bin/python3",))
    assert assess(built_on_conda_python, make_conditions(on_conda(prefix)), builders, NONE, roots, make_examined()) == [
        Finding(
            f"the project's environment {ROOT} stands on the conda environment ml, {prefix}, and breaks without it",
            where=f"{ROOT}/pyvenv.cfg",
            evidence=(
                Evidence(f"home = {prefix}/bin", f"{ROOT}/pyvenv.cfg:1"),
                Evidence(f"{prefix}/conda-meta exists", prefix),
            ),
            fix=Fix(
                "Recreate the environment; then install its packages again",
                Run("/usr/bin/python3", "-m", "venv", "--clear", ROOT),
                safety=Safety.DESTRUCTIVE,
            ),
            severity=Severity.WARNING,
        )
    ]


@pytest.mark.sick("ENV011")
def test_on_condas_base_it_is_advice_and_uv_can_bring_a_python() -> None:
    roots = CONDA_ROOTS
    found = make_conditions(on_conda(CONDA))
    [finding] = assess(built_on_conda_python, found, Builders(uv=(0, 13)), NONE, roots, make_examined())
    assert finding.severity is Severity.INFO
    preference = ("--python-preference", "only-managed", "--python", "3.11")
    assert finding.fix.actions == (Run("uv", "venv", "--clear", "--seed", *preference, ROOT),)
    [finding] = assess(built_on_conda_python, found, Builders(), NONE, make_examined())
    assert finding.fix.actions == (Manual("First install a Python 3.11 that does not belong to conda"),)


@pytest.mark.sick("ENV011")
@pytest.mark.parametrize(
    ("requires", "pythons", "chosen"),
    [
        (">=3.9", ("3.13", "3.11"), "/opt/python3.11"),
        (">=3.12", ("3.11", "3.12", "3.13"), "/opt/python3.13"),
        ("<3.11", ("3.11", "3.10"), "/opt/python3.10"),
    ],
)
def test_the_other_python_is_one_that_the_project_admits(requires: str, pythons: tuple[str, ...], chosen: str) -> None:
    own = PythonAtHand("3.12", f"{CONDA}/bin/python3.12")
    at_hand = PythonsAtHand((own, *(PythonAtHand(version, f"/opt/python{version}") for version in pythons)))
    required = RequiredPython(RequiresPython(requires, (requires,), "pyproject.toml:2"))
    builders = Builders(pythons=("/usr/bin/python3",))
    [finding] = assess(
        built_on_conda_python,
        make_conditions(on_conda(CONDA)),
        builders,
        at_hand,
        required,
        CONDA_ROOTS,
        make_examined(),
    )
    assert finding.fix.actions == (Run(chosen, "-m", "venv", "--clear", ROOT),)


@pytest.mark.sick("ENV011")
def test_where_no_python_fits_uv_brings_one_that_does() -> None:
    required = RequiredPython(RequiresPython(">=3.13", (">=3.13",), "pyproject.toml:2"))
    at_hand = PythonsAtHand((PythonAtHand("3.11", "/usr/bin/python3.11"),))
    facts = (make_conditions(on_conda(CONDA)), at_hand, required, make_examined())
    [finding] = assess(built_on_conda_python, *facts, Builders(uv=(0, 13), pythons=("/usr/bin/python3",)))
    preference = ("--python-preference", "only-managed", "--python", "3.13")
    assert finding.fix.actions == (Run("uv", "venv", "--clear", "--seed", *preference, ROOT),)
    [finding] = assess(built_on_conda_python, *facts, Builders(pythons=("/usr/bin/python3",)))
    assert finding.fix.actions == (Manual("First install a Python 3.13 that does not belong to conda"),)


@pytest.mark.healthy("ENV011")
def test_a_sites_conda_is_meant_and_another_python_is_none_of_condas() -> None:
    for found in (on_conda(CONDA, base_owner=0), on_conda(CONDA, defect=Defect.MOVED), make_condition()):
        assert assess(built_on_conda_python, make_conditions(found), Builders(), NONE, make_examined()) == []
