from __future__ import annotations

import pytest

from envdoctor import Evidence, Finding, Fix, Run, Safety, Severity
from envdoctor.facts.environments.old_user_packages import OldUserPackages, OldUserSite
from envdoctor.facts.session.context import Place
from envdoctor.testing import assess
from envdoctor_checks.python.old_user_packages import user_packages_left_behind
from tests.builders import make_examined

SITE = "/home/ann/.local/lib/python3.9/site-packages"
LIBRARIES = OldUserSite(SITE, "3.9", ("attrs", "six"))


@pytest.mark.sick("PY012")
def test_packages_that_no_python_sees_are_advice() -> None:
    assert assess(user_packages_left_behind, OldUserPackages((LIBRARIES,)), make_examined()) == [
        Finding(
            f"2 packages of the user are for Python 3.9, which is not here any more: {SITE}",
            where=SITE,
            evidence=(Evidence("there are attrs, six", SITE),),
            fix=Fix(
                "Install what you still need for this Python, then remove the old packages",
                Run("rm", "-r", "--", SITE),
                safety=Safety.DESTRUCTIVE,
            ),
            severity=Severity.INFO,
        )
    ]


@pytest.mark.sick("PY012")
def test_their_commands_that_another_python_starts_are_a_warning() -> None:
    command = "/home/ann/.local/bin/black"
    site = OldUserSite(SITE, "3.9", ("black",), (command,), "3.11")
    [finding] = assess(user_packages_left_behind, OldUserPackages((site,)), make_examined())
    assert finding.message == "black cannot run: installed for Python 3.9, started by Python 3.11"
    assert finding.severity is Severity.WARNING
    assert Evidence("its first line leads to Python 3.11", command) in finding.evidence
    assert finding.fix.actions == (Run("rm", "-r", "--", SITE, command),)


@pytest.mark.healthy("PY012")
def test_a_home_that_a_container_shares_serves_the_pythons_outside() -> None:
    mounted = OldUserPackages((LIBRARIES,), home_is_mounted=True)
    assert not assess(user_packages_left_behind, mounted, make_examined(Place.CONTAINER))
    assert assess(user_packages_left_behind, mounted, make_examined())
    assert assess(user_packages_left_behind, OldUserPackages((LIBRARIES,)), make_examined(Place.CONTAINER))
