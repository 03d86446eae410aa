from __future__ import annotations

from pathlib import Path

from envdoctor.facts.environments.kinds import Kind, KnownEnvironment
from envdoctor.facts.imports.absence import Cause
from envdoctor.facts.python.interpreters import Interpreters
from tests.builders import make_interpreter
from tests.facts.imports.absence_world import install, texts, told, world
from tests.facts.imports.imports_world import write


def test_other_environments_that_have_it_are_named(tmp_path: Path) -> None:
    mine, _ = world(tmp_path)
    other = tmp_path / "other/lib/python3.12/site-packages"
    write(other, "numpy/__init__.py")
    install(other, "numpy-2.0.dist-info", "numpy/__init__.py,,\n")
    write(tmp_path, "base/lib/python3.11/site-packages/numpy.py", "user/numpy.cpython-310.so")
    environment = KnownEnvironment(path=str(tmp_path / "other"), real="", kind=Kind.UV, python="3.12.1")
    base = f"it is installed in {tmp_path}/base, the base of this environment, whose packages it does not see"
    assert texts(mine, "numpy", environment) == [
        "it is installed in the user's packages, which this Python does not see here",
        base,
        f"it is installed (numpy 2.0) in {tmp_path}/other (uv, Python 3.12.1)",
    ]
    assert all(each.cause is Cause.ELSEWHERE for each in told(mine, "numpy", environment))
    second = make_interpreter("/opt/second", path="/opt/second/bin/python", sys_path=(str(other),))
    [*_, last] = told(mine, "numpy", other=Interpreters((second,)))
    assert last.text == "it is installed (numpy 2.0) in /opt/second (Python 3.11.7, /opt/second/bin/python)"


def test_many_environments_are_not_all_told(tmp_path: Path) -> None:
    mine, _ = world(tmp_path)
    for number in range(9):
        write(tmp_path, f"e{number}/lib/python3.9/site-packages/many.py")
    every = [KnownEnvironment(path=f"{tmp_path}/e{number}", real="", kind=Kind.VENV) for number in range(9)]
    assert len(told(mine, "many", *every)) == 6
    assert texts(mine, "many", *every)[-1] == "more environments have it"
