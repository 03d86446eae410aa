from __future__ import annotations

import pytest

from envdoctor.facts.session.context import Marker, Place
from envdoctor.facts.session.occasion import Occasion
from envdoctor.render.occasion import patient
from tests.builders import make_examined

WORDS = {
    Occasion.SESSION: "session",
    Occasion.CI_STEP: "step of GitHub Actions",
    Occasion.CRON_JOB: "cron job",
    Occasion.AT_JOB: "at job",
    Occasion.SSH_COMMAND: "command over ssh",
    Occasion.BATCH_JOB: "job of Slurm",
    Occasion.BUILD_STEP: "build step of a container",
    Occasion.CONTAINER_COMMAND: "command in a container",
    Occasion.NOTEBOOK_COMMAND: "command of a Jupyter notebook",
    Occasion.SERVICE: "service",
}
MARKERS = (
    Marker(Place.CI, "GitHub Actions", "GITHUB_ACTIONS"),
    Marker(Place.BATCH_JOB, "Slurm", "SLURM_JOB_ID"),
    Marker(Place.NOTEBOOK, "Jupyter", "JPY_PARENT_PID"),
)


@pytest.mark.parametrize("occasion", Occasion)
def test_every_occasion_has_words_with_the_shell_if_there_is_one(occasion: Occasion) -> None:
    bare = make_examined(*MARKERS, occasion=occasion, shell=None)
    assert patient(bare) == WORDS[occasion]
    with_shell = "bash session" if occasion is Occasion.SESSION else f"{WORDS[occasion]} (bash)"
    assert patient(make_examined(*MARKERS, occasion=occasion)) == with_shell


def test_a_service_without_a_name_and_a_session_that_nobody_knows() -> None:
    assert patient(make_examined(occasion=Occasion.CI_STEP, shell=None)) == "step of a CI service"
    assert patient(make_examined(occasion=Occasion.BATCH_JOB, shell=None)) == "job of a batch system"
    assert patient(None) == "session"
