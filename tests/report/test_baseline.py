from __future__ import annotations

import json
from pathlib import Path

import pytest

from envdoctor.report.baseline import BadBaseline, Baseline, read, written
from envdoctor.report.places import Base
from tests.render.formats_world import BASE, placed
from tests.samples import sample_report


def test_what_is_written_is_read_and_holds_nothing_of_one_machine(tmp_path: Path) -> None:
    report, file = sample_report(), tmp_path / "base.json"
    file.write_text(written(report, BASE))
    baseline = read(str(file), BASE)
    assert all(baseline.entry(result, finding) in baseline.entries for result, finding in report.findings)
    assert isinstance(baseline, Baseline)
    entries = json.loads(file.read_text())["findings"]
    assert entries == sorted(entries)
    assert "/ground" not in file.read_text()


def test_moved_lines_are_the_same_baseline() -> None:
    assert written(placed(3), BASE) == written(placed(40), BASE) == written(placed(3, 40), BASE)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "Expecting value"),
        ("[]", "not a baseline of envdoctor"),
        ('{"baseline": 2}', "not a baseline of envdoctor"),
        ('{"baseline": 1}', "findings: Expected `array`"),
        ('{"baseline": 1, "findings": [["A"]]}', "findings: Expected `array` of length 2"),
        ("[" * 100_000, "nested more than"),
    ],
)
def test_a_bad_file_is_named_with_what_is_expected(tmp_path: Path, content: str, said: str) -> None:
    file = tmp_path / "x.json"
    file.write_text(content)
    with pytest.raises(BadBaseline) as raised:
        read(str(file), Base())
    assert str(raised.value).startswith(f"{file}: ")
    assert said in str(raised.value)
    assert str(raised.value).endswith("make it with `envdoctor baseline`")
