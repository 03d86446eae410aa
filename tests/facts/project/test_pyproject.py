from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.project.project import Project
from envdoctor.facts.project.pyproject import (
    Dependency,
    DependencySet,
    Pyproject,
    RequiresPython,
    parse,
    probe_pyproject,
)
from envdoctor.system.toml import Document, parse_toml


def read(text: str) -> Pyproject:
    return parse(Document("p", text, parse_toml("p", text)))


def test_the_standard_form() -> None:
    text = """\
[build-system]
requires = ["hatchling"]

[project]
name = "My_App"
requires-python = ">=3.11"
dynamic = ["version"]
dependencies = [
    "httpx[socks]>=0.27",
    'tomli; python_version < "3.11"',
]

[project.optional-dependencies]
Web_UI = ["flask"]
"""
    assert read(text) == Pyproject(
        "p",
        "My_App",
        RequiresPython(">=3.11", (">=3.11",), "p:6"),
        (Dependency("httpx[socks]>=0.27", "p:9"), Dependency('tomli; python_version < "3.11"', "p:10")),
        (),
        (DependencySet("web-ui", (Dependency("flask", "p:14"),)),),
        ("version",),
        builds=True,
    )


def test_the_form_of_poetry() -> None:
    text = """\
[tool.poetry]
name = "app"

[tool.poetry.dependencies]
python = "^3.9 || ~2.7"
httpx = "^0.27"
rich = { version = "*", optional = true }

[tool.poetry.group.dev.dependencies]
pytest = "*"

[tool.poetry.group.docs]
optional = true
[tool.poetry.group.docs.dependencies]
sphinx = "7.*"

[tool.poetry.dev-dependencies]
mypy = "*"
"""
    seen = read(text)
    assert seen.requires_python == RequiresPython("^3.9 || ~2.7", (">=3.9,<4", ">=2.7,<2.8"), "p:5")
    assert seen.dependencies == (Dependency("httpx>=0.27,<0.28", "p:6"),)
    assert seen.groups == (
        DependencySet("dev", (Dependency("pytest", "p:10"),), default=True),
        DependencySet("docs", (Dependency("sphinx==7.*", "p:15"),)),
        DependencySet("dev", (Dependency("mypy", "p:18"),), default=True),
    )
    assert not seen.builds


def test_the_standard_wins_where_poetry_only_adds_to_it() -> None:
    standard = '[project]\nname="a"\nrequires-python=">=3.10"\ndependencies=["x>1"]\n'
    seen = read(standard + "[tool.poetry.dependencies]\nx={source='y'}\n")
    assert seen.dependencies == (Dependency("x>1", "p:4"),)
    assert seen.requires_python == RequiresPython(">=3.10", (">=3.10",), "p:3")


def test_groups_include_others() -> None:
    text = """\
[dependency-groups]
dev = [{include-group = "Test_1"}, "ruff"]
test-1 = ["pytest", {include-group = "typing"}]
typing = ["mypy"]
[tool.uv]
default-groups = ["TEST.1"]
"""
    pytest_, mypy, ruff = Dependency("pytest", "p:3"), Dependency("mypy", "p:4"), Dependency("ruff", "p:2")
    assert read(text).groups == (
        DependencySet("dev", (pytest_, mypy, ruff)),
        DependencySet("test-1", (pytest_, mypy), default=True),
        DependencySet("typing", (mypy,)),
    )


@pytest.mark.parametrize(
    ("items", "problem"),
    [
        ('[{include-group = "b"}]', "p:2: detected a cycle in `dependency-groups`: `b` -> `b`"),
        ('[{include-group = "c"}]', "p:2: failed to find group `c` included by `a`"),
        ("[{x = 1}]", "p:2: failed to find group `{'x': 1}` included by `a`"),
        ("[7]", "p:2: failed to find group `7` included by `a`"),
    ],
)
def test_a_group_that_cannot_be_resolved_says_why(items: str, problem: str) -> None:
    groups = read(f"[dependency-groups]\na = {items}\nb = [{{include-group = 'b'}}]\n").groups
    assert groups[0].problem == problem


def test_groups_of_older_managers() -> None:
    text = '[tool.uv]\ndev-dependencies = ["a"]\n[tool.pdm.dev-dependencies]\nlint = ["b"]\n'
    assert read(text).groups == (
        DependencySet("dev", (Dependency("a", "p:2"),), default=True),
        DependencySet("lint", (Dependency("b", "p:4"),), default=True),
    )
    assert read('[dependency-groups]\nx = []\n[tool.uv]\ndefault-groups = "all"\n').groups[0].default
    # uv locks an empty group for it
    assert read("[tool.uv]\ndev-dependencies = []\n").groups == (DependencySet("dev", (), default=True),)


@pytest.mark.parametrize(
    "text",
    [
        "project = 1\n",
        "[project]\nname = 1\nrequires-python = 3.11\ndependencies = 'x'\ndynamic = 'x'\n",
        "[project]\ndependencies = [1, {}]\n[project.optional-dependencies]\na = 1\n",
        "[tool]\npoetry = 'x'\nuv = 1\n",
        "[tool.poetry.dependencies]\npython = 3\n[tool.poetry.group]\nx = 1\n",
        "[dependency-groups]\na = 'x'\n",
    ],
)
def test_values_of_a_wrong_kind_are_passed_over(text: str) -> None:
    seen = read(text)
    assert (seen.name, seen.requires_python, seen.dependencies) == (None, None, ())


def test_a_malformed_file_says_where(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text("[project]\nname = \n")
    with pytest.raises(Unavailable, match=r"pyproject\.toml:2: Invalid value"):
        probe_pyproject(Project(str(tmp_path), str(path)))
    with pytest.raises(Unavailable, match=r"has no pyproject\.toml"):
        probe_pyproject(Project(str(tmp_path)))
