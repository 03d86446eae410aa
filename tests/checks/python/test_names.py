from __future__ import annotations

import pytest

from envdoctor import (
    Activate,
    Evidence,
    Finding,
    Fix,
    PrependPath,
    Run,
    Safety,
    Severity,
)
from envdoctor.engine.fact import Fact
from envdoctor.facts.commands.commands import Hit
from envdoctor.facts.commands.resolve import HitKind, ShimManager
from envdoctor.facts.pip.config_file import PipLevel, PipSetting
from envdoctor.facts.pip.settings import PipSettings
from envdoctor.facts.pyenv.versions import (
    Pin,
    Pyenv,
    PyenvRoot,
    Selection,
)
from envdoctor.facts.python.active import Answer
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.venv.active import ProjectVenv
from envdoctor.testing import assess
from envdoctor_checks.python.names import python_and_python3_disagree
from tests.builders import (
    make_active,
    make_answer,
    make_answers,
    make_commands,
    make_hit,
    make_python,
    make_venv_python,
)

ROOT = "/home/ada/p/.venv"
VENV = make_venv_python(ROOT)
SYSTEM = make_python()
CONDA = make_python("/c/envs/ml", "3.10.4", name="python", is_conda=True)
ACTIVE = make_active(ROOT)
NEWER = (("python", 2), ("python3", 3))


def judged(*answers: Answer, others: tuple[Hit, ...] = (), facts: tuple[Fact, ...] = ()) -> list[Finding]:
    settings = next((fact for fact in facts if isinstance(fact, PipSettings)), PipSettings())
    rest = [fact for fact in facts if fact is not settings]
    return assess(
        python_and_python3_disagree, make_answers(*answers), make_commands(*answers, *others), settings, *rest
    )


@pytest.mark.healthy("PY003")
def test_a_pip_whose_python_cannot_import_it_runs_nowhere() -> None:
    python = make_answer("python", VENV.path, VENV)
    bare = make_venv_python(ROOT, pip=None)
    third = make_answer("pip3", "/usr/bin/pip3", SYSTEM)
    assert judged(python, make_answer("pip", f"{ROOT}/bin/pip", bare), third) == []
    assert judged(python, make_answer("pip", f"{ROOT}/bin/pip", VENV), third)


@pytest.mark.sick("PY003")
def test_an_environment_that_lacks_a_name_gets_it() -> None:
    python = make_answer("python", CONDA.path, CONDA)
    third = make_answer("python3", "/usr/bin/python3", SYSTEM)
    active = CondaActivation(prefix="/c/envs/ml", real="/c/envs/ml")
    assert judged(python, third, facts=(active,)) == [
        Finding(
            "`python` runs in /c/envs/ml (Python 3.10), but `python3` in /usr (Python 3.11)",
            where="/usr/bin/python3",
            evidence=(
                Evidence("/c/envs/ml/bin/python", "`python` on the search path"),
                Evidence("/usr/bin/python3", "`python3` on the search path"),
            ),
            fix=Fix(
                "Create the other name in the environment too",
                Run("ln", "-s", "python", "/c/envs/ml/bin/python3"),
                safety=Safety.CHANGES_STATE,
                undo=(Run("rm", "/c/envs/ml/bin/python3"),),
            ),
            severity=Severity.ERROR,
        )
    ]


@pytest.mark.sick("PY003")
def test_another_python3_in_front_of_the_environments_own() -> None:
    python = make_answer("python", VENV.path, VENV)
    third = make_answer("python3", "/usr/bin/python3", SYSTEM)
    own = make_hit("python3", f"{ROOT}/bin/python3", f"{ROOT}/bin/python3", position=1)
    [finding] = judged(python, third, others=(own,), facts=(ACTIVE,))
    assert finding.fix == Fix("Put the environment first on the search path", Activate(ROOT))
    active = CondaActivation(prefix=ROOT, real=ROOT)
    [finding] = judged(python, third, others=(own,), facts=(active,))
    assert finding.fix == Fix("Put the environment first on the search path", PrependPath(f"{ROOT}/bin"))


