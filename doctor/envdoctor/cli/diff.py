"""`envdoctor diff`: what two examinations say differently, by their findings and by their facts."""

from __future__ import annotations

import json
import sys
from contextlib import redirect_stdout
from datetime import UTC, datetime
from typing import TypeGuard

import click
import msgspec

from envdoctor._version import __version__
from envdoctor.cli import options, output, progress, sharing
from envdoctor.cli.documents import base_of
from envdoctor.cli.judging import OF_SHARING, SHOWN
from envdoctor.cli.session import open_session
from envdoctor.engine.collector import Enquiry
from envdoctor.engine.fact import Known, Missing, MissingKind
from envdoctor.engine.finding import Outcome
from envdoctor.engine.judge import facts_for, judge
from envdoctor.engine.reference import Facts, FactType
from envdoctor.engine.registry import Registry
from envdoctor.engine.wiring import facts_in, needs_of
from envdoctor.render.diff import Difference, Judged, Unjudged, document, layout, markdown
from envdoctor.report import recording
from envdoctor.report.differences import Side, compare
from envdoctor.report.places import fingerprint_of
from envdoctor.report.redaction import Masks, redact
from envdoctor.report.report import Report
from envdoctor.report.sharing import SharedMasks
from envdoctor.text.json_text import json_text
from envdoctor.text.pseudonyms import with_tilde

NOW = "now"
FORMATS = ("text", "json", "markdown")


@click.command()
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="What to print.")
@click.option("--no-plugins", is_flag=True, help="Judge with envdoctor's own checks only.")
@options.share
@options.sharing
@options.timeout
def command(  # noqa: PLR0913 - one parameter an option
    before: str,
    after: str,
    form: str,
    timeout: float,
    *,
    no_plugins: bool,
    share: bool,
    keep_hosts: bool,
    show_masked: bool,
    pseudonym_key_file: str | None,
) -> int:
    """Show what differs between the recordings A and B: findings that are gone or new, and facts.

    A and B are reports as `envdoctor replay` takes them: JSON, a page, a paste. `now` examines this session, `-` reads
    from the standard input.
    Both are judged by the checks of this version.

    Exit status: 0 they say the same, 1 they differ, 2 A or B is no report.
    """
    if before == after == "-":
        raise output.UsageProblem("only one of A and B can be read from the standard input")
    if (keep_hosts or show_masked or pseudonym_key_file) and not share:
        raise output.UsageProblem(OF_SHARING)
    sharing.check_terminal(show_masked=show_masked)
    with redirect_stdout(sys.stderr):  # whatever a plugin prints is no document
        registry = Registry.load(third_party=not no_plugins)
        sides = [_examined(name, registry, timeout) for name in (before, after)]
    masks: Masks = Masks()
    if share:
        key = sharing.key_in(pseudonym_key_file) if pseudonym_key_file else b""
        reports = [(side.report, side.was_shared) for side in sides]
        masks = sharing.masks_for(reports, keep_hosts=keep_hosts, key=key)
        sides = [side.masked(masks) for side in sides]
    first, second = sides
    found = Difference(
        first.side,
        second.side,
        _only(first, second),
        _only(second, first),
        compare(first.side, second.side, masks.fact),
        _unable(first, second),
        {fact.__name__: fact.__module__ for fact in facts_for(registry.checks, shown=SHOWN)},
        shared=share,
    )
    if show_masked and isinstance(masks, SharedMasks):
        sharing.show(masks)
    match form:
        case "json":
            output.write(json_text(document(found)))
        case "markdown":
            output.write(output.harmless(markdown(found)))
        case _:
            output.write(output.shown(layout(found), sys.stdout))
    return 1 if found.differs else 0


