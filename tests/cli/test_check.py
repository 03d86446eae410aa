from __future__ import annotations

import json
import venv
from pathlib import Path

import pytest

from tests.cli.command import run

pytestmark = pytest.mark.tools


def test_several_documents_of_one_examination_agree(tmp_path: Path) -> None:
    report, page = tmp_path / "report.json", tmp_path / "report.txt"
    done = run("check", "--output", f"json={report}", "--output", f"text={page}", home=tmp_path)
    assert done.stdout == page.read_text()
    document = json.loads(report.read_text())
    assert document["exit_code"] == done.returncode
    assert document["recorded"] is None


def test_another_interpreter_is_examined_by_path_name_or_environment(tmp_path: Path) -> None:
    environment = tmp_path / "env"
    venv.create(environment, symlinks=True)
    for word in (str(environment), str(environment / "bin" / "python"), "env", "env/bin/python"):
        document = json.loads(run("--python", word, "--format", "json", home=tmp_path).stdout)
        assert document["facts"]["ActivePython"]["interpreter"]["prefix"] == str(environment)
    system = json.loads(run("--python", "python3", "--format", "json", home=tmp_path).stdout)
    assert system["facts"]["ActivePython"]["interpreter"]["prefix"] != str(environment)
