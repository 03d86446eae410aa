from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.cli.command import ENVDOCTOR, PATH, run

pytestmark = pytest.mark.tools
PYPROJECT = '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.11"'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    (tmp_path / "uv.lock").write_text("version = 1\n")
    return tmp_path


def test_it_is_shown_first_and_written_only_if_that_is_said(project: Path) -> None:
    shown = run("init", home=project)
    assert (shown.returncode, "nothing is written" in shown.stderr) == (0, True)
    assert 'python = ">=3.11"  # from pyproject.toml:4\nmanager = "uv"  # from uv.lock\n' in shown.stdout
    assert not (project / "envdoctor.toml").exists()
    written = run("init", "--write", home=project)
    assert (written.returncode, written.stdout) == (0, shown.stdout)
    assert (project / "envdoctor.toml").read_text() == shown.stdout
    assert run("config", home=project).returncode == 0


def test_a_table_is_appended_to_a_pyproject(project: Path) -> None:
    done = run("init", "--pyproject", "--write", home=project)
    text = (project / "pyproject.toml").read_text()
    assert text == f"{PYPROJECT}\n\n{done.stdout}"
    assert "\n[tool.envdoctor.expect]\n" in text
    assert f'expect.manager = "uv"  [{project}/pyproject.toml:' in run("config", home=project).stdout


@pytest.mark.parametrize("arguments", [(), ("--write",), ("--pyproject", "--write")])
@pytest.mark.parametrize("there", ["envdoctor.toml", "pyproject.toml"])
def test_nothing_is_overwritten(project: Path, there: str, arguments: tuple[str, ...]) -> None:
    text = "deep = true\n" if there == "envdoctor.toml" else f"{PYPROJECT}\n[tool.envdoctor]\n"
    (project / there).write_text(text)
    before = {file.name: file.read_text() for file in project.iterdir() if file.is_file()}
    done = run("init", *arguments, home=project)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{project}/{there} configures this project already; nothing is overwritten" in done.stderr
    assert {file.name: file.read_text() for file in project.iterdir() if file.is_file()} == before


def test_a_link_that_leads_nowhere_is_not_written_through(project: Path) -> None:
    (project / "envdoctor.toml").symlink_to(project / "elsewhere")
    done = run("init", "--write", home=project)
    assert done.returncode == 2
    assert not (project / "elsewhere").exists()


def test_without_a_pyproject_there_is_nothing_to_append_to(tmp_path: Path) -> None:
    done = run("init", "--pyproject", "--write", home=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "without --pyproject, envdoctor.toml is written" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_outside_of_projects_the_examples_are_shown(tmp_path: Path) -> None:
    done = run("init", home=tmp_path)
    assert (done.returncode, "Its files suggest nothing" in done.stdout) == (0, True)


def test_a_deleted_working_directory_is_no_project_and_not_the_root(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    env = {"HOME": str(tmp_path), "PATH": PATH}
    done = subprocess.run(
        ["sh", "-c", f"cd {gone} && rmdir {gone} && {ENVDOCTOR} init"],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "the working directory has been deleted, so there is no project to configure" in done.stderr