class Examination(msgspec.Struct, frozen=True):
    """One of the two.

    Attributes:
        side: its facts.
        findings: what is found in it, by code and fingerprint.
        unable: the checks that could not judge it, by code, and why.
        report: what was judged.
        was_shared: whether what is personal was masked when it was recorded.
    """

    side: Side
    findings: dict[tuple[str, str], Judged]
    unable: dict[str, str]
    report: Report
    was_shared: bool = False

    def masked(self, masks: Masks) -> Examination:
        """The same with what is said of it masked. Its facts are, where they are compared."""
        home = self.side.home and masks.fact(self.side.home)

        def told(text: str) -> str:
            masked = masks.fact(text)
            return with_tilde(masked.replace(f"{home}/", "~/") if home else masked)

        return Examination(
            msgspec.structs.replace(self.side, label=told(self.side.label)),
            {key: msgspec.structs.replace(each, message=told(each.message)) for key, each in self.findings.items()},
            {code: told(reason) for code, reason in self.unable.items()},
            self.report,
            self.was_shared,
        )


def _examined(name: str, registry: Registry, timeout: float) -> Examination:
    """One of the two, judged. Raises UsageProblem."""
    needed = facts_for(registry.checks, shown=SHOWN)
    if name == NOW:
        known, created = _known_now(needed, timeout), datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        report = Report(created, judge(registry.checks, known), known)
        facts, missing = json.loads(
            json.dumps(recording.to_document(redact(report).known))
        )  # as a file would hold them
        return _judged(registry, report, Side(name, created, __version__, facts, missing))
    try:
        document = recording.read(name)
        known = recording.from_document(document, needed, name)
    except recording.BadRecording as error:
        raise output.UsageProblem(str(error)) from error
    source = recording.source_of(document, name)
    side = Side(name, source.created, source.version, document["facts"], document.get("missing", {}))
    report = Report(source.created, judge(registry.checks, known), known, recorded=source)
    return _judged(registry, report, side, was_shared=document.get("shared") is True)


def _known_now(needed: tuple[FactType, ...], timeout: float) -> Facts:
    session = open_session(timeout)
    enquiry = Enquiry(session)
    with progress.shown() as session.progress:
        enquiry.seek(needed)
        return enquiry.wait()


def _judged(registry: Registry, unmasked: Report, side: Side, *, was_shared: bool = False) -> Examination:
    report = redact(unmasked)
    base = base_of(report)
    findings = {
        (result.check.code, fingerprint_of(result, finding, base)): Judged(
            result.check.code, result.check.slug, result.severity_of(finding).value, finding.message
        )
        for result, finding in report.findings
    }
    gaps = {fact.__name__: known.reason for fact, known in report.known.items() if _is_gap(known)}
    unable = {result.check.code: result.reason or "" for result in report.results if result.unsettled}
    for check in registry.checks:
        reason = next((gaps[fact.__name__] for fact in facts_in(needs_of(check)) if fact.__name__ in gaps), None)
        if reason is not None:
            unable.setdefault(check.code, reason)
    unable |= {
        result.check.code: f"it crashed: {result.reason}"
        for result in report.results
        if result.outcome is Outcome.CRASHED
    }
    return Examination(side, findings, unable, unmasked, was_shared)


def _is_gap(known: Known) -> TypeGuard[Missing]:
    """Whether nobody knows: what does not exist is an answer."""
    return isinstance(known, Missing) and known.kind is not MissingKind.UNAVAILABLE


def _only(mine: Examination, other: Examination) -> tuple[Judged, ...]:
    """What is found in one of the two alone, where the other could be judged as well."""
    return tuple(
        found for key, found in mine.findings.items() if key not in other.findings and found.code not in other.unable
    )


def _unable(first: Examination, second: Examination) -> tuple[Unjudged, ...]:
    """What is found in one of the two, and could not be looked for in the other."""
    return tuple(
        Unjudged(found, other.side.label, other.unable[found.code])
        for mine, other in ((first, second), (second, first))
        for key, found in mine.findings.items()
        if key not in other.findings and found.code in other.unable
    )
