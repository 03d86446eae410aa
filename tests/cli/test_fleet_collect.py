from __future__ import annotations

import sys
from pathlib import Path

import pytest

from envdoctor.cli import fleet_collect
from envdoctor.cli.output import UsageProblem


@pytest.mark.parametrize(("nodes", "said"), [("m[1-", "m\\[1-"), ("../m1", "no name of a machine")])
def test_what_is_no_set_of_machines_is_a_wrong_call(tmp_path: Path, nodes: str, said: str) -> None:
    with pytest.raises(UsageProblem, match=said):
        fleet_collect.command.main([nodes, "--output", str(tmp_path)], standalone_mode=False)


def test_a_directory_that_cannot_be_written_into_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageProblem, match="cannot write into"):
        fleet_collect.command.main(["m1", "--output", str(tmp_path / "file")], standalone_mode=False)


def test_without_the_extra_one_sentence_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ClusterShell.NodeSet", None)
    with pytest.raises(UsageProblem, match=r"needs ClusterShell.*install `envdoctor\[fleet\]`"):
        fleet_collect.command.main(["m1", "--output", str(tmp_path)], standalone_mode=False)
