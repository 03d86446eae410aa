from __future__ import annotations

from pathlib import Path

from envdoctor.cli.envs_check import examine_all
from envdoctor.facts.environments.kinds import Kind, KnownEnvironment
from envdoctor.render.envs import Examined
from tests.facts.packages.packages_world import add
from tests.support import make_session


def environment(root: Path) -> KnownEnvironment:
    return KnownEnvironment(path=str(root), real=str(root), kind=Kind.VENV, found="searching")


def make(root: Path, *requires: str) -> KnownEnvironment:
    (root / "bin").mkdir(parents=True)
    (root / "bin/python").touch(mode=0o755)
    (root / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.11.2\n")
    add(root / "lib/python3.11/site-packages", "asks-1.0", *requires)
    return environment(root)


def nothing(_what: str, _done: int, _total: int) -> None:
    """Nobody watches."""


def test_each_environment_is_judged_by_its_own_files(tmp_path: Path) -> None:
    sick, sound, gone = make(tmp_path / "sick", "gone"), make(tmp_path / "sound"), environment(tmp_path / "none")
    found = examine_all((sick, sound, gone), make_session({"HOME": str(tmp_path)}, cwd=tmp_path), 60, nothing)
    message = "asks 1.0 requires gone, which is not installed"
    assert found[sick.real] == Examined((("PKG001", "warning", message),))
    assert found[sound.real] == Examined()
    assert found[gone.real] == Examined(reason=f"there is no Python in {gone.real}")


def test_the_time_has_a_bound(tmp_path: Path) -> None:
    assert examine_all((make(tmp_path / "one"),), make_session({}, cwd=tmp_path), -1, nothing) == {}
