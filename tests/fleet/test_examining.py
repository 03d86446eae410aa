from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from envdoctor.fleet.sources import NoSource
from tests.fleet.world import asked, fill, sick_and_well


def test_the_whole_answer_and_no_file_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reports, scratch = tmp_path / "reports", tmp_path / "scratch"
    reports.mkdir()
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    found = asked(fill(reports, sick_and_well()))
    assert found.sessions == (("ssh command (bash, login)", 6),)
    assert (found.machines, found.problems, found.unexamined, found.left_out) == (6, (), (), 0)
    with pytest.raises(NoSource):
        asked(str(tmp_path / "none"))
    assert os.listdir(scratch) == []
    assert sorted(os.listdir(reports)) == [f"m{number}.json" for number in range(1, 7)]
