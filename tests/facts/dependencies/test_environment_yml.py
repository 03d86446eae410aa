from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.dependencies.environment_yml import (
    CondaSpec,
    EnvironmentFile,
    fits,
    parse,
    probe_environment_file,
)
from envdoctor.facts.project.environment import EnvironmentSource, ProjectEnvironment
from envdoctor.facts.project.project import (
    Claim,
    ClaimKind,
    Project,
    ProjectManager,
)
from envdoctor.facts.project.pyproject import Dependency
from envdoctor.system.files import Unreadable

TEXT = """\
name: ml
channels: [conda-forge]
dependencies:
  - python=3.11
  - conda-forge::numpy >=1.26,<3
  - pytorch=2.1=py311_cuda
  - FFmpeg 6.1 h_0
  - __glibc
  - pip
  - pip:
      - rich>=13
      - -r requirements.txt
"""


def look(root: Path, text: str, **changes: object) -> EnvironmentFile:
    (root / "environment.yml").write_text(text)
    claim = Claim(ProjectManager.CONDA, ClaimKind.FILE, str(root / "environment.yml"))
    environment = ProjectEnvironment(
        root=str(root / "envs/ml"),
        source=EnvironmentSource.ACTIVE,
        python="p",
        version=(3, 11, 7),
        is_conda=True,
        is_venv=False,
    )
    return probe_environment_file(Project(str(root), claims=(claim,)), msgspec.structs.replace(environment, **changes))


def test_what_is_asked_for_and_what_conda_has(tmp_path: Path) -> None:
    meta = tmp_path / "envs/ml/conda-meta"
    meta.mkdir(parents=True)
    for record in ("python-3.11.7-h_0.json", "ffmpeg-6.1.1-h_0.json", "numpy-1.25.0-py_0.json", "history"):
        (meta / record).touch()
    path = f"{tmp_path}/environment.yml"
    seen = look(tmp_path, TEXT)
    assert seen == EnvironmentFile(
        path,
        "ml",
        (
            CondaSpec("python", "=3.11", f"{path}:4", "3.11.7"),
            CondaSpec("numpy", ">=1.26,<3", f"{path}:5", "1.25.0"),
            CondaSpec("pytorch", "=2.1", f"{path}:6"),
            CondaSpec("FFmpeg", "6.1", f"{path}:7", "6.1.1"),
            CondaSpec("pip", "", f"{path}:9"),
        ),
        (Dependency("rich>=13", f"{path}:11"),),
    )
    assert [spec.name for spec in seen.specs if not spec.is_met] == ["numpy", "pytorch", "pip"]


@pytest.mark.parametrize(
    ("version", "wanted", "answer"),
    [
        ("1.26.4", "", True),
        ("1.26.4", "=1.26", True),
        ("1.26.4", "1.26.*", True),
        ("1.26.4", "=1.2", False),
        ("1.26.4", "==1.26", False),
        ("1.26", "==1.26", True),
        ("1.26.4", ">=1.20,<2", True),
        ("1.26.4", "<1|>1.25", True),
        ("1.26.4", "!=1.26.4", False),
        ("2024a", ">=2023", True),
        ("1.1.1w", "=1.1.1", None),
        ("1.0", "odd", None),
    ],
)
def test_versions_of_conda(version: str, wanted: str, answer: bool | None) -> None:
    assert fits(version, wanted) is answer


def test_a_file_for_another_environment_is_not_judged(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="is for the environment other"):
        look(tmp_path, "name: other\n")
    with pytest.raises(Unavailable, match="which is not active"):
        look(tmp_path, TEXT, is_conda=False)
    with pytest.raises(Unavailable, match="of any name"):
        look(tmp_path, "dependencies: [python]\n")
    environment = ProjectEnvironment(root="/e", source=EnvironmentSource.OWN, python="p", version=(3, 11))
    with pytest.raises(Unavailable, match=r"no environment\.yml"):
        probe_environment_file(Project(str(tmp_path)), environment)


@pytest.mark.parametrize("text", ["", "[]", "name: [x]\ndependencies: 3\n", "dependencies: [[x], {pip: 3}, {a: b}]\n"])
def test_odd_shapes_ask_for_nothing(text: str) -> None:
    assert parse("p", text) == ("", (), ())


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("name: x\ndependencies: [\n", "p:3: "),
        ("a: b: c\n", "p:1: "),
        ("[" * 5000, "p:1: nested too deeply"),
        ("a: \x07", "p: unacceptable character"),
    ],
)
def test_malformed_files_say_where(text: str, problem: str) -> None:
    with pytest.raises(Unreadable, match=problem):
        parse("p", text)


def test_numbers_of_thousands_of_digits_cannot_be_compared() -> None:
    assert fits("1.0", f">={'9' * 5000}") is None
    assert fits("9" * 5000, "=1.0") is None


def test_keys_that_are_tangles_of_anchors_are_no_names() -> None:
    rows = ["a: &a0 [x, x]", *(f"b{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40)), "? *a39\n: y"]
    assert parse("environment.yml", "\n".join(rows)) == ("", (), ())
