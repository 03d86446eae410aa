"""Do the files of requirements and constraints exist that a setting of pip's or uv's names?"""

from __future__ import annotations

import os
from collections.abc import Iterator

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.pip.config_file import PipSetting
from envdoctor.facts.pip.settings import PipSettings
from envdoctor.facts.uv.settings import UvSettings
from envdoctor.system.files import is_there
from envdoctor.system.session import Session

OF_PIP = ("constraint", "requirement")
OF_UV = ("UV_CONSTRAINT", "UV_OVERRIDE", "UV_BUILD_CONSTRAINT")
STANDARD_INPUT = "-"
ADDRESS = "://"


class MissingFile(Fact, frozen=True):
    """A file that a setting names, and that does not exist.

    Attributes:
        name: the file as the setting has it.
        path: the same, absolute.
        pip: the setting of pip's; None for one of uv's.
        variable: the variable of uv's; None for a setting of pip's.
    """

    name: str
    path: str
    pip: PipSetting | None = None
    variable: str | None = None


class MissingFiles(Fact, frozen=True):
    """All such files."""

    files: tuple[MissingFile, ...] = ()


@probe
def probe_missing_files(session: Session, pip: PipSettings, uv: UvSettings) -> MissingFiles:
    """Look for each file from the working directory, as pip and uv do."""
    if session.cwd is None:
        raise Unavailable("the working directory has been deleted")
    return MissingFiles(tuple(_missing(session.cwd, pip, uv)))


def _missing(cwd: str, pip: PipSettings, uv: UvSettings) -> Iterator[MissingFile]:
    for setting in pip.applied():
        if setting.option in OF_PIP:
            yield from (MissingFile(name, path, pip=setting) for name, path in _gone(cwd, setting.words))
    for variable in OF_UV:
        names = (uv.variable(variable) or "").split()
        yield from (MissingFile(name, path, variable=variable) for name, path in _gone(cwd, names))


def _gone(cwd: str, names: tuple[str, ...] | list[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        path = os.path.normpath(os.path.join(cwd, name))
        if name != STANDARD_INPUT and ADDRESS not in name and not name.startswith("file:") and not is_there(path):
            yield name, path
