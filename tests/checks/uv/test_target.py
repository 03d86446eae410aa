from __future__ import annotations

import msgspec
import pytest

from envdoctor import (
    Activate,
    Evidence,
    Finding,
    Fix,
    Manual,
    Severity,
)
from envdoctor.facts.project.project import Project, ProjectManager
from envdoctor.facts.uv.context import CondaPlace, Surroundings
from envdoctor.facts.uv.directories import (
    Nearby,
    NearbyKind,
    Place,
    Standing,
)
from envdoctor.facts.uv.installations import UvCopies, UvCopy, UvInstaller
from envdoctor.facts.uv.target import UvTargets, pip_target, run_target
from envdoctor.testing import assess
from envdoctor_checks.uv.target import python_m_uv_targets_its_own, uv_pip_targets_elsewhere, uv_too_old_for_conda_base
from tests.builders import make_active_python

NEWEST, OLD = (0, 13, 9), (0, 8, 17)
OWN = Nearby(Place("/home/ann/app/.venv", python="3.11"))
BASE = CondaPlace(Place("/opt/conda", Standing.PREFIX, "3.11"), "base", "/opt/conda")
CHILD = CondaPlace(Place("/opt/conda/envs/ml", Standing.PREFIX, "3.11"), "ml", "/opt/conda")
UV = UvCopies((UvCopy("/home/ann/.local/bin/uv", "/home/ann/.local/bin/uv", OLD, UvInstaller.STANDALONE),))


def targets(seen: Surroundings) -> UvTargets:
    return UvTargets(seen.version, pip_target(seen), run_target(seen), pip_target(seen))


def elsewhere(seen: Surroundings, prefix: str = "/opt/conda", **more: str) -> list[Finding]:
    return assess(uv_pip_targets_elsewhere, seen, targets(seen), make_active_python(prefix, **more))


@pytest.mark.sick("UV001")
def test_a_child_of_conda_takes_what_was_meant_for_the_project() -> None:
    assert elsewhere(Surroundings(NEWEST, conda=CHILD, nearby=(OWN,)), "/opt/conda/envs/ml") == [
        Finding(
            "`uv pip install` goes to the conda environment /opt/conda/envs/ml, not to /home/ann/app/.venv",
            Fix("Activate the project's environment", Activate("/home/ann/app/.venv")),
            "/home/ann/app/.venv",
            (
                Evidence("CONDA_PREFIX is /opt/conda/envs/ml", "CONDA_PREFIX"),
                Evidence("CONDA_DEFAULT_ENV is ml", "CONDA_DEFAULT_ENV"),
                Evidence("CONDA_PREFIX comes before .venv in uv's order", "uv pip install"),
            ),
        )
    ]


@pytest.mark.sick("UV001")
def test_a_project_that_is_kept_with_conda_gets_a_note() -> None:
    seen = Surroundings(NEWEST, conda=CHILD, nearby=(OWN,))
    project = Project("/home/ann/app", workspace_root="/home/ann/app", manager=ProjectManager.CONDA)
    [finding] = assess(uv_pip_targets_elsewhere, seen, targets(seen), project)
    assert finding.severity is Severity.INFO


@pytest.mark.sick("UV001")
def test_a_base_that_uv_takes_for_a_child_is_as_bad() -> None:
    unnamed = CondaPlace(BASE.place)
    [finding] = elsewhere(Surroundings(NEWEST, conda=unnamed, nearby=(OWN,)))
    assert "goes to the conda environment /opt/conda, not to" in finding.message
    assert Evidence("CONDA_DEFAULT_ENV is not set", "CONDA_DEFAULT_ENV") in finding.evidence


@pytest.mark.sick("UV001")
def test_another_environment_on_the_path_answers_to_python() -> None:
    other = {"base_prefix": "/usr"}
    [finding] = elsewhere(Surroundings(NEWEST, nearby=(OWN,)), "/home/ann/other/.venv", **other)
    assert finding.message == (
        "`uv pip install` goes to /home/ann/app/.venv, but `python` is that of /home/ann/other/.venv"
    )
    assert finding.severity is None


@pytest.mark.sick("UV001")
def test_an_active_base_beside_a_project_of_uvs_is_a_note() -> None:
    seen = Surroundings(NEWEST, conda=BASE, nearby=(OWN,))
    project = Project("/home/ann/app", workspace_root="/home/ann/app", manager=ProjectManager.UV)
    [finding] = assess(uv_pip_targets_elsewhere, seen, targets(seen), make_active_python("/opt/conda"), project)
    assert finding.message == "`uv pip install` goes to /home/ann/app/.venv, but `python` is that of /opt/conda"
    assert finding.severity is Severity.INFO
    assert elsewhere(seen) == [], "ENV006 says it of any other project"


