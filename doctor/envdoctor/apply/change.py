"""One change of one file: backup, intent, content, outcome, each on the disk before the next."""

from __future__ import annotations

import os
from collections.abc import Callable

import msgspec

from envdoctor.apply import putting
from envdoctor.apply.blocks import Block
from envdoctor.apply.journal import Intent, Journal, new_id, now, write_all
from envdoctor.apply.putting import CannotReplace, Overtaken
from envdoctor.apply.state import Refused, State
from envdoctor.apply.target import Seen, digest, reading

MOST_STARTS = 50
"""How often a change is begun again because somebody else has written to the file meanwhile."""


class Wanted(msgspec.Struct, frozen=True):
    """What a file shall be.

    Attributes:
        content: all of it; None if it shall not be there.
        blocks: what of it is written, or taken back, in blocks.
    """

    content: bytes | None
    blocks: tuple[Block, ...] = ()


class Change(msgspec.Struct, frozen=True):
    """What was written.

    Attributes:
        path: the real file.
        backup: the file as it was; None if it was not there, or nothing was written.
        written: whether its content is another now.
        told: what earlier runs that were interrupted had left, a sentence each.
    """

    path: str
    backup: str | None = None
    written: bool = True
    told: tuple[str, ...] = ()


Make = Callable[[bytes | None], Wanted]


def change(state: State, journal: Journal, path: str, make: Make, code: str, undoes: str | None = None) -> Change:
    """Make a file what `make` says, for the content that it has then. The caller holds the lock.

    Raises:
        Refused: nothing was written.
        Mismatch: nothing was written, because the file is not as `make` needs it.
    """
    late = ours = None
    in_place = False
    for _ in range(MOST_STARTS):
        with reading(path) as seen:
            base = seen.content if late is None else _continued(late, ours, seen.content)
            wanted = make(base)
            if wanted.content == base and late is None:
                if undoes:
                    _note(journal, seen, wanted, code, undoes)
                return Change(path, written=False)
            stays = wanted.content is not None and (in_place or putting.must_stay(seen))
            intent = _begun(state, journal, seen, base, wanted, code, undoes, in_place=stays)
            try:
                _put(seen, wanted, intent)
            except Overtaken:
                pass
            except CannotReplace:
                in_place = True
            except OSError as error:
                raise Refused(_failed(journal, seen, intent, error)) from error
            else:
                _ended(journal, intent, done=True)
                written_late = None if stays else seen.late()
                if written_late is None:
                    return Change(path, intent.backup)
                late, ours = _continued(base, seen.content, written_late), wanted.content
            _ended(journal, intent, done=False)
    raise Refused(f"{path} is written to all the time by another program")


def noted(state: State, journal: Journal, seen: Seen, after: bytes, code: str) -> Change:
    """Write down that a command has made a file what it is now, so that it can be taken back. Raises Refused.

    `seen` is the file as it was before. The caller holds the lock.
    """
    intent = _begun(state, journal, seen, seen.content, Wanted(after), code, None, in_place=False)
    _ended(journal, intent, done=True)
    return Change(seen.path, intent.backup)


def _continued(content: bytes | None, before: bytes | None, after: bytes | None) -> bytes | None:
    """A content with what was appended between two states of its file; the later state where it is another."""
    if after is None or not after.startswith(before or b""):
        return after
    return (content or b"") + after[len(before or b"") :]


def keep(directory: str, name: str, content: bytes, mode: int) -> str:
    """Keep a content in a new file of this directory, on the disk. Its path. Raises OSError."""
    path = os.path.join(directory, name)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        write_all(descriptor, content)
        os.fchmod(descriptor, mode & 0o777)
        os.fsync(descriptor)
    except OSError:
        os.unlink(path)
        raise
    finally:
        os.close(descriptor)
    putting.sync_directory(directory)
    return path


def _begun(
    state: State,
    journal: Journal,
    seen: Seen,
    base: bytes | None,
    wanted: Wanted,
    code: str,
    undoes: str | None,
    *,
    in_place: bool,
) -> Intent:
    """Keep the file as it is, and write down what is about to be done. Raises Refused."""
    number, name = new_id(), _plain(os.path.basename(seen.path))
    backup = planned = None
    try:
        if base is not None:
            mode = seen.status.st_mode if seen.status else 0o600
            backup = keep(state.backups, f"{number}-{name}.before-envdoctor", base, mode)
        if in_place and wanted.content is not None:
            planned = keep(state.backups, f"{number}-{name}.planned", wanted.content, 0o600)
        intent = Intent(
            number,
            now(),
            code,
            seen.path,
            digest(base),
            digest(wanted.content),
            None if in_place or wanted.content is None else putting.temporary_for(seen.path),
            backup,
            planned,
            wanted.blocks,
            undoes,
        )
        journal.begin(intent)
    except OSError as error:
        for path in filter(None, (backup, planned)):
            os.unlink(path)
        raise Refused(f"no record can be kept in {state.directory}: {error.strerror or error}") from error
    return intent


def _note(journal: Journal, seen: Seen, wanted: Wanted, code: str, undoes: str) -> None:
    """Write down that there is nothing left to take back. Raises Refused."""
    was = digest(seen.content)
    intent = Intent(new_id(), now(), code, seen.path, was, was, blocks=wanted.blocks, undoes=undoes)
    try:
        journal.begin(intent)
        journal.end(intent, done=True)
    except OSError as error:
        raise Refused(f"{journal.path} cannot be written: {error.strerror or error}") from error


def _put(seen: Seen, wanted: Wanted, intent: Intent) -> None:
    if wanted.content is None:
        putting.remove(seen)
    elif intent.temporary is None:
        putting.write_in_place(seen, wanted.content)
    else:
        putting.replace(seen, wanted.content, intent.temporary)


def _failed(journal: Journal, seen: Seen, intent: Intent, error: OSError) -> str:
    """What to say of a write that failed. Where the file is not as it was, the intent stays open for the next run."""
    said = f"{intent.path} cannot be written: {error.strerror or error}"
    late = seen.late()
    if late is not None and digest(late) != intent.before:
        return f"{said}. It is damaged; as it was it is kept at {intent.backup}"
    _ended(journal, intent, done=False)
    return said


def _ended(journal: Journal, intent: Intent, *, done: bool) -> None:
    """Write down what came of it. On a disk that is full by now it stays open, and the next run finds out."""
    try:
        journal.end(intent, done=done)
    except OSError:
        return
    for path in (intent.planned, None if done else intent.backup):
        if path:
            os.unlink(path)


def _plain(name: str) -> str:
    """A name as every file system takes it."""
    return "".join(piece if piece.isascii() and (piece.isalnum() or piece in "._-") else "_" for piece in name)[:60]
