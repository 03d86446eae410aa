"""Leaving an environment takes its programs off the search path too; real shells run the steps in the clinic."""

from __future__ import annotations

import pytest

from envdoctor import Deactivate, RemoveFromPath
from envdoctor_checks.common.deactivation import deactivation


@pytest.mark.parametrize("root", ["/p/.venv", "/p/my env"])
def test_the_shell_deactivates_and_forgets_the_programs(root: str) -> None:
    assert deactivation(root) == (Deactivate(), RemoveFromPath(f"{root}/bin"))
