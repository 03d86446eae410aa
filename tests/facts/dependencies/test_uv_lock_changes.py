"""What a `uv.lock` was not made from, over all members of its workspace."""

from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.dependencies.uv_lock_changes import uv_changes
from envdoctor.facts.project.project import Project, ProjectManager
from envdoctor.facts.project.pyproject import parse
from envdoctor.system.toml import parse_toml, read_toml
from tests.clinic.projects import write

ROOT = '[project]\nname = "all"\nversion = "1"\nrequires-python = ">=3.9"\n[tool.uv.workspace]\nmembers = ["m/*"]\n'
MEMBER = '[project]\nname = "{0}"\nversion = "1"\nrequires-python = ">=3.9"\ndependencies = [{1}]\n'
PACKAGE = (
    '[[package]]\nname = "{0}"\nversion = "1"\nsource = {{ virtual = "{1}" }}\n'
    "[package.metadata]\nrequires-dist = [{2}]\n"
)
LOCK = 'version = 1\nrequires-python = ">=3.9"\n[manifest]\nmembers = ["all", "one", "two"]\n' + "".join(
    PACKAGE.format(*words) for words in (("all", ".", ""), ("one", "m/one", ""), ("two", "m/two", '{ name = "six" }'))
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path / "pyproject.toml", ROOT)
    write(tmp_path / "m/one/pyproject.toml", MEMBER.format("one", ""))
    write(tmp_path / "m/two/pyproject.toml", MEMBER.format("two", '"six"'))
    return tmp_path


def changes(root: Path, place: str = ".") -> list[str]:
    own = root / place
    project = Project(str(own), f"{own}/pyproject.toml", str(root), manager=ProjectManager.UV)
    manifest = read_toml(f"{own}/pyproject.toml")
    found = uv_changes(project, parse(manifest), parse_toml("uv.lock", LOCK), None)
    return [f"{text} ({Path(origin).relative_to(root)})" for text, origin in found]


@pytest.mark.parametrize("place", [".", "m/one", "m/two"])
def test_each_member_counts_wherever_one_stands(root: Path, place: str) -> None:
    assert changes(root, place) == []
    write(root / "m/two/pyproject.toml", MEMBER.format("two", '"six", "idna"'))
    assert changes(root, place) == ["does not know `idna` (m/two/pyproject.toml:5)"]


@pytest.mark.parametrize("place", [".", "m/one"])
def test_members_come_and_go(root: Path, place: str) -> None:
    write(root / "m/three/pyproject.toml", MEMBER.format("three", ""))
    (root / "m/two/pyproject.toml").unlink()
    (root / "m/two").rmdir()
    known = [
        "does not know the member `three` (m/three/pyproject.toml:2)",
        "still has the member `two` (pyproject.toml)",
    ]
    assert changes(root, place) == known
    assert changes(root, "m/three")[0] == known[0]


def test_the_pythons_of_all_members_count(root: Path) -> None:
    write(root / "m/two/pyproject.toml", MEMBER.format("two", '"six"').replace(">=3.9", ">=3.10"))
    assert changes(root) == ["was made for Python >=3.9, not for >=3.9,>=3.10 (pyproject.toml:4)"]


def test_a_project_alone(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", MEMBER.format("all", '"idna"').replace(">=3.9", ">=3.12"))
    project = Project(str(tmp_path), f"{tmp_path}/pyproject.toml", str(tmp_path), manager=ProjectManager.UV)
    manifest = read_toml(f"{tmp_path}/pyproject.toml")
    lock = parse_toml("uv.lock", 'version = 1\nrequires-python = ">=3.9"\n' + PACKAGE.format("all", ".", ""))
    assert [text for text, _ in uv_changes(project, parse(manifest), lock, None)] == [
        "does not know `idna`",
        "was made for Python >=3.9, not for >=3.12",
    ]
