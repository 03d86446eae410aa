"""Readers that answer with nothing keep note of the file that they could not make sense of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from envdoctor.facts.conda.packages import read_packages
from envdoctor.facts.project.project import Project
from envdoctor.facts.project.requirements_txt import probe_requirements
from envdoctor.facts.project.setup_files import python_requires
from envdoctor.facts.python.distributions import Sites
from envdoctor.facts.uv.installations import read_receipt
from envdoctor.facts.uv.project import probe_uv_project
from envdoctor.system.unread import noting
from tests.support import make_session

READERS: dict[str, tuple[str, str, Callable[[Path], object]]] = {
    "pyproject.toml": ("pyproject.toml", "[project\n", lambda root: probe_uv_project(make_session(cwd=root))),
    "setup.cfg": ("setup.cfg", "secret without a section\n", lambda root: python_requires(str(root))),
    "setup.py": ("setup.py", "def secret(:\n", lambda root: python_requires(str(root))),
    "receipt": ("uv/uv-receipt.json", "{", lambda root: read_receipt(make_session({"XDG_CONFIG_HOME": str(root)}))),
    "record": ("conda-meta/x-1-0.json", "{secret", lambda root: read_packages(str(root), Sites())),
    "requirements": ("requirements.txt", "x --hash='secret\n", lambda root: probe_requirements(Project(str(root)))),
}


@pytest.mark.parametrize(("name", "content", "read"), READERS.values(), ids=READERS)
def test_what_cannot_be_read_is_noted(name: str, content: str, read: Callable[[Path], object], tmp_path: Path) -> None:
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(content)
    with noting() as notes:
        read(tmp_path)
    [(path, reason)] = notes.items()
    assert path.startswith(str(file))
    assert "secret" not in reason


@pytest.mark.parametrize(("name", "content", "read"), READERS.values(), ids=READERS)
def test_what_is_there_and_empty_enough_is_not(
    name: str, content: str, read: Callable[[Path], object], tmp_path: Path
) -> None:
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_text('{"name": "x", "version": "1"}' if name.endswith(".json") else "")
    with noting() as notes:
        read(tmp_path)
    assert notes == {}
