from __future__ import annotations

import pytest

from envdoctor import Evidence, Finding, Fix, Manual, Scope
from envdoctor.facts.session.switched_user import Belonging, SwitchedUser
from envdoctor.testing import assess
from envdoctor_checks.terminals.su import other_user_kept_by_su
from tests.builders import make_commands, make_hit

SYSTEM = make_commands(make_hit("python3", "/usr/bin/python3"))
OF_ANN = Belonging("/home/ann/env/bin", "ann")


@pytest.mark.sick("TRM010")
def test_the_home_of_another_user() -> None:
    switched = SwitchedUser("root", "/root", 7, Belonging("/home/ann", "ann"))
    assert assess(other_user_kept_by_su, switched, SYSTEM) == [
        Finding(
            "this shell of root has the home of ann: HOME is /home/ann",
            where="HOME",
            evidence=(
                Evidence("a shell of root below `su`", "process 7"),
                Evidence("HOME=/home/ann, which belongs to ann", "HOME"),
                Evidence("the home of root is /root", "the database of users"),
            ),
            fix=Fix(
                "Open the shell of root with a dash",
                Manual("Exit this shell, and type `su - root`"),
                scope=Scope.SESSION,
            ),
        )
    ]


@pytest.mark.sick("TRM010")
def test_the_python_of_another_user_answers() -> None:
    commands = make_commands(make_hit("python", "/home/ann/env/bin/python"))
    [finding] = assess(other_user_kept_by_su, SwitchedUser("root", "/root", 7, None, (OF_ANN,)), commands)
    assert finding.message == "this shell of root has the search path of ann: `python` is /home/ann/env/bin/python"
    assert finding.where == "PATH"
    assert finding.evidence[1] == Evidence("`python` is /home/ann/env/bin/python, in a directory of ann", "PATH")


@pytest.mark.healthy("TRM010")
def test_what_has_nothing_to_do_with_python_is_no_matter() -> None:
    assert not assess(other_user_kept_by_su, SwitchedUser("root", "/root", 7), SYSTEM)
    assert not assess(other_user_kept_by_su, SwitchedUser("root", "/root", 7, None, (OF_ANN,)), SYSTEM)
