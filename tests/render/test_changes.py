"""What the label behind a fix says that it changes."""

from __future__ import annotations

import re

import pytest

from envdoctor.engine.fix import EditFile, Fix, Manual, Run, Safety, Scope, UnsetVariable
from envdoctor.render.changes import INSTALLED, changes_of
from tests.plan.world import sick_fixes

STATE = Safety.CHANGES_STATE


@pytest.mark.parametrize(
    ("fix", "label"),
    [
        (Fix("Unset A", UnsetVariable("A")), ("this shell",)),
        (Fix("Forget commands", Run("hash", "-r"), scope=Scope.SESSION), ("this shell",)),
        (Fix("Reinstall pip", Run("pip", "install", "pip"), safety=STATE), ("what is installed",)),
        (Fix("Remove the line", EditFile("/f", remove=("a",)), safety=STATE), ("a file (/f)",)),
        (
            Fix("Install pip, and unset A", Run("x"), UnsetVariable("A"), EditFile("/f"), safety=STATE),
            ("this shell", "a file (/f)", "what is installed"),
        ),
        (
            Fix("Remove the environment", Run("rm", "-r", "/e"), safety=Safety.DESTRUCTIVE),
            ("removes something: read before you run",),
        ),
        (Fix("Read the manual", Manual("Read it")), ()),
        (Fix("Read the manual"), ()),
        (Fix("Move the file away", Run("mv", "--", "/a", "/b"), safety=STATE), ("a file (/a)",)),
        (Fix("Make the file executable", Run("sudo", "chmod", "+x", "/a"), safety=STATE), ("a file (/a)",)),
        (Fix("Pin the Python", Run("uv", "python", "pin", "3.12"), safety=STATE), ("a file (.python-version)",)),
        (Fix("Have tmux forget A", Run("tmux", "set-environment", "-gu", "A"), safety=STATE), ("the tmux server",)),
        (Fix("Trust the channel", Run("conda", "config", "--set", "a", "b"), safety=STATE), ("conda's settings",)),
        (
            Fix("Set the index", Run("pip", "config", "set", "a", "b"), Run("pip", "install", "x"), safety=STATE),
            ("pip's settings", "what is installed"),
        ),
        (Fix("Lock again", Run("uv", "lock", directory="/p"), safety=STATE), ("a file (uv.lock)",)),
        (Fix("Lock again", Run("/h/bin/poetry", "lock", directory="/p"), safety=STATE), ("a file (poetry.lock)",)),
        (Fix("Lock again", Run("pdm", "lock"), Run("pdm", "sync"), safety=STATE), ("a file (pdm.lock)", INSTALLED)),
        (Fix("Write it", Run("openssl", "x509", "-out", "/a.pem"), safety=STATE), ("a file (/a.pem)",)),
        (Fix("Let the loader see it", Run("sudo", "/sbin/ldconfig"), safety=STATE), ("the loader's cache",)),
        (Fix("Set up conda", Run("/c/bin/conda", "init", "zsh"), safety=STATE), ("the start-up file of zsh",)),
        (Fix("Unset A", Run("conda", "env", "config", "vars", "unset", "A"), safety=STATE), ("conda's settings",)),
        (Fix("Select 3.12", Run("asdf", "local", "python", "3.12"), safety=STATE), ("a file (.tool-versions)",)),
        (Fix("Select 3.12", Run("mise", "use", "python@3.12"), safety=STATE), (INSTALLED, "mise's configuration")),
        (Fix("Install a", Run("uv", "add", "a", directory="/p"), safety=STATE), (INSTALLED, "the project's files")),
        (
            Fix("Register it", Run("/e/bin/python3.12", "-m", "ipykernel", "install", "--user"), safety=STATE),
            ("Jupyter's kernels",),
        ),
        (Fix("Set a", Run("/e/bin/python", "-m", "pip", "config", "set", "a", "b"), safety=STATE), ("pip's settings",)),
        (Fix("Mount it", Run("sudo", "mount", "-o", "remount,exec", "/d"), safety=STATE), ("a mount (/d)",)),
    ],
)
def test_a_label_follows_from_the_steps(fix: Fix, label: tuple[str, ...]) -> None:
    assert changes_of(fix) == label


# The commands of fixes that install, remove or make what is installed, by their first words.
INSTALLING = (
    "asdf install",
    "conda env update",
    "conda install",
    "conda remove",
    "ensurepip",
    "micromamba install",
    "mise install",
    "mise use",
    "pdm add",
    "pdm sync",
    "pip install",
    "pip uninstall",
    "pipenv install",
    "pipenv sync",
    "pipx install",
    "pipx reinstall",
    "pixi add",
    "poetry add",
    "poetry install",
    "poetry update",
    "pyenv install",
    "pyenv virtualenv",
    "uv add",
    "uv pip install",
    "uv pip uninstall",
    "uv python install",
    "uv self update",
    "uv sync",
    "uv tool install",
    "uv venv",
    "venv",
    "xcode-select --install",
)


STARTS = tuple(f"{start} " for start in INSTALLING)


def test_only_what_installs_has_the_label_of_what_is_installed() -> None:
    """Over all fixes that the tests of the checks show: a new command is in the list above, or has words of its own."""
    told = {
        " ".join(action.argv)
        for _, fix in sick_fixes()
        for action in fix.actions
        if fix.safety is STATE and isinstance(action, Run)
        if INSTALLED in changes_of(Fix("Run this alone", action, safety=STATE))
    }
    bare = {re.sub(r"^(sudo )?(\S*/)?(python[0-9.]* -m )?", "", command): command for command in told}
    assert len(bare) > 100
    assert [command for short, command in bare.items() if not f"{short} ".startswith(STARTS)] == []
