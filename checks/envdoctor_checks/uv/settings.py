"""Do the settings for uv stop it?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename, dirname

from envdoctor import (
    EditFile,
    Evidence,
    Finding,
    Fix,
    Manual,
    Safety,
    Severity,
    UnsetVariable,
    check,
)
from envdoctor.facts.dependencies.refusal import HARMLESS
from envdoctor.facts.dependencies.refusals import ProjectRefusals
from envdoctor.facts.shell.exported_lines import ExportedLines
from envdoctor.facts.uv.health import UvAnswer, UvComplaint
from envdoctor.facts.uv.installations import UvCopies, UvInstaller
from envdoctor.facts.uv.settings import UvSettings
from envdoctor.facts.uv.variables import EVERY_COMMAND, problem
from envdoctor_checks.common.startup_edits import all_lasting, lasting
from envdoctor_checks.uv._upgrades import UPGRADES

REQUIRED = "required-version"
STOPPED = tuple(("uv", command) for command in ("add", "lock", "pip", "python", "run", "sync", "venv"))
"""What fails of uv; `uv tool` reads only the files of the user and of the system."""
MISMATCH = "does not match the running version"  # of uv 0.8.17 to 0.13.9


@check("UV003", severity=Severity.ERROR, since="0.1")
def uv_setting_fatal(
    answer: UvAnswer,
    settings: UvSettings,
    copies: UvCopies | None,
    refusals: ProjectRefusals | None,
    exported: ExportedLines | None,
) -> Iterator[Finding]:
    """A variable or a configuration file for uv holds something that stops uv.

    ## Why it matters
    uv refuses to work at all with a value that it cannot read. An *empty* `UV_OFFLINE` or `UV_NO_CACHE` is such a
    value, and so is a key in `uv.toml` that this version does not know. `uv --version` still works, so uv
    looks healthy. A `required-version` that this uv is not stops everything but `uv tool` and `uv self`.

    ## How to fix
    Unset the variable or correct the value; take the line out of the file, or upgrade uv if the key is a newer one.
    For `required-version`, install a uv that fits.

    ## Not a problem when
    The variable is one of those that uv takes empty for unset: `UV_PYTHON`, `UV_INDEX`, `UV_DEFAULT_INDEX`,
    `UV_PROJECT_ENVIRONMENT`. Of a `pyproject.toml` that uv refuses altogether, PRJ008 tells.
    """
    explained = False
    for variable in settings.variables:
        wrong = problem(variable.name, variable.value)
        if wrong is None or (wrong[1] == EVERY_COMMAND and answer.refusal is None):
            continue
        explained |= answer.refusal is not None and answer.refusal.variable == variable.name
        said, stops = wrong
        yield Finding(
            f"{variable.name} {said}, which stops {stops}",
            where=variable.name,
            evidence=(Evidence(f"{variable.name}={variable.value}", variable.name),),
            fix=lasting(Fix(f"Unset {variable.name}", UnsetVariable(variable.name)), exported),
        )
    if answer.refusal is not None and not explained:
        installer = copies.first.installer if copies else UvInstaller.UNKNOWN
        yield from all_lasting([_refusal(answer.refusal, answer.command, settings, installer)], exported)
    refused = refusals.refusals if refusals else ()
    told = {basename(refusal.path) for refusal in refused if refusal.kind not in HARMLESS}
    for warning in answer.warnings:
        if warning.file is not None and basename(warning.file) not in told:
            yield _ignored_file(warning, answer.command, settings)


def _refusal(refusal: UvComplaint, command: str, settings: UvSettings, installer: UvInstaller) -> Finding:
    """Uv's own word that it does nothing here."""
    evidence = (Evidence(refusal.said, command),)
    message = f"uv refuses every command: {refusal.said}"
    if refusal.variable is not None:
        return Finding(
            message, Fix(f"Unset {refusal.variable}", UnsetVariable(refusal.variable)), refusal.variable, evidence
        )
    if (asked := settings.value(REQUIRED)) and MISMATCH in refusal.said:
        advice = f"Install a uv that fits ({UPGRADES[installer]} brings the newest), or correct {asked.origin}."
        fix = Fix("Install the uv that is asked for", Manual(advice))
        message = f"uv refuses every command because of {asked.origin}: {refusal.said}"
        return Finding(message, fix, asked.origin, evidence, stops=STOPPED)
    if refusal.file is None:
        return Finding(
            message, Fix("Correct the value that uv names", Manual(f"See what `{command}` says.")), None, evidence
        )
    if settings.variable("UV_CONFIG_FILE") and not any(file.problem is None for file in settings.files):
        fix = Fix("Read the usual files again", UnsetVariable("UV_CONFIG_FILE"))
        return Finding(f"{message}: {refusal.file}", fix, "UV_CONFIG_FILE", evidence)
    where = place_of(refusal, settings)
    message = f"uv refuses every command because of {where}: {refusal.said}"
    users = basename(dirname(where)) == "uv"
    stops = (*STOPPED, ("uv", "tool")) if users else STOPPED
    return Finding(message, without_line(refusal, settings), where, evidence, stops=stops)


def _ignored_file(warning: UvComplaint, command: str, settings: UvSettings) -> Finding:
    """A `pyproject.toml` that uv cannot read is only a warning to it, and then all its settings are passed over."""
    where = place_of(warning, settings)
    message = f"uv ignores all settings of {where}: {warning.said}"
    return Finding(
        message, without_line(warning, settings), where, (Evidence(warning.said, command),), Severity.WARNING
    )


def without_line(complaint: UvComplaint, settings: UvSettings) -> Fix:
    """Take an unknown setting out of its file, where it is one line; else let the reader do that."""
    advice = f"Correct {place_of(complaint, settings)}, or upgrade uv if a newer one knows the setting."
    whole = complaint.text is not None and re.fullmatch(r"[\w-]+ *= *([\w.+-]+|\"[^\"]*\"|'[^']*')", complaint.text)
    if complaint.text is None or not whole or not complaint.said.startswith("unknown field"):
        return Fix("Correct the line", Manual(advice))
    edit = EditFile(settings.path_of(complaint.file or ""), remove=(complaint.text,))
    return Fix("Remove the line, or upgrade uv if a newer one knows the setting", edit, safety=Safety.CHANGES_STATE)


def place_of(complaint: UvComplaint, settings: UvSettings) -> str:
    """The file that uv means, with the line."""
    path = settings.path_of(complaint.file or "")
    return f"{path}:{complaint.line}" if complaint.line else path
