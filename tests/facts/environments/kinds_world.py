"""Prefixes of conda to recognise."""

from __future__ import annotations

from pathlib import Path

from tests.facts.environments.condition_world import BASE


def make_conda(path: Path, *, python: str | None = "3.12.1", pixi: bool = False) -> Path:
    (path / "conda-meta").mkdir(parents=True)
    (path / "bin").mkdir()
    (path / "conda-meta" / "history").touch()
    if pixi:
        (path / "conda-meta" / "pixi").touch()
    if python:
        (path / "conda-meta" / f"python-{python}-h955ad1f_0.json").touch()
        (path / "bin" / "python").symlink_to(BASE)
    return path
