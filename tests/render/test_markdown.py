from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from envdoctor.render import markdown
from envdoctor.shells.dialects import Shell
from tests.render.formats_world import REPORTS


def tokens(name: str) -> list[tuple[str, str]]:
    """Every piece of the rendered page: its kind and its text, those in lines too."""
    parsed = MarkdownIt("gfm-like", {"linkify": False}).parse(markdown.render(REPORTS[name], Shell.BASH))
    pieces = [piece for token in parsed for piece in (token, *(token.children or ()))]
    return [(piece.type, piece.content) for piece in pieces if piece.type != "inline"]


@pytest.mark.parametrize("name", REPORTS)
def test_foreign_words_are_neither_links_nor_markup(name: str) -> None:
    kinds = {kind for kind, _ in tokens(name)}
    assert not kinds & {"link_open", "html_inline", "html_block", "image", "em_open", "s_open"}
    plain = "".join(text for kind, text in tokens(name) if kind == "text")
    assert "@" not in plain
    assert "<" not in plain


def test_every_finding_is_in_the_table_and_has_its_section() -> None:
    report = REPORTS["sample"]
    rows = [kind for kind, _ in tokens("sample") if kind == "tr_open"]
    assert len(rows) == 1 + len(report.findings)
    fences = [text for kind, text in tokens("sample") if kind == "fence"]
    assert len(fences) == len(report.findings)
    assert "less '/a path/that is long'\n" in fences


def test_the_verdict_comes_first_and_what_is_unknown_is_said() -> None:
    page = markdown.render(REPORTS["sample"], Shell.BASH)
    assert page.startswith("## envdoctor: problems\n\n1 error, 1 warning, 1 info. ")
    assert "### Not examined" in page
    assert page.endswith("1 check found nothing wrong · exit 1\n")
    assert "### Not examined" not in markdown.render(REPORTS["healthy"], Shell.BASH)


@pytest.mark.parametrize(
    ("text", "shown"), [("a", "`a`"), ("a`b", "`` a`b ``"), ("``", "``` `` ```"), ("a\nb", "`a\\nb`")]
)
def test_code_holds_any_text(text: str, shown: str) -> None:
    assert markdown.code(text) == shown
