from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from envdoctor.cli import fleet_report
from envdoctor.cli.output import UsageProblem
from tests.cli.command import ENVDOCTOR, run
from tests.fleet.world import fill, report, sick_and_well


def status(*arguments: str) -> int:
    return int(fleet_report.command.main([*arguments], standalone_mode=False))


@pytest.mark.parametrize(
    ("codes", "severity", "options", "expected"),
    [
        (("PY001",), "error", (), 1),
        (("PY001",), "warning", (), 0),
        (("PY001",), "warning", ("--fail-on", "warning"), 1),
        ((), "error", (), 0),
    ],
)
def test_the_exit_status_says_whether_a_machine_is_sick(
    tmp_path: Path, codes: tuple[str, ...], severity: str, options: tuple[str, ...], expected: int
) -> None:
    source = fill(tmp_path, {"m1": report(*codes, severity=severity), "m2": report(created="x")})
    assert status(source, *options) == expected


def test_what_could_not_be_read_is_no_health(tmp_path: Path) -> None:
    source = fill(tmp_path, {"m1": report()})
    assert status(source, "--where", "machine=none") == 3
    (tmp_path / "m2.failed").write_text("unreachable")
    assert status(source) == 3
    (tmp_path / "empty").mkdir()
    assert status(str(tmp_path / "empty")) == 3


def test_of_dated_collections_only_what_is_new_fails(tmp_path: Path) -> None:
    for day, one in (("d1", report("PY001")), ("d2", report("PY001", created="x")), ("d3", report("LIB001"))):
        (tmp_path / day).mkdir()
        fill(tmp_path / day, {"m1": one})
    assert status(str(tmp_path)) == 1
    shutil.rmtree(tmp_path / "d3")
    assert status(str(tmp_path)) == 0
    assert status(str(tmp_path / "d2")) == 1


def test_every_format_goes_into_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    source = fill(reports, sick_and_well())
    begins = {"text": b"Examined", "json": b"{", "markdown": b"Examined", "html": b"<!DOCTYPE", "prometheus": b"# HELP"}
    for form, first in (begins | {"parquet": b"PAR1"}).items():
        file = tmp_path / f"fleet.{form}"
        assert status(source, "--format", form, "-o", str(file)) == 1
        assert file.read_bytes().startswith(first)
    assert capsys.readouterr().out == ""


def test_wrong_words_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = fill(tmp_path, {"m1": report()})
    with pytest.raises(UsageProblem, match="-o FILE"):
        status(source, "--format", "parquet")
    with pytest.raises(UsageProblem, match="no report has such a place"):
        status(source, "--where", "X=1")
    assert status(source, "--by", "lib001") == 0
    assert "no machine has LIB001" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(UsageProblem, match=r"install `python-envdoctor\[fleet\]`"):
        status(source)


@pytest.mark.tools
def test_a_stream_of_real_reports_is_read(tmp_path: Path) -> None:
    done = run("--share", "--format", "json", "--select", "ENV", home=tmp_path, VIRTUAL_ENV="/gone")
    one = json.loads(done.stdout)
    lines = "".join(f"{json.dumps({'machine': name} | one)}\n" for name in ("m1", "m2"))
    told = subprocess.run(
        [ENVDOCTOR, "fleet", "-", "--fail-on", "warning"], input=lines, capture_output=True, text=True, check=False
    )
    assert told.returncode == 1, told.stderr
    first, second, *rest = told.stdout.splitlines()
    assert first.startswith("Examined: ")
    assert second == "2 of 2 machines have errors or warnings"
    assert "           m[1-2]" in rest
