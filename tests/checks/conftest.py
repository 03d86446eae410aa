"""Whatever a test of a check judges is judged once more as it would be shared: the same must be found.

With `--rewrite-golden` the fixes that the tests of the checks show are recorded, for the tests of the plan.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from envdoctor.engine.check import Check
from envdoctor.engine.fact import Fact
from envdoctor.engine.finding import Finding, Outcome
from envdoctor.engine.judge import Result
from envdoctor.engine.reference import Facts
from envdoctor.render import json as json_report
from envdoctor.report.report import Report
from envdoctor.report.sharing import SharedMasks, share
from envdoctor.text.identity import Identity

RECORD = Path(__file__).parent.parent / "golden" / "sick_fixes.json"


@pytest.fixture(scope="session", autouse=True)
def recorded_fixes(request: pytest.FixtureRequest) -> Iterator[None]:
    """Write down each fix once, by its code and its steps, if all checks were asked."""
    if not request.config.getoption("--rewrite-golden"):
        yield
        return
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    judge = Check.__call__

    def heard(check: Check[Any], *facts: Any) -> Iterator[Finding]:
        for finding in judge(check, *facts):
            document = json_report.fix_document(finding.fix)
            steps = json.dumps(document.actions, ensure_ascii=True)
            kept = {"summary": document.summary, "safety": document.safety, "scope": document.scope}
            rows.setdefault((check.code, steps), {"code": check.code, **kept, "actions": document.actions})
            yield finding

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Check, "__call__", heard)
        yield
    if len({code for code, _ in rows}) > 100:
        lines = ",\n".join(json.dumps(rows[key]) for key in sorted(rows))
        RECORD.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


HOMES = ("/home/ada", "/home/ann", "/home/me")
HOSTS = ("analytical", "analytical.engine.example")
judged = Check.__call__


@pytest.fixture(autouse=True)
def _judge_as_shared_too(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = Check.__call__

    def both(check: Check[Any], *facts: Any) -> Iterator[Finding]:
        found = tuple(heard(check, *facts))
        assert_shared_alike(check, facts, found)
        return iter(found)

    monkeypatch.setattr(Check, "__call__", both)


def assert_shared_alike(check: Check[Any], facts: tuple[Any, ...], found: tuple[Finding, ...]) -> None:
    """What is found in the facts as they are shared is what was found, as it is shared."""
    homes = tuple(home for home in HOMES if home in repr(facts))[:1]
    identity = Identity(homes, tuple(home.rpartition("/")[2] for home in homes), ("Ada King Lovelace",), HOSTS)
    original = _report(check, facts, found)
    shared = share(original, SharedMasks(original, identity))
    facts = tuple(shared.known.get(type(fact), fact) for fact in facts)
    again = _report(check, facts, tuple(judged(check, *facts)))
    replayed = share(again, SharedMasks(again, Identity()))
    assert replayed.results == shared.results


def _report(check: Check[Any], facts: tuple[Any, ...], found: tuple[Finding, ...]) -> Report:
    outcome = Outcome.FOUND if found else Outcome.OK
    known = Facts({type(fact): fact for fact in facts if isinstance(fact, Fact)})
    return Report("", (Result(check, outcome, None, found),), known)
