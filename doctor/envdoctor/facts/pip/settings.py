"""What has been set for pip, where, and which setting wins?

Files come in a fixed order, and each later one overrides the same key of the same section: the system's, the user's,
the environment's own (`<prefix>/pip.conf`), the one that `PIP_CONFIG_FILE` names. Then sections count, not files:
`[install]` beats `[global]` wherever each stands, and variables beat both. An empty value sets nothing, and yet hides
what an earlier file says for its key.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.pip.config_file import PipFile, PipLevel, PipSetting, read_file
from envdoctor.facts.pip.options import VARIABLES, canonical, normalize
from envdoctor.system.session import Session

GLOBAL_DIRECTORY = "/etc"
MACOS_DIRECTORY = "Library/Application Support/pip"
FILE_VARIABLE = "PIP_CONFIG_FILE"
FROM_VARIABLE = ":env:"  # what pip calls the section of its variables


class PipSettings(Fact, frozen=True):
    """What is set for the pip of this session.

    Attributes:
        prefix: the environment that `pip` installs into, whose own file counts; None where there is neither a pip nor a
            Python.
        files: the files that it reads, in their order.
        settings: all that is set, empty and overridden values too, in the order in which pip reads it.
    """

    prefix: str | None = None
    files: tuple[PipFile, ...] = ()
    settings: tuple[PipSetting, ...] = ()

    def applied(self, command: str = "install") -> tuple[PipSetting, ...]:
        """What pip looks at when it runs a command; for the same option, the last one counts."""
        latest: dict[tuple[str, str], PipSetting] = {}
        for setting in self.settings:  # as in pip: a key that is overridden keeps its place
            latest[setting.section, setting.option] = setting
        order = ("global", command, FROM_VARIABLE)
        return tuple(s for section in order for s in latest.values() if s.section == section and s.value)

    def effective(self, option: str, command: str = "install") -> PipSetting | None:
        """The setting that decides an option when pip runs a command; None where pip's own default does."""
        wanted = canonical(option)
        fitting = [setting for setting in self.applied(command) if canonical(setting.option) == wanted]
        return fitting[-1] if fitting else None


@probe
def probe_pip_settings(session: Session, commands: Commands) -> PipSettings:
    """Read the variables and configuration files of pip, as the pip that this session runs would."""
    hit = next(filter(None, map(commands.first, ("pip", "python", "python3"))), None)
    settings = read(session, prefix_of(hit.runs) if hit and hit.runs else None)
    # decided before pip knows its command; the pip that then does the work has a file of its own
    other = settings.effective("python", "global")
    elsewhere = other and prefix_named(os.path.join(session.cwd or "/", other.value))
    return read(session, elsewhere) if elsewhere else settings


def prefix_of(python: str) -> str:
    """The environment that an interpreter belongs to: its own, if it stands in one, else that of the file it is."""
    prefix = os.path.dirname(os.path.dirname(python))
    if os.path.isfile(os.path.join(prefix, "pyvenv.cfg")):
        return prefix
    return os.path.dirname(os.path.dirname(os.path.realpath(python)))


def prefix_named(value: str) -> str | None:
    """The environment that `--python` names: a directory, or an interpreter in one."""
    if os.path.isdir(value):
        return value
    return prefix_of(value) if os.path.exists(value) else None


def read(session: Session, prefix: str | None, platform: str = sys.platform) -> PipSettings:
    """What is set for the pip that installs into a prefix."""
    files: list[PipFile] = []
    settings: list[PipSetting] = []
    for path, level in _places(session, prefix, platform):
        if os.path.exists(path):
            file, values = read_file(path, level)
            files.append(file)
            settings.extend(values)
    set_here = ((name, session.env[name]) for name in VARIABLES if name in session.env)
    settings += (
        PipSetting(normalize(name.removeprefix("PIP_")), value, FROM_VARIABLE, name, PipLevel.VARIABLE)
        for name, value in set_here
    )
    return PipSettings(prefix, tuple(files), tuple(settings))


def _places(session: Session, prefix: str | None, platform: str) -> Iterator[tuple[str, PipLevel]]:
    """The files that pip looks for, in the order in which they override one another."""
    explicit = session.env.get(FILE_VARIABLE)
    if explicit == os.devnull:
        return
    explicit = explicit and os.path.join(session.cwd or "/", explicit)
    for directory in _global_directories(session, platform):
        yield f"{directory}/pip.conf", PipLevel.GLOBAL
    if not (explicit and os.path.exists(explicit)):
        yield from ((path, PipLevel.USER) for path in user_files(session, platform))
    if prefix:
        yield f"{prefix}/pip.conf", PipLevel.SITE
    if explicit:
        yield explicit, PipLevel.EXPLICIT


def user_files(session: Session, platform: str = sys.platform) -> tuple[str, ...]:
    """The user's own files, in the order in which they override one another."""
    if not session.home:
        return ()
    return f"{session.home}/.pip/pip.conf", f"{_user_directory(session, session.home, platform)}/pip.conf"


def _global_directories(session: Session, platform: str) -> tuple[str, ...]:
    if platform == "darwin":
        return (f"/{MACOS_DIRECTORY}",)
    listed = session.env.get("XDG_CONFIG_DIRS", "").split(os.pathsep)
    wanted = [directory.strip() for directory in listed if os.path.isabs(directory.strip())]
    return (*(f"{directory}/pip" for directory in wanted or ("/etc/xdg",)), GLOBAL_DIRECTORY)


def _user_directory(session: Session, home: str, platform: str) -> str:
    if platform == "darwin":
        native = f"{home}/{MACOS_DIRECTORY}"
        return native if os.path.isdir(native) else f"{home}/.config/pip"
    chosen = session.env.get("XDG_CONFIG_HOME", "").strip()
    return f"{chosen if os.path.isabs(chosen) else f'{home}/.config'}/pip"
