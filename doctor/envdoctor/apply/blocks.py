"""A text file as a fix edits it: whole lines, in blocks between two markers that name the check.

Lines that are taken out stay in their block as comments, so that they can be put back without any record of them.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from itertools import groupby

import msgspec

from envdoctor.engine.fix import EditFile
from envdoctor.text.patterns import pattern

BOM = b"\xef\xbb\xbf"
COMMENT = b"# "
PLAIN_FILES = frozenset({".python-version", ".python-versions", "pyvenv.cfg"})
"""Files that some tools read as a bare value, or know no comment in: no markers are written there."""
ANY_MARKER = pattern(rb"# (?:>>>|<<<) envdoctor (\S+) (?:>>>|<<<)")


class Mismatch(Exception):  # noqa: N818 - an answer about a file
    """The file is not as the fix or its undoing needs it; the message says how."""


class Gone(Mismatch):
    """The block is no longer there."""


class Block(msgspec.Struct, frozen=True):
    """What was written in one place.

    Attributes:
        digest: of its lines, markers included, whatever their line ends are.
        own: how many lines behind the first marker are the file's own, commented out.
        finished_by: the line end that was given to the last line before it, or of its own, which had none.
    """

    digest: str
    own: int = 0
    finished_by: str = ""


class Edited(msgspec.Struct, frozen=True):
    """A file after an edit: its content, and the blocks in it; none in a file without markers."""

    content: bytes
    blocks: tuple[Block, ...] = ()


def has_markers(path: str) -> bool:
    """Whether blocks are marked in this file: not where only a bare value is understood."""
    return os.path.basename(path) not in PLAIN_FILES


def edited(content: bytes, edit: EditFile, code: str, *, marked: bool = True) -> Edited:
    """The content after this edit. Raises Mismatch where not all lines that it takes out are there.

    What is added in exchange for other lines stands where the first of them stood, all else at the end.
    """
    bom, lines = _split(content)
    gone = {_encoded(line) for line in edit.remove}
    present = gone & set(map(_bare, lines))
    if gone and not present and not edit.add:
        return Edited(content)
    if present != gone:
        raise Mismatch("lines that the fix takes out are not there as they were when it was examined")
    end = _usual_end(lines)
    added: tuple[bytes, ...] = tuple(_encoded(line) + end for line in edit.add)
    pieces: list[bytes] = []
    blocks: list[Block] = []
    for taken, run in groupby(lines, lambda line: _bare(line) in gone):
        old = list(run)
        if not taken:
            pieces += old
            continue
        finished_by = _finish(old, end)
        text = _block(code, [COMMENT + line for line in old], added, end) if marked else list(added)
        blocks.append(Block(_digest(text), len(old), finished_by))
        pieces += text
        added = ()
    if added:
        finished_by = _finish(pieces, end)
        text = _block(code, [], added, end) if marked else list(added)
        blocks.append(Block(_digest(text), 0, finished_by))
        pieces += text
    return Edited(bom + b"".join(pieces), tuple(blocks) if marked else ())


def taken_back(content: bytes, code: str, block: Block) -> bytes:
    """The content with the file's own lines in the place of this block. Raises Gone, or Mismatch if it was changed."""
    bom, lines = _split(content)
    found = list(_spans(lines, code))
    if not found:
        raise Gone("it is no longer there")
    alike = [(start, end) for start, end in found if _digest(lines[start:end]) == block.digest]
    if alike:
        start, end = alike[-1 if block.finished_by else 0]  # what had no line end was the last
        before, after = lines[:start], lines[end:]
        own = [line.removeprefix(COMMENT) for line in lines[start + 1 : start + 1 + block.own]]
        kept = before + own
        if kept and not after:
            kept[-1] = kept[-1].removesuffix(block.finished_by.encode())
        return bom + b"".join(kept + after)
    inside = {match[1].decode() for start, end in found for match in _markers(lines[start + 1 : end - 1])} - {code}
    if inside:
        raise Mismatch(f"the block of {' and '.join(sorted(inside))} stands in it, which has to be undone first")
    raise Mismatch("it was changed by hand")


def _markers(lines: Sequence[bytes]) -> Iterator[re.Match[bytes]]:
    return filter(None, (ANY_MARKER.fullmatch(_bare(line)) for line in lines))


def _block(code: str, own: list[bytes], added: Sequence[bytes], end: bytes) -> list[bytes]:
    opening, closing = _marked(code)
    return [opening + end, *own, *added, closing + end]


def _marked(code: str) -> tuple[bytes, bytes]:
    return f"# >>> envdoctor {code} >>>".encode(), f"# <<< envdoctor {code} <<<".encode()


def _spans(lines: Sequence[bytes], code: str) -> Iterator[tuple[int, int]]:
    """Where blocks of this check begin and end, the inner before the outer."""
    opening, closing = _marked(code)
    begun: list[int] = []
    for number, line in enumerate(map(_bare, lines)):
        if line == opening:
            begun.append(number)
        elif line == closing and begun:
            yield begun.pop(), number + 1


def _finish(lines: list[bytes], end: bytes) -> str:
    """Give the last line a line end. Answers which; nothing if it had one."""
    if not lines or lines[-1].endswith(b"\n"):
        return ""
    lines[-1] += end
    return end.decode()


def _split(content: bytes) -> tuple[bytes, list[bytes]]:
    """The byte order mark, and the lines with their ends. Only a line feed ends a line."""
    bom = BOM if content.startswith(BOM) else b""
    lines = [line + b"\n" for line in content[len(bom) :].split(b"\n")]
    lines[-1] = lines[-1][:-1]
    return bom, lines if lines[-1] else lines[:-1]


def _usual_end(lines: Sequence[bytes]) -> bytes:
    with_return = sum(line.endswith(b"\r\n") for line in lines)
    return b"\r\n" if with_return * 2 > len(lines) else b"\n"


def _bare(line: bytes) -> bytes:
    return line.removesuffix(b"\n").removesuffix(b"\r")


def _encoded(line: str) -> bytes:
    """A line as the file has it: bytes that are no text come from the file as surrogate escapes."""
    return line.encode("utf-8", "surrogateescape")


def _digest(lines: Sequence[bytes]) -> str:
    return hashlib.sha256(b"\n".join(map(_bare, lines))).hexdigest()
