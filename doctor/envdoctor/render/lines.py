"""A text document as lines of styled spans: the same lines are plain text in a pipe and coloured in a terminal."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import msgspec

from envdoctor.text.visible import visible

NARROWEST = 20
"""Columns that are used even of a terminal that has fewer."""

COLUMN = 36
"""Columns that the last column of a table needs; with fewer it goes below the row."""

BELOW = 6
"""How far in it stands there."""


class Span(msgspec.Struct, frozen=True):
    """A piece of a line.

    Attributes:
        text: what it says.
        style: a rich style, empty for plain text.
        whole: whether it stays in one piece where lines are wrapped: a path, also one with spaces.
    """

    text: str
    style: str = ""
    whole: bool = False


class Line(msgspec.Struct, frozen=True):
    """One line.

    Attributes:
        spans: its pieces.
        indent: columns of space before it, and before each line it is wrapped into.
        verbatim: whether it must stay in one piece, because a reader will paste it.
        hang: columns of space, besides `indent`, before the lines that follow where it is wrapped.
        column: whether its last piece is a column of its own at `hang`. Where a terminal leaves too little room there,
            the piece goes below the others.
    """

    spans: tuple[Span, ...] = ()
    indent: int = 0
    verbatim: bool = False
    hang: int = 0
    column: bool = False

    @property
    def text(self) -> str:
        """The line without styles."""
        return "".join(span.text for span in self.spans)


def line(*pieces: str | Span, indent: int = 0, verbatim: bool = False, hang: int = 0, column: bool = False) -> Line:
    """A line of pieces, control characters made visible: what is shown may come from a hostile file name."""
    spans = (piece if isinstance(piece, Span) else Span(piece) for piece in pieces)
    shown = tuple(Span(visible(span.text), span.style, span.whole) for span in spans)
    return Line(shown, indent, verbatim, hang, column)


def plain(lines: Sequence[Line]) -> str:
    """The document without colours, nothing wrapped."""
    return "".join(f"{' ' * line.indent}{line.text}".rstrip() + "\n" for line in lines)


def painted(lines: Sequence[Line], width: int, *, colour: bool) -> str:
    """The document for a terminal: wrapped between words at `width` columns, verbatim lines and long words whole."""
    from io import StringIO

    from rich.cells import cell_len
    from rich.console import Console
    from rich.text import Text

    console = Console(
        file=StringIO(),
        force_terminal=colour,
        color_system="standard" if colour else None,
        width=max(width, NARROWEST),
        highlight=False,
        legacy_windows=False,
    )
    for line in lines:
        breaks, hang = _wrapped(line, max(width - line.indent, NARROWEST), cell_len)
        text = Text.assemble(*((span.text, span.style) for span in line.spans))
        for number, part in enumerate(text.divide(breaks)):
            part.rstrip()
            console.print(Text(" " * (line.indent + (hang if number else 0))).append_text(part), soft_wrap=True)
    output = console.file
    assert isinstance(output, StringIO)  # noqa: S101 - made above
    return output.getvalue()


def _wrapped(line: Line, room: int, length: Callable[[str], int]) -> tuple[list[int], int]:
    """Where to break a line, as offsets into its text, and how far in what follows begins."""
    if line.verbatim or length(line.text) <= room:
        return [], 0
    hang, last = line.hang, len(line.text) - len(line.spans[-1].text)
    if line.column and room - hang < COLUMN:
        hang = BELOW
        return [last, *_breaks(line, last, (room - hang, room - hang), length)], hang
    return list(_breaks(line, 0, (room, max(room - hang, NARROWEST)), length)), hang


def _breaks(line: Line, start: int, rooms: tuple[int, int], length: Callable[[str], int]) -> Iterator[int]:
    """Where to break a text from `start` on so that lines end between words.

    A word that is too long, as a path may be, stays whole: rich breaks or crops such words, and a broken path cannot be
    pasted. `rooms` are the columns of the first line, and of those that follow.
    """
    room, begun = rooms[0], 0
    least = rooms[0] - rooms[1]  # who breaks behind so few columns, as behind a mark, gains nothing
    for begin, end in _words(line):
        if begin < start:
            continue
        taken = length(line.text[begin:end].rstrip())
        if taken > room and begun > least:
            yield begin
            room, begun, least = rooms[1], 0, 0
        room -= length(line.text[begin:end])
        begun += length(line.text[begin:end])


def _words(line: Line) -> Iterator[tuple[int, int]]:
    """Begin and end of what is not broken, with the spaces behind it: words, also across pieces, and whole pieces."""
    begin = end = 0
    glued = False
    for span in line.spans:
        at = end
        for word in re.finditer(r"\s+|\S[\s\S]*" if span.whole else r"\S+\s*|\s+", span.text):
            if not glued and end > begin:
                yield begin, end
                begin = end
            end = at + word.end()
            glued = not word[0][-1].isspace()
    if end > begin:
        yield begin, end
