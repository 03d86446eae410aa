"""What an edit changes in a file, as `diff -u` shows it."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor.render.lines import Line, Span, line

STYLES = {"+": "green", "-": "red", "@": "cyan"}


def layout(named: str, real: str, before: bytes | None, after: bytes) -> list[Line]:
    """The lines; none where nothing changes. What no text editor would show is shown as escapes."""
    from difflib import unified_diff

    title = named if real == named else f"{named}, which is {real}"
    old, new = _lines(before or b""), _lines(after)
    changes = unified_diff(old, new, "a file that is not there" if before is None else title, title, lineterm="")
    return list(_painted(changes))


def _painted(changes: Iterator[str]) -> Iterator[Line]:
    for number, text in enumerate(changes):
        style = "bold" if number < 2 else STYLES.get(text[:1], "")
        yield line(Span(text.replace("\t", "    "), style), indent=4, verbatim=True)


def _lines(content: bytes) -> list[str]:
    """The lines; a carriage return at the end of all is not shown, and a missing line end is said."""
    text = content.decode("utf-8", "surrogateescape")
    pieces = text.split("\n")
    last = pieces.pop()
    lines = [piece.removesuffix("\r") for piece in pieces]
    return [*lines, f"{last} (without a line end)"] if last else lines
