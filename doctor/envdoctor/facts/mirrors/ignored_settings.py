"""Which settings for an index does nobody read: misspelt variables, files and sections that no tool looks into?"""

from __future__ import annotations

import enum
import os
from collections.abc import Iterator

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.pip.config_file import PipLevel, PipSetting, read_file
from envdoctor.facts.pip.options import OPTIONS, canonical
from envdoctor.facts.pip.settings import FILE_VARIABLE, PipSettings
from envdoctor.facts.uv.settings import UvLevel, UvSettings
from envdoctor.system.files import Unreadable
from envdoctor.system.session import Session
from envdoctor.system.toml import find_line, read_toml, table_at

# What people write for the variable that there is. tests/clinic/test_indexes.py shows that neither tool reads them.
MISSPELT = {
    "UV_DEFAULT_INDEX_URL": "UV_DEFAULT_INDEX",
    "UV_INDEX_DEFAULT": "UV_DEFAULT_INDEX",
    "UV_MIRROR": "UV_DEFAULT_INDEX",
    "UV_PIP_INDEX_URL": "UV_DEFAULT_INDEX",
    "UV_PYPI_MIRROR": "UV_DEFAULT_INDEX",
    "UV_EXTRA_INDEX": "UV_INDEX",
    "UV_PYTHON_MIRROR": "UV_PYTHON_INSTALL_MIRROR",
    "UV_PYTHON_INSTALL_MIRROR_URL": "UV_PYTHON_INSTALL_MIRROR",
    "UV_PYTHON_MIRROR_URL": "UV_PYTHON_INSTALL_MIRROR",
    "PIP_INDEX": "PIP_INDEX_URL",
    "PIP_MIRROR": "PIP_INDEX_URL",
    "PIP_PYPI_MIRROR": "PIP_INDEX_URL",
    "PIP_EXTRA_INDEX": "PIP_EXTRA_INDEX_URL",
    "PIP_TRUSTED_HOSTS": "PIP_TRUSTED_HOST",
    "HF_MIRROR": "HF_ENDPOINT",
    "HF_ENDPOINT_URL": "HF_ENDPOINT",
}
# pip reads its commands (pip._internal.commands of pip 23.2.1, and the newer `lock`) and three sections of no command
COMMANDS = (
    *("global", "install", "download", "wheel", "list", "index", "lock", "config", "cache", "check", "completion"),
    *("debug", "freeze", "hash", "help", "inspect", "search", "show", "uninstall", ":env:", "DEFAULT"),
)
NOT_PIP_FILES = (".pip.conf", "pip.conf", ".config/pip.conf", ".pip/pip.ini", ".config/pip/pip.ini", "pip/pip.ini")
ADDRESS_OPTIONS = ("index-url", "extra-index-url", "trusted-host", "find-links")


class WhyUnread(enum.Enum):
    """Why nobody reads a setting."""

    MISSPELT = "no tool knows this variable"
    NO_FILE = "the file does not exist"
    OTHER_FILE = "pip does not look into this file"
    OTHER_SECTION = "pip has no command of this name"
    BESIDE_UV_TOML = "uv looks into the uv.toml beside it only"


class Unread(Fact, frozen=True):
    """One setting that nobody reads.

    Attributes:
        setting: the variable, or the section and key.
        value: what it says.
        origin: the variable, or the file with its line.
        why: why nobody reads it.
        meant: the variable that was meant, or the file that is read.
    """

    setting: str
    value: str
    origin: str
    why: WhyUnread
    meant: str | None = None


class UnreadSettings(Fact, frozen=True):
    """The settings for indexes that nobody reads."""

    unread: tuple[Unread, ...] = ()


@probe
def probe_unread_settings(session: Session, pip: PipSettings, uv: UvSettings) -> UnreadSettings:
    """Look where people put settings by mistake."""
    return UnreadSettings(
        (*_variables(session), *_missing_file(session), *_files(session, pip), *_sections(pip), *_beside(uv))
    )


def _variables(session: Session) -> Iterator[Unread]:
    for name, meant in MISSPELT.items():
        if (value := session.env.get(name)) and not session.env.get(meant):
            yield Unread(name, value, name, WhyUnread.MISSPELT, meant)


def _missing_file(session: Session) -> Iterator[Unread]:
    value = session.env.get(FILE_VARIABLE)
    if value and not os.path.exists(os.path.join(session.cwd or "/", value)):
        yield Unread(FILE_VARIABLE, value, FILE_VARIABLE, WhyUnread.NO_FILE)


def _files(session: Session, pip: PipSettings) -> Iterator[Unread]:
    """Files with a name like pip's, in places where pip does not look; those it reads are left out."""
    if session.home is None:
        return
    known = {file.path for file in pip.files}
    places = [os.path.join(session.home, name) for name in NOT_PIP_FILES]
    for path in places:
        if path not in known and os.path.isfile(path):
            _, settings = read_file(path, PipLevel.USER)
            for setting in settings:
                if canonical(setting.option) in ADDRESS_OPTIONS and setting.value:
                    yield _unread(setting, WhyUnread.OTHER_FILE, os.path.join(session.home, ".config/pip/pip.conf"))


def _sections(pip: PipSettings) -> Iterator[Unread]:
    for setting in pip.settings:
        if setting.section not in COMMANDS and canonical(setting.option) in OPTIONS and setting.value:
            yield _unread(setting, WhyUnread.OTHER_SECTION, "global")


def _unread(setting: PipSetting, why: WhyUnread, meant: str) -> Unread:
    return Unread(f"[{setting.section}] {setting.option}", setting.value, setting.origin, why, meant)


def _beside(uv: UvSettings) -> Iterator[Unread]:
    """The indexes of a `pyproject.toml` whose `[tool.uv]` a `uv.toml` in the same directory hides."""
    for file in uv.files:
        if file.level is not UvLevel.PROJECT or os.path.basename(file.path) != "uv.toml":
            continue
        path = os.path.join(os.path.dirname(file.path), "pyproject.toml")
        try:
            document = read_toml(path)
        except Unreadable:
            continue
        table = table_at(document.table, "tool", "uv")
        for key in ("index", "index-url", "extra-index-url"):
            if key in table:
                line = find_line(document.text, "tool.uv", key)
                origin = f"{path}:{line}" if line else path
                yield Unread(f"[tool.uv] {key}", _text(table[key]), origin, WhyUnread.BESIDE_UV_TOML, file.path)


def _text(value: object) -> str:
    entries = value if isinstance(value, list) else [value]
    return " ".join(str(entry.get("url")) if isinstance(entry, dict) else str(entry) for entry in entries)
