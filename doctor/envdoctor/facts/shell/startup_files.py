"""Which start-up files do the shells read here, and what do these do that concerns Python? None of them is run."""

from __future__ import annotations

import enum
import os
from collections.abc import Iterator

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.shell.startup_lines import NAMES, LineKind, StartupLine
from envdoctor.facts.shell.startup_reader import read_lines
from envdoctor.facts.shell.tokenizer import Broken
from envdoctor.system.files import Unreadable, read_text
from envdoctor.system.session import Session
from envdoctor.text import limits
from envdoctor.text.patterns import pattern

UNKNOWN = pattern(r"[$`*?\[{]")  # in the name of a file: only the shell knows what it stands for


class Shell(enum.Enum):
    """A family of shells that reads the same files."""

    SH = "sh"
    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


# by the name of the program
FAMILIES = {"bash": Shell.BASH, "zsh": Shell.ZSH, "fish": Shell.FISH, "sh": Shell.SH, "dash": Shell.SH, "ash": Shell.SH}


class When(enum.Enum):
    """In which shells of its family a file is read."""

    ALWAYS = "every shell"
    LOGIN = "login shells"
    INTERACTIVE = "interactive shells"
    INTERACTIVE_NOT_LOGIN = "interactive shells that are not login shells"
    SCRIPT = "shells that run a script"

    def holds(self, *, login: bool, interactive: bool) -> bool:
        """Whether this shell is one of them."""
        match self:
            case When.ALWAYS:
                return True
            case When.LOGIN:
                return login
            case When.INTERACTIVE:
                return interactive
            case When.INTERACTIVE_NOT_LOGIN:
                return interactive and not login
            case When.SCRIPT:
                return not interactive


class StartupFile(Fact, frozen=True):
    """One file that is there, and who reads it. A file that is reached in two ways is here twice.

    Attributes:
        path: the file, as it is reached.
        shells: the shells that read it.
        when: in which cases.
        sourced_by: the line of another start-up file that reads it, `file:line`; None if the shell itself does.
        hidden_by: the file that bash reads instead of it in login shells.
    """

    path: str
    shells: tuple[Shell, ...]
    when: When
    sourced_by: str | None = None
    hidden_by: str | None = None


class Skipped(Fact, frozen=True):
    """A start-up file, or the rest of one, that could not be read, and why."""

    path: str
    reason: str


class StartupFiles(Fact, frozen=True):
    """The start-up files of bash, zsh, fish and sh, in the order in which each reads them, and what is in them."""

    files: tuple[StartupFile, ...] = ()
    lines: tuple[StartupLine, ...] = ()
    skipped: tuple[Skipped, ...] = ()

    def mentions(self, *names: str, kind: LineKind | None = None) -> tuple[StartupLine, ...]:
        """The lines about these variables, commands or tools, of one kind if one is given."""
        return tuple(line for line in self.lines if line.name in names and kind in (None, line.kind))

    @property
    def blocks(self) -> tuple[StartupLine, ...]:
        """The blocks that `conda init` and its like have written."""
        return tuple(line for line in self.lines if line.kind is LineKind.BLOCK)

    def guard_before(self, line: StartupLine) -> StartupLine | None:
        """The line above it where the file ends unless the shell is interactive; scripts and `ssh` stop there."""
        for other in self.lines:
            if other.kind is LineKind.GUARD and other.file == line.file and other.number < line.number:
                return other
        return None

    def stop_in(self, path: str) -> StartupLine | None:
        """The first line where a file may end in every shell, so that what is appended to it may not be run."""
        return next((line for line in self.lines if line.kind is LineKind.STOP and line.file == path), None)

    def may_read(self, path: str, other: str) -> bool:
        """Whether a file is another, or reads it, itself or through others. A name that is not known may be its own."""
        reached = [path]
        for file in reached:  # which grows
            sources = (line.name for line in self.lines if line.kind is LineKind.SOURCE and line.file == file)
            reached += [name for name in dict.fromkeys(sources) if name not in reached]
        names = map(os.path.basename, reached[1:])
        return other in reached or any(name == os.path.basename(other) or UNKNOWN.search(name) for name in names)

    def read_by(self, shell: Shell, *, login: bool, interactive: bool) -> tuple[str, ...]:
        """The files that such a shell reads, in order, with those that they read in turn if their conditions hold."""
        read: list[str] = []
        for file in self.files:
            parent = file.sourced_by.rpartition(":")[0] if file.sourced_by else None
            hidden = file.hidden_by is not None and shell is Shell.BASH
            if shell in file.shells and not hidden and file.when.holds(login=login, interactive=interactive):
                read += [file.path] if parent is None or parent in read else []
        return tuple(read)


@probe
def probe_startup_files(session: Session) -> StartupFiles:
    """Read the start-up files of the user and of the system, line by line, without running anything."""
    return collect(session, "/etc")


def collect(session: Session, etc: str) -> StartupFiles:
    """The same with the system's files in another directory."""
    collector = _Collector(session, etc)
    for file in _candidates(session, etc):
        collector.add(file)
    return StartupFiles(tuple(collector.files), tuple(collector.lines), tuple(collector.skipped))


