from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.dependencies.poetry_manifests import faults
from envdoctor.system.toml import Document, parse_toml

HEAD = """\
[tool.poetry]
name = "app"
version = "1"
description = ""
authors = []
package-mode = false
[tool.poetry.dependencies]
python = ">=3.9"
"""
SOURCE = "[[tool.poetry.source]]\nname = 'x'\n"
URL = "url = 'https://x.example'\n"
# what `poetry check` of 1.8.5 and of the newest refuse, by what is exchanged for what; the clinic asks them
SICK = {
    "an unknown key": ("package-mode", "foo = 1\npackage-mode", (6, "additional properties are not allowed (`foo`")),
    "a version": ('"1"', '"one"', (3, "invalid version `one`")),
    "a mode": ("false", '"no"', (6, "tool.poetry.package-mode must be boolean")),
    "a script": (
        "[tool.poetry.dep",
        "[tool.poetry.scripts]\nx = 1\n[tool.poetry.dep",
        (8, "tool.poetry.scripts.x must be"),
    ),
    "an extra": (
        "[tool.poetry.dep",
        "[tool.poetry.extras]\nx = 'y'\n[tool.poetry.dep",
        (8, "tool.poetry.extras.x must be ar"),
    ),
    "an extra of nothing": (
        "[tool.poetry.dep",
        "[tool.poetry.extras]\nx = ['no']\n[tool.poetry.dep",
        (8, "cannot find dependency `no` for extra `x` in main dependencies"),
    ),
    "classifiers": ("package-mode", "classifiers = 'x'\npackage-mode", (6, "tool.poetry.classifiers must be array")),
    "keywords": ("package-mode", "keywords = 'x'\npackage-mode", (6, "tool.poetry.keywords must be array")),
    "no README": (
        "package-mode",
        "readme = 'gone.md'\npackage-mode",
        (6, "declared README file does not exist: gone.md"),
    ),
    "an operator alone": ("python", "x = '==='\npython", (8, "could not parse version constraint: ===")),
    "words": ("python", "x = 'not a version'\npython", (8, "could not parse version constraint: not a version")),
    "a word": ("python", "x = {version = 'latest'}\npython", (8, "could not parse version constraint: latest")),
    "two operators": ("python", "x = '~>1'\npython", (8, "could not parse version constraint: ~>1")),
    "a version of letters": ("python", "x = {version = '>=a'}\npython", (8, "could not parse version constraint: >=a")),
    "a number": ("python", "x = 1\npython", (8, "the dependency `x` must be valid by one definition")),
    "no such source": ("python", "x = {version = '*', source = 'no'}\npython", (8, "repository `no` does not exist")),
    "a source without address": ("[tool.poetry.dep", f"{SOURCE}[tool.poetry.dep", (8, "missing [url] in source `x`")),
    "a priority": (
        "[tool.poetry.dep",
        f"{SOURCE}{URL}priority = 'first'\n[tool.poetry.dep",
        (8, "the priority of source `x` must be one of primary"),
    ),
    "a source twice": (
        "[tool.poetry.dep",
        f"{SOURCE}{URL}{SOURCE}{URL}[tool.poetry.dep",
        (8, "a repository with name x was already added"),
    ),
}
HEALTHY = {
    "nothing": ("", ""),
    "constraints": ("python", "x = '^1.2 || ~2'\nz = '>=v1,<2'\ny = 'x'\nw = '^ 1.0-beta.2, !=1.*'\npython"),
    "an optional dependency": (
        "[tool.poetry.dependencies]",
        "[tool.poetry.extras]\nx = ['foo-bar']\n[tool.poetry.dependencies]\nFoo_Bar = {version = '*', optional = true}",
    ),
    "a source": ("[tool.poetry.dep", f"{SOURCE}{URL}priority = 'explicit'\n[tool.poetry.dep"),
    "scripts": ("[tool.poetry.dep", "[tool.poetry.scripts]\nx = 'y:z'\n[tool.poetry.dep"),
}


def said(root: Path, text: str, version: tuple[int, ...] | None = (2, 5, 1)) -> list[tuple[int, str]]:
    document = Document(f"{root}/p", text, parse_toml("p", text))
    found = ((document.origin(*place).rpartition(":")[2], why) for place, why in faults(document, version))
    return [(int(line), why) for line, why in found]


@pytest.mark.parametrize("name", SICK)
def test_what_poetry_refuses(tmp_path: Path, name: str) -> None:
    old, new, (line, reason) = SICK[name]
    [(number, why)] = said(tmp_path, HEAD.replace(old, new, 1))
    assert (number, why[: len(reason)]) == (line, reason)


@pytest.mark.parametrize("name", HEALTHY)
def test_what_poetry_admits(tmp_path: Path, name: str) -> None:
    old, new = HEALTHY[name]
    assert said(tmp_path, HEAD.replace(old, new, 1)) == []


def test_a_classifier_that_nobody_knows_stops_no_install(tmp_path: Path) -> None:
    """Only `poetry check` and a server say something of it."""
    assert said(tmp_path, HEAD.replace("package-mode", "classifiers = ['Pythn :: 3']\npackage-mode")) == []


def test_a_path_that_is_gone(tmp_path: Path) -> None:
    text = f"{HEAD}x = {{path = 'lib'}}\n"
    assert said(tmp_path, text) == [(9, "path lib for x does not exist")]
    (tmp_path / "lib").mkdir()
    assert said(tmp_path, text) == []


@pytest.mark.parametrize("version", [None, (2, 6)])
def test_a_poetry_that_nobody_knows_may_know_another_key(tmp_path: Path, version: tuple[int, ...] | None) -> None:
    assert said(tmp_path, HEAD.replace("package-mode", "foo = 1\npackage-mode"), version) == []


@pytest.mark.parametrize(
    ("required", "version", "count"),
    [(">=99", (2, 5, 1), 1), (">=2.0,<3", (2, 5, 1), 0), ("^1.8", (2, 0), 1), (">=99", None, 0), ("odd", (2, 5, 1), 0)],
)
def test_the_poetry_that_is_asked_for(
    tmp_path: Path, required: str, version: tuple[int, ...] | None, count: int
) -> None:
    text = HEAD.replace("package-mode", f"requires-poetry = '{required}'\npackage-mode")
    assert len(said(tmp_path, text, version)) == count


@pytest.mark.parametrize(("version", "count"), [((1, 8, 5), 0), ((2, 1, 4), 1), (None, 1)])
def test_a_project_is_read_by_poetry_2(tmp_path: Path, version: tuple[int, ...] | None, count: int) -> None:
    assert len(said(tmp_path, '[project]\nname = "app"\nversion = "one"\n', version)) == count
