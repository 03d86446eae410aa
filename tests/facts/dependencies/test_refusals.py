from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.dependencies.refusals import Refusal, RefusalKind, probe_project_refusals
from envdoctor.facts.project.project import Claim, ClaimKind, Project, ProjectManager
from envdoctor.facts.project.pyproject import probe_pyproject
from envdoctor.facts.project.requirements_txt import probe_requirements
from envdoctor.facts.uv.installations import UvCopies, UvCopy
from tests.clinic.projects import write

UV, POETRY, PIP = ProjectManager.UV, ProjectManager.POETRY, ProjectManager.PIP
LOCK = 'version = {}\nrequires-python = ">=3.9"\n'
CONFLICT = "<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> other\n"
INCLUDES = "[dependency-groups]\nd = [{include-group = 'no'}]\n"
PROJECT = '[project]\nname = "app"\nversion = "1"\n'


def copies(*version: int) -> UvCopies:
    return UvCopies((UvCopy("/bin/uv", "/bin/uv", version),))


def refused(root: Path, manager: ProjectManager = UV, version: tuple[int, ...] = (0, 13, 9)) -> list[Refusal]:
    """What is refused of the files in a directory."""
    names = {"uv.lock": UV, "poetry.lock": POETRY, "Pipfile.lock": ProjectManager.PIPENV}
    locks = [Claim(owner, ClaimKind.LOCK, str(root / name)) for name, owner in names.items() if (root / name).exists()]
    files = {"Pipfile": ProjectManager.PIPENV, "poetry.toml": POETRY, "environment.yml": ProjectManager.CONDA}
    own = [Claim(owner, ClaimKind.FILE, str(root / name)) for name, owner in files.items() if (root / name).exists()]
    manifest = str(root / "pyproject.toml") if (root / "pyproject.toml").exists() else None
    project = Project(str(root), manifest, str(root), (*locks, *own), manager)
    try:
        pyproject = probe_pyproject(project)
    except Unavailable:
        pyproject = None
    requirements = probe_requirements(project) if (root / "requirements.txt").exists() else None
    found = probe_project_refusals(project, pyproject, requirements, copies(*version)).refusals
    return list(found)


def said(root: Path, manager: ProjectManager = UV, version: tuple[int, ...] = (0, 13, 9)) -> list[tuple[int, str]]:
    return [(refusal.line, refusal.said) for refusal in refused(root, manager, version)]


@pytest.mark.parametrize(
    ("name", "manager"),
    [
        ("pyproject.toml", UV),
        ("pyproject.toml", PIP),
        ("uv.lock", UV),
        ("poetry.lock", POETRY),
        ("poetry.toml", POETRY),
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


def test_git_knows_the_lock_while_it_waits(tmp_path: Path) -> None:
    write(tmp_path / ".git/MERGE_HEAD", "x")
    write(tmp_path / "app/uv.lock", CONFLICT)
    [found] = refused(tmp_path / "app")
    assert found.resumable


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("[project]\nname = \n", 2, "Invalid value"),
        (
            f"{PROJECT}[dependency-groups]\nd = [{{include-group = 'no'}}]\n",
            5,
            "failed to find group `no` included by `d`",
        ),
        (f"{PROJECT}dependencies = [\n'x==',\n]\n", 5, "`x==` is no requirement"),
        (f"{PROJECT}[dependency-groups]\nd = ['x==']\n", 5, "`x==` is no requirement"),
        (f"{PROJECT}requires-python = '3.9+'\n", 4, "`3.9+` is no version specifier"),
        (f"{PROJECT}[tool.uv]\ndefault-groups = ['no']\n", 5, "default group `no` is not defined"),
        ("[project]\nname = 'a'\n", 0, "the required `project.version` field is neither set nor present"),
        ("[project]\nversion = '1'\n", 0, "the required `project.name` field is not set"),
    ],
)
def test_a_manifest_of_uv(tmp_path: Path, text: str, line: int, reason: str) -> None:
    write(tmp_path / "pyproject.toml", text)
    [(number, why)] = said(tmp_path)
    assert (number, why[: len(reason)]) == (line, reason)


