"""Is the stand-in for conda true to conda where other tests rely on it?"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.clinic.conda import make_root
from tests.support import needs_tool

pytestmark = pytest.mark.clinic

SYSTEM = "/usr/bin:/bin"


def bash(script: str, **variables: str) -> list[str]:
    done = subprocess.run(
        [needs_tool("bash"), "--norc", "-c", script],
        env={"PATH": SYSTEM, **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def test_python_of_an_environment_is_its_own(tmp_path: Path) -> None:
    environment = make_root(tmp_path / "miniconda3").environment("ml", pip=True)
    asked = "import sys, ssl, ctypes; print(sys.prefix == sys.base_prefix == sys.argv[1])"
    assert bash(f"'{environment}/bin/python' -I -c '{asked}' '{environment}'") == ["True"]
    [version] = bash(f"'{environment}/bin/pip' --version")
    assert str(environment) in version


def test_a_later_activation_takes_the_place_of_the_former(tmp_path: Path) -> None:
    root = make_root(tmp_path / "miniconda3", auto_activate=True)
    environment = root.environment("ml", python=False)
    (tmp_path / "rc").write_text(root.block())
    script = f"""
        . {tmp_path}/rc
        echo $CONDA_SHLVL $CONDA_DEFAULT_ENV
        PATH=/venv/bin:$PATH
        conda activate ml
        echo $CONDA_SHLVL $CONDA_DEFAULT_ENV $CONDA_PREFIX_1
        echo $PATH
        conda deactivate
        conda deactivate
        echo $CONDA_SHLVL ${{CONDA_PREFIX-unset}}
        echo $PATH
    """
    assert bash(script) == [
        "1 base",
        f"2 ml {root.path}",
        f"/venv/bin:{environment}/bin:{root.path}/condabin:{SYSTEM}",
        "0",
        f"/venv/bin:{root.path}/condabin:{SYSTEM}",
    ]


def test_variables_made_by_hand_are_those_of_the_hook(tmp_path: Path) -> None:
    root = make_root(tmp_path / "miniconda3")
    environment = root.environment("ml", python=False)
    (tmp_path / "rc").write_text(root.block())
    names = sorted(root.active(SYSTEM))
    printed = " ".join(f'"{name}=${name}"' for name in names)
    for prefix, name in ((root.path, "base"), (environment, "ml")):
        made = [f"{name}={value}" for name, value in sorted(root.active(SYSTEM, prefix).items())]
        assert bash(f". {tmp_path}/rc; conda activate {name}; printf '%s\\n' {printed}") == made


def test_an_active_prefix_at_the_end_of_the_path_breaks_deactivation(tmp_path: Path) -> None:
    root = make_root(tmp_path / "miniconda3")
    variables = {**root.active(SYSTEM), "PATH": f"{SYSTEM}{os.pathsep}{root.path}/bin"}
    script = 'conda() { :; }; "$CONDA_EXE" shell.posix deactivate 2>&1 | tail -1'
    assert bash(script, **variables) == ["IndexError: list index out of range"]
