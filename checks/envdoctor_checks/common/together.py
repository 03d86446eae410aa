"""How is what is wrong with several settings in the same way said once?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from envdoctor import (
    Finding,
    Fix,
    Manual,
    Safety,
    Severity,
)
from envdoctor_checks.common.wording import listed

SETTING = "\0"  # stands in a text for the setting that it is about
SEVERITIES, SAFETIES = (None, *Severity), tuple(Safety)
IRREGULAR = {"has": "have", "is": "are"}


def said_together(found: Iterable[tuple[str, Finding]]) -> Iterator[Finding]:
    """Findings, each with the setting that it is about: those that differ in nothing else become one.

    It has the steps and the evidence of all, and is as bad as the worst. All have a severity of their own, or none.
    """
    groups: dict[tuple[str, str], list[tuple[str, Finding]]] = {}
    for setting, finding in found:
        key = _without(setting, finding.message), _without(setting, finding.fix.summary)
        groups.setdefault(key, []).append((setting, finding))
    for (message, summary), members in groups.items():
        yield members[0][1] if len(members) == 1 else _one(message, summary, members)


def _one(message: str, summary: str, members: list[tuple[str, Finding]]) -> Finding:
    settings = list(dict.fromkeys(setting for setting, _ in members))
    findings = [finding for _, finding in members]
    steps = [
        (Manual(_without(setting, step.text)) if isinstance(step, Manual) else step, setting)
        for setting, finding in members
        for step in finding.fix.actions
    ]
    actions = (
        Manual(_with([of for other, of in steps if other == step], step.text)) if isinstance(step, Manual) else step
        for step in dict.fromkeys(step for step, _ in steps)
    )
    return Finding(
        _with(settings, message),
        Fix(
            _with(settings, summary),
            *actions,
            safety=max((finding.fix.safety for finding in findings), key=SAFETIES.index),
        ),
        findings[0].where,
        tuple(dict.fromkeys(each for finding in findings for each in finding.evidence)),
        max((finding.severity for finding in findings), key=SEVERITIES.index),
    )


def _without(setting: str, text: str) -> str:
    return re.sub(rf"(?<![\w-]){re.escape(setting)}(?![\w-])", SETTING, text)


def _with(settings: list[str], text: str) -> str:
    """The text about all of them. Where it begins with them, its verb follows."""
    subject, _, rest = text.partition(" ")
    if subject == SETTING and len(settings) > 1:
        verb, _, more = rest.partition(" ")
        text = f"{SETTING} {IRREGULAR.get(verb, verb.removesuffix('s'))} {more}"
    return text.replace(SETTING, listed(settings))
