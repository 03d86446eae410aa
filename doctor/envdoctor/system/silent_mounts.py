"""Keep away from file systems that do not answer.

Who touches a mount whose server is silent waits in the kernel, and a process with such a thread cannot even end. So a
child asks every mount that may hang, once, before anything else is done, and is left behind if need be. Where one stays
silent, the functions of `os` that touch files raise `Unanswered` for every path that leads there, through links or not.
Where all answer, which is nearly always, nothing is changed.
"""

from __future__ import annotations

import builtins
import io
import os
import posix
import select
import signal
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, Self

from envdoctor.system.mount_table import TABLE, is_at_or_below, may_hang, parse, visible

SECONDS = 2.0
MOST_LINKS = 40
AUTOMATIC = "autofs"

_readlink, _stat = os.readlink, os.stat
_silent: dict[str, str] = {}
_automatic: set[str] = set()
_mounted: dict[str, bool] = {}

left_out: dict[str, str] = {}
"""The directories that this process imports nothing from, because they do not answer, and why."""


class Unanswered(Exception):  # noqa: N818 - an answer about a place, which nothing that expects an OSError may swallow
    """A path leads to a file system that does not answer."""

    def __init__(self, directory: str, kind: str) -> None:
        super().__init__(f"{directory} ({kind}) did not answer within {SECONDS:g} s")


def doubtful() -> dict[str, str]:
    """The mounts of this machine that may hang, by directory."""
    try:
        with open(TABLE, "rb") as file:
            mounts = visible(parse(os.fsdecode(file.read())))
    except OSError:
        return {}
    return {directory: kind for directory, kind in mounts.items() if may_hang(directory, kind)}


def keep_away(mounts: dict[str, str]) -> None:
    """Ask these mounts, and see to it that nothing in this process touches those that stay silent."""
    asked = [directory for directory, kind in mounts.items() if kind != AUTOMATIC]
    answered = ask(asked)
    _silent.update({directory: mounts[directory] for directory in asked if directory not in answered})
    # to ask these would mount all that they could: each place is asked when it is needed
    _automatic.update(directory for directory, kind in mounts.items() if kind == AUTOMATIC)
    if _silent or _automatic:
        _guard()
        for directory in sys.path:
            try:
                touch(directory)
            except Unanswered as place:
                left_out[directory] = str(place)
        sys.path[:] = [directory for directory in sys.path if directory not in left_out]


def answers(path: str) -> bool:
    """Whether a path leads to nothing that is known not to answer."""
    try:
        touch(path)
    except Unanswered:
        return False
    return True


def touch(path: object, *, follow: bool = True) -> None:
    """Raise Unanswered if a path leads to a file system that does not answer."""
    if not (_silent or _automatic) or isinstance(path, int) or path is None:
        return
    with suppress(TypeError, OSError):  # no path, or a working directory that is gone: whoever is called says so
        _walk(os.path.join(os.getcwd(), os.fsdecode(path)), follow=follow)  # type: ignore[arg-type]  # see above


def ask(directories: Iterable[str]) -> set[str]:
    """Those of these directories that answer. They are touched by a child, which is left behind if it hangs."""
    waiting = list(directories)
    if not waiting:
        return set()
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        _touch_all(waiting, writer)
    os.close(writer)
    answered: set[str] = set()
    deadline = time.monotonic() + SECONDS
    while len(answered) < len(waiting) and (left := deadline - time.monotonic()) > 0:
        if select.select((reader,), (), (), left)[0]:
            numbers = os.read(reader, 4096).split()
            if not numbers:
                break
            answered.update(waiting[int(number)] for number in numbers)
    os.close(reader)
    with suppress(OSError):
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0 if len(answered) == len(waiting) else os.WNOHANG)
    return answered


