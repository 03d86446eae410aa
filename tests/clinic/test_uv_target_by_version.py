"""Does envdoctor know where every uv goes? Old versions, which have other rules, are asked too."""

from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.uv.target import pip_target
from tests.clinic.uv import OLD, old_uv, target_of
from tests.uv_world import ROWS, build, filled, surroundings

pytestmark = pytest.mark.clinic


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("world"))


@pytest.mark.parametrize("version", OLD)
def test_every_row_goes_where_this_uv_says(world: Path, tmp_path_factory: pytest.TempPathFactory, version: str) -> None:
    uv = old_uv(version, tmp_path_factory.getbasetemp().parent / "old-uv")
    wrong = []
    for name, directory, variables in ROWS:
        env = filled(world, variables)
        ours = pip_target(surroundings(world / directory, env, version))
        theirs = target_of(uv, world / directory, env, world / f"cache-{version}")
        if ours.root != theirs:
            wrong.append(f"{name}: {ours} is not {theirs}")
    assert not wrong
