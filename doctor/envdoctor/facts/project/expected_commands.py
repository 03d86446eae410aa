"""Do the commands that the project expects run, and in the versions that it expects? Each is asked once, all at once.

A configuration comes with a clone, so a command is a name that the shell looks up, and what envdoctor may not run is
not run: see `envdoctor.system.trust`.
"""

from __future__ import annotations

import enum

import msgspec

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.commands.commands import Hit, find
from envdoctor.facts.commands.resolve import HitKind
from envdoctor.facts.project.configuration import Configuration
from envdoctor.facts.pyenv.versions import Pyenv
from envdoctor.facts.session.search_path import SearchPath
from envdoctor.system.session import Session

SECONDS = 5.0
NOT_FOUND = (126, 127)
NOT_ASKED = "a configuration has only well-known commands run, and others in CI or with --trust"
LONGEST_REASON = 200
NO_ANSWER = {"timed out": "it has not answered in time", "too much output": "its answer does not end"}

TYPE_CHECKING = False
if TYPE_CHECKING:  # loaded where a command is expected
    from envdoctor.facts.project.command_versions import Question
    from envdoctor.system.child_processes import Completed


class CommandState(enum.Enum):
    """What became of the question."""

    FITS = "fits"
    MISSING = "missing"
    NOT_RUNNABLE = "not runnable"
    VERSION_UNKNOWN = "version unknown"
    VERSION_WRONG = "version wrong"


class ExpectedCommand(Fact, frozen=True, kw_only=True):
    """One command that must run.

    Attributes:
        name: its name.
        wanted: the versions that are fine; empty for any.
        origin: where the configuration says so.
        state: how it stands.
        path: the file that the shell finds; None if it finds none.
        asked: how it was asked, as it is typed; None if it was not.
        version: what it says; None where that is not understood.
        reason: why it does not run, or why its version is not known.
    """

    name: str
    wanted: str
    origin: str
    state: CommandState
    path: str | None = None
    asked: str | None = None
    version: str | None = None
    reason: str | None = None


class ExpectedCommands(Fact, frozen=True):
    """The commands that must run."""

    commands: tuple[ExpectedCommand, ...]


@probe
def probe_expected_commands(
    session: Session, configuration: Configuration, search_path: SearchPath, pyenv: Pyenv | None
) -> ExpectedCommands:
    """Look for each on the search path, and ask it."""
    wanted = configuration.settings.expect.commands
    if not wanted:
        raise Unavailable("no command is expected here")
    from envdoctor.system.threads import side_by_side

    def ask(name: str) -> ExpectedCommand:
        blank = ExpectedCommand(
            name=name,
            wanted=wanted[name],
            origin=configuration.origin_of_expected(f"commands.{name}"),
            state=CommandState.MISSING,
        )
        hit = next(find(name, search_path, pyenv), None)
        return _asked(session, blank, hit) if hit else blank

    return ExpectedCommands(tuple(side_by_side(ask, wanted).values()))


def _asked(session: Session, command: ExpectedCommand, hit: Hit) -> ExpectedCommand:
    """What a command says that was found."""
    from envdoctor.facts.project.command_versions import question_for
    from envdoctor.system.child_processes import Ending

    found = msgspec.structs.replace(command, path=hit.path)
    if hit.problem:
        return _with(found, CommandState.NOT_RUNNABLE, hit.problem)
    program = hit.path
    if hit.kind is HitKind.SHIM:
        if not hit.runs or hit.runs == hit.path:
            return _unknown(found, "it is a shim, which runs another program in each directory")
        program = hit.runs
    question = question_for(hit.name)
    if not (question.known or session.lifted or session.env.get("CI")):  # it may be anything, and heed no arguments
        return _unknown(found, NOT_ASKED)
    done = session.run(
        program,
        *question.arguments,
        reached_by=None if program == hit.path else hit.path,
        env={**session.own_environment(), "LC_ALL": "C"},
        timeout=min(SECONDS, session.timeout),
    )
    if done.ending is Ending.REFUSED:
        return _unknown(found, f"{hit.path} {done.stderr}")
    return _judged(msgspec.structs.replace(found, asked=" ".join((hit.name, *question.arguments))), question, done)


def _judged(found: ExpectedCommand, question: Question, done: Completed) -> ExpectedCommand:
    from envdoctor.facts.project.command_versions import is_admitted, version_in
    from envdoctor.system.child_processes import Ending

    if done.ending is not Ending.EXITED:
        not_started = done.ending is Ending.NOT_STARTED
        state = CommandState.NOT_RUNNABLE if not_started else CommandState.VERSION_UNKNOWN
        return _with(found, state, done.stderr[:LONGEST_REASON] if not_started else NO_ANSWER[done.ending.value])
    status = done.status or 0
    if status < 0 or status in NOT_FOUND or (status and question.known):
        said = next((line for line in (done.stderr + done.stdout).splitlines() if line.strip()), "")
        ended = f"signal {-status}" if status < 0 else f"exit status {status}"
        return _with(found, CommandState.NOT_RUNNABLE, f"{ended}{f': {said.strip()}' if said else ''}"[:LONGEST_REASON])
    version = None if status else version_in(question, done.stdout, done.stderr)
    if version is None:
        return _unknown(found, "its answer holds no version that is understood")
    if found.wanted and not (admitted := is_admitted(found.wanted, version)):
        state = CommandState.VERSION_UNKNOWN if admitted is None else CommandState.VERSION_WRONG
        return msgspec.structs.replace(found, state=state, version=version)
    return msgspec.structs.replace(found, state=CommandState.FITS, version=version)


def _unknown(found: ExpectedCommand, reason: str) -> ExpectedCommand:
    """A command whose version nobody knows, which is fine where any will do."""
    state = CommandState.VERSION_UNKNOWN if found.wanted else CommandState.FITS
    return _with(found, state, reason)


def _with(found: ExpectedCommand, state: CommandState, reason: str) -> ExpectedCommand:
    return msgspec.structs.replace(found, state=state, reason=reason)
