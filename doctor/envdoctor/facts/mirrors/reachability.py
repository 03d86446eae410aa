"""Do the mirrors that are set answer, with what the tool expects, and how fast? Asked with `--network` only.

Only what is set is asked, never what a tool would use by default. Every address is asked once, all at the same time, on
the way that its tool would go: through its proxy, with its certificates.
"""

from __future__ import annotations

import enum

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.mirrors.logins import Logins
from envdoctor.facts.mirrors.servers import Target, Targets
from envdoctor.system.session import Session


class Verdict(enum.Enum):
    """What came of asking."""

    FITS = "answers"
    OTHER = "answers with something else"
    NOT_FOUND = "does not have what is asked for"
    NO_ENTRY = "wants other credentials, or some at all"
    LOGIN = "asks for a login"
    EITHER = "is refused, by the mirror itself or by the proxy on the way"
    FAULTY = "is faulty"
    UNREACHABLE = "does not answer"
    UNKNOWN = "could not be asked"


class Asked(Fact, frozen=True):
    """One server that was asked.

    Attributes:
        target: the server.
        page: what was asked for, behind its address.
        verdict: what came of it.
        status: the answer's number; None if there was no answer.
        detail: why there was none, in the words of the system; the kind of an unexpected answer.
        failure: why there was none, in a clause; None if there was one.
        milliseconds: until the answer began; None if there was none.
        login: where the tool may have a login that was not used here; None if nothing is known of one.
    """

    target: Target
    page: str
    verdict: Verdict
    status: int | None = None
    detail: str = ""
    failure: str | None = None
    milliseconds: int | None = None
    login: str | None = None


class Reachability(Fact, frozen=True):
    """Every mirror that is set, and what came of asking it."""

    asked: tuple[Asked, ...] = ()


@probe
def probe_reachability(session: Session, commands: Commands, targets: Targets, logins: Logins) -> Reachability:
    """Ask all servers at the same time."""
    if not session.network:
        raise Unavailable("mirrors are asked with `--network` only")
    from envdoctor.facts.mirrors.probing import ask

    return Reachability(ask(targets, session, commands.first("uv"), logins))
