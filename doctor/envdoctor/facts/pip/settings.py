"""What has been set for pip, where, and which setting wins?

Files come in a fixed order, and each later one overrides the same key of the same section: the system's, the user's,
the environment's own (`<prefix>/pip.conf`), the one that `PIP_CONFIG_FILE` names. Then sections count, not files:
`[install]` beats `[global]` wherever each stands, and variables beat both. An empty value sets nothing, and yet hides
what an earlier file says for its key.
"""

from __future__ import annotations

import enum
import itertools
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.pip.options import ALIASES, OPTIONS, VARIABLES, canonical, normalize
from envdoctor.system.files import Unreadable, are_unique, read_bytes
from envdoctor.system.session import Session
from envdoctor.system.unread import note
from envdoctor.text import limits
from envdoctor.text.patterns import pattern
from envdoctor.text.plain import is_plain, plain

GLOBAL_DIRECTORY = "/etc"
MACOS_DIRECTORY = "Library/Application Support/pip"
FILE_VARIABLE = "PIP_CONFIG_FILE"
FROM_VARIABLE = ":env:"  # what pip calls the section of its variables
COMMENT = "#;"
SECTION = pattern(r"\[(?P<name>.+)\]")
ASSIGNMENT = pattern(r"(?P<key>[^=:\s][^=:]*+)[=:]")


class PipLevel(enum.Enum):
    """Where a setting comes from; for the same section and key, a later one wins."""

    GLOBAL = "of the system"
    USER = "of the user"
    SITE = "of the environment"
    EXPLICIT = "named by PIP_CONFIG_FILE"
    VARIABLE = "a variable"


class PipFile(Fact, frozen=True):
    """A configuration file that exists and that pip tries to read.

    Attributes:
        path: the file.
        level: which of pip's places it is in.
        problem: why nothing of it counts, with the line if there is one; None if it was read.
        line: that line, from 1; None if the problem has none.
        fatal: whether pip gives up because of it. A file that it may not read it passes over.
        stray: the lines that belong to no section, or are neither a section nor a setting, verbatim; none
            if the file holds such lines elsewhere too, or if they hold more than words.
        sections: whether there is any section.
    """

    path: str
    level: PipLevel
    problem: str | None = None
    line: int | None = None
    fatal: bool = False
    stray: tuple[str, ...] = ()
    sections: bool = True


class PipSetting(Fact, frozen=True):
    """One value that is set for pip.

    Attributes:
        option: the option without its dashes, as pip has it inside: `index-url`; one that is not known here in plain
            words.
        value: the text, blanks around it gone; several lines of a file joined by line ends. Empty for an option that is
            not known here.
        section: `global`, or a command such as `install`; `:env:` for a variable; any other in plain words.
        origin: the variable, or the file with its line.
        level: which of pip's places that is.
        file: the file; None for a variable.
        lines: the lines of the file that say it, verbatim.
        repeated: whether the file holds such lines elsewhere too, so that these cannot be taken out by their text.
    """

    option: str
    value: str
    section: str
    origin: str
    level: PipLevel
    file: str | None = None
    lines: tuple[str, ...] = ()
    repeated: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """The values of an option that takes several."""
        return tuple(self.value.split())


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


def read_file(path: str, level: PipLevel) -> tuple[PipFile, tuple[PipSetting, ...]]:
    """What a configuration file says; nothing, and why, where pip cannot use it."""
    try:
        content = read_bytes(path)
    except Unreadable as unreadable:
        return PipFile(path, level, unreadable.reason), ()
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return PipFile(path, level, f"line {line} is not UTF-8", line, fatal=True), ()
    return _parse(path, level, text)


def _parse(path: str, level: PipLevel, text: str) -> tuple[PipFile, tuple[PipSetting, ...]]:
    import configparser

    class Parser(configparser.RawConfigParser):
        OPTCRE = re.compile(r"(?P<option>[^=:]*+)(?P<vi>[=:])\s*+(?P<value>.*)$")  # its own takes blanks' square

    parser = Parser()
    try:
        parser.read_string(text)
    except configparser.Error as error:
        return _refused(path, level, text, error), ()
    sections = parser.sections()
    if (
        len(sections) * max(len(text) if parser.defaults() else 0, 1) > limits.PIP_DEFAULTS
    ):  # each takes in all of [DEFAULT]
        return PipFile(path, level, f"[DEFAULT] in {len(sections):,} sections"), ()
    lines = _Lines(text)
    found = ((section, *item) for section in sections for item in parser.items(section))
    return PipFile(path, level), tuple(lines.setting(path, level, *item) for item in found)


def _refused(path: str, level: PipLevel, text: str, error: Exception) -> PipFile:
    """A file that stops pip: what is wrong with it, and the lines that make it so."""
    import configparser

    lines = text.splitlines()
    line: int | None = None
    stray: list[str] = []
    match error:
        case configparser.MissingSectionHeaderError(lineno=line) if text.startswith("\ufeff"):
            problem = f"line {line} begins with a byte order mark, which pip takes for text"
        case configparser.MissingSectionHeaderError(lineno=line):
            problem = f"line {line} stands before any [section]"
            before = itertools.takewhile(lambda content: not SECTION.match(content.strip()), lines)
            stray = [content for content in before if content.strip() and content.strip()[0] not in COMMENT]
        case configparser.DuplicateOptionError(lineno=int(line), option=option, section=section):
            problem = f"line {line} sets {plain(option)} again in [{plain(section)}]"
        case configparser.DuplicateSectionError(lineno=int(line), section=section):
            problem = f"line {line} opens [{plain(section)}] again"
        case configparser.ParsingError(errors=[(line, _), *_] as errors):
            problem = f"line {line} is neither a [section] nor a key = value"
            stray = [lines[number - 1] for number, _ in errors]
        case _:
            problem = f"cannot be read ({type(error).__name__})"
    if not are_unique(stray, lines) or not all(map(is_plain, stray)):
        stray = []
    sections = any(SECTION.match(content.strip()) for content in lines)
    note(path, problem)
    return PipFile(path, level, problem, line, fatal=True, stray=tuple(stray), sections=sections)


class _Lines:
    """Where a file sets each key. `[DEFAULT]` sets it for every section."""

    def __init__(self, text: str) -> None:
        self.lines = text.splitlines()
        self.times = Counter(self.lines)
        self.first: dict[tuple[str, str], int] = {}
        here = None
        for number, line in enumerate(self.lines, 1):
            if header := SECTION.match(line.strip()):
                here = header["name"]
            elif here is not None and (found := ASSIGNMENT.match(line.strip())):
                self.first.setdefault((here, found["key"].rstrip().lower()), number)

    def setting(self, path: str, level: PipLevel, section: str, key: str, value: str | None) -> PipSetting:
        """A setting with the lines that make it: the first that sets the key, and those that its value goes on in."""
        places = (self.first.get((place, key)) for place in (section, "DEFAULT"))
        number = min(filter(None, places), default=0)
        end = number
        while number and end < len(self.lines) and self.lines[end][:1].isspace() and self.lines[end].strip():
            end += 1
        lines = tuple(self.lines[number - 1 : end]) if number else ()
        mine = Counter(lines)
        repeated = any(self.times[line] > times for line, times in mine.items())
        origin = f"{path}:{number}" if number else path
        section, option = plain(section), normalize(key)
        if option not in OPTIONS and option not in ALIASES:  # it and its value may be anything, a secret too
            return PipSetting(plain(option), "", section, origin, level, path)
        return PipSetting(option, value or "", section, origin, level, path, lines, repeated)
