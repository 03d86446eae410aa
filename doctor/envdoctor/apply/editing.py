"""Carry out an `EditFile`, and say beforehand what it would do."""

from __future__ import annotations

import os
from collections.abc import Mapping

import msgspec

from envdoctor.apply import recovery
from envdoctor.apply.blocks import Edited, edited, has_markers
from envdoctor.apply.change import Change, Wanted, change
from envdoctor.apply.journal import Journal
from envdoctor.apply.state import State
from envdoctor.apply.target import reading, real_file
from envdoctor.engine.fix import EditFile


class Preview(msgspec.Struct, frozen=True):
    """What an edit would do.

    Attributes:
        named: the file as the fix names it.
        path: the real file.
        before: its content; None if it is not there.
        after: its content then.
    """

    named: str
    path: str
    before: bytes | None
    after: bytes


def preview(edit: EditFile, code: str, edited_before: Mapping[str, bytes] | None = None) -> Preview:
    """What the edit would do to the file as it is, or as edits before it leave that file. Writes nothing.

    Raises Refused and Mismatch.
    """
    path = real_file(edit.path)
    with reading(path) as seen:
        content = (edited_before or {}).get(path, seen.content)
    return Preview(edit.path, path, content, _edited(path, content, edit, code).content)


def apply(state: State, edit: EditFile, code: str) -> Change:
    """Edit the file, with a record that can take it back. Raises Refused and Mismatch: nothing was written then."""

    def make(content: bytes | None) -> Wanted:
        done = _edited(path, content, edit, code)
        return Wanted(content if content is None and not done.content else done.content, done.blocks)

    with state.locked():
        journal = Journal(state.journal)
        told = recovery.resolve(journal)
        path = real_file(edit.path)
        return msgspec.structs.replace(change(state, journal, path, make, code), told=tuple(told))


def _edited(path: str, content: bytes | None, edit: EditFile, code: str) -> Edited:
    return edited(content or b"", edit, code, marked=has_markers(path) and has_markers(os.path.basename(edit.path)))