@pytest.mark.sick("PY003")
@pytest.mark.parametrize(("stray", "kept"), [("python3", "python"), ("python", "python3")])
def test_a_name_of_the_environment_that_leads_out_of_it_is_led_back(stray: str, kept: str) -> None:
    def answer(name: str) -> Answer:
        version = "3.12.1" if name == stray else "3.11.7"  # the environment was made for 3.11
        return make_answer(name, f"{ROOT}/bin/{name}", make_venv_python(ROOT, version, name=name))

    [finding] = judged(answer("python"), answer("python3"), facts=(ACTIVE,))
    assert finding.fix.actions == (Run("ln", "-sf", kept, f"{ROOT}/bin/{stray}"),)
    newer = [make_answer(name, f"{ROOT}/bin/{name}", make_venv_python(ROOT, f"3.1{n}.1")) for name, n in NEWER]
    [finding] = judged(*newer, facts=(ACTIVE,))
    assert Run("ln", "-sf", kept, f"{ROOT}/bin/{stray}") not in finding.fix.actions


@pytest.mark.sick("PY003")
def test_an_environment_that_was_put_behind_the_systems_python_comes_first() -> None:
    python = make_answer("python", VENV.path, VENV)
    third = make_answer("python3", "/usr/bin/python3", SYSTEM)
    own = make_hit("python3", f"{ROOT}/bin/python3", f"{ROOT}/bin/python3", position=1)
    [finding] = judged(python, third, others=(own,))
    assert finding.severity is Severity.WARNING
    assert finding.fix == Fix("Put the environment first on the search path", PrependPath(f"{ROOT}/bin"))


@pytest.mark.sick("PY003")
def test_without_an_environment_it_is_a_warning_and_one_is_advised() -> None:
    python = make_answer("python", CONDA.path, CONDA)
    third = make_answer("python3", "/usr/bin/python3", SYSTEM)
    [finding] = judged(python, third)
    assert finding.severity is Severity.WARNING
    assert finding.fix.actions == (Run("/usr/bin/python3", "-m", "venv", ".venv"), Activate(".venv"))
    [finding] = judged(python, third, facts=(ProjectVenv(ROOT, 0, ACTIVE.venv),))
    assert finding.fix.actions == (Activate(ROOT),)


@pytest.mark.sick("PY003")
def test_pip_and_pip3() -> None:
    python = make_answer("python", VENV.path, VENV)
    pips = make_answer("pip", f"{ROOT}/bin/pip", VENV), make_answer("pip3", "/usr/bin/pip3", SYSTEM)
    [finding] = judged(python, *pips, facts=(ACTIVE,))
    assert finding.message == f"`pip` runs in {ROOT} (Python 3.12), but `pip3` in /usr (Python 3.11)"
    assert finding.fix.actions == (Run("ln", "-s", "pip", f"{ROOT}/bin/pip3"),)


@pytest.mark.healthy("PY003")
def test_names_that_agree_or_are_alone() -> None:
    third = make_answer("python3", "/usr/bin/python3", SYSTEM)
    assert judged(third) == []
    assert judged(make_answer("python", "/bin/python", make_python(name="python")), third) == []


@pytest.mark.healthy("PY003")
def test_an_old_python_2_is_meant_to_be_another() -> None:
    old = make_answer("python", "/usr/bin/python", make_python(version="2.7.18", name="python"))
    assert judged(old, make_answer("python3", "/usr/bin/python3", SYSTEM)) == []


@pytest.mark.healthy("PY003")
def test_pyenv_may_select_several_versions() -> None:
    shim = {"kind": HitKind.SHIM, "manager": ShimManager.PYENV}
    first = make_answer("python", "/s/python", make_python("/v/3.11.7"), version="3.11.7", **shim)
    third = make_answer("python3", "/s/python3", make_python("/v/3.12.1", "3.12.1"), version="3.12.1", **shim)
    pins = tuple(Pin(version, version) for version in ("3.11.7", "3.12.1"))
    pyenv = Pyenv((PyenvRoot("/r", "HOME", ("3.11.7", "3.12.1"), Selection(pins, "PYENV_VERSION")),))
    assert judged(first, third, facts=(pyenv,)) == []


@pytest.mark.healthy("PY003")
def test_a_pip_that_is_wrong_itself_or_sent_away_is_not_compared() -> None:
    python = make_answer("python", VENV.path, VENV)
    pips = make_answer("pip", "/c/bin/pip", CONDA), make_answer("pip3", "/usr/bin/pip3", SYSTEM)
    assert judged(python, *pips) == []
    sent = PipSettings(settings=(PipSetting("python", ROOT, ":env:", "PIP_PYTHON", PipLevel.VARIABLE),))
    own = make_answer("pip", f"{ROOT}/bin/pip", VENV)
    assert judged(python, own, pips[1], facts=(sent,)) == []
