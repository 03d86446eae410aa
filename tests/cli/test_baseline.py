from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.command import run

pytestmark = pytest.mark.tools


def test_only_new_findings_fail(tmp_path: Path) -> None:
    project = tmp_path / "project"
    (project / ".git").mkdir(parents=True)
    sick = {"VIRTUAL_ENV": "/nowhere"}
    done = run("baseline", "-o", "baseline.json", home=tmp_path, **sick)
    assert (done.returncode, done.stdout) == (0, "")
    written = (tmp_path / "baseline.json").read_text()
    assert run("baseline", home=tmp_path, **sick).stdout == written
    assert str(tmp_path) not in written
    strict = ("check", "--strict", "--baseline", "baseline.json", "--format", "json")
    same = run(*strict, home=tmp_path, **sick)
    assert same.returncode == 0
    assert "ENV001" in [each["code"] for each in json.loads(same.stdout)["accepted"]]
    new = run(*strict, home=tmp_path, **sick, LD_LIBRARY_PATH=":")
    found = [result["code"] for result in json.loads(new.stdout)["results"] if result["findings"]]
    assert new.returncode == 1
    assert "LIB002" in found
    assert "ENV001" not in found


def test_what_is_no_baseline_is_wrong_usage(tmp_path: Path) -> None:
    shutil.copy("/etc/hostname", tmp_path / "x")
    done = run("check", "--baseline", "x", home=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "make it with `envdoctor baseline`" in done.stderr