def _touch_all(directories: list[str], writer: int) -> None:
    """In the child: touch each directory in a thread, and tell its number, five digits and a blank, when it answers."""
    from threading import Thread

    try:
        os.setsid()
        alone(writer)

        def touch_one(number: int, directory: str) -> None:
            _ask_everything(directory)
            os.write(writer, b"%05d " % number)

        threads = [Thread(target=touch_one, args=item, daemon=True) for item in enumerate(directories)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(SECONDS)
    finally:
        os._exit(0)


def alone(*kept: int) -> None:
    """Close all files but these, so that nobody who reads from them waits for this process."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(nothing, standard)
    begin = 3
    for descriptor in sorted(kept):
        os.closerange(begin, descriptor)
        begin = descriptor + 1
    os.closerange(begin, os.sysconf("SC_OPEN_MAX"))


def _ask_everything(directory: str) -> None:
    """Ask in the ways in which files are used: what the kernel remembers of a directory may hide that nobody serves."""
    for question in (os.statvfs, lambda place: os.stat(f"{place}/.envdoctor-{time.monotonic_ns()}"), _first_entry):
        with suppress(OSError):
            question(directory)


def _first_entry(directory: str) -> None:
    with os.scandir(directory) as entries:
        next(entries, None)


def _walk(path: str, *, follow: bool) -> None:
    """Go along a path, link by link, and stop before what does not answer."""
    here, links = "/", 0
    rest = [name for name in reversed(path.split("/")) if name not in ("", ".")]
    while rest:
        name = rest.pop()
        if name == "..":
            here = os.path.dirname(here)
            continue
        here = f"{here.rstrip('/')}/{name}"
        _stop_at(here)
        if not rest and not follow:
            return
        try:
            link = _readlink(here)
        except OSError:
            continue
        links += 1
        if links > MOST_LINKS:
            return
        here = "/" if link.startswith("/") else os.path.dirname(here)
        rest += [name for name in reversed(link.split("/")) if name not in ("", ".")]


def _stop_at(path: str) -> None:
    for directory, kind in _silent.items():
        if is_at_or_below(path, directory):
            raise Unanswered(directory, kind)
    if path.rpartition("/")[0] in _automatic:
        if path not in _mounted:
            _mounted[path] = _answers_from_outside(path)
        if not _mounted[path]:
            raise Unanswered(path, AUTOMATIC)


def _answers_from_outside(path: str) -> bool:
    """Whether a place that is mounted when it is touched answers. By now there are threads, so nothing is forked."""
    code = f"import os, sys; os.stat({path + '/.'!r})"
    actions = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in range(3)]
    child = os.posix_spawn(sys.executable, [sys.executable, "-ISc", code], {}, file_actions=actions, setsid=True)
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        with suppress(ChildProcessError):
            if os.waitpid(child, os.WNOHANG)[0]:
                return True
        time.sleep(0.005)
    os.kill(child, signal.SIGKILL)
    return False


def _guard() -> None:
    """Put a guard before every function that touches files, those of the import system among them."""
    import subprocess

    vars(subprocess)["_USE_VFORK"] = False  # a parent by vfork stands still until its child runs the program
    followed = ("stat", "open", "listdir", "access", "statvfs")
    guarded = {name: _guarded(getattr(posix, name), follow=True) for name in followed}
    guarded |= {name: _guarded(getattr(posix, name), follow=False) for name in ("lstat", "readlink")}
    if hasattr(posix, "getxattr"):
        guarded["getxattr"] = _guarded(posix.getxattr, follow=True)
    guarded["scandir"] = _Entries.guarding(posix.scandir)
    for name, function in guarded.items():
        for supporting in (os.supports_fd, os.supports_dir_fd, os.supports_follow_symlinks, os.supports_effective_ids):
            if getattr(os, name) in supporting:
                supporting.add(function)
        setattr(os, name, function)
        setattr(posix, name, function)
    builtins.open = io.open = _guarded(io.open, follow=True)


def _guarded(function: Callable[..., Any], *, follow: bool) -> Callable[..., Any]:
    def guarded(path: object = ".", *arguments: object, **named: object) -> object:
        if named.get("dir_fd") is None:
            touch(path, follow=follow and bool(named.get("follow_symlinks", True)))
        return function(path, *arguments, **named)

    return guarded


class _Entry:
    """An entry of a directory that follows no link to a silent place."""

    def __init__(self, entry: os.DirEntry[str]) -> None:
        self._entry = entry
        self.name, self.path = entry.name, entry.path
        self.inode, self.is_symlink = entry.inode, entry.is_symlink

    def __fspath__(self) -> str:
        return self.path

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:
        touch(self.path, follow=follow_symlinks)
        return self._entry.is_dir(follow_symlinks=follow_symlinks)

    def is_file(self, *, follow_symlinks: bool = True) -> bool:
        touch(self.path, follow=follow_symlinks)
        return self._entry.is_file(follow_symlinks=follow_symlinks)

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        touch(self.path, follow=follow_symlinks)
        return self._entry.stat(follow_symlinks=follow_symlinks)


class _Entries:
    """What `os.scandir` gives, with entries of that kind."""

    def __init__(self, entries: Any) -> None:  # noqa: ANN401 - its type has no name
        self._entries = entries
        self.close = entries.close

    def __iter__(self) -> _Entries:
        return self

    def __next__(self) -> _Entry:
        return _Entry(next(self._entries))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @classmethod
    def guarding(cls, scandir: Callable[..., Any]) -> Callable[..., Any]:
        """The guarded `scandir`."""
        look = _guarded(scandir, follow=True)
        return lambda path=".": cls(look(path))
