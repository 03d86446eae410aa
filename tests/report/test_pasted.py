from __future__ import annotations

import html
import json
import quopri
import re
import subprocess
import textwrap
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from envdoctor.render import json as json_report
from envdoctor.report import block, pasted, recording
from tests.samples import sample_report
from tests.support import needs_tool

REPORT = sample_report()
BLOCK = recording.packed(REPORT)
PAGE = f"""**envdoctor**: problems

<details>
<summary>Recording</summary>

```text
{BLOCK}
```

</details>
"""
NESTED = json.loads("[" * 70 + "]" * 70)
PACKED = pasted.document(BLOCK.encode())

MUTILATIONS: dict[str, Callable[[str], str]] = {
    "crlf": lambda text: text.replace("\n", "\r\n"),
    "indented": lambda text: textwrap.indent(text, "    "),
    "quoted": lambda text: textwrap.indent(text, "> "),
    "quoted twice": lambda text: textwrap.indent(text, ">> "),
    "entities": html.escape,
    "entities twice": lambda text: html.escape(html.escape(text)),
    "numbered entities": lambda text: text.replace("/", "&#47;").replace("+", "&#x2B;").replace("-", "&#45;"),
    "smart quotes": lambda text: f"“{text}”",
    "dashes": lambda text: text.replace("-", "\u2013"),
    "no-break hyphens": lambda text: text.replace("-", "\u2011"),
    "no-break blanks": lambda text: text.replace(" ", "\u00a0"),
    "trailing blanks": lambda text: text.replace("\n", "  \n"),
    "tabs": lambda text: textwrap.indent(text, "\t"),
    "rewrapped": lambda text: "\n".join(textwrap.wrap(text, 60)),
    "joined": lambda text: text.replace("\n", ""),
    "a paragraph": lambda text: text.replace("\n", " "),
    "zero-width": "\u200b".join,
    "jira": lambda text: f"{{noformat}}\n{text}\n{{noformat}}",
    "emphasis eaten": lambda text: text.replace("*", "").replace("_", ""),
    "emoji": lambda text: f"😀 {text} 👍",
    "a table": lambda text: "\n".join(f"| {line} |" for line in text.split("\n")),
    "breaks": lambda text: text.replace("\n", "<br>\n"),
    "quoted-printable": lambda text: quopri.encodestring(text.encode()).decode(),
}


@pytest.mark.parametrize("name", MUTILATIONS)
@pytest.mark.parametrize("text", [BLOCK, PAGE], ids=["block", "page"])
def test_a_paste_survives_what_is_done_to_it(name: str, text: str) -> None:
    assert pasted.document(MUTILATIONS[name](text).encode()) == PACKED


class Copied(HTMLParser):
    """The text that a browser copies from a page."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.tools
def test_what_the_parser_of_github_renders_is_read_from_the_page_and_from_its_copy() -> None:
    extensions = [word for name in ("table", "autolink", "strikethrough", "tagfilter") for word in ("-e", name)]
    command = [needs_tool("cmark-gfm"), *extensions, "--unsafe"]
    page = subprocess.run(command, input=PAGE, capture_output=True, text=True, check=True).stdout
    assert "<pre" in page
    copied = Copied()
    copied.feed(page)
    for text in (page, copied.text, f"<html><body>{page}</body></html>"):
        assert pasted.document(text.encode()) == PACKED


def test_the_json_report_is_read_as_it_is_and_as_another_system_saves_it() -> None:
    text = json_report.render(REPORT)
    document = json.loads(text)
    for content in (text.encode(), b"\xef\xbb\xbf" + text.encode(), text.encode("utf-16"), json.dumps(text).encode()):
        assert pasted.document(content) == document


def test_the_answer_of_a_tracker_holds_it_in_a_string() -> None:
    answer = {"id": 7, "body": PAGE, "comments": [{"body": "thanks"}, {"body_html": html.escape(PAGE)}]}
    assert pasted.document(json.dumps(answer).encode()) == PACKED
    assert pasted.document(json.dumps([{"note": PAGE}], indent=2).encode()) == PACKED
    assert pasted.document(json.dumps(PAGE).encode()) == PACKED
    assert pasted.document(json.dumps({"body": json_report.render(REPORT)}).encode())["results"]


def test_what_is_packed_holds_no_results_and_judges_the_same() -> None:
    assert sorted(PACKED) == ["created", "facts", "missing", "recorded", "redactions", "schema", "shared", "tool"]
    assert recording.from_document(PACKED, REPORT.known, "it") == REPORT.known


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "it is empty; expected what `envdoctor report` or `envdoctor --format json` prints"),
        ("\n \n", "it is empty; "),
        ("\n  Dear all,\nit broke", "line 2: not a report of envdoctor: Dear all,; expected what "),
        ("root:x:Ab3Xq9Zt7:0", "line 1: not a report of envdoctor: …; expected"),
        ("{}", "not a report of envdoctor, but other JSON; expected what "),
        ('{"schema": 1, "facts": []}', "not a report of envdoctor, but other JSON; "),
        ('{"schema": 1', "not JSON: Expecting ',' delimiter: line 1 column 13 (char 12); expected what "),
        ("[" * 100_000, "it is nested more than 64 levels deep"),
        (json.dumps({"a": [[]] * 600_000}), "it holds more than 500,000 objects"),
        (BLOCK[:300], "cut off after "),
        (json.dumps({"body": PAGE[:500]}), "cut off after "),
        (block.written({"a": 1}), "what is packed in it is not a report of envdoctor; expected"),
        (
            BLOCK + block.written({**PACKED, "created": "then"}),
            "2 different recordings are in it: keep the one that",
        ),
        (
            block.written({**PACKED, "facts": {"A": NESTED}}),
            "the recording in it: it is nested",
        ),
    ],
)
def test_what_holds_no_report_is_told(text: str, message: str) -> None:
    with pytest.raises(pasted.NoRecording) as refused:
        pasted.document(text.encode())
    assert str(refused.value).startswith(message)


def test_a_report_within_a_report_is_a_text_of_it() -> None:
    inner = block.written({**PACKED, "created": "inner"}).replace("\n", "\\n")
    assert pasted.document(f"- `{inner}`\n{PAGE}".encode()) == PACKED


def test_line_numbers_are_not_guessed_away() -> None:
    numbered = re.sub("(?m)^", lambda _: "17 ", BLOCK)
    with pytest.raises(pasted.NoRecording, match="its checksum is another"):
        pasted.document(numbered.encode())
