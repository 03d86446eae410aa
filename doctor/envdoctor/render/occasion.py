"""What was examined, in words: a bash session, a step of GitHub Actions, a cron job."""

from __future__ import annotations

from envdoctor.facts.session.context import Examined, Place
from envdoctor.facts.session.occasion import Occasion

WORDS = {
    Occasion.CI_STEP: "step of {name}",
    Occasion.CRON_JOB: "cron job",
    Occasion.AT_JOB: "at job",
    Occasion.SSH_COMMAND: "command over ssh",
    Occasion.BATCH_JOB: "job of {name}",
    Occasion.BUILD_STEP: "build step of a container",
    Occasion.CONTAINER_COMMAND: "command in a container",
    Occasion.NOTEBOOK_COMMAND: "command of a {name} notebook",
    Occasion.SERVICE: "service",
}
NAMED = {Occasion.CI_STEP: Place.CI, Occasion.BATCH_JOB: Place.BATCH_JOB, Occasion.NOTEBOOK_COMMAND: Place.NOTEBOOK}
"""The markers whose names are told."""
UNNAMED = {Occasion.CI_STEP: "a CI service", Occasion.BATCH_JOB: "a batch system"}


def patient(examined: Examined | None) -> str:
    """What was examined, without its article: `bash session`, `step of GitHub Actions (bash)`, `cron job (dash)`."""
    if examined is None:
        return "session"
    occasion, shell = examined.occasion, examined.shell
    if occasion is Occasion.SESSION:
        return f"{shell} session" if shell else "session"
    marker = examined.at(NAMED[occasion]) if occasion in NAMED else None
    words = WORDS[occasion].format(name=marker.name if marker else UNNAMED.get(occasion, ""))
    return f"{words} ({shell})" if shell else words
