"""A text document as lines of styled spans: the same lines are plain text in a pipe and coloured in a terminal."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import msgspec

from envdoctor.text.visible import visible


class Span(msgspec.Struct, frozen=True):
    """A piece of a line. `style` is a rich style, empty for plain text."""

    text: str
    style: str = ""


class Line(msgspec.Struct, frozen=True):
    """One line.

    Attributes:
        spans: its pieces.
        indent: columns of space before it, and before each line it is wrapped into.
        verbatim: whether it must stay in one piece, because a reader will paste it.
    """

    spans: tuple[Span, ...] = ()
    indent: int = 0
    verbatim: bool = False

    @property
    def text(self) -> str:
        """The line without styles."""
        return "".join(span.text for span in self.spans)


def line(*pieces: str | Span, indent: int = 0, verbatim: bool = False) -> Line:
    """A line of pieces, control characters made visible: what is shown may come from a hostile file name."""
    spans = (piece if isinstance(piece, Span) else Span(piece) for piece in pieces)
    return Line(tuple(Span(visible(span.text), span.style) for span in spans), indent, verbatim)


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
        width=max(width, 20),
        highlight=False,
        legacy_windows=False,
    )
    for line in lines:
        text = Text.assemble(*((span.text, span.style) for span in line.spans))
        room = max(width - line.indent, 20)
        breaks = [] if line.verbatim else list(_breaks(text.plain, room, cell_len))
        for part in text.divide(breaks):
            part.rstrip()
            console.print(Text(" " * line.indent).append_text(part), soft_wrap=True)
    output = console.file
    assert isinstance(output, StringIO)  # noqa: S101 - made above
    return output.getvalue()


def _breaks(text: str, width: int, length: Callable[[str], int]) -> Iterator[int]:
    """Where to break a text so that lines end between words. A word that is too long, as a path may be, stays whole.

    rich breaks or crops such words, and a broken path cannot be pasted.
    """
    room = width
    for word in re.finditer(r"\S+\s*", text):
        taken = length(word[0].rstrip())
        if taken > room and room < width:
            yield word.start()
            room = width
        room -= length(word[0])
