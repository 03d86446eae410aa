from __future__ import annotations

import pytest

from envdoctor import Run
from envdoctor.plan.commands import effects_of_command

PYTHON = "/e/bin/python3.12"


@pytest.mark.parametrize(
    ("run", "told"),
    [
        (Run("uv", "venv", "--seed"), ["creates /p/.venv"]),
        (Run("uv", "venv", "--clear", "--python", "3.12", "/e"), ["deletes /e", "creates /e"]),
        (Run("uv", "venv", "e", directory="/q"), ["creates /q/e"]),
        (Run("virtualenv", "--clear", "-p", "/usr/bin/python3", "/e"), ["deletes /e", "creates /e"]),
        (Run(PYTHON, "-m", "venv", "/f"), ["creates /f"]),
        (Run(PYTHON, "-m", "ensurepip", "--default-pip"), ["installs into /e"]),
        (Run(PYTHON, "-m", "pip", "install", "-r", "r.txt", "A_b[x]<2"), ["installs into /e", "installs /e a-b <2"]),
        (Run(PYTHON, "-m", "pip", "install", "--force-reinstall", "a"), ["repairs /e", "installs /e a"]),
        (Run(PYTHON, "-m", "pip", "uninstall", "--yes", "a"), ["repairs /e", "uninstalls /e a"]),
        (Run("uv", "pip", "install", "--python", "/e", "a==1"), ["installs into /e", "installs /e a ==1"]),
        (
            Run("uv", "pip", "install", "a"),
            ["installs into the active environment", "installs the active environment a"],
        ),
        (
            Run("conda", "install", "--yes", "--prefix", "/c/envs/ml", "a"),
            ["installs into /c/envs/ml", "installs /c/envs/ml a"],
        ),
        (Run("/c/bin/conda", "remove", "--prefix", "/c", "a"), ["repairs /c", "uninstalls /c a"]),
        (Run("conda", "config", "--set", "ssl_verify", "true"), ["sets conda's ssl_verify true"]),
        (Run("conda", "config", "--file", "/f", "--remove", "channels", "x"), ["takes out conda's channels x"]),
        (Run("uv", "sync", directory="/q"), ["creates /q/.venv", "installs into /q/.venv"]),
        (Run("uv", "sync", "--inexact", directory="/q"), ["installs into /q/.venv"]),
        (Run("uv", "sync", "--reinstall", directory="/q"), ["repairs /q/.venv"]),
        (Run("uv", "lock", directory="/q"), ["installs into /q/uv.lock"]),
        (Run("pipenv", "--rm", directory="/q"), ["deletes pipenv's environment of /q"]),
        (
            Run("poetry", "add", "a"),
            ["installs into poetry's environment of /p", "installs poetry's environment of /p a"],
        ),
        (Run("uv", "python", "pin", "3.13"), ["sets /p/.python-version 3.13"]),
        (Run("pyenv", "local", "3.13", directory="/q"), ["sets /q/.python-version 3.13"]),
        (Run("sudo", "chown", "-hR", "1000", "/e"), ["repairs /e"]),
        (Run("rm", "-rf", "--", "/e", "f"), ["deletes /e", "deletes /p/f"]),
        (Run("mv", "--", "/a", "/b"), ["deletes /a"]),
        (Run("tmux", "set-environment", "-gu", "X"), ["unsets tmux's X -gu"]),
        (Run("pip", "config", "set", "global.index-url", "u"), ["sets pip's global.index-url u"]),
        (Run("cargo", "build"), []),
        (Run("uv"), []),
        (Run("python"), []),
    ],
)
def test_what_a_command_changes(run: Run, told: list[str]) -> None:
    effects = effects_of_command(run, "/p")
    assert [f"{effect.verb.value} {effect.thing} {effect.value or ''}".rstrip() for effect in effects] == told
