"""The choices of a run in a project that has configured envdoctor: what was typed, else what is configured."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from envdoctor.cli import output
from envdoctor.cli.choices import Choices
from envdoctor.engine.registry import Registry
from envdoctor.engine.selection import SelectionError, find, select
from envdoctor.facts.project.configuration import Configuration

IN_CI = "network counts in CI only: a project does not send requests from your machine; type --network if you want that"


def planned(configuration: Configuration, given: Mapping[str, Any]) -> tuple[Choices, float, bool, bool]:
    """Choices, seconds of one question, and whether to look deep and to ask the network.

    `given` holds the options that were typed, by their names. Raises UsageProblem for a word that means no check.
    """
    verify(configuration)
    settings = configuration.settings
    usual: dict[str, Any] = {
        "select": settings.select,
        "ignore": settings.ignore,
        "fail_on": settings.fail_on,
        "strict": settings.strict and "fail_on" not in given,
        "no_plugins": not settings.plugins,
    }
    typed = {name: value for name, value in given.items() if name in Choices.__struct_fields__}
    network = given.get("network", settings.network)
    if network and "network" not in given and not os.environ.get("CI"):
        output.complain(f"envdoctor: {configuration.origin('network')}: {IN_CI}")
        network = False
    timeout = given.get("timeout", settings.timeout)
    return Choices(**{**usual, **typed}), timeout, given.get("deep", settings.deep), network


def verify(configuration: Configuration) -> None:
    """See whether every word means a check. Raises UsageProblem, with the line and the nearest word."""
    settings = configuration.settings
    if not (settings.select or settings.ignore or settings.suppress):
        return
    checks = Registry.load(third_party=settings.plugins).checks
    for name, words in (("select", settings.select), ("ignore", settings.ignore)):
        for word in words:
            try:
                select(checks, (word,), ())
            except SelectionError as error:
                raise output.UsageProblem(f"{configuration.origin(name)}: {name}: {error}") from error
    for rule in configuration.rules:
        try:
            find(checks, rule.suppression.code)
        except SelectionError as error:
            raise output.UsageProblem(f"{rule.origin}: suppress: {error}") from error
