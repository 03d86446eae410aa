from __future__ import annotations

import pytest

from envdoctor import Evidence, Finding, Fix, UnsetVariable
from envdoctor.engine.fact import Unavailable
from envdoctor.facts.conda.shell_state import CondaUnsetMarks, probe_conda_unset_marks
from envdoctor.testing import assess
from envdoctor_checks.conda.startup import conda_unset_mark_left
from tests.support import make_session


@pytest.mark.sick("CND014")
def test_the_mark_is_taken_out_of_every_variable() -> None:
    marks = probe_conda_unset_marks(make_session({"B": "***unset***", "A": "***unset***", "C": "x"}))
    assert assess(conda_unset_mark_left, marks) == [
        Finding(
            "conda left its mark `***unset***` as the value of A and B",
            Fix("Unset A and B", UnsetVariable("A"), UnsetVariable("B")),
            "A",
            (Evidence("A=***unset***", "variable A"), Evidence("B=***unset***", "variable B")),
        )
    ]


@pytest.mark.healthy("CND014")
def test_everything_else_takes_the_variable_for_unset() -> None:
    session = make_session({"A": "***unset***", "C": "conda writes ***unset***"})
    assert dict(session.env) == {"C": "conda writes ***unset***"}
    with pytest.raises(Unavailable):
        probe_conda_unset_marks(make_session({"C": "conda writes ***unset***"}))
    assert CondaUnsetMarks(("A",)).names == session.unset_marks
