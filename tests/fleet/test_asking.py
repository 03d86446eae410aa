from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.fleet import extra
from tests.fleet.world import asked, fill, report, sick_and_well


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> str:
    return fill(
        tmp_path_factory.mktemp("fleet"), sick_and_well() | {"m7": report("PY001", severity="info", created="x")}
    )


def test_machines_with_the_same_errors_and_warnings_are_a_group_the_largest_first(source: str) -> None:
    groups = asked(source).groups
    assert groups[0].folded == "m[3-5,7]"
    assert [(group.codes, group.machines) for group in groups] == [
        ((), ("m3", "m4", "m5", "m7")),
        (("LIB001",), ("m1", "m2")),
        (("PIP001",), ("m6",)),
    ]


def test_findings_are_counted_by_code_the_most_severe_first(source: str) -> None:
    told = [(one.code, one.slug, one.severity, one.machines, one.findings) for one in asked(source).found]
    assert told == [
        ("LIB001", "slug-of-lib001", "error", 2, 2),
        ("PIP001", "slug-of-pip001", "warning", 1, 1),
        ("PY001", "slug-of-py001", "info", 1, 1),
    ]


def test_every_fact_and_finding_goes_into_a_file_to_go_on_with(source: str, tmp_path: Path) -> None:
    file = str(tmp_path / "it's.parquet")
    asked(source, parquet=file, where=("machine=m1",))
    duckdb = extra.module("duckdb")
    rows = (
        duckdb.connect().execute("SELECT machine, kind, name, value, severity FROM read_parquet(?)", [file]).fetchall()
    )
    assert ("m1", "fact", "Libc.version", "2.17", None) in rows
    assert ("m1", "finding", "LIB001", "it is so", "error") in rows
    assert {row[0] for row in rows} == {"m1"}
