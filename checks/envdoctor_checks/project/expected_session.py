"""PRJ: are the commands and the variables there that the configuration expects?"""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
    Safety,
    SetVariable,
    Severity,
    UnsetVariable,
    check,
)
from envdoctor.facts.project.expected_commands import CommandState, ExpectedCommand, ExpectedCommands
from envdoctor.facts.project.expected_variables import ExpectedVariable, ExpectedVariables, ForbiddenVariables
from envdoctor.facts.project.project import Project, ProjectManager
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.shell.exported_lines import ExportedLines
from envdoctor_checks.common.startup_edits import all_lasting


@check("PRJ104", severity=Severity.ERROR, since="0.1")
def expected_command_missing(
    expected: ExpectedCommands, project: Project | None, conda: CondaActivation | None
) -> Iterator[Finding]:
    """A command that the project's configuration expects is missing, does not run, or is of another version.

    ## Why it matters
    The project calls it, and fails there: after a while, and with a message that says little.

    ## How to fix
    Install a version that fits, with conda or pixi where these have the project's other packages.

    ## Not a problem when
    The command tells its version in a way that envdoctor does not understand, or may not be run: that is a warning, and
    never a version that is wrong. Expect `""` of such a command.
    """
    for command in expected.commands:
        if command.state is CommandState.FITS:
            continue
        yield Finding(
            _told(command),
            _installed(command, project, conda),
            command.origin,
            tuple(_proof(command)),
            Severity.WARNING if command.state is CommandState.VERSION_UNKNOWN else None,
        )


def _told(command: ExpectedCommand) -> str:
    wanted = f"{command.wanted} is expected" if command.wanted else "it is expected to run"
    match command.state:
        case CommandState.MISSING:
            return f"`{command.name}` is missing, and {wanted}"
        case CommandState.NOT_RUNNABLE:
            return f"{command.path} does not run, and {wanted}"
        case CommandState.VERSION_WRONG:
            return f"{command.path} is {command.version}, and {wanted}"
        case _:
            return f"the version of {command.path} is not known, and {wanted}"


def _proof(command: ExpectedCommand) -> Iterator[Evidence]:
    yield Evidence(f'{command.name} = "{command.wanted}"', command.origin)
    if command.path is None:
        yield Evidence(f"no `{command.name}`", "PATH")
    elif command.reason or command.version:
        yield Evidence(command.reason or command.version or "", command.asked or command.path)


def _installed(command: ExpectedCommand, project: Project | None, conda: CondaActivation | None) -> Fix:
    what = f"{command.name} {command.wanted}".strip()
    if command.state is CommandState.VERSION_UNKNOWN:
        return Fix(
            "Look at the version yourself",
            Manual(f'Look whether {what} is there; expect "" if any version of it will do'),
        )
    if project and project.manager is ProjectManager.PIXI:
        advice = f"Install {what} with `pixi add`, or with the system's package manager"
    elif conda and not conda.is_base:
        advice = f"Install {what} with `conda install`, or with the system's package manager"
    else:
        advice = f"Install {what} with the system's package manager"
    return Fix(f"Install {command.name}", Manual(advice))


@check("PRJ105", severity=Severity.ERROR, since="0.1")
def expected_variable_unset(expected: ExpectedVariables, exported: ExportedLines | None) -> Iterator[Finding]:
    """A variable that the project's configuration expects is not set, or has another value.

    ## Why it matters
    The project reads it: without it a default counts, such as a public server in the place of the company's mirror.

    ## How to fix
    Set the variable. A value that looks like a secret by its name is never shown.

    ## Not a problem when
    The variable is set for each command by a tool such as direnv, and envdoctor was started without it.
    """
    findings = (_unfit(variable) for variable in expected.variables if not variable.fits)
    yield from all_lasting(findings, exported)


def _unfit(variable: ExpectedVariable) -> Finding:
    name = variable.name
    there = f"is {variable.found}" if variable.found else "has another value" if variable.is_set else "is not set"
    wanted = f"a value like {variable.pattern}" if variable.pattern is not None else variable.value or "a value"
    # where a variable leads to code, a file that came with a clone does not say what is pasted into a shell
    pasted = variable.value is not None and not variable.leads_to_code
    step = SetVariable(name, variable.value or "") if pasted else Manual(f"Set {name} to {wanted}")
    seen = variable.found or ("a value that is not shown" if variable.is_set else "not set")
    return Finding(
        f"{name} {there}, and {wanted} is expected",
        Fix(f"Set {name}", step, safety=Safety.CHANGES_STATE if pasted else Safety.SAFE),
        variable.origin,
        (Evidence(f"{wanted} is expected", variable.origin), Evidence(seen, name)),
    )


@check("PRJ106", severity=Severity.ERROR, since="0.1")
def forbidden_variable_set(forbidden: ForbiddenVariables, exported: ExportedLines | None) -> Iterator[Finding]:
    """A variable is set that must not be, as the project's configuration says.

    ## Why it matters
    It changes how the project runs, and only for who has it.

    ## How to fix
    Unset the variable, and take out the line that sets it.

    ## Not a problem when
    Another project needs it: set it there alone, for example with direnv.
    """
    findings = (
        Finding(
            f"{variable.name} is set, and must not be",
            Fix(f"Unset {variable.name}", UnsetVariable(variable.name)),
            variable.origin,
            (Evidence(f"forbid-variables: {variable.name}", variable.origin), Evidence("set", variable.name)),
        )
        for variable in forbidden.variables
        if variable.is_set
    )
    yield from all_lasting(findings, exported)
