from __future__ import annotations

import pytest

from envdoctor import Evidence, Finding, Fix, Run, Scope
from envdoctor.facts.disks.working_directory import WorkingDirectory
from envdoctor.testing import assess
from envdoctor_checks.disks.working_directory import STOPPED, working_directory_gone
from tests.builders import HOME, make_examined


def judged(directory: WorkingDirectory) -> list[Finding]:
    return assess(working_directory_gone, directory, make_examined())


@pytest.mark.sick("DSK010")
def test_a_directory_that_is_deleted_is_left() -> None:
    assert judged(WorkingDirectory("/w/build/x", gone=True, nearest="/w")) == [
        Finding(
            "the working directory /w/build/x has been deleted: uv, poetry and `pip install` stop here",
            Fix("Change to a directory that exists", Run("cd", "/w"), scope=Scope.SESSION),
            "/w/build/x",
            (
                Evidence("its name cannot be found out: no such directory", "getcwd"),
                Evidence("PWD=/w/build/x", "variable PWD"),
            ),
            stops=STOPPED,
        )
    ]


@pytest.mark.sick("DSK010")
def test_one_that_was_made_again_is_entered_again() -> None:
    [finding] = judged(WorkingDirectory("/w/build", gone=True, made_again=True, nearest="/w/build"))
    assert finding.message.startswith(
        "the working directory /w/build has been deleted and made again, and this shell is still in the deleted one"
    )
    step = Run("cd", "/w/build")
    assert finding.fix == Fix("Change to the directory that is there now", step, scope=Scope.SESSION)


@pytest.mark.sick("DSK010")
def test_where_nothing_is_left_of_its_name_the_home_is() -> None:
    for directory in (WorkingDirectory(None, gone=True), WorkingDirectory("/gone", gone=True)):
        [finding] = judged(directory)
        assert finding.fix.actions == (Run("cd", HOME),)


@pytest.mark.healthy("DSK010")
def test_a_directory_that_exists() -> None:
    assert judged(WorkingDirectory("/w/build")) == []
