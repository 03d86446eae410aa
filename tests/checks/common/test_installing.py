"""The commands that install into one certain Python; the clinic runs them."""

from __future__ import annotations

import itertools

from envdoctor import Manual, Run
from envdoctor.facts.environments.builders import Builders
from envdoctor_checks.common.installing import (
    ensured,
    installed,
    is_uvs_turn,
    made_by_venv,
    pip_brought,
    prepared,
    reinstalled,
    uninstalled,
)
from tests.builders import make_python, make_venv_python

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


FIRST = Manual("First install the system's package with ensurepip, on Debian: sudo apt install python3.12-venv")


def test_a_pip_comes_from_where_there_is_one() -> None:
    own = make_venv_python("/v", pip=None)
    assert pip_brought(own, uv=True) == (ensured(own.path),)
    split = make_venv_python("/v", pip=None, bundles_pip=False)
    assert pip_brought(split, uv=True) == (Run("uv", "pip", "install", "--python", split.path, "pip"),)
    assert pip_brought(split, uv=False) == (FIRST, ensured(split.path))
    system = make_python("/opt/own", pip=None, bundles_pip=False)
    text = "Install pip with the system's package manager, on Debian: sudo apt install python3-pip"
    assert pip_brought(system, uv=False) == (Manual(text),)


def test_only_a_step_with_ensurepip_needs_it() -> None:
    steps = installed(PYTHON, "a", with_uv=False, has_pip=False)
    assert prepared(steps, "3.12", bundled=True) == steps
    assert prepared(steps, "3.12", bundled=False) == (FIRST, *steps)
    assert prepared((Run(PYTHON, "-m", "venv", "a"),), "3.12", bundled=False)[0] == FIRST
    by_uv = installed(PYTHON, "a", with_uv=True)
    assert prepared(by_uv, "3.12", bundled=False) == by_uv


def test_venv_needs_ensurepip_and_virtualenv_does_not() -> None:
    split = (("/usr/bin/python3", "3.12"),)
    made = Run("/usr/bin/python3", "-m", "venv", "--clear", "/v")
    assert made_by_venv("/usr/bin/python3", Builders(), "--clear", "/v") == (made,)
    assert made_by_venv("/usr/bin/python3", Builders(split=split), "--clear", "/v") == (FIRST, made)
    with_virtualenv = Builders(split=split, virtualenv=True)
    instead = Run("virtualenv", "-p", "/usr/bin/python3", "--clear", "/v")
    assert made_by_venv("/usr/bin/python3", with_virtualenv, "--clear", "/v") == (instead,)
    assert made_by_venv("/opt/python3", with_virtualenv, "/v") == (Run("/opt/python3", "-m", "venv", "/v"),)
