"""`envdoctor init`: a configuration to begin with, from what the project is."""

from __future__ import annotations

import os

import click

from envdoctor.cli import output
from envdoctor.cli.examine import configuration_of
from envdoctor.cli.session import open_session
from envdoctor.engine.collector import establish
from envdoctor.facts.project.configuration import read
from envdoctor.facts.project.configuration_file import OWN, TABLE, ConfigurationError
from envdoctor.facts.project.project import PYPROJECT, Project
from envdoctor.facts.project.requires_python import RequiredPython
from envdoctor.system.files import Unreadable, read_text
from envdoctor.system.session import DEFAULT_TIMEOUT, Session
from envdoctor.system.toml import Document, parse_toml
from envdoctor.text import limits


@click.command()
@click.option("--pyproject", is_flag=True, help=f"As a table of {PYPROJECT}, appended to it.")
@click.option("--write", is_flag=True, help="Write the file. Without this it is only shown.")
def command(*, pyproject: bool, write: bool) -> int:
    """Show a commented configuration with what the project expects of a machine, as its files suggest.

    Nothing is written without --write, and a project that is configured already is left as it is.
    """
    session = open_session(DEFAULT_TIMEOUT)
    if session.cwd is None:
        raise output.UsageProblem("the working directory has been deleted, so there is no project to configure")
    known = establish([Project, RequiredPython], session)
    found, required = known[Project], known[RequiredPython]
    project = found if isinstance(found, Project) else Project(session.cwd)
    path = os.path.join(project.root, PYPROJECT if pyproject else OWN)
    _refuse_configured(session, project.root)
    before = _before(path) if pyproject else ""
    from envdoctor.facts.project.proposed import proposed

    requires = required.requires if isinstance(required, RequiredPython) else None
    table = ".".join((*TABLE, "expect")) if pyproject else "expect"
    text = proposed(project, requires, table)
    whole = f"{before.rstrip(chr(10))}\n\n{text}" if before else text
    try:
        read(Document(path, whole, parse_toml(path, whole)))
    except (ConfigurationError, Unreadable) as error:
        raise output.UsageProblem(str(error)) from error
    output.write(text)
    if not write:
        output.complain(f"envdoctor: nothing is written; `--write` writes this to {path}")
        return 0
    output.write_file(path, whole)
    output.complain(f"envdoctor: written to {path}")
    return 0


def _refuse_configured(session: Session, root: str) -> None:
    """Raise UsageProblem where the project has a configuration already, or something of that name."""
    if configuration := configuration_of(session):
        raise output.UsageProblem(f"{configuration.file} configures this project already; nothing is overwritten")
    if os.path.lexists(os.path.join(root, OWN)):
        raise output.UsageProblem(f"{os.path.join(root, OWN)} is there already; nothing is overwritten")


def _before(path: str) -> str:
    """The text that a table is appended to. Raises UsageProblem."""
    try:
        return read_text(path, limits.FILE)
    except Unreadable as error:
        raise output.UsageProblem(f"{error}; without --pyproject, {OWN} is written") from error
