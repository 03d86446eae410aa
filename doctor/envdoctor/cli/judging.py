"""What `check` and `replay` share: choose the checks, judge the facts, write the documents."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from envdoctor.checking import Check
from envdoctor.cli import output
from envdoctor.fact import Fact
from envdoctor.facts.terminal import Examined
from envdoctor.model import Severity
from envdoctor.redact import redact
from envdoctor.registry import Registry
from envdoctor.report import Known, Report
from envdoctor.runner import judge
from envdoctor.selection import SelectionError, select
from envdoctor.shells import Shell

Facts = Mapping[type[Fact], Known]


def judge_and_write(establish: Callable[[tuple[Check[Any], ...]], Facts], **options: Any) -> int:  # noqa: ANN401
    """Choose checks, have their facts established, judge, write every document that was asked for.

    Args:
        establish: gives the facts that these checks need.
        options: the values of `options.judging`.

    Returns:
        The exit status.
    """
    registry = Registry.load(third_party=not options["no_plugins"])
    try:
        checks = select(registry.checks, options["select"], options["ignore"])
    except SelectionError as error:
        raise output.UsageProblem(str(error)) from error
    known = establish(checks)
    examined = Report(
        created=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        results=judge(checks, known),
        known=known,
        broken_plugins=tuple(map(str, registry.broken)),
        fail_on=Severity.WARNING if options["strict"] else Severity(options["fail_on"]),
    )
    report = redact(examined)
    for form, path in options["output"]:
        output.write_file(path, _document(report, form, options, terminal=False))
    output.write(_document(report, options["form"], options, terminal=True))
    return report.exit_code


def _document(report: Report, form: str, options: Mapping[str, Any], *, terminal: bool) -> str:
    if form == "json":
        from envdoctor.render import json

        return json.render(report)
    from envdoctor.render import lines, text

    layout = text.layout(report, _shell_of(report), verbose=options["verbose"], quiet=options["quiet"])
    return output.shown(layout, sys.stdout) if terminal else lines.plain(layout)


def _shell_of(report: Report) -> Shell:
    """The shell in which the reader will paste a fix: the one that called, else bash."""
    examined = report.known.get(Examined)
    spoken = {shell.value: shell for shell in Shell} | {"pwsh": Shell.POWERSHELL}
    return spoken.get(examined.shell or "", Shell.BASH) if isinstance(examined, Examined) else Shell.BASH
