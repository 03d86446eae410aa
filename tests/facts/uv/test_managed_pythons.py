"""uv's directory of Pythons, laid out as uv lays it out."""

from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.uv.managed_pythons import UvPython, UvPythons, probe_uv_pythons
from tests.support import make_session


def test_pythons_and_the_links_of_their_minor_versions(tmp_path: Path) -> None:
    home = tmp_path / ".local/share/uv/python"
    for key in ("cpython-3.12.11", "pypy-3.10.16", "cpython-3.14.0rc1"):
        (home / f"{key}-linux-x86_64-gnu" / "bin").mkdir(parents=True)
    (home / "cpython-3.13.1+freethreaded-linux-x86_64-gnu").mkdir()
    (home / "cpython-3.12-linux-x86_64-gnu").symlink_to("cpython-3.12.11-linux-x86_64-gnu")
    (home / "cpython-3.11-linux-x86_64-gnu").symlink_to("cpython-3.11.9-linux-x86_64-gnu")
    for name in (".lock", ".gitignore", "cpython-3.9.1-linux-x86_64-gnu"):
        (home / name).touch()
    (home / ".temp").mkdir()
    found = probe_uv_pythons(make_session({"HOME": str(tmp_path)}))
    assert found == UvPythons(
        str(home),
        (
            UvPython(f"{home}/cpython-3.12.11-linux-x86_64-gnu", "cpython", "3.12.11"),
            UvPython(f"{home}/cpython-3.13.1+freethreaded-linux-x86_64-gnu", "cpython", "3.13.1", "+freethreaded"),
            UvPython(f"{home}/cpython-3.14.0rc1-linux-x86_64-gnu", "cpython", "3.14.0rc1"),
            UvPython(f"{home}/pypy-3.10.16-linux-x86_64-gnu", "pypy", "3.10.16"),
        ),
        (
            UvPython(
                f"{home}/cpython-3.11-linux-x86_64-gnu",
                "cpython",
                "3.11",
                target=f"{home}/cpython-3.11.9-linux-x86_64-gnu",
                exists=False,
            ),
            UvPython(
                f"{home}/cpython-3.12-linux-x86_64-gnu",
                "cpython",
                "3.12",
                target=f"{home}/cpython-3.12.11-linux-x86_64-gnu",
            ),
        ),
    )
    assert found.holds(f"{home}/cpython-3.12-linux-x86_64-gnu/bin/python3.12")
    assert not found.holds(f"{home}s/x")


def test_a_variable_moves_the_directory(tmp_path: Path) -> None:
    (tmp_path / "cpython-3.12.1-linux-x86_64-gnu").mkdir()
    found = probe_uv_pythons(make_session({"HOME": "/nonexistent", "UV_PYTHON_INSTALL_DIR": str(tmp_path)}))
    assert [python.version for python in found.installed] == ["3.12.1"]


def test_without_the_directory_there_is_nothing(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no Python"):
        probe_uv_pythons(make_session({"HOME": str(tmp_path)}))
