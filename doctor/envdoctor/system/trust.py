"""Which programs may be executed to look at this session? Every process that envdoctor starts is decided on here.

A program must be called for: by a name that the shell looks up in an absolute element of `PATH`, by an environment that
is active by an absolute path, or by `--python`. And nobody but the user and root may be able to change it. The second
rule is that of OpenSSH for its own files, as Debian has it: a group may write if it has no other members.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator, Mapping

import msgspec

from envdoctor.system import acl
from envdoctor.system.files import Unreadable, read_head
from envdoctor.system.members import others_in
from envdoctor.text import limits

ACTIVE = ("VIRTUAL_ENV", "CONDA_PREFIX")
MOST_LINKS = 40
# what a path below means depends on the process that follows it: /proc/self/cwd is whatever directory one stands in
OF_PROCESSES = "/proc"
LIFT = "`--trust` runs it nevertheless"


class Refusal(msgspec.Struct, frozen=True):
    """Why a program is not executed.

    Attributes:
        program: the program.
        reason: a clause about it: `is not run: …`.
        by_owner: whether the rule about owners says so, which `--trust` lifts.
    """

    program: str
    reason: str
    by_owner: bool = False

    def __str__(self) -> str:
        return f"{self.program} {self.reason}"


class Trust(msgspec.Struct, frozen=True):
    """What may be executed in a session.

    Attributes:
        directories: the absolute elements of the search path, and the programs of the active environments.
        named: what `--python` names; None without it.
        user: whose rights envdoctor has.
        lifted: whether the rule about owners does not count: `--trust`.
    """

    directories: frozenset[str]
    named: str | None
    user: int
    lifted: bool = False

    def refusal(self, program: str, reached_by: str | None = None) -> Refusal | None:
        """Why a program is not executed; None if it may be.

        Args:
            program: its path.
            reached_by: the file that leads to it, a script or a shim; None if it is called for by itself.
        """
        called = program if reached_by is None else reached_by
        if not self._calls_for(called):
            return Refusal(
                program,
                "is not run: neither an absolute element of `PATH` nor an environment that is active leads to it",
            )
        flaw = self.flaw(program, called)
        return Refusal(program, f"is not run: {flaw} ({LIFT})", by_owner=True) if flaw else None

    def flaw(self, program: str, reached_by: str | None = None) -> str | None:
        """Who else may change a program, or what it loads when it starts: a clause; None where that does not count."""
        if self.lifted:
            return None
        places = dict.fromkeys((reached_by or program, program, *_loaded_at_start(program)))
        return next((flaw for place in places for flaw in flaws(place, self.user)), None)

    def may_search(self, place: str) -> bool:
        """Whether code may be loaded from a directory or file that a variable names."""
        return is_absolute(place) and (self.lifted or next(flaws(place, self.user, searched=True), None) is None)

    def _calls_for(self, path: str) -> bool:
        if self.named is not None and path in (self.named, os.path.join(self.named, "bin/python")):
            return True
        return os.path.isabs(path) and os.path.dirname(path) in self.directories


def _loaded_at_start(program: str) -> Iterator[str]:
    """What the Python of an environment heeds before anything else: its settings, the `.pth` files of its packages."""
    root = os.path.dirname(os.path.dirname(program))
    config, library = os.path.join(root, "pyvenv.cfg"), os.path.join(root, "lib")
    if not (os.path.isfile(config) or os.path.isdir(os.path.join(root, "conda-meta"))):
        return
    yield config
    for standard in _libraries(library):
        yield os.path.join(standard, "site-packages")
    for home in _homes(config):
        yield home
        yield from _libraries(os.path.join(os.path.dirname(home), "lib"))


def _libraries(directory: str) -> Iterator[str]:
    with contextlib.suppress(OSError):
        yield from (
            os.path.join(directory, name)
            for name in sorted(os.listdir(directory))
            if name.startswith(("python", "pypy")) and os.path.isdir(os.path.join(directory, name))
        )


def _homes(config: str) -> Iterator[str]:
    """The directory of the base, whose standard library even a copied Python loads; each that a `pyvenv.cfg` names."""
    try:
        lines = read_head(config, limits.SMALL_FILE).decode("utf-8", "replace").splitlines()
    except Unreadable:
        return
    for key, equals, value in (line.partition("=") for line in lines):
        if equals and key.strip().lower() == "home" and os.path.isabs(home := value.strip()):
            yield home.rstrip("/")


def trust_of(env: Mapping[str, str], named: str | None, *, lifted: bool = False) -> Trust:
    """What may be executed where the shell has these variables."""
    searched = env.get("PATH", "").split(os.pathsep)
    programs = (os.path.join(env.get(name, ""), "bin") for name in ACTIVE)
    directories = (directory.rstrip("/") for directory in (*searched, *programs) if is_absolute(directory))
    return Trust(frozenset(directories), named, os.geteuid(), lifted)


def is_absolute(path: str) -> bool:
    """Whether a path means the same for every process, wherever it stands."""
    plain = os.path.normpath(path)
    return os.path.isabs(path) and not f"{plain}/".startswith((f"{OF_PROCESSES}/", f"/{OF_PROCESSES}/"))


def flaws(path: str, user: int, *, searched: bool = False) -> Iterator[str]:
    """Who else may change what a path leads to: a clause for each file, directory and link on the way.

    A directory that is searched must not have new files of others either, which the sticky bit does not prevent.
    """
    end = os.path.realpath(path) if searched else None
    for place, found in steps(path):
        if found is None:
            return  # nothing is there: to execute it would fail
        if place == OF_PROCESSES:
            yield f"what {path} means depends on the process that asks"
        elif found.st_uid not in (0, user):
            yield f"{place} belongs to user {found.st_uid}, who is neither root nor the user who runs envdoctor"
        elif not stat.S_ISLNK(found.st_mode) and (writers := _writers(place, found, user, sticky=place != end)):
            yield f"{place} may be written by {writers}"


def _writers(place: str, found: os.stat_result, user: int, *, sticky: bool) -> str | None:
    """Who else may write. Where the sticky bit counts, nobody may touch what belongs to another."""
    if sticky and found.st_mode & stat.S_ISVTX and stat.S_ISDIR(found.st_mode):
        return None
    if found.st_mode & stat.S_IWOTH:
        return "everybody"
    if not found.st_mode & stat.S_IWGRP:
        return None
    listed = acl.writers(place, found.st_gid)
    for kind, number in (("group", found.st_gid),) if listed is None else listed:
        if kind == "group" and others_in(number, user):
            return f"group {number}, which has other members"
        if kind == "user" and number not in (0, user):
            return f"user {number}, whom an access control list lets"
    return None


def steps(path: str) -> Iterator[tuple[str, os.stat_result | None]]:
    """Every directory and link that is passed on the way to a file, from `/` on, and the file itself; None: not there.

    Links are followed one by one, because whoever may replace one in the middle decides where the way ends.
    """
    yield "/", os.lstat("/")
    place, left, links = "/", path.split("/")[::-1], 0
    while left:
        name = left.pop()
        if name in ("", "."):
            continue
        if name == "..":
            place = os.path.dirname(place)
            continue
        passed = os.path.join(place, name)
        try:
            found = os.lstat(passed)
            target = os.readlink(passed) if stat.S_ISLNK(found.st_mode) else None
        except (OSError, ValueError):
            yield passed, None
            return
        yield passed, found
        if target is None:
            place = passed
            continue
        links += 1
        if links > MOST_LINKS:
            yield passed, None
            return
        place = "/" if target.startswith("/") else place
        left += target.split("/")[::-1]
