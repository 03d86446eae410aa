"""Examine the session that `envdoctor` was typed in: its facts, then the verdict of the checks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from envdoctor.cli import output, progress
from envdoctor.cli.choices import Choices
from envdoctor.cli.judging import SHOWN, Establish, judge_and_write
from envdoctor.cli.session import open_session
from envdoctor.engine.collector import Enquiry
from envdoctor.engine.reference import Facts, FactType
from envdoctor.facts.project.configuration_file import ConfigurationError, search
from envdoctor.system.session import DEFAULT_TIMEOUT, Session
from envdoctor.system.silent_mounts import Unanswered

if TYPE_CHECKING:
    from envdoctor.facts.project.configuration import Configuration


class Prepared(NamedTuple):
    """An examination that can begin: the session, how its facts are established, what was chosen and configured."""

    session: Session
    establish: Establish
    choices: Choices
    configuration: Configuration | None


def examine(given: Mapping[str, Any] | None = None, python: str | None = None, *, trust: bool = False) -> int:
    """Examine and report. Returns the exit status; raises UsageProblem. The arguments are those of `prepare`."""
    _session, establish, choices, configuration = prepare(given, python, trust=trust)
    return judge_and_write(establish, choices, configuration=configuration)


def prepare(given: Mapping[str, Any] | None = None, python: str | None = None, *, trust: bool = False) -> Prepared:
    """Open the session, and find out what is to be examined. Raises UsageProblem.

    Args:
        given: the options of `check` that were typed, by their names; they beat what the project has configured.
        python: the interpreter to examine; None for the session's own.
        trust: whether programs of other users may be run.
    """
    given = given or {}
    session = open_session(given.get("timeout", DEFAULT_TIMEOUT), python)
    configuration = configuration_of(session)
    choices = Choices(**{name: value for name, value in given.items() if name in Choices.__struct_fields__})
    session.deep, session.network = given.get("deep", False), given.get("network", False)
    if configuration:
        from envdoctor.cli.configured import planned

        choices, session.timeout, session.deep, session.network = planned(configuration, given)
    session.lifted = trust
    enquiry = Enquiry(session)
    enquiry.seek(SHOWN)  # the Pythons answer while the checks are being loaded

    def facts(needed: tuple[FactType, ...]) -> Facts:
        with progress.shown() as session.progress:
            enquiry.seek(needed)
            return enquiry.wait()

    return Prepared(session, facts, choices, configuration)


def configuration_of(session: Session) -> Configuration | None:
    """The project's configuration, which is loaded only where there is one. Raises UsageProblem."""
    try:
        found = search(session)
        for path in found.passed_over:
            output.complain(f"envdoctor: {path} is not read: everybody may put files into its directory")
        if found.document is None:
            return None
        from envdoctor.facts.project.configuration import read

        return read(found.document)
    except Unanswered:
        return None  # the facts say which place does not answer
    except ConfigurationError as error:
        raise output.UsageProblem(str(error)) from error
