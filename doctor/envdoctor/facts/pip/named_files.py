"""Do the files of requirements and constraints exist that a setting of pip's or uv's names?"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import chain

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.pip.config_file import PipSetting
from envdoctor.facts.pip.settings import PipSettings
from envdoctor.facts.uv.settings import UvSettings
from envdoctor.system.files import is_there
from envdoctor.system.session import Session
from envdoctor.text.unexpanded import unexpanded

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
        in_full: what the setting has to be, where the name begins with a `~` or `$HOME`, which neither pip nor uv
            replaces; None where no file would be there then either.
    """

    name: str
    path: str
    pip: PipSetting | None = None
    variable: str | None = None
    in_full: str | None = None


class MissingFiles(Fact, frozen=True):
    """All such files."""

    files: tuple[MissingFile, ...] = ()


@probe
def probe_missing_files(session: Session, pip: PipSettings, uv: UvSettings) -> MissingFiles:
    """Look for each file from the working directory, as pip and uv do."""
    if session.cwd is None:
        raise Unavailable("the working directory has been deleted")
    files = (_of_setting(session, words, setting, variable) for setting, variable, words in _settings(pip, uv))
    return MissingFiles(tuple(chain.from_iterable(files)))


def _settings(pip: PipSettings, uv: UvSettings) -> Iterator[tuple[PipSetting | None, str | None, tuple[str, ...]]]:
    """Each setting that names files: pip's, or the variable of uv's, with what it names."""
    yield from ((setting, None, setting.words) for setting in pip.applied() if setting.option in OF_PIP)
    yield from ((None, variable, tuple((uv.variable(variable) or "").split())) for variable in OF_UV)


def _of_setting(
    session: Session, words: tuple[str, ...], setting: PipSetting | None, variable: str | None
) -> Iterator[MissingFile]:
    meant = {word: path for word in words if (path := unexpanded(word, session.home)) and is_there(path)}
    in_full = " ".join(meant.get(word, word) for word in words)
    for name in words:
        path = os.path.normpath(os.path.join(session.cwd or "/", name))
        if name != STANDARD_INPUT and ADDRESS not in name and not name.startswith("file:") and not is_there(path):
            yield MissingFile(name, path, setting, variable, in_full if name in meant else None)
