from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from envdoctor.facts.shell.parser import commands
from envdoctor.facts.shell.tokenizer import Broken


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a\nb 'c\nd", "a quotation is still open at line 2"),
        ('a "b\n$(c"', "still open"),
        ("a $(b\nc", "a substitution is still open"),
        ("a `b", "a substitution is still open at line 1"),
        ("x" + "$(" * 200, "a substitution is still open at line 1"),
    ],
)
def test_what_is_left_open_ends_the_reading(text: str, reason: str) -> None:
    with pytest.raises(Broken, match=reason):
        list(commands(text))


PIECES = st.lists(
    st.sampled_from(
        ["if", "fi", "case", "in", "esac", "{", "}", "(", ")", "[[", "]]", "function", "x", "do", "done", "end"]
    )
    | st.sampled_from(["'", '"', "`", "$(", "<<E", "\\", "\n", ";", ";;", "&&", "|", "#", "=", "=(", "<(", ">", " "])
)


@given(PIECES.map(" ".join) | PIECES.map("".join) | st.text(), st.booleans())
@example("case", False)
def test_nothing_but_an_open_quotation_stops_it(text: str, fish: bool) -> None:
    try:
        found = list(commands(text, fish=fish))
    except Broken:
        return
    assert all(command.words and 1 <= command.line <= text.count("\n") + 1 for command in found)
