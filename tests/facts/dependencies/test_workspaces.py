from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.dependencies.workspaces import contradictions, faults
from tests.clinic.projects import write
from tests.facts.dependencies.refusals_world import PROJECT, said


def member(root: Path, *files: str, exclude: str = "", git: bool = False) -> Path:
    write(
        root / "pyproject.toml",
        f"{PROJECT}[tool.uv.workspace]\nmembers = ['packages/*']\nexclude = [{exclude}]\n",
    )
    (root / "packages/a").mkdir(parents=True)
    for name in files:
        write(root / "packages/a" / name, PROJECT.replace("app", "a") if name == "pyproject.toml" else "")
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


NESTED = "nested workspaces are not supported, but the member has a `tool.uv.workspace` table: {}"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (PROJECT.replace("app", "a"), 0, ""),
        ("[tool.uv]\nmanaged = false\n", 0, ""),
        (f"{PROJECT.replace('app', 'a')}[tool.uv.workspace]\nmembers = []\n", 5, NESTED),
        ("[tool.uv]\n", 0, "no `project` table found in the workspace member: {}/pyproject.toml"),
        ("[project\n", 1, "Expected ']' at the end of a table declaration"),
        (PROJECT.replace("app", "App"), 2, "two workspace members are both named `app`: `{root}` and `{}`"),
    ],
)
def test_members_that_cannot_be_in_one_workspace(tmp_path: Path, text: str, line: int, said: str) -> None:
    member(tmp_path)
    write(tmp_path / "packages/a/pyproject.toml", text)
    path = f"{tmp_path}/packages/a"
    expected = [(f"{path}/pyproject.toml", line, said.format(path, root=tmp_path))] if said else []
    assert list(contradictions(str(tmp_path))) == expected


def test_members_are_looked_for_inside_alone_and_not_without_end(tmp_path: Path) -> None:
    root = tmp_path / "[a] work"
    for name in ("x", *(f"many/{n}" for n in range(20))):
        (root / name).mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    (root / "pyproject.toml").write_text(f"[tool.uv.workspace]\nmembers = ['../*', '{tmp_path}/*', 'x']\n")
    assert [said.partition(" is ")[0] for _, _, said in faults(str(root), (0, 9))] == [f"workspace member `{root}/x`"]
    (root / "pyproject.toml").write_text("[tool.uv.workspace]\nmembers = ['many/*']\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("envdoctor.facts.dependencies.workspaces.MOST", 5)
        assert len(list(faults(str(root), (0, 9)))) == 5