def _candidates(session: Session, etc: str) -> Iterator[StartupFile]:
    home, everyone = session.home or "/nonexistent", tuple(Shell)
    bourne = (Shell.SH, Shell.BASH)
    yield StartupFile(f"{etc}/environment", everyone, When.ALWAYS)
    own = session.env.get("XDG_CONFIG_HOME") or f"{home}/.config"
    for directory in (f"{etc}/environment.d", f"{own}/environment.d"):  # systemd's, for sessions of a desktop
        for path in _files_in(directory, ".conf"):
            yield StartupFile(path, everyone, When.ALWAYS)
    yield StartupFile(f"{home}/.pam_environment", everyone, When.ALWAYS)
    yield StartupFile(f"{etc}/profile", bourne, When.LOGIN)
    for path in _files_in(f"{etc}/profile.d", ".sh"):
        yield StartupFile(path, bourne, When.LOGIN, f"{etc}/profile:0")
    yield from _of_login_bash(home)
    yield StartupFile(f"{etc}/bash.bashrc", (Shell.BASH,), When.INTERACTIVE_NOT_LOGIN)
    yield StartupFile(f"{home}/.bashrc", (Shell.BASH,), When.INTERACTIVE_NOT_LOGIN)
    if script := session.env.get("BASH_ENV"):
        yield StartupFile(script, (Shell.BASH,), When.SCRIPT)
    yield from _of_zsh(session, etc, home)
    yield from _of_fish(session, etc, home)


def is_list(path: str) -> bool:
    """Whether a file is a list of variables that the login reads, long before any shell."""
    return path.endswith("/environment") or is_personal_list(path)


def is_personal_list(path: str) -> bool:
    """Whether it is one that some logins read and others, as by ssh, do not."""
    return path.endswith("/.pam_environment") or (path.endswith(".conf") and "/environment.d/" in path)


def _files_in(directory: str, ending: str) -> list[str]:
    """The files of a directory that a shell reads one after the other; none if it cannot be listed."""
    try:
        names = sorted(os.listdir(directory))
    except OSError:
        return []
    return [f"{directory}/{name}" for name in names if name.endswith(ending) and not name.startswith(".")]


def _of_login_bash(home: str) -> Iterator[StartupFile]:
    """Of these three, bash reads only the first that is there; sh knows the last alone."""
    first: str | None = None
    for name in (".bash_profile", ".bash_login", ".profile"):
        path = f"{home}/{name}"
        shells = (Shell.SH, Shell.BASH) if name == ".profile" else (Shell.BASH,)
        yield StartupFile(path, shells, When.LOGIN, None, first)
        if first is None and os.path.exists(path):
            first = path


def _of_zsh(session: Session, etc: str, home: str) -> Iterator[StartupFile]:
    system = f"{etc}/zsh" if os.path.isdir(f"{etc}/zsh") else etc
    own = session.env.get("ZDOTDIR") or home
    for name, when in (
        *(("zshenv", When.ALWAYS), ("zprofile", When.LOGIN)),
        *(("zshrc", When.INTERACTIVE), ("zlogin", When.LOGIN)),
    ):
        for path in (f"{system}/{name}", f"{own}/.{name}"):
            yield StartupFile(path, (Shell.ZSH,), when)


def _of_fish(session: Session, etc: str, home: str) -> Iterator[StartupFile]:
    own = f"{session.env.get('XDG_CONFIG_HOME') or f'{home}/.config'}/fish"
    for directory in (own, f"{etc}/fish"):
        for path in _files_in(f"{directory}/conf.d", ".fish"):
            yield StartupFile(path, (Shell.FISH,), When.ALWAYS)
    for path in (f"{etc}/fish/config.fish", f"{own}/config.fish"):
        yield StartupFile(path, (Shell.FISH,), When.ALWAYS)
    for name in sorted(NAMES):  # a function is loaded from the file of its name when it is called
        yield StartupFile(f"{own}/functions/{name}.fish", (Shell.FISH,), When.ALWAYS)


class _Collector:
    """Reads each file once, however it is reached, and follows those that it reads in turn."""

    def __init__(self, session: Session, etc: str) -> None:
        self.known = {name: session.env[name] for name in ("ZDOTDIR", "XDG_CONFIG_HOME") if name in session.env}
        if session.home:
            self.known["HOME"] = session.home
        self.followed = tuple(f"{place}/" for place in (session.home, etc) if place)
        self.files: list[StartupFile] = []
        self.lines: list[StartupLine] = []
        self.skipped: list[Skipped] = []
        self._read: dict[str, tuple[StartupLine, ...] | None] = {}
        self._left = limits.STARTUP_FILES

    def add(self, file: StartupFile, largest: int = limits.STARTUP_FILE) -> None:
        """Take a file, if it is there, and those that it reads."""
        if any((file.path, file.shells, file.when) == (known.path, known.shells, known.when) for known in self.files):
            return
        lines = self._lines(file.path, largest)
        if lines is None:
            return
        self.files.append(file)
        for line in lines:
            if line.kind is LineKind.SOURCE and line.name.startswith(self.followed):
                own = (Shell.BASH,) if "bash" in os.path.basename(line.name) else file.shells
                shells = tuple(shell for shell in file.shells if shell in own)
                self.add(StartupFile(line.name, shells, file.when, line.origin, file.hidden_by), limits.FOLLOWED_FILE)

    def _lines(self, path: str, largest: int) -> tuple[StartupLine, ...] | None:
        """What a file does; None if it is not there or cannot be read."""
        if path not in self._read:
            self._read[path] = None
            try:
                text = read_text(path, min(largest, self._left))
            except Unreadable as answer:
                if os.path.lexists(path):
                    self.skipped.append(Skipped(path, answer.reason))
                return None
            self._left -= len(text)
            self._read[path] = found = tuple(self._understood(path, text))
            self.lines += found
        return self._read[path]

    def _understood(self, path: str, text: str) -> Iterator[StartupLine]:
        try:
            yield from read_lines(path, text, self.known, fish=path.endswith(".fish"), exports_all=is_list(path))
        except Broken as broken:
            self.skipped.append(Skipped(path, str(broken)))
