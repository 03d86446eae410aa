"""Which package indexes do the files of the project itself name, for pip, poetry and pipenv?"""

from __future__ import annotations

import enum
import os
import re
from collections.abc import Iterator

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.http.url import Address, Reader, read
from envdoctor.facts.project.project import Project
from envdoctor.facts.project.requirements_txt import Requirements, read_requirements
from envdoctor.system.files import Unreadable
from envdoctor.system.session import Session
from envdoctor.system.toml import line_with, read_toml, table_at
from envdoctor.text.patterns import pattern

OPTION = pattern(
    r"\s*(?:(?P<long>--(?:index-url|pypi-url|extra-index-url|find-links|trusted-host))[=\s]\s*|(?P<short>-[if])\s*)"
    r"(?P<value>\"[^\"]*\"|'[^']*'|\S+)"
)
# What each of them puts the value of a variable for; an address that lies there is anywhere.
PIP_VARIABLE = pattern(r"\$\{[A-Z0-9_]+\}")
PIPENV_VARIABLE = pattern(r"\$\w+|\$\{\w+\}")
SHORT = {"-i": "--index-url", "-f": "--find-links", "--pypi-url": "--index-url"}


class SourceTool(enum.Enum):
    """Who reads a source."""

    REQUIREMENTS = "requirements files"
    POETRY = "poetry"
    PIPENV = "pipenv"


class ProjectSource(Fact, frozen=True):
    """One index that a file of the project names.

    Attributes:
        tool: who reads it.
        address: where it is. For `--trusted-host`, a bare host.
        role: `--index-url` and its like in requirements; poetry's priority; `source` for pipenv.
        verified: whether its certificate is looked at.
    """

    tool: SourceTool
    address: Address
    role: str
    verified: bool = True


class ProjectSources(Fact, frozen=True):
    """The indexes that the files of the project name, in the order in which they stand there.

    Attributes:
        sources: the indexes.
        pipenv_mirror: what `PIPENV_PYPI_MIRROR` puts in the place of pipenv's public index; None if it is not set.
    """

    sources: tuple[ProjectSource, ...] = ()
    pipenv_mirror: Address | None = None

    def of(self, tool: SourceTool, *roles: str) -> tuple[ProjectSource, ...]:
        """The sources of one tool, of these roles if any are given."""
        return tuple(s for s in self.sources if s.tool is tool and (not roles or s.role in roles))


@probe
def probe_project_sources(session: Session, project: Project, requirements: Requirements | None) -> ProjectSources:
    """Read requirements, the tables of poetry in `pyproject.toml`, and the `Pipfile`."""
    files = (*requirements.files, *requirements.others) if requirements else ()
    mirror = session.env.get("PIPENV_PYPI_MIRROR")
    made = ProjectSources(
        (
            *(source for path in files for source in _of_requirements(path, session.cwd or "/")),
            *_of_poetry(os.path.join(project.root, "pyproject.toml")),
            *_of_pipenv(os.path.join(project.root, "Pipfile")),
        ),
        read(mirror, "PIPENV_PYPI_MIRROR", "PIPENV_PYPI_MIRROR", Reader.PLAIN) if mirror else None,
    )
    if made == ProjectSources():
        raise Unavailable("the project names no index")
    return made


def _of_requirements(path: str, cwd: str) -> Iterator[ProjectSource]:
    try:
        text = read_requirements(path)
    except Unreadable:  # the checks of requirements say so
        return
    for number, line in enumerate(text.splitlines(), 1):
        if option := OPTION.match(line):
            role = SHORT.get(option["long"] or option["short"], option["long"])
            value = option["value"].strip("\"'") if option["value"][0] in "\"'" else option["value"]
            reader = Reader.PIP_LINKS if role == "--find-links" else Reader.PIP
            beside = os.path.dirname(path)  # pip looks there first, then where it is called
            base = beside if os.path.exists(os.path.join(beside, value)) else cwd
            address = read(value, role, f"{path}:{number}", reader, file=path, cwd=base)
            if not _lies_in_a_variable(address, PIP_VARIABLE):
                yield ProjectSource(SourceTool.REQUIREMENTS, address, role, verified=role != "--trusted-host")


def _of_poetry(path: str) -> Iterator[ProjectSource]:
    try:
        document = read_toml(path)
    except Unreadable:
        return
    sources = table_at(document.table, "tool", "poetry").get("source")
    for source in sources if isinstance(sources, list) else []:
        if isinstance(source, dict) and isinstance(url := source.get("url"), str):
            line = line_with(document.text, url)
            priority = source.get("priority")
            older = (
                "default" if source.get("default") is True else "secondary" if source.get("secondary") else "primary"
            )
            address = read(url, "[[tool.poetry.source]]", f"{path}:{line}" if line else path, Reader.PLAIN, file=path)
            yield ProjectSource(SourceTool.POETRY, address, priority if isinstance(priority, str) else older)


def _of_pipenv(path: str) -> Iterator[ProjectSource]:
    try:
        document = read_toml(path)
    except Unreadable:
        return
    sources = document.table.get("source")
    for source in sources if isinstance(sources, list) else []:
        if isinstance(source, dict) and isinstance(url := source.get("url"), str):
            line = line_with(document.text, url)
            address = read(url, "[[source]]", f"{path}:{line}" if line else path, Reader.PLAIN, file=path)
            if not _lies_in_a_variable(address, PIPENV_VARIABLE):
                yield ProjectSource(SourceTool.PIPENV, address, "source", source.get("verify_ssl") is not False)


def _lies_in_a_variable(address: Address, variable: re.Pattern[str]) -> bool:
    """Whether nobody can tell where it is without the variables that are in it."""
    parts = address.parts
    place = f"{parts.host}:{parts.port}" if parts.host else parts.path.lower()
    return any(found[0].lower() in place for found in variable.finditer(address.text))
