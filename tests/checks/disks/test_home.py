from __future__ import annotations

from typing import Any

import pytest

from envdoctor import Evidence, Finding, Fix, Run, SetVariable, Severity, UnsetVariable
from envdoctor.facts.disks.home import HomeDirectory, HomeProblem, RelativeDirectory
from envdoctor.testing import assess
from envdoctor_checks.disks.home import home_unusable
from tests.builders import HOME, make_examined
from tests.checks.disks.literals import AT_HOME, CACHES, NO_UV_CACHE, PIP, UV


def judged(home: HomeDirectory, **more: Any) -> list[Finding]:
    return assess(home_unusable, home, more.get("caches", CACHES), more.get("commands", UV), make_examined())


@pytest.mark.sick("DSK008")
def test_the_accounts_own_home_is_used() -> None:
    assert judged(HomeDirectory(HOME, problem=HomeProblem.FOREIGN, owner="ann", own="/home/bob")) == [
        Finding(
            f"HOME={HOME} belongs to another user, and this user may not write there (ann); uv stops at it",
            Fix("Set HOME to this user's home", SetVariable("HOME", "/home/bob")),
            "HOME",
            (Evidence(f"HOME={HOME}", "variable HOME"),),
        )
    ]


@pytest.mark.sick("DSK008")
def test_a_home_that_is_gone_is_made() -> None:
    missing = HomeDirectory(HOME, problem=HomeProblem.MISSING, creatable=True)
    [finding] = judged(missing)
    assert finding.fix.actions == (Run("mkdir", "-p", HOME),)
    assert finding.severity is None
    for change in ({"commands": PIP}, {"caches": NO_UV_CACHE}):
        [finding] = judged(missing, **change)
        assert finding.severity is Severity.WARNING  # pip goes on without a cache


@pytest.mark.sick("DSK008")
def test_a_user_without_an_account_gets_one_of_its_own() -> None:
    [finding] = judged(HomeDirectory("/", problem=HomeProblem.FOREIGN, owner="root"))
    assert finding.fix.actions == (Run("mkdir", "-m", "700", "/tmp/home-1000"), SetVariable("HOME", "/tmp/home-1000"))
    [finding] = judged(HomeDirectory("/nonexistent", variable=False, problem=HomeProblem.MISSING))
    assert finding.message.startswith("the account's home /nonexistent does not exist")


@pytest.mark.sick("DSK008")
def test_relative_directories_of_the_specification_are_ignored() -> None:
    relative = (RelativeDirectory("XDG_CACHE_HOME", "~/c", f"{HOME}/c"), RelativeDirectory("XDG_DATA_HOME", "data"))
    first, second = judged(HomeDirectory(HOME, relative=relative))
    assert first.message == (
        "XDG_CACHE_HOME=~/c is no absolute path: "
        "uv and newer pips ignore it, older ones look below the working directory"
    )
    assert (first.severity, second.severity) == (Severity.INFO, Severity.INFO)
    assert first.fix.actions == (SetVariable("XDG_CACHE_HOME", f"{HOME}/c"),)
    assert second.fix.actions == (UnsetVariable("XDG_DATA_HOME"),)


@pytest.mark.healthy("DSK008")
def test_a_home_of_ones_own() -> None:
    assert judged(AT_HOME) == []
    assert judged(HomeDirectory(HOME, variable=False)) == []
