"""`envdoctor fix --undo`: take back what fixes have written into files."""

from __future__ import annotations

import os
from collections.abc import Sequence

from envdoctor.apply.journal import Journal
from envdoctor.apply.recovery import resolve
from envdoctor.apply.state import Refused, State, opened
from envdoctor.apply.undoing import Ending, undo
from envdoctor.cli import output
from envdoctor.cli.speaking import say
from envdoctor.render.applying import outcome_lines
from envdoctor.report.report import ExitCode
from envdoctor.system.session import Session


def take_back(session: Session, codes: Sequence[str], *, dry_run: bool) -> int:
    """Take back what was written for these checks, or all of it. Returns the exit status; raises UsageProblem."""
    try:
        state = state_of(session)
        with state.locked():
            journal = Journal(state.journal)
            for sentence in resolve(journal):
                output.complain(f"envdoctor: {sentence}")
            wanted = _meant(journal, codes)
            if dry_run:
                return _shown(journal, wanted)
            undone = undo(state, journal, wanted)
    except Refused as error:
        raise output.UsageProblem(str(error)) from error
    for each in undone:
        reason = f"{each.path}: {each.reason}" if each.reason else each.path
        say(outcome_lines(each.code, each.ending.value, reason))
    if not undone:
        output.complain("envdoctor: there is nothing to take back")
    kept = any(each.ending is Ending.KEPT for each in undone)
    return ExitCode.PROBLEMS if kept else ExitCode.HEALTHY


def state_of(session: Session) -> State:
    """The record of what was written. Raises Refused, also where it would be another user's."""
    if reason := foreign_home(session):
        raise Refused(reason)
    return opened(session.env, session.home)


def foreign_home(session: Session) -> str | None:
    """Why nothing is written in this home: it is another user's, as under sudo. None if it is this user's."""
    home, user = session.home, os.geteuid()
    if home is None:
        return None
    try:
        owner = os.stat(home).st_uid
    except OSError as error:
        return f"the home directory {home} cannot be used: {error.strerror}"
    caller = session.env.get("SUDO_UID", "")
    if owner != user:
        return f"the home directory {home} belongs to user {owner}: run it as that user, without sudo"
    if caller.isdigit() and int(caller) != user and _home_of(int(caller)) == os.path.realpath(home):
        return f"the home directory {home} is that of user {caller}: run it as that user, without sudo"
    return None


def _home_of(user: int) -> str | None:
    import pwd

    try:
        return os.path.realpath(pwd.getpwuid(user).pw_dir)
    except KeyError:
        return None


def _meant(journal: Journal, codes: Sequence[str]) -> frozenset[str]:
    """The codes that were written for. Raises UsageProblem for one that was not."""
    from envdoctor.engine.selection import nearest

    written = {entry.code for entry in journal.in_effect()}
    for code in codes:
        if code.upper() not in written:
            near = nearest(code.upper(), sorted(written))
            hint = f"did you mean {near}?" if near else f"written is for {', '.join(sorted(written)) or 'none'}"
            raise output.UsageProblem(f"nothing in effect was written for {code}; {hint}")
    return frozenset(code.upper() for code in codes)


def _shown(journal: Journal, codes: frozenset[str]) -> int:
    for entry in reversed(journal.in_effect()):
        if not codes or entry.code in codes:
            say(outcome_lines(entry.code, "would be undone", f"{entry.path}, written at {entry.time}"))
    return ExitCode.HEALTHY
