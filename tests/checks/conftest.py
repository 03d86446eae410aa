"""With `--rewrite-golden` the fixes that the tests of the checks show are recorded, for the tests of the plan."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from envdoctor.engine.check import Check
from envdoctor.engine.finding import Finding
from envdoctor.render import json as json_report

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
