from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.dependencies.refusal import RefusalKind
from envdoctor.facts.project.project import ProjectManager
from tests.clinic.projects import write
from tests.facts.dependencies.refusals_world import CONFLICT, PROJECT, refused

UV, POETRY, PIP, CONDA = ProjectManager.UV, ProjectManager.POETRY, ProjectManager.PIP, ProjectManager.CONDA


@pytest.mark.parametrize(
    ("name", "manager"),
    [
        ("pyproject.toml", UV),
        ("pyproject.toml", PIP),
        ("uv.lock", UV),
        ("poetry.lock", POETRY),
        ("poetry.toml", POETRY),
        ("pdm.toml", ProjectManager.PDM),
        ("Pipfile", ProjectManager.PIPENV),
        ("Pipfile.lock", ProjectManager.PIPENV),
        ("requirements.txt", PIP),
        ("environment.yml", ProjectManager.CONDA),
    ],
)
def test_a_conflict_is_told_from_other_faults(tmp_path: Path, name: str, manager: ProjectManager) -> None:
    write(tmp_path / name, CONFLICT)
    [found] = refused(tmp_path, manager)
    assert (found.kind, found.line) == (RefusalKind.CONFLICT, 1)
    assert found.said == "it has an unresolved merge conflict (`<<<<<<< HEAD`)"
    assert found.is_lock == name.endswith(".lock")
    assert not found.resumable


@pytest.mark.parametrize(
    ("manager", "version", "since"),
    [(UV, (0, 9, 21), ""), (POETRY, (0, 13, 9), ", and Python reads that from 3.15 on"), (UV, (0, 9, 22), None)],
)
def test_a_newer_toml(tmp_path: Path, manager: ProjectManager, version: tuple[int, ...], since: str | None) -> None:
    write(tmp_path / "pyproject.toml", f"{PROJECT}[tool.x]\na = {{\n  b = 1,\n}}\n")
    found = [(one.kind, one.line, one.said) for one in refused(tmp_path, manager, version)]
    said = f"Invalid initial character for a key part; only TOML 1.1 allows it{since}"
    assert found == ([] if since is None else [(RefusalKind.NEWER, 5, said)])


def test_conda_and_pip_speak_for_themselves(tmp_path: Path) -> None:
    write(tmp_path / "environment.yml", "a: [\n")
    write(tmp_path / "requirements.txt", "-r gone.txt\n")
    pip, conda = refused(tmp_path)
    assert (pip.tool, pip.line, pip.said) == ("pip", 1, f"{tmp_path}/gone.txt: no such file or directory")
    assert (conda.tool, conda.line) == ("conda", 2)


def test_what_is_misspelt_is_named_first_and_a_fault_before_both(tmp_path: Path) -> None:
    text = "extras: []\nchannel: [a]\ndependencies: [python]\n"
    write(tmp_path / "environment.yml", text)
    [conda] = refused(tmp_path, CONDA)
    assert (conda.line, conda.kind) == (2, RefusalKind.MISSPELT)
    assert conda.said == "the section `channel` is invalid and will be ignored; `channels` may be meant"
    write(tmp_path / "environment.yml", text.replace("channel: [a]\n", ""))
    assert [(one.line, one.kind) for one in refused(tmp_path, CONDA)] == [(1, RefusalKind.IGNORED)]
    write(tmp_path / "environment.yml", text.replace("[python]", "python"))
    assert [(one.line, one.kind) for one in refused(tmp_path, CONDA)] == [(3, RefusalKind.SYNTAX)]


def test_a_file_of_somebody_else_is_not_judged(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").mkdir()
    write(tmp_path / "environment.yml", "")
    assert [(refusal.path, refusal.said) for refusal in refused(tmp_path)] == [
        (f"{tmp_path}/environment.yml", "it is empty")
    ]


def test_what_is_too_much_for_envdoctor_is_not_too_much_for_pip(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_bytes(b"#" * 4_000_001)
    assert refused(tmp_path, PIP) == []
    write(tmp_path / "requirements.txt", "".join(f"-r {number}.txt\n" for number in range(60)))
    for number in range(60):
        write(tmp_path / f"{number}.txt", "")
    assert refused(tmp_path, PIP) == []


def test_each_manager_refuses_in_its_own_name(tmp_path: Path) -> None:
    pdm, pipenv = ProjectManager.PDM, ProjectManager.PIPENV
    write(tmp_path / "pyproject.toml", f"{PROJECT}[[tool.pdm.source]]\n")
    write(tmp_path / "Pipfile", "[packages]\nfoo = ['1']\n")
    for manager, name in ((pdm, "pyproject.toml"), (pipenv, "Pipfile")):
        [found] = refused(tmp_path, manager)
        assert (found.tool, found.path, found.kind) == (manager.value, f"{tmp_path}/{name}", RefusalKind.CONTENT)
