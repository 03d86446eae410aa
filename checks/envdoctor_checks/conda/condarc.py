"""Does conda's configuration say what its author meant?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
    Run,
    Safety,
    Severity,
    UnsetVariable,
    check,
)
from envdoctor.facts.conda.condarc import Condarc, CondarcFile, CondarcValue
from envdoctor.facts.shell.exported_lines import ExportedLines
from envdoctor.text.patterns import pattern
from envdoctor_checks.common.startup_edits import all_lasting

CHANNEL_LISTS = ("channels", "default_channels")
DEAD = pattern(r"(?:^|/)pkgs/(free|pro|mro)/?$|^(free|pro|mro)$")
FIELD = {"channels": "channels", "default_channels": "default_channels"}


@check("CND008", severity=Severity.ERROR, since="0.1")
def condarc_invalid(condarc: Condarc, exported: ExportedLines | None) -> Iterator[Finding]:
    """A configuration file of conda cannot be read, or names channels that do not exist.

    ## Why it matters
    One bad file stops every conda command, and a bad channel every install: conda asks all of them first.

    ## How to fix
    Correct the value where it stands. Mirrors publish the lines that they want; copy all of them, because
    `default_channels` and `custom_channels` belong together.

    ## Not a problem when
    A channel cannot be reached just now: this check judges by the text alone. `nodefaults` stands among the channels.
    """
    for file in condarc.files:
        if file.problem is not None:
            yield _unreadable(file)
    for key in CHANNEL_LISTS:
        for value in condarc.elements(key):
            yield from _bad_channel(value)
    for value in condarc.entries("custom_channels"):
        yield from _doubled_name(value)
    alias = condarc.value("channel_alias")
    if alias is not None:
        yield from all_lasting(_bad_alias(alias), exported)


def _unreadable(file: CondarcFile) -> Finding:
    where = f"{file.path}:{file.line}" if file.line else file.path
    return Finding(
        f"conda cannot read {where}: {file.problem}",
        Fix(
            "Correct the configuration file",
            Manual(f"Correct {where}: {file.problem}. YAML wants spaces, and each key once."),
        ),
        where,
        (Evidence(file.problem or "", where),),
        stops=(("conda",), ("mamba",)),
    )


def _bad_channel(value: CondarcValue) -> Iterator[Finding]:
    """`default` for `defaults`, and channels that were closed long ago."""
    evidence = (Evidence(f"{value.key}: {value.value}", value.origin),)
    if value.value == "default":
        message = f"{value.origin} names the channel `default`, which does not exist: it is called `defaults`"
        yield Finding(message, _change(value, instead="defaults"), value.origin, evidence)
    elif DEAD.search(value.value.rstrip("/")):
        message = f"{value.origin} names {value.value}, a channel that was closed"
        yield Finding(message, _change(value), value.origin, evidence, Severity.WARNING)


def _doubled_name(value: CondarcValue) -> Iterator[Finding]:
    """Conda appends the channel's name to what `custom_channels` says."""
    if value.entry is None or not value.value.rstrip("/").endswith(f"/{value.entry}"):
        return
    parent = value.value.rstrip("/").removesuffix(f"/{value.entry}")
    message = f"{value.origin} sends {value.entry} to {value.value}/{value.entry}: the name is appended by conda"
    key = f"custom_channels.{value.entry}"
    yield Finding(
        message,
        Fix(
            "Set the channel to its parent directory", _config(value, "--set", key, parent), safety=Safety.CHANGES_STATE
        ),
        value.origin,
        (Evidence(f"{key}: {value.value}", value.origin),),
        Severity.WARNING,
    )


def _bad_alias(alias: CondarcValue) -> Iterator[Finding]:
    """What every channel without an address is appended to."""
    last = alias.value.rstrip("/").rpartition("/")[2]
    if not re.match(r"[a-z][a-z0-9+]*://", alias.value):
        message = f"{alias.origin} sets channel_alias to {alias.value}, which has no scheme such as https://"
        severity = Severity.ERROR
    elif last in ("conda-forge", "bioconda", "defaults", "main"):
        message = f"{alias.origin} sets channel_alias to {alias.value}, and every channel is looked for below {last}"
        severity = Severity.WARNING
    else:
        return
    evidence = (Evidence(f"channel_alias: {alias.value}", alias.origin),)
    if alias.path is None:
        fix = Fix(f"Unset {alias.origin}", UnsetVariable(alias.origin))
    else:
        fix = Fix("Remove channel_alias", _config(alias, "--remove-key", "channel_alias"), safety=Safety.CHANGES_STATE)
    yield Finding(message, fix, alias.origin, evidence, severity)


def _change(value: CondarcValue, instead: str | None = None) -> Fix:
    """Take an element out of a list, and put another in its place."""
    if value.path is None:
        return Fix("Correct the variable", Manual(f"Take {value.value} out of {value.origin}."))
    steps = [_config(value, "--append", value.key, instead)] if instead else []
    summary = f"Replace the channel by `{instead}`" if instead else "Remove the channel"
    removal = _config(value, "--remove", value.key, value.value)
    return Fix(summary, removal, *steps, safety=Safety.CHANGES_STATE)


def _config(value: CondarcValue, *arguments: str) -> Run:
    return Run("conda", "config", "--file", value.path or "", *arguments)
