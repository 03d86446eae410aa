"""Where poetry is said to work is where the real poetry says it works: a table of configurations, each put to both."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.project.poetry import (
    PoetryChoice,
    PoetryEnvironment,
    environment_name,
    probe_poetry_environment,
)
from envdoctor.facts.project.project import probe_project
from envdoctor.facts.project.pyproject import probe_pyproject
from tests.builders import make_active_python
from tests.clinic.forked import Loaded
from tests.support import make_session, needs_tool

MANIFEST = """\
[tool.poetry]
name = "My_App Two"
version = "0"
package-mode = false
[tool.poetry.dependencies]
python = "*"
"""
MINOR = f"3.{sys.version_info[1]}"
TEMPLATE = f"NAME-py{MINOR}"


class Home:
    """A home directory with a poetry project, and a `python` of one minor version first on the search path."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.project = root / "project"
        self.project.mkdir(parents=True)
        (self.project / "pyproject.toml").write_text(MANIFEST)
        self.name = environment_name("My_App Two", str(self.project))
        self.bin = root / "bin"
        self.bin.mkdir()
        (self.bin / "python").symlink_to(needs_tool("python"))

    def make(self, place: str) -> str:
        """A directory that poetry takes for an environment."""
        path = self.root / place.replace("NAME", self.name)
        (path / "bin").mkdir(parents=True)
        return str(path)

    def write(self, place: str, text: str) -> None:
        path = self.root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("NAME", self.name))

    def env(self, **variables: str) -> dict[str, str]:
        changed = {name: value.replace("ROOT", str(self.root)) for name, value in variables.items()}
        return {"HOME": str(self.root), "PATH": f"{self.bin}:{os.defpath}", **changed}

    def said(self, **variables: str) -> PoetryEnvironment:
        session = make_session(self.env(**variables), cwd=self.project)
        project = probe_project(session)
        python = make_active_python(str(self.root), version=(3, sys.version_info[1], 0))
        return probe_poetry_environment(session, project, probe_pyproject(project), python)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture(scope="module")
def poetry() -> Iterator[Loaded]:
    loading = ("poetry.plugins.plugin_manager", "poetry.installation.installer", "poetry.console.application")
    with Loaded("poetry", "poetry.console.application:main", loading) as poetry:
        yield poetry


CONFIG = ".config/pypoetry/config.toml"
CACHE = f".cache/pypoetry/virtualenvs/NAME-py{MINOR}"
ROWS: list[tuple[list[str], dict[str, str], dict[str, str], str | None]] = [
    # (environments, files, variables, what poetry chooses)
    ([], {}, {}, None),
    ([CACHE], {}, {}, CACHE),
    ([CACHE, ".cache/pypoetry/virtualenvs/NAME-py3.9"], {}, {}, CACHE),
    ([".cache/pypoetry/virtualenvs/NAME-py3.9"], {}, {}, None),
    ([CACHE, "project/.venv"], {}, {}, "project/.venv"),
    ([CACHE, "project/.venv"], {}, {"POETRY_VIRTUALENVS_IN_PROJECT": "false"}, CACHE),
    ([CACHE, "project/.venv"], {"project/poetry.toml": "[virtualenvs]\nin-project = false\n"}, {}, CACHE),
    (["project/.venv"], {}, {"VIRTUAL_ENV": "ROOT/other"}, "other"),
    (["project/.venv"], {}, {"VIRTUAL_ENV": "ROOT/other", "CONDA_DEFAULT_ENV": "base"}, "project/.venv"),
    (["project/.venv"], {}, {"CONDA_PREFIX": "ROOT/conda/envs/ml", "CONDA_DEFAULT_ENV": "ml"}, "conda/envs/ml"),
    (["project/.venv"], {}, {"CONDA_PREFIX": "ROOT/conda", "CONDA_DEFAULT_ENV": "base"}, "project/.venv"),
    (
        ["project/.venv"],
        {},
        {"VIRTUAL_ENV": "", "CONDA_PREFIX": "ROOT/conda", "CONDA_DEFAULT_ENV": "m"},
        "project/.venv",
    ),
    ([f"places/{TEMPLATE}"], {CONFIG: '[virtualenvs]\npath = "~/places"\n'}, {}, f"places/{TEMPLATE}"),
    ([f"c/virtualenvs/{TEMPLATE}"], {CONFIG: 'cache-dir = "ROOT/c"\n'}, {}, f"c/virtualenvs/{TEMPLATE}"),
    ([f"x/pypoetry/virtualenvs/{TEMPLATE}"], {}, {"XDG_CACHE_HOME": "ROOT/x"}, f"x/pypoetry/virtualenvs/{TEMPLATE}"),
    ([f"p/{TEMPLATE}"], {}, {"POETRY_VIRTUALENVS_PATH": "ROOT/p"}, f"p/{TEMPLATE}"),
    (
        [CACHE, ".cache/pypoetry/virtualenvs/NAME-py3.9"],
        {".cache/pypoetry/virtualenvs/envs.toml": '["NAME"]\nminor = "3.9"\npatch = "3.9.18"\n'},
        {"VIRTUAL_ENV": "ROOT/other"},
        ".cache/pypoetry/virtualenvs/NAME-py3.9",
    ),
]


