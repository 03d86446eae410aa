from __future__ import annotations

import json

import pytest

from envdoctor.fleet.documents import read, report_in
from envdoctor.report.recording import BadRecording
from envdoctor.text import limits
from tests.fleet.world import content, report


def test_findings_and_facts_are_read_and_facts_stay_as_they_are_written() -> None:
    written = read(content("LIB001", facts={"Libc": {"version": "2.17"}}, machine="m1"), "f")
    assert [result.code for result in written.results if result.findings] == ["LIB001"]
    assert bytes(written.facts["Libc"]) == b'{"version": "2.17"}'
    assert (written.machine, written.tool.version, written.shared) == ("m1", "1.0", True)
    assert written.session is not None
    assert written.session.home == "/home/u"


def test_a_report_in_another_encoding_with_half_a_character_or_in_an_answer_is_read_too() -> None:
    text = json.dumps(report("PIP001", facts={"Odd": {"name": "\udc80"}}))
    held = json.dumps({"stdout": text, "rc": 1})
    for one in (text.encode(), text.encode("utf-16"), held.encode()):
        written = read(one, "f")
        assert [result.code for result in written.results if result.findings] == ["PIP001"]
        assert json.loads(bytes(written.facts["Odd"])) == {"name": "?"}


@pytest.mark.parametrize("indent", [2, None])
def test_what_start_up_files_print_around_a_report_is_no_part_of_it(indent: int | None) -> None:
    text = json.dumps(report("PIP001"), indent=indent).encode() + b"\n"
    noise = b"Welcome to {m1}\n" + text + (b"bye\n" if indent else b"")
    for one in (text, noise):
        assert report_in(one) == text
        assert [result.code for result in read(one, "f").results if result.findings] == ["PIP001"]
    for nothing in (b"", b"{", b"hello\n", text[:40]):
        assert report_in(nothing) == nothing


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (b"", "it is empty"),
        (b"hello", "not a report of envdoctor: hello"),
        (b'{"a": 1}', "not a report of envdoctor"),
        (content()[:-40], "not JSON"),
        (content(schema=99), "schema 99; this envdoctor reads up to schema 1: update it"),
        (content(results="none"), "results"),
        (json.dumps({k: v for k, v in report().items() if k != "results"}).encode(), "facts and no results"),
        (content(facts={"A": [[]] * (limits.RECORDED_OBJECTS + 1)}), "more than 500,000 objects"),
        (b'{"schema": 1, "results": [], "facts": {"A": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}", "levels deep"),
    ],
    ids=range(9),
)
def test_what_is_no_report_says_why(wrong: bytes, said: str) -> None:
    with pytest.raises(BadRecording) as caught:
        read(wrong, "the file")
    assert str(caught.value).startswith("the file: ")
    assert said in str(caught.value)
