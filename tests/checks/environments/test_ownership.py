from __future__ import annotations

import pytest

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Run,
    Safety,
)
from envdoctor.facts.environments.condition import Condition, Defect
from envdoctor.facts.venv.ownership import Ownership
from envdoctor.testing import assess
from envdoctor_checks.environments.ownership import environment_not_writable
from tests.builders import (
    ROOT,
    make_condition,
    make_conditions,
)


def owned(**fields: object) -> Condition:
    known = {"owner": 1000, "user": 1000, "above": 1000, **fields}
    return make_condition(ownership=Ownership(**known))  # type: ignore[arg-type] # the fields of several types


@pytest.mark.sick("ENV014")
def test_files_of_another_user_are_given_back() -> None:
    left = f"{ROOT}/lib/python3.11/site-packages/left"
    [finding] = assess(environment_not_writable, make_conditions(owned(others=2, example=left, other=0)))
    assert finding == Finding(
        f"the project's environment {ROOT} holds 2 files of user 0, not of its owner, user 1000",
        where=ROOT,
        evidence=(Evidence(f"{left} belongs to user 0", left),),
        fix=Fix(
            "Restore ownership of the environment's files",
            Run("sudo", "chown", "-hR", "1000", ROOT),
            safety=Safety.CHANGES_STATE,
        ),
    )
    [finding] = assess(environment_not_writable, make_conditions(owned(user=0, others=1, example=left, other=0)))
    assert finding.fix.actions == (Run("chown", "-hR", "1000", ROOT),)


@pytest.mark.sick("ENV014")
def test_an_environment_of_root_in_an_own_project_is_given_back() -> None:
    [finding] = assess(environment_not_writable, make_conditions(owned(owner=0, writable=False)))
    assert finding.message.endswith("belongs to user 0, so this user, 1000, cannot install into it")
    assert finding.fix.actions == (Run("sudo", "chown", "-hR", "1000", ROOT),)


@pytest.mark.sick("ENV014")
def test_a_write_protected_environment_is_opened_for_its_owner() -> None:
    [finding] = assess(environment_not_writable, make_conditions(owned(writable=False)))
    assert finding.fix.actions == (Run("chmod", "-R", "u+rwX", ROOT),)


@pytest.mark.healthy("ENV014")
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"owner": 0, "above": 0, "writable": False},
        {"owner": 0, "user": 0, "others": 3, "other": 1000},
        {"owner": 0, "others": 3, "other": 1000},
        {"writable": False, "read_only": True},
        {"owner": None, "writable": False},
        {"owner": 2000, "above": 2000, "others": 1, "other": 0},
    ],
)
def test_shared_and_read_only_environments_are_meant(fields: dict[str, object]) -> None:
    assert assess(environment_not_writable, make_conditions(owned(**fields))) == []


@pytest.mark.healthy("ENV014")
def test_a_sick_environment_has_other_troubles() -> None:
    sick = make_condition(ownership=Ownership(owner=1000, user=1000, writable=False), defect=Defect.MOVED)
    assert assess(environment_not_writable, make_conditions(sick)) == []
