from __future__ import annotations

import sys
from pathlib import Path

from envdoctor.facts.python.off_path import UsualPythons
from tests.support import make_session, see


def test_a_forgotten_python_is_found(tmp_path: Path) -> None:
    (tmp_path / ".local/bin").mkdir(parents=True)
    (tmp_path / ".local/bin/python3").symlink_to(sys.executable)
    seen = see(UsualPythons, make_session({"HOME": str(tmp_path), "PATH": "/nowhere"}))
    assert seen.forgotten[0] == f"{tmp_path}/.local/bin"
    on_path = see(UsualPythons, make_session({"HOME": str(tmp_path), "PATH": f"{tmp_path}/.local/bin/"}))
    assert f"{tmp_path}/.local/bin" not in on_path.forgotten
