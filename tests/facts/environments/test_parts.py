from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from envdoctor.facts.environments.condition import Defect
from tests.facts.environments.condition_world import BASE, condition, make


@pytest.mark.parametrize(
    ("break_it", "missing"),
    [
        (lambda root: (root / "bin/python").unlink(), "{root}/bin/python does not exist"),
        (lambda root: (root / "pyvenv.cfg").write_text("version = 3\n"), "its pyvenv.cfg names no `home`"),
        (lambda root: (root / "pyvenv.cfg").write_bytes(b"\0"), "its pyvenv.cfg cannot be read: a binary file"),
        (lambda root: shutil.rmtree(root / "lib"), "it has no site-packages directory"),
    ],
)
def test_missing_parts(break_it: object, missing: str, tmp_path: Path) -> None:
    root = make(tmp_path / "env")
    assert callable(break_it)
    break_it(root)
    found = condition(root)
    assert (found.defect, found.missing) == (Defect.INCOMPLETE, missing.format(root=root))


def test_only_venv_leaves_an_environment_half_way(tmp_path: Path) -> None:
    root = make(tmp_path / "env")
    (root / "bin" / "activate").unlink()
    assert condition(root).missing is None
    (root / "pyvenv.cfg").write_text(f"home = {os.path.dirname(BASE)}\nversion = 3.11.1\n")
    assert condition(root).missing == "it has neither `activate` nor pip: its creation was interrupted"