@pytest.mark.clinic
@pytest.mark.parametrize(("environments", "files", "variables", "choice"), ROWS)
def test_poetry_chooses_what_is_said(
    home: Home,
    poetry: Loaded,
    environments: list[str],
    files: dict[str, str],
    variables: dict[str, str],
    choice: str | None,
) -> None:
    home.make("other")
    home.make("conda/envs/ml")
    for place in environments:
        home.make(place)
    for place, text in files.items():
        home.write(place, text.replace("ROOT", str(home.root)))
    expected = choice and str(home.root / choice.replace("NAME", home.name))
    assert home.said(**variables).root == expected
    real = poetry.says(home.project, home.env(**variables), "env", "info", "-p", "--no-ansi")
    assert (real or None) == expected


def test_the_reasons_are_named(home: Home) -> None:
    cached, local, other = home.make(CACHE), home.make("project/.venv"), home.make("other")
    assert home.said() == PoetryEnvironment(PoetryChoice.IN_PROJECT, local, (local, cached))
    assert home.said(VIRTUAL_ENV=other, CONDA_DEFAULT_ENV="base") == PoetryEnvironment(
        PoetryChoice.IN_PROJECT, local, (local, cached), ignored=other
    )
    assert home.said(VIRTUAL_ENV=other).choice is PoetryChoice.VIRTUAL_ENV
    assert home.said(CONDA_PREFIX=other).choice is PoetryChoice.CONDA_PREFIX
    outside = {"POETRY_VIRTUALENVS_IN_PROJECT": "0"}
    assert home.said(**outside) == PoetryEnvironment(PoetryChoice.CACHED, cached, (cached,))
    assert home.said(**outside, POETRY_VIRTUALENVS_CREATE="false").choice is PoetryChoice.NO_CREATION
    home.write(".cache/pypoetry/virtualenvs/envs.toml", '["NAME"]\nminor = "3.8"\n')
    assert home.said(**outside, VIRTUAL_ENV=other) == PoetryEnvironment(PoetryChoice.NOT_MADE, None, (cached,))
    assert home.said().chosen_once


def test_malformed_configuration_counts_as_none(home: Home) -> None:
    home.write("project/poetry.toml", "[virtualenvs\n")
    home.write(".config/pypoetry/config.toml", "virtualenvs = 1\ncache-dir = 7\n")
    assert home.said().choice is PoetryChoice.NOT_MADE


def test_no_project_of_poetrys(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("")
    session = make_session(cwd=tmp_path)
    with pytest.raises(Unavailable):
        probe_poetry_environment(session, probe_project(session), None, None)
