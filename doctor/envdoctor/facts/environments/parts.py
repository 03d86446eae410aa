"""What does an environment hold, what does it lack, and what can it be made with again? Told from its files alone."""

from __future__ import annotations

import os

from envdoctor.facts.venv.layout import LinkState, Tool, Venv
from envdoctor.facts.venv.pyvenv_cfg import NAME

PACKAGE = (".dist-info", ".egg-info")


def missing(venv: Venv) -> str | None:
    """What an environment lacks to work, in a few words; None if it is whole.

    Only venv leaves an environment without `activate` when it is stopped half-way; others are made without on purpose.
    """
    halfway = venv.tool is Tool.VENV and venv.activate is None and not venv.has_pip
    rules = (
        (venv.config_problem is not None, f"its {NAME} cannot be read: {venv.config_problem}"),
        (venv.config is not None and not venv.home, f"its {NAME} names no `home`"),
        (venv.python_state is LinkState.MISSING, f"{venv.python} does not exist"),
        (not os.access(venv.python, os.X_OK), f"{venv.python} cannot be executed"),
        (not venv.site_packages, "it has no site-packages directory"),
        (halfway, "it has neither `activate` nor pip: its creation was interrupted"),
    )
    return next((text for holds, text in rules if holds), None)


def count_packages(venv: Venv, minor: str) -> int:
    """How many packages an environment holds for a minor version."""
    count = 0
    for directory in venv.site_packages:
        if os.path.basename(os.path.dirname(directory)).endswith(minor):
            try:
                count += sum(name.endswith(PACKAGE) for name in os.listdir(directory))
            except OSError:
                continue
    return count


def rebuild_with(venv: Venv, made_for: str | None) -> str | None:
    """An interpreter beside the base, of the same minor version where there is one."""
    minor = made_for or ".".join((venv.version or "").split(".")[:2])
    names = [f"python{minor}"] if minor else []
    paths = [os.path.join(venv.home, name) for name in (*names, "python3", "python")] if venv.home else []
    if venv.base:
        paths.append(venv.base)
    return next((path for path in paths if os.path.isabs(path) and os.access(path, os.X_OK)), None)


def lacks_pip(venv: Venv) -> bool:
    """Whether the base has a standard library, but not the part of it that installs pip."""
    return venv.base is not None and without_ensurepip(venv.base, ".".join((venv.version or "").split(".")[:2]))


def without_ensurepip(python: str, minor: str) -> bool:
    """Whether the distribution has split ensurepip off from a Python, as Debian has: `-m venv` then fails."""
    library = os.path.join(os.path.dirname(os.path.dirname(python)), "lib", f"python{minor}")
    return os.path.isfile(os.path.join(library, "os.py")) and not os.path.isdir(os.path.join(library, "ensurepip"))
