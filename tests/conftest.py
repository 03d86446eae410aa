from __future__ import annotations

import pytest
from hypothesis import settings

settings.register_profile("no deadline", deadline=None)  # machines are shared: no test may fail by the clock
settings.load_profile("no deadline")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite-golden", action="store_true", help="write what is rendered now into tests/golden")


@pytest.fixture
def rewrite_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be rewritten."""
    return bool(request.config.getoption("--rewrite-golden"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What stands in `tests/clinic` is a clinic test, whether or not it says so."""
    for item in items:
        if "clinic" in item.path.parts:
            item.add_marker("clinic")
