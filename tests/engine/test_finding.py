"""How bad is bad, and what a finding cannot do without."""

from __future__ import annotations

import pytest

from envdoctor.engine.finding import Evidence, Finding, Severity
from envdoctor.engine.fix import Fix, Manual


def test_severities_are_ordered() -> None:
    assert [severity.rank for severity in (Severity.INFO, Severity.WARNING, Severity.ERROR)] == [0, 1, 2]
    table = {(one, other) for one in Severity for other in Severity if one.at_least(other)}
    assert table == {
        *((severity, severity) for severity in Severity),
        (Severity.WARNING, Severity.INFO),
        (Severity.ERROR, Severity.INFO),
        (Severity.ERROR, Severity.WARNING),
    }


def test_there_is_no_finding_without_a_fix() -> None:
    with pytest.raises(TypeError, match="fix"):
        Finding("it is broken")  # type: ignore[call-arg]  # that is what is tested


def test_a_finding_has_the_severity_of_its_check_unless_it_says_otherwise() -> None:
    finding = Finding("it is broken", Fix("Mend the thing", Manual("Mend the thing")))
    assert (finding.severity, finding.where, finding.evidence) == (None, None, ())
    proof = (Evidence("A=1", "the environment"),)
    louder = Finding("it is broken", finding.fix, "/a", proof, Severity.ERROR)
    assert (louder.severity, louder.where, louder.evidence) == (Severity.ERROR, "/a", proof)
