"""Where do people keep a project's environment? One list of names for all who look for it."""

from __future__ import annotations

import os
from collections.abc import Iterator

from envdoctor.facts.venv import pyvenv_cfg

DOT_VENV = ".venv"
# `.env` is more often a file of variables; a directory counts only with its configuration
OTHER_NAMES = ("venv", ".env", "env", ".virtualenv", "virtualenv")
NAMES = (DOT_VENV, *OTHER_NAMES)
# where conda and pixi put a project's environment
PREFIXES = (*NAMES, "envs", ".conda", ".pixi/envs/default")
CONDA = "conda-meta"
PROJECT_MARKS = ("pyproject.toml", "setup.py", "requirements.txt", "Pipfile", "uv.lock", ".git")


def other_environment(directory: str) -> str | None:
    """The virtual environment in a directory under another name than `.venv`; None if there is none, or are several.

    Of several nobody knows which is meant.
    """
    found = [path for path in _named(directory, OTHER_NAMES) if os.path.isfile(f"{path}/{pyvenv_cfg.NAME}")]
    return found[0] if len(found) == 1 else None


def conda_environment(directory: str) -> str | None:
    """The environment of conda or pixi in a directory; None if there is none, or are several."""
    found = [path for path in _named(directory, PREFIXES) if os.path.isdir(os.path.join(path, CONDA))]
    return found[0] if len(found) == 1 else None


def is_marked(directory: str) -> bool:
    """Whether something in a directory makes it a project."""
    return any(os.path.exists(os.path.join(directory, mark)) for mark in PROJECT_MARKS)


def _named(directory: str, names: tuple[str, ...]) -> Iterator[str]:
    yield from (os.path.join(directory, name) for name in names)
