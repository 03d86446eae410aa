"""A lock in a newer format than its manager reads."""

from __future__ import annotations

from typing import Any

import pytest

from envdoctor.facts.dependencies.lock_schemas import is_older_than_pdm_reads, newer_schema
from envdoctor.facts.project.project import ProjectManager

UV, POETRY = ProjectManager.UV, ProjectManager.POETRY


@pytest.mark.parametrize(
    ("manager", "table", "uv", "said"),
    [
        (UV, {"version": 2}, (0, 9), "uses an unsupported schema version (v2, but only v1 is supported)"),
        (UV, {"version": 1, "revision": 99}, (0, 9), None),
        (UV, {"version": 2}, None, None),
        (UV, {"version": 2}, (99, 0), None),
        (UV, {"version": "2"}, (0, 9), None),
        (
            POETRY,
            {"metadata": {"lock-version": "3.0"}},
            None,
            "is not compatible with any known version of poetry: its `lock-version` is 3.0",
        ),
        (POETRY, {"metadata": {"lock-version": "2.1"}}, None, None),
        (POETRY, {"metadata": {"lock-version": 3}}, None, None),
        (POETRY, {}, None, None),
        (ProjectManager.PDM, {"metadata": {"lock_version": "9"}}, None, None),
    ],
)
def test_the_manager_says_what_it_cannot_read(
    manager: ProjectManager, table: dict[str, Any], uv: tuple[int, ...] | None, said: str | None
) -> None:
    assert newer_schema(manager, table, uv) == said


@pytest.mark.parametrize(("version", "older"), [("3.0", True), ("", True), (None, True), ("4.4", False), ("9", False)])
def test_a_lock_that_pdm_no_longer_reads(version: str | None, older: bool) -> None:
    assert is_older_than_pdm_reads({"metadata": {"lock_version": version}}) is older
    assert is_older_than_pdm_reads({"metadata": {"lock_version": "x"}}) is False  # which pdm refuses
