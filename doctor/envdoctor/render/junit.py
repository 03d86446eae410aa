"""The report as JUnit XML: one test case a check, so that passes count too.

GitLab reads a case's class, name and file and the *content* of what failed; Jenkins the `message` of what was skipped.
There are no times: the same facts give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from envdoctor.engine.finding import Outcome
from envdoctor.engine.judge import Result
from envdoctor.render import wording
from envdoctor.report.places import Base, place_of
from envdoctor.report.report import Report
from envdoctor.shells.dialects import Shell
from envdoctor.text.patterns import pattern
from envdoctor.text.visible import visible
from envdoctor.text.workflow_commands import ANYWHERE

NO_XML = pattern("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report, shell: Shell, base: Base) -> str:
    """The whole document: a suite a family, and one for what could not be examined outside of any check."""
    suites: dict[str, list[Result]] = {}
    for result in report.results:
        suites.setdefault(result.check.family.upper(), []).append(result)
    lines = ['<?xml version="1.0" encoding="utf-8"?>', f"<testsuites {_totals(report, report.results)}>"]
    for family, results in sorted(suites.items()):
        lines.append(f'  <testsuite name="envdoctor.{family}" {_totals(report, results)}>')
        for result in results:
            lines += _case(report, result, shell, base)
        lines.append("  </testsuite>")
    besides = [*(f"{file} (could not be read)" for file in report.unread), *report.broken_plugins]
    if besides:
        lines.append('  <testsuite name="envdoctor" tests="1" failures="0" errors="1" skipped="0">')
        lines.append('    <testcase classname="envdoctor" name="everything was examined">')
        lines += _element("error", "\n".join(map(visible, besides)))
        lines += ["    </testcase>", "  </testsuite>"]
    return "\n".join((*lines, "</testsuites>", ""))


def _totals(report: Report, results: tuple[Result, ...] | list[Result]) -> str:
    kinds = [_kind(report, result) for result in results]
    names = (("failures", "failure"), ("errors", "error"), ("skipped", "skipped"))
    return " ".join((f'tests="{len(kinds)}"', *(f'{name}="{kinds.count(kind)}"' for name, kind in names)))


def _kind(report: Report, result: Result) -> str:
    """The element of a check's case; empty if it passes."""
    if wording.fails(report, result):
        return "failure"
    if result.outcome is Outcome.CRASHED or result.unsettled:
        return "error"
    return "skipped" if result.outcome is Outcome.SKIPPED else ""


def _case(report: Report, result: Result, shell: Shell, base: Base) -> Iterator[str]:
    places = [place_of(finding, base) for finding in result.findings]
    file = next((f" file={_attribute(place.file)}" for place in places if place.exact), "")
    name = f'classname="envdoctor.{result.check.family.upper()}" name={_attribute(wording.title(result.check))}'
    accepted = [
        f"{visible(each.finding.message)}\naccepted: {visible(each.reason)}" for each in report.accepted_of(result)
    ]
    kind, told = _kind(report, result), "\n\n".join((*_told(result, shell), *accepted))
    if not (kind or told):
        yield f"    <testcase {name}/>"
        return
    yield f"    <testcase {name}{file}>"
    if kind == "failure":
        yield from _element(kind, told)
    elif kind:
        yield from _element(kind, visible(result.reason or ""))
    if told and kind != "failure":
        yield f"      <system-out>{_content(told)}</system-out>"
    yield "    </testcase>"


def _told(result: Result, shell: Shell) -> Iterator[str]:
    """Each finding as a paragraph."""
    for finding in result.findings:
        yield "\n".join((visible(finding.message), *wording.proof(finding), wording.advice(finding, shell)))


def _element(kind: str, text: str) -> Iterator[str]:
    """An element with its text as its message and as its content: readers show one or the other."""
    first = text.partition("\n")[0]
    yield f"      <{kind} message={_attribute(first)}>{_content(text)}</{kind}>"


def _attribute(text: str) -> str:
    return ANYWHERE.sub("&#35;", quoteattr(_clean(text)))


def _content(text: str) -> str:
    return ANYWHERE.sub("&#35;", escape(_clean(text)))


def _clean(text: str) -> str:
    """The text without what XML cannot hold, not even as a reference."""
    return NO_XML.sub(lambda match: f"\\x{ord(match[0]):02x}", text)
