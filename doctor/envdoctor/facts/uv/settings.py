"""What has been set for uv, where, and which setting wins?"""

from __future__ import annotations

import enum
import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.uv.variables import ALL, YES
from envdoctor.system.files import Unreadable, read_text
from envdoctor.system.session import Session
from envdoctor.system.toml import line_with, loads
from envdoctor.system.unread import note
from envdoctor.text.patterns import pattern
from envdoctor.text.plain import is_plain, plain

LONGEST_LINE = 2_000  # it is kept with each of its values
HEADER = pattern(r"\s*+\[\[?([^\[\]]++)\]")
ASSIGNMENT = pattern(r"""\s*+["']?([\w-]++)["']?\s*+=""")
# The settings whose values are read; those of any other key may be anything, a secret too.
KNOWN = frozenset(
    (
        *("add-bounds", "all-extras", "allow-insecure-host", "annotation-style", "break-system-packages"),
        *("build-constraint", "build-constraint-dependencies", "cache-dir", "check-url", "compile-bytecode"),
        *("concurrent-builds", "concurrent-downloads", "concurrent-installs", "config-settings"),
        *("constraint-dependencies", "custom-compile-command", "default-groups", "dev-dependencies"),
        *("emit-build-options", "emit-find-links", "emit-index-annotation", "emit-index-url"),
        *("emit-marker-expression", "environments", "exclude-dependencies", "exclude-newer", "extra"),
        *("extra-index-url", "find-links", "fork-strategy", "generate-hashes", "http-proxy", "https-proxy"),
        *("index-strategy", "index-url", "keyring-provider", "link-mode", "managed", "native-tls"),
        *("no-annotate", "no-binary", "no-binary-package", "no-build", "no-build-isolation"),
        *("no-build-isolation-package", "no-build-package", "no-cache", "no-deps", "no-emit-package"),
        *("no-extra", "no-header", "no-index", "no-proxy", "no-sources", "no-strip-extras", "no-strip-markers"),
        *("offline", "only-binary", "output-file", "override-dependencies", "package", "prefix", "prerelease"),
        *("preview", "preview-features", "publish-url", "pypy-install-mirror", "python", "python-downloads"),
        *("python-downloads-json-url", "python-install-mirror", "python-platform", "python-preference"),
        *("python-version", "refresh", "reinstall", "reinstall-package", "require-hashes"),
        *("required-environments", "required-version", "resolution", "strict", "system", "system-certs"),
        *("target", "torch-backend", "trusted-publishing", "universal", "upgrade", "upgrade-package"),
        *("verify-hashes",),
    )
)


class UvLevel(enum.Enum):
    """Which of uv's places a file is in; an earlier one wins."""

    EXPLICIT = "named by UV_CONFIG_FILE"
    PROJECT = "of the project"
    USER = "of the user"
    SYSTEM = "of the system"


class UvFile(Fact, frozen=True):
    """A configuration file that uv reads here.

    Attributes:
        path: the file: `uv.toml`, or a `pyproject.toml` with a `[tool.uv]` table.
        level: which of uv's places it is in.
        problem: why it cannot be read, with the line if there is one; None if it can.
    """

    path: str
    level: UvLevel
    problem: str | None = None


class UvValue(Fact, frozen=True):
    """One value of a configuration file; an array is several of them.

    Attributes:
        key: as the file has it, `pip.system` for one in the `[pip]` table; one that is not known here in plain words.
        value: as text (empty for a key that is not known here), a boolean as `true` or `false`.
        path: the file.
        line: where in it, from 1; 0 if the line was not found.
        text: that line; empty if the file holds it elsewhere too, so that it cannot be taken out by its text.
    """

    key: str
    value: str
    path: str
    line: int
    text: str = ""

    @property
    def origin(self) -> str:
        """The file with its line."""
        return f"{self.path}:{self.line}" if self.line else self.path


class UvIndex(Fact, frozen=True):
    """One `[[index]]` of a configuration file.

    Attributes:
        url: where it is.
        name: what sources call it; None if it has no name.
        default: whether it replaces the public index.
        explicit: whether it serves only the packages that name it.
        path: the file.
        line: where its `url` stands in it, from 1; 0 if the line was not found.
    """

    url: str
    name: str | None
    default: bool
    explicit: bool
    path: str
    line: int


class UvVariable(Fact, frozen=True):
    """A variable for uv that is set, even to nothing."""

    name: str
    value: str


class UvSettings(Fact, frozen=True):
    """What is set for uv: variables, then files from the one that wins to the one that loses.

    Attributes:
        variables: those that are set, in the order of their names.
        files: those that uv reads here.
        values: what they say, the winner of two equal keys first.
        indexes: their package indexes, in uv's order of trial.
    """

    variables: tuple[UvVariable, ...] = ()
    files: tuple[UvFile, ...] = ()
    values: tuple[UvValue, ...] = ()
    indexes: tuple[UvIndex, ...] = ()

    def variable(self, name: str) -> str | None:
        """The value of a variable; None if it is not set."""
        return next((variable.value for variable in self.variables if variable.name == name), None)

    def value(self, key: str) -> UvValue | None:
        """The value of a key that wins among the files; None if no file has it."""
        return next((value for value in self.values if value.key == key), None)

    def path_of(self, name: str) -> str:
        """The file that uv means by this name, in full; the name itself if it is none of them."""
        return next((file.path for file in self.files if os.path.basename(file.path) == os.path.basename(name)), name)

    @property
    def link_mode(self) -> str | None:
        """How uv is told to put files into environments; None if nothing tells."""
        in_file = self.value("link-mode") or self.value("pip.link-mode")
        return self.variable("UV_LINK_MODE") or (in_file.value if in_file else None)

    def switched_on(self, name: str) -> bool:
        """Whether a variable holds a word that uv takes for yes."""
        return (self.variable(name) or "").lower() in YES


