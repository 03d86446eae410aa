"""Whether what is installed is what is asked for."""

from __future__ import annotations

import pytest

from envdoctor.facts.dependencies.declared import DeclaredRequirement
from envdoctor.facts.dependencies.satisfaction import same_version, unmet
from envdoctor.facts.project.environment import EnvironmentSource, ProjectEnvironment

INSTALLED = {"numpy": "2.1.0", "torch": "2.4.0+cu121", "odd": "not a version", "beta": "2.0rc1", "opencv": "4.9"}


def environment(*, conda: bool = False) -> ProjectEnvironment:
    return ProjectEnvironment(
        root="/env", source=EnvironmentSource.OWN, python="/env/bin/python", version=(3, 11, 2), is_conda=conda
    )


def asked(*texts: str, extra: str = "") -> list[DeclaredRequirement]:
    return [DeclaredRequirement(text, f"/p/requirements.txt:{number}", extra) for number, text in enumerate(texts, 1)]


def missing(*texts: str, limits: tuple[str, ...] = (), conda: bool = False) -> list[tuple[str, str | None]]:
    found = unmet(asked(*texts), asked(*limits), INSTALLED, environment(conda=conda), own="app")
    return [(one.wanted, one.installed) for one in found]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("numpy", None),
        ("NumPy >= 2", None),
        ("numpy<2", ("numpy<2", "2.1.0")),
        ("numpy<2 ; python_version >= '3'", ("numpy<2", "2.1.0")),
        ("numpy<2 ; python_version < '3'", None),
        ("torch==2.4.0", None),
        ("beta>=1", None),  # a prerelease that is installed is not held against anybody
        ("odd>=1", None),
        ("numpy @ https://m.example/numpy.whl", None),
        ("not a requirement at all", None),
        ("absent>=1", ("absent>=1", None)),
        ("app", None),
    ],
)
def test_a_requirement_is_met_or_named(text: str, verdict: tuple[str, str | None] | None) -> None:
    assert missing(text) == ([verdict] if verdict else [])


def test_each_package_is_named_once_and_limits_count_for_what_is_wanted_and_here() -> None:
    assert missing("numpy<2", "numpy<1") == [("numpy<2", "2.1.0")]
    assert missing("numpy", limits=("numpy<2", "beta<1", "absent<1")) == [("numpy<2", "2.1.0")]
    assert missing("numpy<1", limits=("numpy<2",)) == [("numpy<1", "2.1.0")]
    assert missing("absent", limits=("absent<1",)) == [("absent", None)]


def test_in_a_conda_environment_a_package_may_have_another_name() -> None:
    assert missing("opencv-python>=4", conda=True) == []
    assert missing("opencv-python>=5", conda=True) == [("opencv-python>=5", "4.9")]
    assert missing("opencv-python>=4") == [("opencv-python>=4", None)]


def test_a_requirement_of_an_extra_counts_for_that_extra() -> None:
    wanted = "absent ; extra == 'web'"
    assert list(unmet(asked(wanted), [], INSTALLED, environment())) == []
    [found] = unmet(asked(wanted, extra="web"), [], INSTALLED, environment())
    assert (found.name, found.wanted) == ("absent", "absent")


@pytest.mark.parametrize(
    ("installed", "wanted", "same"),
    [
        ("2.4.0+cu121", "2.4.0", True),
        ("2.4.0", "2.4", True),
        ("2.4.0+cpu", "2.4.0+cu121", False),
        ("2.4.1", "2.4.0", False),
        ("odd", "odd", True),
        ("odd", "even", False),
    ],
)
def test_local_labels_make_no_difference_where_none_is_wanted(installed: str, wanted: str, same: bool) -> None:
    assert same_version(installed, wanted) is same
