"""What `check` and `replay` share: choose the checks, judge the facts, write the documents."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from envdoctor.cli import output
from envdoctor.cli.choices import PLACED, Choices
from envdoctor.cli.documents import document, shell_of
from envdoctor.engine.check import Check
from envdoctor.engine.finding import Severity
from envdoctor.engine.judge import Result, facts_for, judge
from envdoctor.engine.reference import Facts, FactType
from envdoctor.engine.registry import Registry
from envdoctor.engine.selection import SelectionError, select
from envdoctor.engine.unread import UnreadFiles
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.python.not_run import NotRun
from envdoctor.facts.session.context import Examined
from envdoctor.report.redaction import redact
from envdoctor.report.report import Recorded, Report

if TYPE_CHECKING:
    from envdoctor.facts.project.configuration import Configuration

SHOWN: tuple[FactType, ...] = (ActivePython, Examined, NotRun, UnreadFiles)
"""What every report tells, whatever is selected: which session was examined, which Python answers, what was not run."""


OF_SHARING = "--keep-hosts, --show-masked and --pseudonym-key-file are about what --share masks: give it too"

ISSUE = "issue"
"""The form of `envdoctor report`, which no option offers."""
Establish = Callable[[tuple[FactType, ...]], Facts]


def judge_and_write(
    establish: Establish,
    choices: Choices,
    recorded: Recorded | None = None,
    configuration: Configuration | None = None,
    *,
    was_shared: bool = False,
) -> int:
    """Judge, and write every document that was asked for. Returns the exit status.

    The arguments are those of `judged`.
    """
    report = judged(establish, choices, recorded, configuration, was_shared=was_shared)
    for form, path in choices.output:
        output.write_file(path, document(report, form, choices))
    if choices.form:
        output.write(document(report, choices.form, choices, terminal=True))
    if "github" in choices.forms:
        from envdoctor.cli import step_summary

        step_summary.append(report, shell_of(report))
    return report.exit_code


def judged(
    establish: Establish,
    choices: Choices,
    recorded: Recorded | None = None,
    configuration: Configuration | None = None,
    *,
    was_shared: bool = False,
) -> Report:
    """The report as it may be seen: without what is accepted and without secrets.

    The arguments are those of `unmasked`; `was_shared` says whether what is personal was masked when the facts were
    recorded.
    """
    return _masked(unmasked(establish, choices, recorded, configuration), choices, was_shared=was_shared)


def unmasked(
    establish: Establish,
    choices: Choices,
    recorded: Recorded | None = None,
    configuration: Configuration | None = None,
) -> Report:
    """Choose checks, have their facts established, judge.

    Args:
        establish: makes known the facts that are needed.
        choices: what the user chose.
        recorded: where the facts come from, if not from this session.
        configuration: what the project has configured: its suppressions count.

    Returns:
        The report, without what is accepted. It may hold secrets.
    """
    with redirect_stdout(sys.stderr):  # whatever a plugin prints is no report
        registry, checks = _chosen(choices)
        known = establish(facts_for(checks, among=registry.checks, shown=_shown(choices, configuration)))
        results = judge(checks, known, among=registry.checks)
        if any(result.findings for result in results):  # only a fix can make one run what a directory brings along
            from envdoctor.cli.brought import guarded
            from envdoctor.facts.project.brought import BroughtEnvironments

            known = Facts({**known, **establish((BroughtEnvironments,))})
            results, known = _with_client(guarded(results, known), known, establish)
            results, known = _with_free_names(results, known, establish, recorded)
    examined = Report(
        created=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        results=results,
        known=known,
        broken_plugins=tuple(map(str, registry.broken)),
        fail_on=Severity.WARNING if choices.strict else Severity(choices.fail_on),
        recorded=recorded,
        strict=choices.strict,
    )
    if configuration or choices.baseline:
        from envdoctor.cli.accepting import accepting

        examined = accepting(examined, configuration, choices.baseline)
    return examined


def _with_client(results: tuple[Result, ...], known: Facts, establish: Establish) -> tuple[tuple[Result, ...], Facts]:
    """Fixes by conda, for a user who has another client of its environments."""
    # what is asked first needs no further module: most runs have nothing of conda
    steps = (step for result in results for finding in result.findings for step in finding.fix.actions)
    if not any("conda" in str(step) for step in steps):
        return results, known
    from envdoctor.cli.conda_client import spoken
    from envdoctor.facts.conda.client import CondaClient

    known = Facts({**known, **establish((CondaClient,))})
    return spoken(results, known), known


def _with_free_names(
    results: tuple[Result, ...], known: Facts, establish: Establish, recorded: Recorded | None
) -> tuple[tuple[Result, ...], Facts]:
    """What fixes put aside under free names: those of this machine, or those that were recorded."""
    from envdoctor.cli.free_names import chosen, with_free_names
    from envdoctor.facts.session.chosen_names import ChosenNames

    names = establish((ChosenNames,))[ChosenNames] if recorded else chosen(results)
    if not isinstance(names, ChosenNames) or not names.names:
        return results, known
    return with_free_names(results, names), Facts({**known, ChosenNames: names})


def _masked(report: Report, choices: Choices, *, was_shared: bool) -> Report:
    """The report as it may be seen, which is the last that is done to it."""
    if choices.share or was_shared:
        from envdoctor.cli import sharing

        return sharing.shared(report, choices, was_shared=was_shared)
    if choices.keep_hosts or choices.show_masked or choices.pseudonym_key_file:
        raise output.UsageProblem(OF_SHARING)
    return redact(report)


def _shown(choices: Choices, configuration: Configuration | None) -> tuple[FactType, ...]:
    """The facts that every report tells, and those that only some do: the checkout, the configuration and its day."""
    shown = SHOWN
    if choices.baseline or any(form in PLACED for form in choices.forms):
        from envdoctor.facts.project.checkout import Checkout

        shown = (*shown, Checkout)
    if ISSUE in choices.forms:
        from envdoctor.render import issue

        shown = (*shown, *issue.NEEDED)
    if "html" in choices.forms:
        from envdoctor.render.html.page import PICTURED

        shown = (*shown, *PICTURED)
    if configuration:
        from envdoctor.facts.session.date import Today

        shown = (*shown, type(configuration), Today)
    return shown


def _chosen(choices: Choices) -> tuple[Registry, tuple[Check[Any], ...]]:
    """Load what the words of the selection may mean; where that leaves one unexplained, all there is."""
    registry = Registry.load(choices.select, third_party=not choices.no_plugins)
    try:
        return registry, select(registry.checks, choices.select, choices.ignore)
    except SelectionError:
        registry = Registry.load(third_party=not choices.no_plugins)
    try:
        return registry, select(registry.checks, choices.select, choices.ignore)
    except SelectionError as error:
        raise output.UsageProblem(str(error)) from error
