from __future__ import annotations

import pytest

from envdoctor.render.html.tags import Html, attribute, code, figure, joined, lines, prose, table, tag, text
from tests.render.html.html_world import HOSTILE, Reader


def test_texts_are_escaped_and_markup_is_not() -> None:
    assert tag("p", "a < b & 'c'", tag("b", '"')) == "<p>a &lt; b &amp; &#x27;c&#x27;<b>&quot;</b></p>"
    assert tag("p", ["a", tag("b", "<")], "") == "<p>a<b>&lt;</b></p>"
    assert joined("<", Html("<br>")) == "&lt;<br>"
    assert code("<x>") == "<code>&lt;x&gt;</code>"


def test_attributes_are_quoted_and_named_as_html_does() -> None:
    made = tag("p", class_='a" onclick="x', aria_label="<&>")
    assert made == '<p class="a&quot; onclick=&quot;x" aria-label="&lt;&amp;&gt;"></p>'
    assert tag("meta", name="a", content="b") == '<meta name="a" content="b">'


@pytest.mark.parametrize("make", [text, lines, attribute, prose])
def test_no_text_can_be_markup_or_turn_the_reading_direction(make: type[str]) -> None:
    made = make(HOSTILE)
    assert not {"<", ">", '"', "'", "\x1b", "\u202e", "\udcff"} & set(made)


def test_a_text_of_several_lines_keeps_them() -> None:
    assert lines("a\nb") == "a\nb"
    assert text("a\nb") == "a\\nb"


def test_names_in_a_sentence_are_code() -> None:
    assert prose("`python` runs <x>") == "<code>python</code> runs &lt;x&gt;"
    assert prose("an odd ` tick") == "an odd ` tick"
    assert prose("``") == ""


def test_a_picture_has_its_name_its_sentence_and_its_table() -> None:
    data = table("Things", ("thing", "state"), [("a", "b")])
    read = Reader(figure("x", "A picture", "It shows things.", tag("div"), data))
    [shown] = [attributes for attributes in read.of("div") if attributes.get("role") == "img"]
    assert shown["aria-labelledby"] == "x-title x-said"
    assert [attributes["id"] for attributes in (*read.of("h2"), *read.of("p"))] == ["x-title", "x-said"]
    assert [attributes["scope"] for attributes in read.of("th")] == ["col", "col", "row"]
    assert "Things" in read.text
