from __future__ import annotations

import os
from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.conda.environments import CondaEnvironment, CondaEnvironments
from envdoctor.facts.environments import old_user_packages
from envdoctor.facts.environments.old_user_packages import OldUserSite, probe_old_user_packages
from envdoctor.facts.python.available import PythonAtHand, PythonsAtHand
from envdoctor.facts.python.interpreters import Interpreters
from tests.builders import make_python
from tests.support import make_session

NEW = Interpreters((make_python(version="3.11.2"),))


@pytest.fixture(autouse=True)
def nowhere_else(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(old_user_packages, "PLACES", (f"{tmp_path}/usr/bin/python{{}}",))


def install(home: Path, minor: str, name: str, *commands: str) -> Path:
    site = home / f".local/lib/python{minor}/site-packages"
    record = site / f"{name}-1.dist-info"
    record.mkdir(parents=True)
    (record / "METADATA").write_text(f"Name: {name}\nVersion: 1\n")
    (record / "RECORD").write_text(f"{name}.py,,\n" + "".join(f"../../../bin/{each},,\n" for each in commands))
    return site


def script(home: Path, name: str, interpreter: Path) -> str:
    path = home / ".local/bin" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!{interpreter}\n")
    path.chmod(0o755)
    return str(path)


def program(path: Path, leads_to: str | None = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    if leads_to:
        path.symlink_to(program(path.parent / leads_to))
    else:
        path.touch(0o755)
    return path


def found(
    home: Path, at_hand: PythonsAtHand | None = None, *conda: str, asked: Interpreters = NEW
) -> tuple[OldUserSite, ...]:
    environments = CondaEnvironments(tuple(CondaEnvironment(prefix, "ml", prefix) for prefix in conda))
    session = make_session({"HOME": str(home)})
    return probe_old_user_packages(session, asked, at_hand or PythonsAtHand(), environments).sites


def test_packages_for_a_python_that_is_nowhere(tmp_path: Path) -> None:
    site = install(tmp_path, "3.9", "six")
    install(tmp_path, "3.11", "attrs")
    (tmp_path / ".local/lib/python3.8/site-packages").mkdir(parents=True)
    assert found(tmp_path) == (OldUserSite(str(site), "3.9", ("six",)),)


def test_a_python_of_that_version_anywhere_uses_them(tmp_path: Path) -> None:
    install(tmp_path, "3.9", "six")
    with pytest.raises(Unavailable):
        found(tmp_path, asked=Interpreters((make_python(version="3.9.1"),)))
    with pytest.raises(Unavailable):
        found(tmp_path, PythonsAtHand((PythonAtHand("3.9.18", "/pyenv/versions/3.9.18/bin/python"),)))
    program(tmp_path / "envs/ml/bin/python3.9")
    with pytest.raises(Unavailable):
        found(tmp_path, None, f"{tmp_path}/envs/ml")
    assert found(tmp_path)
    program(tmp_path / "usr/bin/python3.9")
    with pytest.raises(Unavailable):
        found(tmp_path)


def test_commands_that_the_new_python_starts(tmp_path: Path) -> None:
    python3 = program(tmp_path / "usr/bin/python3", "python3.11")
    install(tmp_path, "3.9", "black", "black", "blackd", "old")
    install(tmp_path, "3.9", "six", "six")
    install(tmp_path, "3.11", "six", "six")
    black = script(tmp_path, "black", python3)
    script(tmp_path, "six", python3)  # the user has it for the new Python too
    script(tmp_path, "blackd", tmp_path / "usr/bin/gone")
    [site] = found(tmp_path)
    assert (site.commands, site.runs) == ((black,), "3.11")
    os.remove(black)
    assert found(tmp_path)[0].commands == ()
