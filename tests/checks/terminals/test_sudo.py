from __future__ import annotations

import pytest

from envdoctor import (
    Evidence,
)
from envdoctor.facts.session.sudo import Elevation
from envdoctor.facts.venv.active import ProjectVenv
from envdoctor.testing import assess
from envdoctor_checks.terminals.sudo import activation_lost_under_sudo
from tests.builders import make_active, make_answer, make_answers, make_python

ROOT = "/p/.venv"

SYSTEM = make_answers(make_answer("python3", "/usr/bin/python3", make_python()))


@pytest.mark.sick("TRM009")
def test_sudo_took_the_activation_away() -> None:
    elevation = Elevation("ann", 33, ROOT)
    [finding] = assess(activation_lost_under_sudo, elevation, SYSTEM)
    assert finding.message == (
        "under sudo the environment /p/.venv of ann is not active: `python3` runs /usr/bin/python3"
    )
    assert Evidence(f"VIRTUAL_ENV={ROOT}", "the environment of sudo, process 33") in finding.evidence
    venv = make_active(ROOT).venv
    assert assess(activation_lost_under_sudo, Elevation("ann"), SYSTEM, ProjectVenv(ROOT, 0, venv))


@pytest.mark.healthy("TRM009")
def test_nothing_was_active_or_it_was_handed_over() -> None:
    venv = ProjectVenv(ROOT, 0, make_active(ROOT).venv)
    assert not assess(activation_lost_under_sudo, Elevation("ann", 33), SYSTEM, venv)
    assert not assess(activation_lost_under_sudo, Elevation("ann", 33, ROOT), SYSTEM, make_active(ROOT))
    own = make_answers(make_answer("python", f"{ROOT}/bin/python", make_python(ROOT)))
    assert not assess(activation_lost_under_sudo, Elevation("ann", 33, ROOT), own)
