"""PIP: files of requirements and constraints that a setting names."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    SetVariable,
    Severity,
    UnsetVariable,
    check,
)
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.pip.named_files import MissingFile, MissingFiles
from envdoctor.facts.shell.exported_lines import ExportedLines
from envdoctor_checks.common.pip_settings import proof, spelled, with_words, without
from envdoctor_checks.common.startup_edits import all_lasting

SUMMARY = "Remove the setting"
IN_FULL = "Write the path in full"


@check("PIP010", severity=Severity.ERROR, since="0.1", where=("MissingFiles.files",))
def named_requirements_file_missing(
    missing: MissingFiles, commands: Commands, exported: ExportedLines | None
) -> Iterator[Finding]:
    """A setting names a file of requirements or constraints that does not exist, so that every install stops.

    ## Why it matters
    `PIP_CONSTRAINT` and `UV_CONSTRAINT` count for every install. With a relative path they work in one directory and
    stop pip or uv in every other; the error names the file, and not the setting that asks for it.

    ## How to fix
    Remove the setting, or write the file's absolute path into it. In quotes, and in a file, nothing puts the home in
    place of `~` or `$HOME`: the fix writes it.

    ## Not a problem when
    The setting is empty, or names an address. The tool that would read it is not installed.
    """
    for file in missing.files:
        if commands.first("uv" if file.variable else "pip") or (file.pip and commands.first("python3")):
            yield from all_lasting([_finding(file)], exported)


def _finding(file: MissingFile) -> Finding:
    if file.pip:
        said, evidence, where = f"{spelled(file.pip)} stops `pip install`", proof(file.pip), file.pip.origin
        fix = with_words(file.pip, (file.in_full,), IN_FULL) if file.in_full else without(file.pip, SUMMARY)
    else:
        variable = str(file.variable)
        said, where = f"{variable}={file.name} stops `uv pip install` and `uv tool install`", variable
        evidence = Evidence(f"{variable}={file.name}", variable)
        removed = Fix(SUMMARY, UnsetVariable(variable))
        fix = Fix(IN_FULL, SetVariable(variable, file.in_full)) if file.in_full else removed
    why = f"{file.path} does not exist"
    if file.in_full:
        why = f"nothing puts the home in place of {file.name.partition('/')[0]} in {file.name}"
    return Finding(f"{said}: {why}", fix, where, (evidence,))
