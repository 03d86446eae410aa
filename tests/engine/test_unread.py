"""What could not be read is said, and no check that wanted it calls the machine healthy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from envdoctor import Fact, Finding, Fix, Manual, Session, Severity, Unavailable, check, probe
from envdoctor.engine.collector import establish
from envdoctor.engine.fact import Known
from envdoctor.engine.finding import Outcome
from envdoctor.engine.judge import Result, facts_for, judge
from envdoctor.engine.reference import Facts
from envdoctor.engine.unread import Unread, UnreadFiles
from envdoctor.render import text
from envdoctor.render.lines import plain
from envdoctor.report.report import ExitCode, Report
from envdoctor.system.files import Unreadable, read_text
from tests.support import make_session

MANUAL = """Something is wrong with the letter.

## Why it matters
It is a letter.

## How to fix
Write another.
"""


class Letter(Fact, frozen=True):
    """What the letter says."""

    words: str | None


class Reply(Fact, frozen=True):
    """What is answered to it."""

    words: str


@probe
def read_letter(session: Session) -> Letter:
    """Read it."""
    try:
        return Letter(read_text(session.env["LETTER"]))
    except Unreadable as error:
        if "HARD" in session.env:
            raise Unavailable("no letter here") from error
        return Letter(None)


@probe
def write_reply(letter: Letter | None) -> Reply:
    """Answer it."""
    return Reply("yes" if letter and letter.words else "what?")


def found(where: str) -> Finding:
    return Finding("it is so", Fix("Write", Manual("Write.")), where, ())


@check("LET001", severity=Severity.INFO, since="0.1")
def quiet(_letter: Letter) -> Iterator[Finding]:
    yield from ()


@check("LET002", severity=Severity.INFO, since="0.1")
def loud(_letter: Letter) -> Iterator[Finding]:
    yield found("elsewhere")


@check("LET003", severity=Severity.INFO, since="0.1")
def to_the_point(_letter: Letter, session_only: Reply) -> Iterator[Finding]:
    del session_only
    yield found("/told")


@check("LET004", severity=Severity.INFO, since="0.1")
def of_the_reply(_reply: Reply) -> Iterator[Finding]:
    yield from ()


CHECKS = (quiet, loud, to_the_point, of_the_reply)
for one in CHECKS:
    one.function.__doc__ = MANUAL


def examine(letter: Path, **env: str) -> dict[str, Result]:
    return {result.check.code: result for result in report(letter, **env).results}


def report(letter: Path, **env: str) -> Report:
    known = establish(facts_for(CHECKS, shown=[UnreadFiles]), make_session({"LETTER": str(letter), **env}))
    return Report("2026-01-02T03:04:05Z", judge(CHECKS, known), Facts(known))


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    (tmp_path / "letter").write_bytes(b"caf\xe9")
    return tmp_path / "letter"


def test_a_check_that_finds_nothing_in_what_was_not_read_is_unsettled(letter: Path) -> None:
    results = examine(letter)
    reason = f"{letter}: line 1 is not UTF-8"
    assert {code: (result.outcome, result.reason, result.unsettled) for code, result in results.items()} == {
        "LET001": (Outcome.SKIPPED, reason, True),
        "LET002": (Outcome.FOUND, reason, True),
        "LET003": (Outcome.FOUND, reason, True),
        "LET004": (Outcome.OK, None, False),
    }


def test_a_finding_about_the_file_itself_tells_enough() -> None:
    known: dict[type[Fact], Known] = {
        Letter: Letter(None),
        Reply: Reply("what?"),
        UnreadFiles: UnreadFiles((Unread("/told", "too large", ("Letter",)),)),
    }
    results = {result.check.code: result for result in judge(CHECKS, known)}
    assert (results["LET003"].outcome, results["LET003"].unsettled) == (Outcome.FOUND, False)
    assert (results["LET002"].outcome, results["LET002"].unsettled) == (Outcome.FOUND, True)


def test_a_fact_that_is_missing_for_want_of_a_file_is_unsettled(letter: Path, tmp_path: Path) -> None:
    result = examine(letter, HARD="1")["LET001"]
    assert (result.outcome, result.reason, result.unsettled) == (
        Outcome.SKIPPED,
        f"{letter}: line 1 is not UTF-8",
        True,
    )
    result = examine(tmp_path / "none", HARD="1")["LET001"]
    assert (result.outcome, result.reason, result.unsettled) == (Outcome.SKIPPED, "no letter here", False)


def test_what_is_not_there_settles_everything(tmp_path: Path) -> None:
    (tmp_path / "directory").mkdir()
    (tmp_path / "circle").symlink_to("circle")
    for name in ("none", "directory", "circle", "directory/none", "x" * 300):
        assert report(tmp_path / name).exit_code is ExitCode.HEALTHY
    assert report(Path("/dev/null")).exit_code is ExitCode.HEALTHY


def test_the_text_tells_it_by_default_and_the_run_is_incomplete(letter: Path) -> None:
    shown = plain(text.layout(report(letter)))
    assert f"? LET001 could not be examined: {letter}: line 1 is not UTF-8\n" in shown
    assert f"? LET002, LET003 could be examined only in part: {letter}: line 1 is not UTF-8\n" in shown
    assert report(letter).exit_code is ExitCode.INCOMPLETE


def test_a_file_that_no_check_asks_for_is_told_too() -> None:
    known: dict[type[Fact], Known] = {
        Letter: Letter("yes"),
        Reply: Reply("yes"),
        UnreadFiles: UnreadFiles((Unread("/x", "too large", ("Other",)),)),
    }
    made = Report("2026-01-02T03:04:05Z", judge(CHECKS, known), Facts(known))
    assert made.exit_code is ExitCode.INCOMPLETE
    assert "? /x: too large (could not be read)\n" in plain(text.layout(made))
