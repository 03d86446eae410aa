from __future__ import annotations

import json
import venv
from pathlib import Path

import pytest

from tests.cli.command import run

pytestmark = pytest.mark.tools


def test_environments_below_a_directory_are_listed_and_measured(tmp_path: Path) -> None:
    venv.create(tmp_path / "project" / ".venv", symlinks=True)
    done = run("envs", "--under", str(tmp_path), "--sizes", "--format", "json", home=tmp_path)
    assert done.returncode == 0
    [found] = [entry for entry in json.loads(done.stdout)["environments"] if entry["path"].startswith(str(tmp_path))]
    assert found["path"] == f"{tmp_path}/project/.venv"
    assert found["healthy"]
    assert "~/project/.venv" in run("envs", home=tmp_path).stdout


def test_it_looks_no_deeper_than_it_may(tmp_path: Path) -> None:
    venv.create(tmp_path / "a" / "b" / "c", symlinks=True)
    assert "/a/b/c" not in run("envs", "--depth", "1", home=tmp_path).stdout
    assert "/a/b/c" in run("envs", "--depth", "3", home=tmp_path).stdout


@pytest.mark.parametrize("arguments", [["--under", "/no/such/place"], ["--depth", "-1"], ["--time-limit", "0"]])
def test_a_wrong_value_is_wrong_usage(tmp_path: Path, arguments: list[str]) -> None:
    done = run("envs", *arguments, home=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert arguments[0] in done.stderr
