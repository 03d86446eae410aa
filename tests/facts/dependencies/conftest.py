from __future__ import annotations

from pathlib import Path

import pytest

from tests.facts.dependencies.locks_world import MANIFEST, OWN, uv, write
from tests.wheels import write_wheel


@pytest.fixture(scope="package")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("wheels")
    for name, version, requires in (
        ("alpha", "1.0", ["beta>=1"]),
        ("alpha", "2.0", ["beta>=1"]),
        ("beta", "1.0", []),
        ("beta", "2.0", []),
        ("gamma", "1.0", ["delta; sys_platform == 'win32'", "beta"]),
        ("delta", "1.0", []),
        ("tool-x", "1.0", ["epsilon"]),
        ("epsilon", "1.0", []),
        ("docs-x", "1.0", []),
        ("zeta", "1.0", ["speed; extra == 'more'"]),
        ("speed", "1.0", []),
    ):
        write_wheel(directory, name, version, files={f"{name.replace('-', '_')}.py": ""}, requires=requires)
    return directory


@pytest.fixture
def app(tmp_path: Path, wheels: Path) -> Path:
    app = tmp_path / "app"
    write(app, {"pyproject.toml": MANIFEST.replace("WHEELS", str(wheels)), "libs/own/pyproject.toml": OWN})
    uv(app, "lock")
    return app
