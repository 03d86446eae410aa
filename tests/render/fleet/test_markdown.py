from __future__ import annotations

from markdown_it import MarkdownIt

from envdoctor.render.fleet.markdown import render
from tests.render.fleet.world import EMPTY, FULL


def test_tables_of_groups_findings_and_differences() -> None:
    text = render(FULL)
    assert text.startswith("Examined: ssh command")
    assert "| 2 | LIB001, PIP001 | `s1, s2` |" in text
    assert "| ❌ | `LIB001 too-old` | 2 | 3 |" in text
    assert "| `Libc.version = 2.17` | 2 | 1 | 0.92 |" in text
    assert "- new: LIB001 on 2 machines: `s1, s2`" in text
    assert "- `u1`: `unreachable: no route`" in text
    assert render(EMPTY).startswith("Examined: nothing.")


def test_no_name_of_a_machine_is_markup() -> None:
    page = MarkdownIt("commonmark").enable("table").render(render(FULL))
    assert "<b>odd" not in page
    assert "<code>&lt;b&gt;odd&lt;/b&gt; | `x`</code></td>" in page
