from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from envdoctor.cli.accepting import accepting
from envdoctor.cli.output import UsageProblem
from envdoctor.facts.project.configuration import Configuration, Settings
from envdoctor.facts.session.date import Today
from envdoctor.report.acceptance import Suppression
from tests.samples import sample_report


@pytest.mark.parametrize(("day", "count"), [("2026-03-01", 1), ("2026-03-02", 0)])
def test_the_recorded_day_decides(day: str, count: int) -> None:
    suppression = msgspec.convert({"code": "AAA001", "reason": "known", "until": "2026-03-01"}, Suppression)
    configuration = Configuration("/p/envdoctor.toml", Settings(suppress=(suppression,)))
    report = sample_report()
    report = msgspec.structs.replace(report, known={**report.known, Today: Today(day)})
    assert len(accepting(report, configuration, None).accepted) == count


def test_a_file_that_is_no_baseline_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="no such file"):
        accepting(sample_report(), None, str(tmp_path / "gone"))
