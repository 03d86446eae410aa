"""The commands that install into one certain Python; the clinic runs them."""

from __future__ import annotations

import itertools

from envdoctor import Run
from envdoctor_checks.common.installing import ensured, installed, is_uvs_turn, reinstalled, uninstalled

PYTHON = "/v/bin/python"


def test_uv_is_told_the_python() -> None:
    assert installed(PYTHON, "-r", "r.txt", with_uv=True) == (
        Run("uv", "pip", "install", "--python", PYTHON, "-r", "r.txt"),
    )
    assert reinstalled(PYTHON, "a", with_uv=True, has_pip=False) == (
        Run("uv", "pip", "install", "--python", PYTHON, "--reinstall", "a"),
    )
    assert uninstalled(PYTHON, "a", with_uv=True) == (Run("uv", "pip", "uninstall", "--python", PYTHON, "a"),)


def test_pip_is_run_by_the_python_and_comes_first_where_there_is_none() -> None:
    pip = (PYTHON, "-m", "pip")
    assert installed(PYTHON, "a", with_uv=False) == (Run(*pip, "install", "a"),)
    assert installed(PYTHON, "a", with_uv=False, has_pip=False) == (ensured(PYTHON), Run(*pip, "install", "a"))
    assert ensured(PYTHON) == Run(PYTHON, "-m", "ensurepip", "--default-pip")
    assert reinstalled(PYTHON, "a", with_uv=False) == (Run(*pip, "install", "--force-reinstall", "--no-deps", "a"),)
    assert uninstalled(PYTHON, "a", with_uv=False) == (Run(*pip, "uninstall", "--yes", "a"),)


def test_uv_installs_into_what_it_made_and_where_there_is_no_pip() -> None:
    states = itertools.product((True, False), repeat=3)
    turns = [s for s in states if is_uvs_turn(at_hand=s[0], has_pip=s[1], made_it=s[2])]
    assert turns == [(True, True, True), (True, False, True), (True, False, False)]
