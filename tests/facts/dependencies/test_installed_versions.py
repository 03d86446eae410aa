from __future__ import annotations

from pathlib import Path

from envdoctor.facts.dependencies.installed_versions import installed_version


def test_the_version_that_lies_beside_a_program(tmp_path: Path) -> None:
    assert installed_version(str(tmp_path / "bin/poetry"), "poetry") is None
    packages = tmp_path / "lib/python3.12/site-packages"
    (packages / "poetry_core-2.1.0.dist-info").mkdir(parents=True)
    (packages / "poetry-2.5.1.dist-info").mkdir()
    assert installed_version(str(tmp_path / "bin/poetry"), "poetry") == (2, 5, 1)
    (packages / "poetry-2.5.0.dist-info").mkdir()  # half an upgrade
    assert installed_version(str(tmp_path / "bin/poetry"), "poetry") is None
