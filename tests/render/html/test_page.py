from __future__ import annotations

import msgspec
import pytest

from envdoctor.engine.fact import Missing, MissingKind
from envdoctor.engine.reference import Facts
from envdoctor.facts.session.search_path import SearchPath
from envdoctor.render.html.page import render
from envdoctor.render.html.style import policy
from envdoctor.report.report import Report
from envdoctor.shells.dialects import Shell
from tests.render.formats_world import REPORTS
from tests.render.html.html_world import HOSTILE, Reader, hostile, sick

ALLOWED = {
    *("html", "head", "meta", "title", "style", "body", "header", "main", "footer", "section", "article", "details"),
    *("summary", "h1", "h2", "h3", "p", "ul", "ol", "li", "div", "span", "strong", "small", "code", "pre"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {
    *("class", "id", "role", "scope", "tabindex", "lang", "charset", "name", "content", "http-equiv"),
    *("aria-label", "aria-labelledby"),
}


@pytest.mark.parametrize("report", [sick(), hostile(), *REPORTS.values()], ids=["sick", "poisoned", *REPORTS])
def test_every_page_is_whole_and_holds_nothing_that_could_run_or_load(report: Report) -> None:
    page = render(report, Shell.BASH)
    page.encode()
    read = Reader(page)
    assert read.open == []
    assert {tag for tag, _ in read.elements} <= ALLOWED
    assert {name for _, attributes in read.elements for name in attributes} <= ATTRIBUTES
    [content] = [each["content"] for each in read.of("meta") if each.get("http-equiv") == "Content-Security-Policy"]
    assert content == policy()
    ids = [attributes["id"] for _, attributes in read.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_a_hostile_name_is_read_as_it_is() -> None:
    text = Reader(render(hostile(), Shell.BASH)).text
    assert "<script>hit('script')</script><img src=x onerror=hit('onerror')>" in text
    assert not {"\u202e", "\x1b", "\udcff"} & set(text)
    assert "\\u202e" in text
    assert HOSTILE not in text


def test_all_four_pictures_are_there_each_with_its_table() -> None:
    read = Reader(render(sick(), Shell.BASH))
    assert len([each for each in read.of("div") if each.get("role") == "img"]) == 4
    assert len(read.of("table")) == 4
    assert "Masked in this report: 2 url-credentials." in read.text


def test_what_was_not_recorded_is_said_in_its_place() -> None:
    missing = Missing(MissingKind.UNRECORDED, "the recording holds no SearchPath")
    report = msgspec.structs.replace(sick(), known=Facts({SearchPath: missing}))
    text = Reader(render(report, Shell.BASH)).text
    assert "The search pathNot shown: the recording holds no SearchPath." in text
    assert "Mirrors and proxiesNot shown: not recorded." in text


def test_the_recording_stands_in_the_page_as_it_is() -> None:
    read = Reader(render(sick(), Shell.BASH, "envdoctor-recording 1 4 0123\nabcd\nend"))
    assert "envdoctor-recording 1 4 0123 abcd end" in read.text
    assert "details" not in {
        tag for tag, each in Reader(render(sick(), Shell.BASH)).elements if each.get("class") == "recording"
    }
