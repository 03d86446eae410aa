from __future__ import annotations

from pathlib import Path

import pytest

from tests.facts.dependencies.uv_world import ROOT, WORKSPACE, Case, Files, is_said, manifest, said_of, sourced

A = "packages/a/pyproject.toml"
LIB = "lib/pyproject.toml"
GONE = "distribution not found at: gone"
WINDOWS = "marker = \"sys_platform == 'win32'\""
LOCAL = 'lib = { path = "lib" }'
# what uv 0.8.17 and 0.13.9 refuse; the clinic asks them
SICK: dict[str, Case] = {
    "a path that is gone": ({ROOT: sourced('alpha = { path = "gone" }')}, (ROOT, 7, GONE)),
    "an editable one": ({ROOT: sourced('alpha = { path = "gone", editable = true }')}, (ROOT, 7, GONE)),
    "a wheel": ({ROOT: sourced('alpha = { path = "gone/alpha-1-py3-none-any.whl" }')}, (ROOT, 7, f"{GONE}/alpha-1-")),
    "one for another platform": ({ROOT: sourced(f'alpha = {{ path = "gone", {WINDOWS} }}')}, (ROOT, 7, GONE)),
    "one of a group": (
        {ROOT: sourced('alpha = { path = "gone" }', "beta", more="[dependency-groups]\nx = ['alpha']\n")},
        (ROOT, 7, GONE),
    ),
    "one of a constraint": (
        {ROOT: sourced('alpha = { path = "gone" }', more="[tool.uv]\nconstraint-dependencies = ['alpha']\n")},
        (ROOT, 7, GONE),
    ),
    "one of the root for a member": (
        {ROOT: sourced('alpha = { path = "gone" }', "beta", more=WORKSPACE), A: manifest("a", "alpha")},
        (ROOT, 7, GONE),
    ),
    "a home that nobody expands": (
        {ROOT: sourced('alpha = { path = "~/x" }')},
        (ROOT, 7, "distribution not found at: ~/x"),
    ),
    "an address of a file": (
        {ROOT: manifest("app", "alpha @ file:///gone/alpha")},
        (ROOT, 5, "distribution not found at: /g"),
    ),
    "a directory that is no project": (
        {ROOT: sourced(LOCAL, "lib"), "lib/setup.cfg": ""},
        (ROOT, 7, "`lib` does not appear to be a Python project, as neither"),
    ),
    "a file that is no archive": (
        {ROOT: sourced('alpha = { path = "alpha.txt" }'), "alpha.txt": ""},
        (ROOT, 7, "expected path (`alpha.txt`) to end in a supported file extension"),
    ),
    "a wheel of another name": (
        {ROOT: sourced('alpha = { path = "beta-1-py3-none-any.whl" }'), "beta-1-py3-none-any.whl": ""},
        (ROOT, 7, "requested package name `alpha` does not match `beta` in the distribution filename: beta-1-"),
    ),
    "what a path asks for": (
        {
            ROOT: sourced(LOCAL, "lib"),
            LIB: manifest("lib", "alpha", more='[tool.uv.sources]\nalpha = { path = "gone" }\n'),
        },
        (LIB, 7, "distribution not found at: lib/gone"),
    ),
    "what an extra of a path asks for": (
        {
            ROOT: sourced(LOCAL, "lib"),
            LIB: manifest(
                "lib",
                more='[project.optional-dependencies]\nx = ["alpha"]\n[tool.uv.sources]\nalpha = { index = "no" }\n',
            ),
        },
        (LIB, 9, "package `alpha` references an undeclared index: `no`"),
    ),
    "the workspace of a path": (
        {
            ROOT: sourced('lib = { path = "ws/lib" }', "lib"),
            "ws/pyproject.toml": "[tool.uv.workspace]\nmembers = ['*']\n",
            "ws/lib/pyproject.toml": manifest("lib", "good"),
            "ws/good/pyproject.toml": manifest("good"),
        },
        ("ws/lib/pyproject.toml", 5, "`good` is included as a workspace member, but is missing an entry"),
    ),
}
HEALTHY: dict[str, Files] = {
    "a path that is there": {ROOT: sourced(LOCAL, "lib"), LIB: manifest("lib")},
    "one of the root for a member": {
        ROOT: manifest("app", more=f"{WORKSPACE}[tool.uv.sources]\n{LOCAL}\n"),
        A: manifest("a", "lib"),
        LIB: manifest("lib"),
    },
    "one that nobody asks for": {ROOT: sourced('zeta = { path = "gone" }', "beta")},
    "one with a name in other letters": {ROOT: sourced('Lib_X = { path = "lib" }', "lib.x"), LIB: manifest("lib-x")},
    "an address with a variable": {ROOT: manifest("app", "lib @ file://${PROJECT_ROOT}/lib"), LIB: manifest("lib")},
    "what an extra of a path has lost": {
        ROOT: sourced(LOCAL, "lib"),
        LIB: manifest(
            "lib", more='[project.optional-dependencies]\nx = ["alpha"]\n[tool.uv.sources]\nalpha = { path = "gone" }\n'
        ),
    },
    "another member beside a path": {
        ROOT: sourced('lib = { path = "ws/lib" }', "lib"),
        "ws/pyproject.toml": "[tool.uv.workspace]\nmembers = ['*']\n",
        "ws/lib/pyproject.toml": manifest("lib", "good", more="[tool.uv.sources]\ngood = { workspace = true }\n"),
        "ws/good/pyproject.toml": manifest("good"),
        "ws/bad/pyproject.toml": manifest("bad", "alpha", more="[tool.uv.sources]\nalpha = { index = 'no' }\n"),
    },
    "two that need each other": {
        ROOT: sourced(LOCAL, "lib"),
        LIB: manifest("lib", "util", more="[tool.uv.sources]\nutil = { path = '../util' }\n"),
        "util/pyproject.toml": manifest("util", "lib", more="[tool.uv.sources]\nlib = { path = '../lib' }\n"),
    },
}


@pytest.mark.parametrize("name", SICK)
def test_a_place_that_is_none(tmp_path: Path, name: str) -> None:
    assert is_said(tmp_path, SICK[name])


@pytest.mark.parametrize("name", HEALTHY)
def test_a_place_that_is_one(tmp_path: Path, name: str) -> None:
    assert said_of(tmp_path, HEALTHY[name]) == []
