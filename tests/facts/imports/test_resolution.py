from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.facts.imports.imports_world import all_names, imports, interpreter, plain, plant, python_in, verdict
from tests.support import needs_python


@pytest.mark.tools
@pytest.mark.parametrize("minor", ["2.7", "3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13"])
def test_every_name_leads_where_the_real_python_finds_it(minor: str, tmp_path: Path) -> None:
    base = needs_python(minor)
    is_old = minor == "2.7"
    if not is_old:
        subprocess.run([base, "-m", "venv", "--without-pip", tmp_path / "env"], check=True)
    python = base if is_old else python_in(tmp_path / "env")
    known = interpreter(python)
    packages = tmp_path / "old" if is_old else Path(known.purelib)
    first, cwd = tmp_path / "first", tmp_path / "cwd"
    for directory in (packages, first, cwd):
        directory.mkdir(exist_ok=True)
    planted = plant(packages, first, cwd, known.extension_suffix or ".so")
    variables = {"PYTHONPATH": f"{first}:{packages}:"} if is_old else {"PYTHONPATH": f"{first}:"}
    names = [name for name in planted if not (is_old and "." in name)]
    names += [name for name in all_names(python, cwd, **variables) if name not in {"antigravity", "this", "__main__"}]
    mine = imports(interpreter(python), cwd, **variables)  # again: its search path has grown
    expected = verdict(python, names, cwd, **variables)
    assert len(expected) > 250
    wrong = {name: (plain(mine.resolve(name)), expected[name]) for name in names}
    assert {name: pair for name, pair in wrong.items() if pair[0] != pair[1]} == {}
