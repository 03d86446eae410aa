from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest

from envdoctor.cli import step_summary
from envdoctor.render import markdown
from envdoctor.shells.dialects import Shell
from tests.samples import sample_report


def test_it_appends_to_what_other_tools_have_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "summary.md"
    page.write_text("# Others\n")
    monkeypatch.setenv(step_summary.VARIABLE, str(page))
    step_summary.append(sample_report(), Shell.BASH)
    assert page.read_text() == "# Others\n" + markdown.render(sample_report(), Shell.BASH)


def test_a_long_report_is_cut_between_findings_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = sample_report()
    first = msgspec.structs.replace(report.results[0], findings=report.results[0].findings * 1000)
    page = tmp_path / "summary.md"
    page.touch()
    monkeypatch.setenv(step_summary.VARIABLE, str(page))
    step_summary.append(msgspec.structs.replace(report, results=(first,)), Shell.BASH)
    written = page.read_text()
    assert len(written.encode()) <= step_summary.LONGEST + len(step_summary.CUT)
    assert written.endswith(step_summary.CUT)
    assert written.count("```") % 2 == 0


@pytest.mark.parametrize("kind", ["gone", "directory", "link", "fifo"])
def test_a_page_that_is_none_is_said_and_fails_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    page = tmp_path / kind
    if kind == "directory":
        page.mkdir()
    elif kind == "link":
        (tmp_path / "target").touch()
        page.symlink_to("target")
    elif kind == "fifo":
        os.mkfifo(page)
    monkeypatch.setenv(step_summary.VARIABLE, str(page))
    step_summary.append(sample_report(), Shell.BASH)
    assert "GITHUB_STEP_SUMMARY could not be written" in capsys.readouterr().err


def test_without_a_page_nothing_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv(step_summary.VARIABLE, raising=False)
    step_summary.append(sample_report(), Shell.BASH)
    assert capsys.readouterr() == ("", "")
