"""Examine the session that `envdoctor` was typed in: its facts, then the verdict of the checks."""

from __future__ import annotations

from envdoctor.cli import progress
from envdoctor.cli.choices import Choices
from envdoctor.cli.report import SHOWN, Facts, judge_and_write
from envdoctor.cli.session import open_session
from envdoctor.engine.collector import Enquiry, FactType
from envdoctor.system.session import DEFAULT_TIMEOUT


def examine(
    choices: Choices | None = None,
    python: str | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    *,
    deep: bool = False,
    network: bool = False,
    trust: bool = False,
) -> int:
    """Examine and report. Returns the exit status; raises UsageProblem. The arguments are the options of `check`."""
    choices = choices or Choices()
    session = open_session(timeout, python)
    session.deep, session.network, session.lifted = deep, network, trust
    enquiry = Enquiry(session)
    enquiry.seek(SHOWN)  # the Pythons answer while the checks are being loaded

    def facts(needed: set[FactType]) -> Facts:
        with progress.shown() as session.progress:
            enquiry.seek(needed)
            return enquiry.wait()

    return judge_and_write(facts, choices)