@probe
def probe_uv_settings(session: Session) -> UvSettings:
    """Read the variables and configuration files of uv, as it would in the working directory."""
    variables = tuple(UvVariable(name, session.env[name]) for name in ALL if name in session.env)
    files: list[UvFile] = []
    values: list[UvValue] = []
    indexes: list[UvIndex] = []
    for path, level in _places(session):
        problem, text, table = read_table(path)
        files.append(UvFile(path, level, problem))
        values.extend(flatten(table, text, path))
        indexes.extend(find_indexes(table, text, path))
    return UvSettings(variables, tuple(files), tuple(values), tuple(indexes))


def _places(session: Session) -> Iterator[tuple[str, UvLevel]]:
    """The configuration files that uv reads, the winner first."""
    explicit = session.env.get("UV_CONFIG_FILE")
    if explicit:
        yield os.path.join(session.cwd or "/", explicit), UvLevel.EXPLICIT
        return
    if session.env.get("UV_NO_CONFIG", "").lower() in YES:
        return
    project = _project_file(session.cwd)
    if project:
        yield project, UvLevel.PROJECT
    if user := _user_file(session):
        yield user, UvLevel.USER
    if session.env.get("UV_NO_SYSTEM_CONFIG", "").lower() in YES:
        return
    directories = (session.env.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(os.pathsep)
    candidates = [os.path.join(directory, "uv", "uv.toml") for directory in directories if directory]
    for path in (*candidates, "/etc/uv/uv.toml"):
        if os.path.isfile(path):
            yield path, UvLevel.SYSTEM
            return


def ordinary_places(session: Session) -> Iterator[str]:
    """The project's and the user's file, whether or not a variable has uv read others, or none."""
    if project := _project_file(session.cwd):
        yield project
    if user := _user_file(session):
        yield user


def _user_file(session: Session) -> str | None:
    user = session.env.get("XDG_CONFIG_HOME") or (session.home and os.path.join(session.home, ".config"))
    return path if user and os.path.isfile(path := os.path.join(user, "uv", "uv.toml")) else None


def _project_file(directory: str | None) -> str | None:
    """The nearest `uv.toml`, or `pyproject.toml` with a `[tool.uv]` table, from a directory upwards."""
    while directory:
        path = os.path.join(directory, "uv.toml")
        if os.path.isfile(path):
            return path
        path = os.path.join(directory, "pyproject.toml")
        if os.path.isfile(path):
            problem, text, table = read_table(path)
            if table or (problem and "[tool.uv" in text):
                return path
        parent = os.path.dirname(directory)
        directory = parent if parent != directory else None
    return None


def read_table(path: str) -> tuple[str | None, str, dict[str, Any]]:
    """What is wrong with a file if anything is, its text, and what it says for uv."""
    try:
        text = read_text(path)
    except Unreadable as unreadable:
        return unreadable.reason, "", {}
    try:
        table = loads(text)
    except ValueError as error:  # not TOML, or a number of thousands of digits
        reason = plain(str(error))
        note(path, reason)
        return reason, text, {}
    except RecursionError:
        note(path, "nested too deeply")
        return "nested too deeply", text, {}
    if os.path.basename(path) != "pyproject.toml":
        return None, text, table
    tool = table.get("tool")
    own = tool.get("uv") if isinstance(tool, dict) else None
    return None, text, own if isinstance(own, dict) else {}


def flatten(table: dict[str, Any], text: str, path: str, prefix: str = "") -> Iterator[UvValue]:
    """The scalar values of a table and of its `[pip]` table."""
    numbers, lines = line_numbers(text), text.splitlines()
    times = Counter(lines)
    for key, value in table.items():
        if key == "pip" and isinstance(value, dict) and not prefix:
            yield from flatten(value, text, path, "pip.")
            continue
        number = numbers.get((prefix.rstrip("."), key), 0)
        line = lines[number - 1] if number else ""
        is_short = len(line) <= LONGEST_LINE and ("#" not in line or is_plain(line))  # what a comment says is unknown
        kept = line if times[line] == 1 and is_short else ""
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, bool | str | int | float):
                shown = str(item).lower() if isinstance(item, bool) else str(item)
                is_known = key in KNOWN
                if is_known:
                    yield UvValue(prefix + key, shown, path, number, kept)
                else:  # the key may be anything, too
                    yield UvValue(prefix + plain(key), "", path, number)


def find_indexes(table: dict[str, Any], text: str, path: str) -> Iterator[UvIndex]:
    """The package indexes of a table."""
    entries = table.get("index")
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, dict) and isinstance(url := entry.get("url"), str):
            name = entry.get("name")
            yield UvIndex(
                url,
                name if isinstance(name, str) else None,
                entry.get("default") is True,
                entry.get("explicit") is True,
                path,
                line_with(text, url),
            )


def line_numbers(text: str) -> dict[tuple[str, str], int]:
    """The number of the line that sets each key of each table, from 1, for those that are written in the plain way."""
    numbers: dict[tuple[str, str], int] = {}
    here = ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := HEADER.match(line):
            here = header[1].strip().removeprefix("tool.uv").removeprefix(".")
        elif assignment := ASSIGNMENT.match(line):
            numbers.setdefault((here, assignment[1]), number)
    return numbers
