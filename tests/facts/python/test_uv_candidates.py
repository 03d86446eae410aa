"""Which Pythons uv finds by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.commands.commands import Hit
from envdoctor.facts.commands.resolve import HitKind, ShimManager
from envdoctor.facts.python.available import PythonAtHand, PythonsAtHand
from envdoctor.facts.python.uv_candidates import UvCandidates, probe_uv_candidates
from envdoctor.facts.uv.settings import UvSettings, UvVariable
from tests.builders import make_answer, make_answers, make_commands, make_hit, make_python, make_venv_python

USR = PythonsAtHand((PythonAtHand("3.11", "/usr/bin/python3.11"),))


def python(path: str, real: str, **changes: object) -> Hit:
    return make_hit("python3", path, path, **{"real": real, "kind": HitKind.PYTHON, **changes})


def found(*hits: Hit, at_hand: PythonsAtHand | None = USR, settings: UvSettings | None = None) -> UvCandidates:
    return probe_uv_candidates(make_commands(*hits), at_hand, None, settings)


def test_what_is_at_hand_and_what_the_name_of_a_file_says() -> None:
    hits = python("/usr/bin/python3", "/usr/bin/python3.11"), python("/opt/bin/python3", "/opt/lib/python3.9")
    assert found(*hits) == UvCandidates(("3.11", "3.9"))
    assert found(at_hand=None) == UvCandidates()


def test_what_answers_is_known_to_the_last_number() -> None:
    answers = make_answers(make_answer("python3", "/usr/bin/python3", make_python("/usr", "3.11.2", name="python3.11")))
    commands = make_commands(python("/usr/bin/python3", "/usr/bin/python3.11"))
    assert probe_uv_candidates(commands, USR, answers, None) == UvCandidates(("3.11.2",))


def test_an_active_environment_is_no_base(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "pyvenv.cfg").touch()
    running = make_answer("python3", f"{tmp_path}/bin/python3", make_venv_python(str(tmp_path), "3.12.1"))
    commands = make_commands(python(f"{tmp_path}/bin/python3", "/opt/lib/python3.12"))
    assert probe_uv_candidates(commands, USR, make_answers(running), None) == UvCandidates(("3.11",))


@pytest.mark.parametrize(
    "hit",
    [
        python("/opt/bin/python3", "/opt/bin/python3"),
        make_hit("python", "/opt/bin/python", None, real="/opt/bin/python", kind=HitKind.SCRIPT),
        make_hit("python", "/s/python", None, real="/s/python", kind=HitKind.SHIM, manager=ShimManager.ASDF),
        make_hit("python", "/s/python", None, real="/s/python", kind=HitKind.SHIM, version="miniconda3-latest"),
    ],
)
def test_a_python_of_which_nobody_knows_the_version(hit: Hit) -> None:
    assert found(hit) == UvCandidates(("3.11",), all_known=False)


@pytest.mark.parametrize("version", ["3.12.4", "system"])
def test_a_shim_of_pyenv_runs_one_of_those_at_hand_or_what_comes_later(version: str) -> None:
    shim = {"real": "/s/python", "kind": HitKind.SHIM, "manager": ShimManager.PYENV}
    assert found(make_hit("python", "/s/python", None, version=version, **shim)) == UvCandidates(("3.11",))
    mine = make_hit("python", "/s/python", None, version="mine", **shim)
    assert not found(mine).all_known


def test_no_virtual_environment_and_nothing_that_does_not_run(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "pyvenv.cfg").touch()
    own = python(f"{tmp_path}/bin/python3", f"{tmp_path}/base/python3")
    dead = python("/opt/bin/python3", "/opt/bin/python3", problem="it leads to nothing")
    assert found(own, dead) == UvCandidates(("3.11",))


def test_a_search_path_of_uvs_own_is_not_looked_at() -> None:
    assert not found(settings=UvSettings((UvVariable("UV_PYTHON_SEARCH_PATH", "/opt"),))).all_known
