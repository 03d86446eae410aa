"""Lines, as a terminal and as a file get them."""

from __future__ import annotations

import re

import pytest

from envdoctor.render.lines import Line, Span, line, painted, plain


def test_a_line_is_made_of_pieces_and_shows_what_would_drive_a_terminal() -> None:
    made = line("see ", Span("/a\x1b[2Jb", "bold"), indent=2, verbatim=True)
    assert made == Line((Span("see "), Span("/a\\x1b[2Jb", "bold")), 2, verbatim=True)
    assert made.text == "see /a\\x1b[2Jb"


def test_a_plain_document_has_its_indents_and_no_blanks_at_the_ends() -> None:
    assert plain([line("one ", indent=2), line(), line(Span("two", "red"))]) == "  one\n\ntwo\n"
    assert plain([]) == ""


def test_lines_end_between_words_and_long_words_stay_whole() -> None:
    long = "/a/path/that/is/longer/than/the/terminal/is/wide"
    shown_text = painted(
        [line("say it in short words", indent=2), line("see ", long, " there", indent=2)], 20, colour=False
    )
    assert shown_text.splitlines() == ["  say it in short", "  words", "  see", f"  {long}", "  there"]
    wide = painted([line("\u4f60\u597d " * 6)], 20, colour=False)
    assert [len(row) for row in wide.splitlines()] == [11, 5]


def test_a_verbatim_line_is_never_broken() -> None:
    command = "pip install " + "name " * 20 + "end"
    assert painted([line(command, indent=4, verbatim=True)], 30, colour=False) == f"    {command}\n"


@pytest.mark.parametrize("colour", [True, False])
def test_styles_are_painted_where_there_are_colours(colour: bool) -> None:
    shown = painted([line("a ", Span("[red]b[/red]", "red"))], 80, colour=colour)
    assert ("\x1b[31m" in shown) is colour
    assert re.sub(r"\x1b\[[0-9;]*m", "", shown) == "a [red]b[/red]\n"  # what looks like markup is text
