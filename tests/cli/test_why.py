from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command import run

pytestmark = pytest.mark.tools


def test_it_tells_what_a_name_means_and_never_imports_it(tmp_path: Path) -> None:
    (tmp_path / "local.py").write_text("raise SystemExit('imported')\n")
    (tmp_path / "random.py").write_text("raise SystemExit('imported')\n")
    python = ("--python", sys.executable)
    shown = run("why", *python, "pytest", home=tmp_path)
    assert shown.returncode == 0
    assert shown.stdout.startswith(f"pytest  is installed by pytest {pytest.__version__}\n")
    local = run("why", *python, "random", "--format", "json", home=tmp_path)
    document = json.loads(local.stdout)
    assert (local.returncode, local.stderr) == (0, "")
    assert document["found"]["path"] == f"{tmp_path}/random.py"
    assert document["hidden"][0]["origin"] == "the standard library"
    assert run("why", *python, "local", home=tmp_path).returncode == 0
    missing = run("why", *python, "no_such_module_anywhere", home=tmp_path)
    assert missing.returncode == 1
    assert "no_such_module_anywhere  not found by Python" in missing.stdout
    assert list(tmp_path.rglob("__pycache__")) == []


def test_what_lies_in_another_environment_is_named(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "env"], check=True)
    [packages] = (tmp_path / "env").glob("lib/python*/site-packages")
    (packages / "elsewhere_only.py").touch()
    here = run("why", "--python", sys.executable, "elsewhere_only", home=tmp_path, VIRTUAL_ENV=str(tmp_path / "env"))
    assert here.returncode == 1
    assert f"it is installed in {tmp_path}/env" in here.stdout
    assert run("why", "--python", str(tmp_path / "env"), "elsewhere_only", home=tmp_path).returncode == 0


@pytest.mark.parametrize("name", ["a b", "class", "x..y", ".x", "x/y.py", "", "\x1b[2J", "x" * 1000, "import.x"])
def test_what_can_be_no_name_is_refused(name: str, tmp_path: Path) -> None:
    done = run("why", name, home=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "\x1b" not in done.stderr
    assert len(done.stderr) < 1000


def test_the_name_of_a_distribution_is_answered(tmp_path: Path) -> None:
    done = run("why", "--python", sys.executable, "scikit-learn", home=tmp_path)
    assert done.returncode == 1
    assert "scikit-learn is the name of a distribution; import sklearn" in done.stdout


def test_without_a_python_nothing_is_known(tmp_path: Path) -> None:
    done = run("why", "yaml", home=tmp_path, PATH=str(tmp_path))
    assert (done.returncode, done.stdout) == (3, "")
    assert "no Python can be asked" in done.stderr
