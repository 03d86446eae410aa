from __future__ import annotations

import msgspec
import pytest

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    SetVariable,
    Severity,
    UnsetVariable,
)
from envdoctor.facts.conda.shell_state import CondaLevel
from envdoctor.facts.session.conda_activation import CondaActivation, StackedPrefix
from envdoctor.testing import assess
from envdoctor_checks.conda.activation_stack import activation_stack_broken
from tests.checks.conda.test_activation import CHILD, ML, TO_THE_FRONT, path


def counted(*prefixes: str) -> CondaLevel:
    """The count of a shell in which these were activated one after another."""
    below = tuple(StackedPrefix(n, prefix) for n, prefix in enumerate(prefixes[:-1], start=1))
    return CondaLevel(str(len(prefixes)), len(prefixes), prefixes[-1], below)


@pytest.mark.sick("CND009")
def test_a_level_that_is_no_number_stops_conda() -> None:
    assert assess(activation_stack_broken, CondaLevel("abc", None, ML), CHILD, path(f"{ML}/bin", "/bin")) == [
        Finding(
            "CONDA_SHLVL is 'abc', which is not a number, so conda stops",
            Fix("Reset conda's activation stack", SetVariable("CONDA_SHLVL", "1")),
            "CONDA_SHLVL",
            (Evidence("CONDA_SHLVL is 'abc'", "CONDA_SHLVL"),),
        )
    ]
    [finding] = assess(activation_stack_broken, CondaLevel("", None), path("/bin"))
    assert finding.fix == Fix("Reset conda's activation stack", SetVariable("CONDA_SHLVL", "0"))


@pytest.mark.sick("CND009")
def test_a_level_without_its_variable_stops_conda() -> None:
    level = CondaLevel("3", 3, ML, (StackedPrefix(2, "/opt/conda"),))
    [finding] = assess(activation_stack_broken, level, CHILD, path(f"{ML}/bin", "/bin"))
    lacks = "CONDA_PREFIX_1 is not set or empty"
    assert finding.message == f"CONDA_SHLVL is 3, but {lacks}, and `conda deactivate` stops at that"
    assert finding.fix == Fix(
        "Reset conda's activation stack", SetVariable("CONDA_SHLVL", "1"), UnsetVariable("CONDA_PREFIX_2")
    )


@pytest.mark.sick("CND009")
def test_shells_inside_shells() -> None:
    level = counted("/opt/conda", ML, "/opt/conda", ML, "/opt/conda", ML)
    [finding] = assess(activation_stack_broken, level, CHILD, path(f"{ML}/bin", "/bin"))
    assert finding.message == "conda has been activated 6 times over, in shells inside one another"
    assert finding.severity is Severity.INFO


@pytest.mark.sick("CND009")
def test_the_last_place_on_the_path_stops_conda() -> None:
    last = msgspec.structs.replace(CHILD, position=1)
    [finding] = assess(activation_stack_broken, CondaLevel("1", 1, ML), last, path("/bin", f"{ML}/bin"))
    assert finding.message == f"{ML}/bin is the last element of the search path, where conda's own commands stop at it"
    assert finding.fix == TO_THE_FRONT


@pytest.mark.healthy("CND009")
@pytest.mark.parametrize(
    ("level", "conda"),
    [
        (CondaLevel("0", 0), None),
        (CondaLevel("1", 1, ML), CHILD),
        (CondaLevel("2", 2, ML, (StackedPrefix(1, "/opt/conda"),)), CHILD),
        (CondaLevel("1", 1, ML), msgspec.structs.replace(CHILD, position=1, exe=None)),
        (CondaLevel("1", 1), None),
        (CondaLevel("3", 3), None),
        (counted("/opt/conda/envs/1", "/opt/conda/envs/2", "/opt/conda/envs/3", "/opt/conda/envs/4", ML), CHILD),
        (counted("/opt/conda", ML, "/opt/conda", ML), CHILD),
    ],
)
def test_a_stack_that_conda_can_count(level: CondaLevel, conda: CondaActivation | None) -> None:
    assert assess(activation_stack_broken, level, conda, path("/bin", f"{ML}/bin")) == []