@pytest.mark.healthy("UV001")
@pytest.mark.parametrize(
    "seen",
    [
        Surroundings(NEWEST, virtual_env=OWN.place, conda=CHILD, nearby=(OWN,)),
        Surroundings(NEWEST, virtual_env=Place("/gone", Standing.MISSING), conda=CHILD, nearby=(OWN,)),
        Surroundings(NEWEST, conda=CHILD),
        Surroundings(NEWEST, conda=CHILD, nearby=(Nearby(Place("/home/ann/.venv"), distance=2),)),
        Surroundings(NEWEST, conda=CHILD, nearby=(Nearby(Place("/x/.venv", Standing.NO_CONFIG)),)),
        Surroundings(NEWEST, nearby=(OWN,)),
        Surroundings(NEWEST),
    ],
)
def test_uv_goes_where_its_user_means(seen: Surroundings) -> None:
    assert elsewhere(seen, "/usr") == []


@pytest.mark.sick("UV001")
def test_the_environment_of_the_project_counts_from_a_subdirectory() -> None:
    above = Nearby(OWN.place, distance=2)
    seen = Surroundings(NEWEST, conda=CHILD, nearby=(above,))
    project = Project("/home/ann/app", workspace_root="/home/ann/app")
    assert len(assess(uv_pip_targets_elsewhere, seen, targets(seen), project)) == 1


@pytest.mark.healthy("UV001")
def test_inside_an_environment_that_python_answers_from() -> None:
    inside = Nearby(OWN.place, NearbyKind.INSIDE)
    assert elsewhere(Surroundings(NEWEST, nearby=(inside,)), OWN.place.path, base_prefix="/usr") == []


@pytest.mark.sick("UV006")
def test_an_old_uv_prefers_the_base() -> None:
    seen = Surroundings(OLD, conda=BASE, nearby=(OWN,))
    assert assess(uv_too_old_for_conda_base, seen, targets(seen), UV) == [
        Finding(
            "uv 0.8.17 installs into conda's base /opt/conda, not into /home/ann/app/.venv",
            Fix(
                "Activate the project's environment, and upgrade uv with `uv self update`",
                Activate("/home/ann/app/.venv"),
            ),
            "/home/ann/.local/bin/uv",
            (
                Evidence("uv 0.8.17", "/home/ann/.local/bin/uv --version"),
                Evidence("CONDA_PREFIX is /opt/conda", "CONDA_PREFIX"),
                Evidence("CONDA_DEFAULT_ENV is base", "CONDA_DEFAULT_ENV"),
            ),
        )
    ]


@pytest.mark.healthy("UV006")
@pytest.mark.parametrize(
    "seen",
    [
        Surroundings(NEWEST, conda=BASE, nearby=(OWN,)),
        Surroundings((0, 8, 18), conda=BASE, nearby=(OWN,)),
        Surroundings(OLD, conda=CHILD, nearby=(OWN,)),
        Surroundings(OLD, virtual_env=OWN.place, conda=BASE, nearby=(OWN,)),
        Surroundings(OLD, conda=BASE),
        Surroundings(OLD, nearby=(OWN,)),
    ],
)
def test_no_uv_is_too_old_for_this(seen: Surroundings) -> None:
    assert assess(uv_too_old_for_conda_base, seen, targets(seen), UV) == []


PYTHON_WITH_UV = UvCopies((UvCopy("/opt/py/bin/uv", "/opt/py/bin/uv", NEWEST, UvInstaller.PIP),))


@pytest.mark.sick("UV007")
def test_uv_as_a_module_works_on_its_own_python() -> None:
    seen = Surroundings(NEWEST, nearby=(OWN,))
    assert assess(python_m_uv_targets_its_own, targets(seen), PYTHON_WITH_UV, make_active_python("/opt/py")) == [
        Finding(
            "`python -m uv pip` would install into /opt/py, but `uv pip` goes to /home/ann/app/.venv",
            Fix("Use uv itself instead of `python -m uv`", Manual("Write `uv pip`, not `python -m uv pip`.")),
            "/opt/py/bin/uv",
            (Evidence("uv 0.13.9 belongs to /opt/py", "/opt/py/bin/uv"),),
        )
    ]


@pytest.mark.healthy("UV007")
def test_uv_as_a_module_and_by_itself_agree_or_the_module_is_not_there() -> None:
    near, none = Surroundings(NEWEST, nearby=(OWN,)), Surroundings(NEWEST)
    agreeing = msgspec.structs.replace(near, nearby=(Nearby(Place("/opt/py")),))
    assert assess(python_m_uv_targets_its_own, targets(agreeing), PYTHON_WITH_UV, make_active_python("/opt/py")) == []
    assert assess(python_m_uv_targets_its_own, targets(near), UV, make_active_python("/opt/py")) == []
    assert assess(python_m_uv_targets_its_own, targets(none), PYTHON_WITH_UV, make_active_python("/opt/py")) == []
    assert assess(python_m_uv_targets_its_own, targets(near), PYTHON_WITH_UV, None) == []
