"""HTML from Python: a text is escaped wherever it stands, and only `tag` makes markup."""

from __future__ import annotations

import html
from collections.abc import Iterable

from envdoctor.text.visible import visible, visible_lines

VOID = frozenset({"meta", "br", "hr"})


class Html(str):
    """Markup that is safe: made by `tag`, or written in the source."""

    __slots__ = ()


Content = str | Iterable[str]
"""A text, which is escaped; markup; or several of them."""


def tag(name: str, /, *content: Content, **attributes: str) -> Html:
    """An element. A trailing underscore of an attribute is dropped, any other is a hyphen: `class_`, `aria_label`."""
    opened = "".join(f' {key.rstrip("_").replace("_", "-")}="{attribute(value)}"' for key, value in attributes.items())
    return Html(f"<{name}{opened}>") if name in VOID else Html(f"<{name}{opened}>{joined(*content)}</{name}>")


def joined(*content: Content) -> Html:
    """Content in one piece."""
    return Html("".join(map(_each, content)))


def _each(part: Content) -> str:
    if isinstance(part, Html):
        return part
    return text(part) if isinstance(part, str) else joined(*part)


def text(value: str) -> Html:
    """A text in one line, whatever it holds: nothing in it is markup, turns the reading direction or hides."""
    return Html(html.escape(visible(value), quote=True))


def lines(value: str) -> Html:
    """A text that keeps its lines."""
    return Html(html.escape(visible_lines(value), quote=True))


def attribute(value: str) -> str:
    """A value of an attribute."""
    return html.escape(visible(value), quote=True)


def table(caption: str, head: tuple[str, ...], rows: Iterable[tuple[Content, ...]]) -> Html:
    """A table whose first column names its row; it scrolls sideways where it is wider than the screen."""
    body = [tag("tr", tag("th", row[0], scope="row"), *(tag("td", cell) for cell in row[1:])) for row in rows]
    heading = tag("tr", *(tag("th", word, scope="col") for word in head))
    whole = tag("table", tag("caption", caption), tag("thead", heading), tag("tbody", *body))
    return tag("div", whole, class_="wide", tabindex="0", role="region", aria_label=f"Table: {caption}")


def code(value: str) -> Html:
    """A name from the machine."""
    return tag("code", value)


def prose(value: str) -> Html:
    """A sentence whose quoted words, between backticks, are names."""
    pieces = value.split("`")
    if len(pieces) % 2 == 0:
        return text(value)
    return joined(*(code(piece) if number % 2 and piece else text(piece) for number, piece in enumerate(pieces)))


def figure(name: str, title: str, description: str, picture: Html, data: Html) -> Html:
    """A picture with its title, what it shows in a sentence, and the table that says the same."""
    shown = tag("div", picture, role="img", class_="picture", aria_labelledby=f"{name}-title {name}-said")
    return tag(
        "section",
        tag("h2", title, id=f"{name}-title"),
        tag("p", prose(description), id=f"{name}-said"),
        shown,
        tag("details", tag("summary", f"{title}: the same as a table"), data),
        class_="figure",
    )
