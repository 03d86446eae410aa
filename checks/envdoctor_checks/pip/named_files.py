"""PIP: files of requirements and constraints that a setting names."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Severity,
    UnsetVariable,
    check,
)
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.pip.named_files import MissingFile, MissingFiles
from envdoctor.facts.shell.exported_lines import ExportedLines
from envdoctor_checks.common.pip_settings import proof, spelled, without
from envdoctor_checks.common.startup_edits import all_lasting

SUMMARY = "Remove the setting"


@check("PIP010", severity=Severity.ERROR, since="0.1", where=("MissingFiles.files",))
def named_requirements_file_missing(
    missing: MissingFiles, commands: Commands, exported: ExportedLines | None
) -> Iterator[Finding]:
    """A setting names a file of requirements or constraints that does not exist, so that every install stops.

    ## Why it matters
    `PIP_CONSTRAINT` and `UV_CONSTRAINT` count for every install. With a relative path they work in one directory and
    stop pip or uv in every other; the error names the file, and not the setting that asks for it.

    ## How to fix
    Remove the setting, or write the file's absolute path into it.

    ## Not a problem when
    The setting is empty, or names an address. The tool that would read it is not installed.
    """
    for file in missing.files:
        if commands.first("uv" if file.variable else "pip") or (file.pip and commands.first("python3")):
            yield from all_lasting([_finding(file)], exported)


def _finding(file: MissingFile) -> Finding:
    if file.pip:
        said, evidence, where = f"{spelled(file.pip)} stops `pip install`", proof(file.pip), file.pip.origin
        fix = without(file.pip, SUMMARY)
    else:
        variable = str(file.variable)
        said, where = f"{variable}={file.name} stops `uv pip install` and `uv tool install`", variable
        evidence = Evidence(f"{variable}={file.name}", variable)
        fix = Fix(SUMMARY, UnsetVariable(variable))
    return Finding(f"{said}: {file.path} does not exist", fix, where, (evidence,))
