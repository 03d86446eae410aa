from __future__ import annotations

from pathlib import Path

from envdoctor.facts.environments.condition import Condition, Defect, VenvConditions
from envdoctor.facts.environments.dead_links import DeadPackages, probe_dead_links
from envdoctor.facts.venv.layout import examine
from tests.support import make_session


def environment(root: Path, *, cached: bool) -> Path:
    site = root / "lib/python3.11/site-packages"
    for name in ("my_app-1.0.dist-info", "own-2.0.dist-info"):
        (site / name).mkdir(parents=True)
    (root / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.11.2\n")
    (site / "own-2.0.dist-info/METADATA").write_text("Name: own\n")
    (site / "my_app-1.0.dist-info/METADATA").symlink_to(root.parent / "cache/METADATA")
    if cached:
        (root.parent / "cache").mkdir()
        (root.parent / "cache/METADATA").write_text("Name: my-app\n")
    return root


def dead(root: Path, defect: Defect | None = None) -> tuple[DeadPackages, ...]:
    condition = Condition(venv=examine(str(root)), near=True, defect=defect)
    return probe_dead_links(make_session(), VenvConditions((condition,))).environments


def test_links_into_a_cache_that_is_gone(tmp_path: Path) -> None:
    [found] = dead(environment(tmp_path / ".venv", cached=False))
    assert found.packages == ("my-app==1.0",)
    assert (found.near, found.target) == (True, f"{tmp_path}/cache/METADATA")


def test_links_into_a_cache_that_is_there_and_an_environment_that_is_broken_anyway(tmp_path: Path) -> None:
    assert dead(environment(tmp_path / ".venv", cached=True)) == ()
    assert dead(environment(tmp_path / "x/.venv", cached=False), Defect.BASE_GONE) == ()
