from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.dependencies import uv_ground, uv_sources, workspaces
from envdoctor.facts.uv.settings import UvSettings, UvVariable
from tests.facts.dependencies.locks_world import write
from tests.facts.dependencies.uv_world import ROOT, WORKSPACE, Case, Files, is_said, manifest, said_of, sourced

A, B = "packages/a/pyproject.toml", "packages/b/pyproject.toml"
INDEX = '[[tool.uv.index]]\nname = "corp"\nurl = "WHEELS"\nformat = "flat"\n'
OTHER = INDEX.replace("corp", "other")
CORP = '[tool.uv.sources]\nalpha = { index = "corp" }\n'
UNDECLARED = "package `alpha` references an undeclared index: `corp`"
MISSING = "`b` is included as a workspace member, but is missing an entry in `tool.uv.sources` (e.g., `b = { w"
NO_MEMBER = "`alpha` references a workspace in `tool.uv.sources`, but is not a workspace member"
# what uv 0.8.17 and 0.13.9 refuse; the clinic asks them
SICK: dict[str, Case] = {
    "an index that nobody declares": ({ROOT: sourced('alpha = { index = "corp" }')}, (ROOT, 7, UNDECLARED)),
    "one in other letters": (
        {ROOT: sourced('alpha = { index = "corp" }', more=INDEX.replace("corp", "Corp"))},
        (ROOT, 7, UNDECLARED),
    ),
    "one of uv.toml": (
        {ROOT: sourced('alpha = { index = "corp" }'), "uv.toml": INDEX.replace("tool.uv.", "")},
        (ROOT, 7, UNDECLARED),
    ),
    "one of a member for the root": (
        {ROOT: sourced('alpha = { index = "corp" }', more=WORKSPACE), A: manifest("a", more=INDEX)},
        (ROOT, 7, UNDECLARED),
    ),
    "one of the root for a member": (
        {ROOT: manifest("app", more=CORP + WORKSPACE), A: manifest("a", "alpha")},
        (ROOT, 7, UNDECLARED),
    ),
    "one for an extra": (
        {ROOT: manifest("app", more=f"[project.optional-dependencies]\nx = ['alpha']\n{CORP}")},
        (ROOT, 9, UNDECLARED),
    ),
    "one for a group": (
        {ROOT: manifest("app", more=f"[dependency-groups]\nx = ['alpha']\n{CORP}")},
        (ROOT, 9, UNDECLARED),
    ),
    "one for a constraint": (
        {ROOT: manifest("app", more=f"[tool.uv]\nconstraint-dependencies = ['alpha']\n{CORP}")},
        (ROOT, 9, UNDECLARED),
    ),
    "one for a virtual root": (
        {ROOT: f"{WORKSPACE}[dependency-groups]\ndev = ['alpha']\n{CORP}", A: manifest("a")},
        (ROOT, 6, UNDECLARED),
    ),
    "a workspace without such a member": ({ROOT: sourced("alpha = { workspace = true }")}, (ROOT, 7, NO_MEMBER)),
    "a member that is excluded": (
        {
            ROOT: manifest(
                "app", "b", more=f"{WORKSPACE}exclude = ['packages/b']\n[tool.uv.sources]\nb = {{workspace = true}}\n"
            ),
            B: manifest("b"),
        },
        (ROOT, 10, "`b` references a workspace"),
    ),
    "a member that uv does not manage": (
        {
            ROOT: manifest("app", "b", more=f"{WORKSPACE}[tool.uv.sources]\nb = {{workspace = true}}\n"),
            B: manifest("b", more="[tool.uv]\nmanaged = false\n"),
        },
        (ROOT, 9, "`b` references a workspace"),
    ),
    "no workspace": ({ROOT: sourced("alpha = { workspace = false }")}, (ROOT, 7, "`workspace = false` is not yet")),
    "a member without a source": ({ROOT: manifest("app", "b", more=WORKSPACE), B: manifest("b")}, (ROOT, 5, MISSING)),
    "the same in a group": (
        {ROOT: manifest("app", more=f"[dependency-groups]\nx = ['b']\n{WORKSPACE}"), B: manifest("b")},
        (ROOT, 7, MISSING),
    ),
    "the same in a member": (
        {ROOT: manifest("app", more=WORKSPACE), A: manifest("a", "b"), B: manifest("b")},
        (A, 5, MISSING),
    ),
    "the root without a source": (
        {ROOT: manifest("app", more=WORKSPACE), A: manifest("a", "app")},
        (A, 5, "`app` is included as a workspace member"),
    ),
    "a member by its path": (
        {
            ROOT: manifest("app", "b", more=f"{WORKSPACE}[tool.uv.sources]\nb = {{path = 'packages/b'}}\n"),
            B: manifest("b"),
        },
        (ROOT, 9, "`b` is included as a workspace member, but references a path in `tool.uv.sources`"),
    ),
    "a source for an extra that is none": (
        {ROOT: sourced("alpha = { index = 'corp', extra = 'no' }", more=INDEX)},
        (ROOT, 7, "source entry for `alpha` only applies to extra `no`, but the `no` extra does not exist"),
    ),
    "a source for an extra that does not ask": (
        {
            ROOT: sourced(
                "alpha = { index = 'corp', extra = 'x' }",
                more=f"{INDEX}[project.optional-dependencies]\nx = ['beta']\n",
            )
        },
        (ROOT, 7, "source entry for `alpha` only applies to extra `x`, but `alpha` was not found under the"),
    ),
    "a source for a group that is none": (
        {ROOT: sourced("alpha = { index = 'corp', group = 'no' }", more=INDEX)},
        (ROOT, 7, "source entry for `alpha` only applies to dependency group `no`, but the `no` group does not"),
    ),
}
HEALTHY: dict[str, Files] = {
    "an index that is declared": {ROOT: sourced('alpha = { index = "corp" }', more=INDEX)},
    "one of a package that nobody asks for": {ROOT: sourced('zeta = { index = "corp" }', "alpha")},
    "one of the root for a member": {
        ROOT: manifest("app", more=INDEX + WORKSPACE),
        A: manifest("a", "alpha", more=CORP),
    },
    "one of a member's own": {ROOT: manifest("app", more=WORKSPACE), A: manifest("a", "alpha", more=CORP + INDEX)},
    "a workspace that nobody asks for": {ROOT: sourced("zeta = { workspace = true }", "alpha")},
    "a member with a source of the root": {
        ROOT: manifest("app", more=f"{WORKSPACE}[tool.uv.sources]\nb = {{workspace = true}}\n"),
        A: manifest("a", "b"),
        B: manifest("b"),
    },
    "the project itself": {ROOT: manifest("app", "app[x]", more="[project.optional-dependencies]\nx = ['alpha']\n")},
    "sources that are passed over": {
        ROOT: sourced(
            'alpha = { index = "corp" }\nbeta = { workspace = false }',
            "alpha",
            "beta",
            more="[tool.uv]\nno-sources = true\n",
        ),
    },
    "a source for an extra": {
        ROOT: sourced(
            "Alpha = { index = 'corp', extra = 'x-Y' }",
            "beta",
            more=f"{INDEX}[project.optional-dependencies]\nX_y = ['alpha']\n",
        )
    },
    "a source for each of two extras": {
        ROOT: sourced(
            "alpha = [{ index = 'corp', extra = 'x' }, { index = 'other', extra = 'y' }]",
            "beta",
            more=f"{INDEX}{OTHER}[project.optional-dependencies]\nx = ['alpha']\ny = ['alpha']\n"
            "[tool.uv]\nconflicts = [[{extra = 'x'}, {extra = 'y'}]]\n",
        )
    },
    "a source for a group that includes": {
        ROOT: sourced(
            "alpha = { index = 'corp', group = 'b' }",
            "beta",
            more=f"{INDEX}[dependency-groups]\na = ['alpha']\nb = [{{include-group = 'a'}}]\n",
        )
    },
}


@pytest.mark.parametrize("name", SICK)
def test_a_source_that_leads_nowhere(tmp_path: Path, name: str) -> None:
    assert is_said(tmp_path, SICK[name])


@pytest.mark.parametrize("name", HEALTHY)
def test_a_source_that_leads_somewhere(tmp_path: Path, name: str) -> None:
    if "passed over" not in name:  # a setting, which is read elsewhere
        assert said_of(tmp_path, HEALTHY[name]) == []


@pytest.mark.parametrize("variable", [("UV_INDEX", "x corp=https://x.example"), ("UV_NO_SOURCES", "1")])
def test_variables_bring_an_index_or_turn_sources_off(tmp_path: Path, variable: tuple[str, str]) -> None:
    write(tmp_path, {ROOT: sourced('alpha = { index = "corp" }')})
    manifests = workspaces.manifests(str(tmp_path))
    for settings, count in ((None, 1), (UvSettings((UvVariable(*variable),)), 0)):
        ground = uv_ground.ground_of(manifests, settings)
        assert len(list(uv_sources.misled(ground, manifests[0]))) == count
