"""uv projects of several files, and what is said of them."""

from __future__ import annotations

from pathlib import Path

from tests.facts.dependencies.locks_world import write
from tests.facts.dependencies.refusals_world import refused

Files = dict[str, str]
Case = tuple[Files, tuple[str, int, str]]
ROOT = "pyproject.toml"
WORKSPACE = '[tool.uv.workspace]\nmembers = ["packages/*"]\n'


def manifest(name: str, *asked: str, python: str = ">=3.9", more: str = "") -> str:
    """A project that is no package: `dependencies` stands in line 5, and whatever is more from line 6 on."""
    head = f'[project]\nname = "{name}"\nversion = "1"\nrequires-python = "{python}"\n'
    return f"{head}dependencies = {list(asked)}\n{more}"


def sourced(source: str, *asked: str, more: str = "") -> str:
    """The same with a source of its own in line 7."""
    return manifest("app", *(asked or ("alpha",)), more=f"[tool.uv.sources]\n{source}\n{more}")


def said_of(root: Path, files: Files) -> list[tuple[str, int, str]]:
    """Which file, which line, and what."""
    write(root, files)
    return [
        (str(Path(refusal.path).relative_to(root)), refusal.line, refusal.said.replace(f"{root}/", ""))
        for refusal in refused(root)
    ]


def is_said(root: Path, case: Case) -> bool:
    """Whether just what is expected is said, of which the beginning is known."""
    files, (path, line, reason) = case
    [(where, number, said)] = said_of(root, files)
    return (where, number, said[: len(reason)]) == (path, line, reason)
