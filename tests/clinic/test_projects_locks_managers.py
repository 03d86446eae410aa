"""What poetry, pdm and pipenv say of their locks, in several versions each, and what envdoctor says of the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import pytest

from envdoctor.facts.project.project import ProjectManager
from tests.clinic.managers import NEWEST, Manager, managed_by
from tests.facts.dependencies import test_poetry_manifests
from tests.facts.dependencies.locks_world import look
from tests.facts.dependencies.refusals_world import refused

pytestmark = pytest.mark.clinic

FRESH, STALE, REFUSED = "fresh", "stale", "refused"
POETRY_1 = """\
[tool.poetry]
name = "app"
version = "1"
description = ""
authors = []
package-mode = false
[tool.poetry.dependencies]
python = ">=3.9"
"""
STANDARD = """\
[project]
name = "app"
version = "1"
requires-python = ">=3.9"
dependencies = []
"""
POETRY_2 = f"{STANDARD}[tool.poetry]\npackage-mode = false\n"
PDM = f"{STANDARD}[tool.pdm]\ndistribution = false\n"
PIPFILE = """\
[[source]]
url = "https://mirror.example/simple"
verify_ssl = true
name = "m"
[packages]
[dev-packages]
"""
# what of a manifest is exchanged for what
BOTH = {
    "nothing": ("", ""),
    "a comment": ('version = "1"', 'version = "1" # one'),
    "its version": ('version = "1"', 'version = "2"'),
}
OF_STANDARD = {
    **BOTH,
    "a dependency": ("dependencies = []", 'dependencies = ["idna"]'),
    "the Python": (">=3.9", ">=3.10"),
    "an extra": ("dependencies = []", 'dependencies = []\n[project.optional-dependencies]\nx = ["idna"]'),
    "a group": ("dependencies = []", 'dependencies = []\n[dependency-groups]\ndev = ["idna"]'),
    "a keyword": ("dependencies = []", 'dependencies = []\nkeywords = ["x"]'),
}
OF_POETRY_1 = {
    **BOTH,
    "a dependency": ("python =", 'idna = "*"\npython ='),
    "the Python": (">=3.9", ">=3.10"),
    "a group": ("[tool.poetry.dep", '[tool.poetry.group.dev.dependencies]\nidna = "*"\n[tool.poetry.dep'),
    "an older group": ("[tool.poetry.dep", '[tool.poetry.dev-dependencies]\nidna = "*"\n[tool.poetry.dep'),
    "a script": ("[tool.poetry.dep", '[tool.poetry.scripts]\nx = "y:z"\n[tool.poetry.dep'),
}
OF_PDM = {
    **OF_STANDARD,
    "a source": ("[tool.pdm]", '[[tool.pdm.source]]\nname = "m"\nurl = "https://mirror.example/simple"\n[tool.pdm]'),
    "an older group": ("[tool.pdm]", '[tool.pdm.dev-dependencies]\ndev = ["idna"]\n[tool.pdm]'),
    "overrides": ("[tool.pdm]", '[tool.pdm.resolution.overrides]\nidna = "1"\n[tool.pdm]'),
    "a script": ("[tool.pdm]", '[tool.pdm.scripts]\nx = "y"\n[tool.pdm]'),
}
OF_PIPENV = {
    "nothing": ("", ""),
    "a comment": ("[packages]", "[packages] # none"),
    "a package": ("[packages]", '[packages]\nidna = "*"'),
    "a package of development": ("[dev-packages]", '[dev-packages]\nidna = "*"'),
    "a group": ("[dev-packages]", '[dev-packages]\n[docs]\nidna = "*"'),
    "the Python": ("[dev-packages]", '[dev-packages]\n[requires]\npython_version = "3.11"'),
    "a source": ("mirror.example", "other.example"),
    "a script": ("[dev-packages]", '[dev-packages]\n[scripts]\nx = "y"'),
}
# what of a lock is exchanged for what, by regular expression
OF_LOCK = {"a conflict": (r"\A", "<<<<<<< HEAD\n"), "half of it": (r"(?s)\A(.{60}).*", r"\1")}
OF_TOML_LOCK = {**OF_LOCK, "no hash": (r"(?m)^content.hash = .*\n", "")}
OF_JSON_LOCK = {"no hash": (r'(?s)"hash": \{.*?\}', '"hash": {}')}


class Files(NamedTuple):
    """What a manager calls its files, and the commands that make a lock and compare it."""

    manifest: str
    lock: str
    locks: tuple[str, ...]
    checks: tuple[str, ...]
    stale: str  # what it says of a lock that it would make again


FILES = {
    "poetry": Files("pyproject.toml", "poetry.lock", ("lock",), ("check", "--lock"), "changed significantly"),
    "pdm": Files(
        "pyproject.toml", "pdm.lock", ("lock",), ("lock", "--check"), "packages may be outdated|not compatible with PDM"
    ),
    "pipenv": Files("Pipfile", "Pipfile.lock", ("lock",), ("verify",), "out-of-date"),
}


class Bench:
    """One version of a manager, and a project of which every change is tried in a copy."""

    def __init__(self, name: str, manager: Manager, root: Path, manifest: str) -> None:
        self.name, self.manager, self.root, self.manifest = name, manager, root, manifest
        self.files = FILES[name]
        (root / self.files.manifest).write_text(manifest)
        status, said = manager.does(root, *self.files.locks)
        assert status == 0, said
        self.lock = (root / self.files.lock).read_text()

    def judged(self, what: str, manifest: str, lock: str) -> tuple[str, str]:
        """What the manager says of the copy, and what we say."""
        project = self.root / what.replace(" ", "-")
        project.mkdir()
        (project / self.files.manifest).write_text(manifest)
        (project / self.files.lock).write_text(lock)
        status, said = self.manager.does(project, *self.files.checks)
        truth = FRESH if status == 0 else STALE if re.search(self.files.stale, said) else REFUSED
        if refused(project, ProjectManager(self.name)):
            return truth, REFUSED
        return truth, STALE if look(project).changes else FRESH

    def differences(
        self, changes: dict[str, tuple[str, str]], damages: dict[str, tuple[str, str]]
    ) -> dict[str, tuple[str, str]]:
        """What the two say of each change about which they differ; some of each kind must have been seen."""
        found = {
            what: self.judged(what, self.manifest.replace(*words, 1), self.lock) for what, words in changes.items()
        }
        for what, (old, new) in damages.items():
            found[what] = self.judged(what, self.manifest, re.sub(old, new, self.lock, count=1))
        assert {FRESH, STALE} <= {truth for truth, _ in found.values()}
        return {what: both for what, both in found.items() if both[0] != both[1]}


class Case(NamedTuple):
    """A version of a manager, what is changed under it, and what it is known to see otherwise."""

    name: str
    version: str
    manifest: str
    changes: dict[str, tuple[str, str]]
    damages: dict[str, tuple[str, str]]
    known: Mapping[str, tuple[str, str]] = MappingProxyType({})


CASES = (
    Case("poetry", "1.8.5", POETRY_1, OF_POETRY_1, OF_TOML_LOCK),
    Case("poetry", "2.1.4", POETRY_2, OF_STANDARD, OF_TOML_LOCK),  # the groups of the standard are not in its hash
    Case("poetry", NEWEST, POETRY_2, OF_STANDARD, OF_TOML_LOCK),
    Case("pdm", "2.17.3", PDM, OF_PDM, OF_TOML_LOCK, {"a group": (FRESH, STALE)}),  # it does not know them at all
    Case("pdm", NEWEST, PDM, OF_PDM, OF_TOML_LOCK),
    Case("pipenv", "2023.12.1", PIPFILE, OF_PIPENV, OF_JSON_LOCK),
    Case("pipenv", NEWEST, PIPFILE, OF_PIPENV, OF_JSON_LOCK),
)


@pytest.mark.parametrize("case", CASES, ids=[f"{case.name}-{case.version}" for case in CASES])
def test_a_lock_is_what_its_manager_calls_it(
    case: Case, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    shared = tmp_path_factory.getbasetemp().parent / "old-managers"
    home, project = tmp_path / "home", tmp_path / "project"
    home.mkdir()
    project.mkdir()
    with managed_by(case.name, case.version, home, shared) as manager:
        bench = Bench(case.name, manager, project, case.manifest)
        assert bench.differences(case.changes, case.damages) == case.known


@pytest.mark.parametrize("version", ["1.8.5", NEWEST])
def test_a_table_of_poetry_is_what_poetry_calls_it(
    version: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """What is said of each comes from the facts alone."""
    shared = tmp_path_factory.getbasetemp().parent / "old-managers"
    table = test_poetry_manifests
    changes = {name: (old, new) for name, (old, new, _) in table.SICK.items()} | table.HEALTHY
    refused = []
    with managed_by("poetry", version, tmp_path, shared) as poetry:
        for name, words in changes.items():
            (tmp_path / "pyproject.toml").write_text(table.HEAD.replace(*words, 1))
            if poetry.does(tmp_path, "check")[0]:
                refused.append(name)
    assert refused == list(table.SICK)
