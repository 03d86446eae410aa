from __future__ import annotations

import platform
import sysconfig
from pathlib import Path

from envdoctor.cli.envs_check import examine_all
from envdoctor.facts.environments.kinds import Kind, KnownEnvironment
from envdoctor.render.envs import Examined
from tests.facts.packages.packages_world import add
from tests.support import make_session


def environment(root: Path) -> KnownEnvironment:
    return KnownEnvironment(path=str(root), real=str(root), kind=Kind.VENV, found="searching")


def make(root: Path, *requires: str, version: str = "3.11.2") -> KnownEnvironment:
    (root / "bin").mkdir(parents=True)
    (root / "bin/python").touch(mode=0o755)
    (root / "pyvenv.cfg").write_text(f"home = /usr/bin\nversion = {version}\n")
    add(root / f"lib/python{version.rpartition('.')[0]}/site-packages", "asks-1.0", *requires)
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


def test_hundreds_of_real_packages_are_silent_until_two_do_not_fit(tmp_path: Path) -> None:
    many = make(tmp_path / "many", version=platform.python_version())
    [site] = (tmp_path / "many/lib").glob("*/site-packages")
    real = sorted(Path(sysconfig.get_path("purelib")).glob("*.dist-info"))
    for number in range(500):
        again, one = number // len(real), real[number % len(real)]
        name, _, version = one.name.partition("-")
        (site / (f"{name}_{again}-{version}" if again else one.name)).symlink_to(one)
    session = make_session({"HOME": str(tmp_path)}, cwd=tmp_path)
    assert examine_all((many,), session, 60, nothing) == {many.real: Examined()}
    add(site, "torch-2.10.0")
    add(site, "torchcodec-0.8.1")
    [found] = examine_all((many,), make_session({"HOME": str(tmp_path)}, cwd=tmp_path), 60, nothing).values()
    message = "torchcodec 0.8.1 works with torch 2.9, and torch is 2.10.0"
    assert found == Examined((("PKG013", "error", message),))