@pytest.mark.parametrize(
    ("text", "manager"),
    [
        (PROJECT, UV),
        ("[project]\nname = 'a'\ndynamic = ['version']\n", UV),
        ("[project]\nname = 'a'\n", PIP),
        ("[tool.uv]\ndefault-groups = ['dev']\n", UV),
        ("[tool.uv]\ndefault-groups = 'all'\n", UV),
        (f"{PROJECT}{INCLUDES}", ProjectManager.PDM),
    ],
)
def test_a_manifest_that_is_admitted(tmp_path: Path, text: str, manager: ProjectManager) -> None:
    write(tmp_path / "pyproject.toml", text)
    assert said(tmp_path, manager) == []


def test_a_newer_schema_and_a_newer_revision(tmp_path: Path) -> None:
    write(tmp_path / "uv.lock", LOCK.format(2))
    assert said(tmp_path) == [(0, "uses an unsupported schema version (v2, but only v1 is supported)")]
    assert said(tmp_path, version=(0, 99, 0)) == []
    write(tmp_path / "uv.lock", LOCK.format("1\nrevision = 99"))
    assert said(tmp_path) == []


@pytest.mark.parametrize(("version", "count"), [("3.0", 1), ("2.9", 0), ("1.0", 0), ("x", 0)])
def test_a_newer_lock_of_poetry(tmp_path: Path, version: str, count: int) -> None:
    write(tmp_path / "poetry.lock", f'[metadata]\nlock-version = "{version}"\n')
    assert len(said(tmp_path, POETRY)) == count


def member(root: Path, *files: str, exclude: str = "", git: bool = False) -> Path:
    write(
        root / "pyproject.toml",
        f"{PROJECT}[tool.uv.workspace]\nmembers = ['packages/*']\nexclude = [{exclude}]\n",
    )
    (root / "packages/a").mkdir(parents=True)
    for name in files:
        write(root / "packages/a" / name, "")
    if git:
        (root / ".git").mkdir()
        write(root / ".gitignore", "# x\n__pycache__/\n/build\n*.log\n")
    return root


def test_a_member_without_a_manifest(tmp_path: Path) -> None:
    [(line, why)] = said(member(tmp_path, "x.py"))
    path = tmp_path / "packages/a"
    assert (line, why) == (5, f"workspace member `{path}` is missing a `pyproject.toml` (matches: `packages/*`)")


@pytest.mark.parametrize(
    ("files", "exclude", "git", "version", "refuses"),
    [
        (("pyproject.toml",), "", False, (0, 13, 9), False),
        ((), "", False, (0, 13, 9), False),
        ((), "", False, (0, 9, 30), True),
        (("x.py",), "'packages/a'", False, (0, 13, 9), False),
        (("__pycache__/x.pyc", "build/y", "z.log"), "", True, (0, 13, 9), False),
        (("__pycache__/x.pyc",), "", False, (0, 13, 9), True),
        (("__pycache__/x.pyc", "x.py"), "", True, (0, 13, 9), True),
    ],
)
def test_what_counts_as_a_member(
    tmp_path: Path, files: tuple[str, ...], exclude: str, git: bool, version: tuple[int, ...], refuses: bool
) -> None:
    assert bool(said(member(tmp_path, *files, exclude=exclude, git=git), version=version)) == refuses


def test_conda_and_pip_speak_for_themselves(tmp_path: Path) -> None:
    write(tmp_path / "environment.yml", "a: [\n")
    write(tmp_path / "requirements.txt", "-r gone.txt\n")
    pip, conda = refused(tmp_path)
    assert (pip.tool, pip.line, pip.said) == ("pip", 1, f"{tmp_path}/gone.txt: no such file or directory")
    assert (conda.tool, conda.line) == ("conda", 2)


def test_a_heading_is_no_conflict(tmp_path: Path) -> None:
    write(tmp_path / "environment.yml", "# Heading\n# =======\nname: x\ndependencies:\n- python\n")
    write(tmp_path / "requirements.txt", "# <<<<<<< \nidna\n")
    assert refused(tmp_path) == []


@pytest.mark.parametrize(
    ("content", "line"), [(b"\xff\xfe\0", "a binary file"), (b"x = '\xff'\n", "line 1 is not UTF-8")]
)
def test_what_is_no_text(tmp_path: Path, content: bytes, line: str) -> None:
    (tmp_path / "pyproject.toml").write_bytes(content)
    assert said(tmp_path) == [(0, line)]


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
