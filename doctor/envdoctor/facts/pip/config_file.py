"""What does a configuration file of pip say, line by line, and what makes pip refuse it?"""

from __future__ import annotations

import enum
import itertools
import re
from collections import Counter

from envdoctor.engine.fact import Fact
from envdoctor.facts.pip.options import ALIASES, OPTIONS, normalize
from envdoctor.system.files import Unreadable, are_unique, read_bytes
from envdoctor.system.unread import note
from envdoctor.text import limits
from envdoctor.text.patterns import pattern
from envdoctor.text.plain import is_plain, plain

COMMENT = "#;"
BYTE_ORDER_MARK = "\ufeff"
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
        marked: whether nothing is wrong with it but the byte order mark that it begins with.
    """

    path: str
    level: PipLevel
    problem: str | None = None
    line: int | None = None
    fatal: bool = False
    stray: tuple[str, ...] = ()
    sections: bool = True
    marked: bool = False


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
        last: whether its section is the last of the file, so that a line at the end still belongs to it.
    """

    option: str
    value: str
    section: str
    origin: str
    level: PipLevel
    file: str | None = None
    lines: tuple[str, ...] = ()
    repeated: bool = False
    last: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """The values of an option that takes several."""
        return tuple(self.value.split())


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
        case configparser.MissingSectionHeaderError(lineno=line) if text.startswith(BYTE_ORDER_MARK):
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
    marked = text.startswith(BYTE_ORDER_MARK) and _parse(path, level, text[1:])[0].problem is None
    return PipFile(path, level, problem, line, fatal=True, stray=tuple(stray), sections=sections, marked=marked)


class _Lines:
    """Where a file sets each key. `[DEFAULT]` sets it for every section."""

    def __init__(self, text: str) -> None:
        self.lines = text.splitlines()
        self.times = Counter(self.lines)
        self.first: dict[tuple[str, str], int] = {}
        here: str | None = None
        for number, line in enumerate(self.lines, 1):
            if header := SECTION.match(line.strip()):
                here = header["name"]
            elif here is not None and (found := ASSIGNMENT.match(line.strip())):
                self.first.setdefault((here, found["key"].rstrip().lower()), number)
        self.end = here

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
        last = self.first.get((self.end or "", key)) == number
        section, option = plain(section), normalize(key)
        if option not in OPTIONS and option not in ALIASES:  # it and its value may be anything, a secret too
            return PipSetting(plain(option), "", section, origin, level, path)
        return PipSetting(option, value or "", section, origin, level, path, lines, repeated, last)
