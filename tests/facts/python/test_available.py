from __future__ import annotations

from pathlib import Path

from envdoctor.facts.pyenv.versions import Pyenv, PyenvRoot, Selection
from envdoctor.facts.python.available import PythonAtHand, PythonsAtHand, probe_pythons_at_hand
from envdoctor.facts.session.search_path import probe_search_path
from envdoctor.facts.uv.managed_pythons import UvPython, UvPythons
from tests.support import make_session


def make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)


def test_the_search_path_pyenv_and_uv_are_looked_through(tmp_path: Path) -> None:
    for place in ("bin/python3.9", "bin/python3.12", "bin/python3", "shims/python3.11", "venv/bin/python3.10"):
        make(tmp_path / place)
    (tmp_path / "bin/python3.13").write_text("not executable")
    (tmp_path / "venv/pyvenv.cfg").touch()
    path = ":".join(str(tmp_path / name) for name in ("shims", "venv/bin", "bin"))
    pyenv = Pyenv((PyenvRoot("/r", "HOME", ("3.11.7", "miniconda3-4", "3.13.0rc1"), Selection((), "/r/version")),))
    uv = UvPythons(
        "/u",
        (
            UvPython("/u/cpython-3.13.1-x", "cpython", "3.13.1"),
            UvPython("/u/pypy-3.10.1-x", "pypy", "3.10.1"),
            UvPython("/u/cpython-3.13.1+freethreaded-x", "cpython", "3.13.1", "+freethreaded"),
        ),
    )
    seen = probe_pythons_at_hand(probe_search_path(make_session({"PATH": path})), pyenv, uv)
    assert seen == PythonsAtHand(
        (
            PythonAtHand("3.9", f"{tmp_path}/bin/python3.9"),
            PythonAtHand("3.12", f"{tmp_path}/bin/python3.12"),
            PythonAtHand("3.11.7", "/r/versions/3.11.7/bin/python"),
            PythonAtHand("3.13.1", "/u/cpython-3.13.1-x/bin/python3"),
        )
    )
    assert [python.minor for python in seen.pythons] == ["3.9", "3.12", "3.11", "3.13"]


def test_a_machine_without_any() -> None:
    assert probe_pythons_at_hand(probe_search_path(make_session({"PATH": "/nowhere"})), None, None) == PythonsAtHand()
