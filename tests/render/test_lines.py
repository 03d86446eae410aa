"""Lines, as a terminal and as a file get them."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

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


def test_a_mark_never_stands_alone() -> None:
    assert painted([line("x ", Span("/a path/of many letters", whole=True), hang=2)], 24, colour=False).count("\n") == 1


def test_what_follows_hangs_and_a_path_with_spaces_stays_whole() -> None:
    path = Span("/a path/with spaces", whole=True)
    shown = painted(
        [line(Span("pip install  ", whole=True), path, "  because it runs there", hang=4)], 34, colour=False
    )
    assert shown.splitlines() == ["pip install  /a path/with spaces", "    because it runs there"]
    narrow = painted(
        [line(Span("pip install  ", whole=True), path, "  because it runs there", hang=4)], 25, colour=False
    )
    assert narrow.splitlines() == ["pip install", "    /a path/with spaces", "    because it runs there"]


def test_the_last_column_stays_a_column_where_there_is_room_and_goes_below_where_there_is_not() -> None:
    row = line(Span("CODE001  a-name  ", whole=True), "the sickness in one sentence, in words", hang=17, column=True)
    assert painted([row], 54, colour=False).splitlines() == [
        "CODE001  a-name  the sickness in one sentence, in",
        "                 words",
    ]
    assert painted([row], 40, colour=False).splitlines() == [
        "CODE001  a-name",
        "      the sickness in one sentence, in",
        "      words",
    ]
    assert painted([row], 80, colour=False) == plain([row])


PIECES = st.lists(
    st.tuples(st.text("ab c/\u4f60", min_size=1, max_size=30), st.booleans()).filter(lambda piece: piece[0].strip()),
    min_size=1,
    max_size=6,
)


@example(pieces=[("a" * 30, True), ("b c", False)], width=80, hang=0, column=True)
@given(pieces=PIECES, width=st.sampled_from([20, 80, 100, 120]), hang=st.integers(0, 70), column=st.booleans())
def test_at_every_width_nothing_is_lost_and_whole_pieces_are_whole(
    pieces: list[tuple[str, bool]], width: int, hang: int, column: bool
) -> None:
    behind = " " if column else ""  # a column stands apart
    made = line(*(Span(text + behind, whole=whole) for text, whole in pieces), hang=hang, column=column)
    shown = painted([made], width, colour=False)
    assert shown.split() == plain([made]).split()
    assert all(text.strip() in shown for text, whole in pieces if whole)
