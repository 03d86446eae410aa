from __future__ import annotations

from pathlib import Path

import pytest

from tests.facts.dependencies.uv_world import ROOT, WORKSPACE, Case, Files, is_said, manifest, said_of

A, B = "packages/a/pyproject.toml", "packages/b/pyproject.toml"
LIB, LOCAL = "lib/pyproject.toml", '[tool.uv.sources]\nlib = { path = "lib" }\n'
PYTHONS = "found conflicting Python requirements: "
NONE = "which no version can be"
# what uv 0.8.17 and 0.13.9 refuse; the clinic asks them
SICK: dict[str, Case] = {
    "Pythons that exclude each other": (
        {ROOT: manifest("app", python=">=3.9,<3.12", more=WORKSPACE), A: manifest("a", python=">=3.12")},
        (A, 4, f"{PYTHONS}`app`: >=3.9,<3.12, `a`: >=3.12"),
    ),
    "two members": (
        {ROOT: manifest("app", more=WORKSPACE), A: manifest("a", python=">=3.12"), B: manifest("b", python="<3.12")},
        (B, 4, f"{PYTHONS}`app`: >=3.9, `a`: >=3.12, `b`: <3.12"),
    ),
    "below a virtual root": (
        {ROOT: WORKSPACE, A: manifest("a", python="<3.10"), B: manifest("b", python=">=3.10")},
        (B, 4, PYTHONS),
    ),
    "a single Python each": (
        {ROOT: manifest("app", python="==3.11.*", more=WORKSPACE), A: manifest("a", python="==3.12.*")},
        (A, 4, PYTHONS),
    ),
    "the one that is left out": (
        {ROOT: manifest("app", python=">=3.9,!=3.10.*", more=WORKSPACE), A: manifest("a", python="==3.10.*")},
        (A, 4, PYTHONS),
    ),
    "a project that no Python fits": ({ROOT: manifest("app", python=">=3.12,<3.9")}, (ROOT, 4, f"{PYTHONS}`app`: ")),
    "requirements that exclude each other": (
        {ROOT: manifest("app", "alpha<2", "alpha>=2")},
        (ROOT, 5, f"your project depends on alpha<2 and alpha>=2, {NONE}"),
    ),
    "those of a group": (
        {ROOT: manifest("app", "alpha<2", more="[dependency-groups]\ndev = ['alpha>=2']\n")},
        (ROOT, 7, f"your project depends on alpha<2 and alpha>=2, {NONE}"),
    ),
    "those of members": (
        {ROOT: manifest("app", more=WORKSPACE), A: manifest("a", "alpha==1.0"), B: manifest("b", "alpha==2.0")},
        (B, 5, f"your project depends on alpha==1.0 and alpha==2.0, {NONE}"),
    ),
    "a constraint": (
        {ROOT: manifest("app", "alpha<2", more="[tool.uv]\nconstraint-dependencies = ['alpha>=2']\n")},
        (ROOT, 7, f"your project depends on alpha<2 and alpha>=2, {NONE}"),
    ),
    "a path for newer Pythons": (
        {ROOT: manifest("app", "lib", more=LOCAL), LIB: manifest("lib", python=">=3.11")},
        (ROOT, 4, "the requested Python version (>=3.9) does not satisfy Python>=3.11, and lib depends on that"),
    ),
    "one for a newer release": (
        {ROOT: manifest("app", "lib", more=LOCAL), LIB: manifest("lib", python="~=3.9.5")},
        (ROOT, 4, "the requested Python version (>=3.9) does not satisfy Python~=3.9.5"),
    ),
    "one alone": ({ROOT: manifest("app", "alpha>2,<1")}, (ROOT, 5, f"your project depends on alpha<1,>2, {NONE}")),
}
HEALTHY: dict[str, Files] = {
    "a Python that fits all": {
        ROOT: manifest("app", python=">=3.10,<3.13", more=WORKSPACE),
        A: manifest("a", python=">=3.11"),
        B: manifest("b", python="!=3.11.1"),
    },
    "a member that asks for none": {
        ROOT: manifest("app", more=WORKSPACE),
        A: manifest("a").replace('requires-python = ">=3.9"\n', ""),
    },
    "a Python for a group": {
        ROOT: manifest(
            "app",
            python=">=3.9,<3.12",
            more='[dependency-groups]\nx = []\n[tool.uv.dependency-groups]\nx = {requires-python = ">=3.12"}\n',
        )
    },
    "a path for older Pythons": {
        ROOT: manifest("app", "lib", more=LOCAL),
        LIB: manifest("lib", python=">=3.8,<3.13"),
    },
    "a path for newer Pythons, and a marker": {
        ROOT: manifest("app", "lib; python_version >= '3.11'", more=LOCAL),
        LIB: manifest("lib", python=">=3.11"),
    },
    "requirements that agree": {ROOT: manifest("app", "alpha>=1,!=1.5", "alpha<3", "alpha~=1.0")},
    "for other Pythons": {
        ROOT: manifest("app", "alpha<2; python_version < '3.12'", "alpha>=2; python_version >= '3.12'")
    },
    "extras that are in conflict": {
        ROOT: manifest(
            "app",
            more="[project.optional-dependencies]\na = ['alpha<2']\nb = ['alpha>=2']\n"
            "[tool.uv]\nconflicts = [[{extra = 'a'}, {extra = 'b'}]]\n",
        )
    },
    "one that is overridden": {
        ROOT: manifest("app", "alpha<2", "alpha>=2", more="[tool.uv]\noverride-dependencies = ['alpha==1.0']\n")
    },
}


@pytest.mark.parametrize("name", SICK)
def test_what_cannot_be_had_at_once(tmp_path: Path, name: str) -> None:
    assert is_said(tmp_path, SICK[name])


@pytest.mark.parametrize("name", HEALTHY)
def test_what_can_be_had_at_once(tmp_path: Path, name: str) -> None:
    assert said_of(tmp_path, HEALTHY[name]) == []
