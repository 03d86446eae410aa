from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from html.parser import HTMLParser

import msgspec
import pytest

from envdoctor import Evidence, Finding, Fix, Run
from envdoctor.engine.finding import Outcome
from envdoctor.engine.judge import Result
from envdoctor.engine.reference import Facts
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.environments.install_targets import InstallTarget, InstallTargets, TargetKind
from envdoctor.render import issue
from envdoctor.report import pasted, recording
from envdoctor.report.report import Report
from envdoctor.report.sharing import SharedMasks, share
from envdoctor.shells.dialects import Shell
from envdoctor.text.identity import Identity
from tests.builders import make_hit
from tests.render.formats_world import HOSTILE, REPORTS
from tests.samples import Weather, wet_ground
from tests.support import needs_tool

ATTACKS = (
    "</details><script>alert(1)</script>",
    "@torvalds, see #12 and GH-12",
    "a|b|c",
    "```\n\n# out\n\n@all",
    "`` ` ``",
    "www.evil.example/x http://evil.example",
    "__init__ *bold* ~~gone~~ C:\\new",
    "\u202egnp.exe\u2066",
    " ",
    "",
    " padded ",
    "0123456789abcdef0123456789abcdef01234567",
    "</code></pre></details>",
    "envdoctor-recording 1 4 0123456789ab",
)


def attacked(text: str) -> Report:
    """A report in which everything foreign is this text."""
    found = Finding(text, Fix(text, Run("echo", text)), text, (Evidence(text, text),))
    facts = Facts(
        {
            Weather: Weather(rain=True, source=text),
            Commands: Commands((make_hit("python", f"/bin/{text}", None),)),
            InstallTargets: InstallTargets((InstallTarget(text, text, next(iter(TargetKind)), None, text),)),
        }
    )
    report = Report("2026-01-02T03:04:05Z", (Result(wet_ground, Outcome.FOUND, None, (found,)),), facts, (text,))
    return share(report, SharedMasks(report, Identity()))


class Page(HTMLParser):
    """What a rendered page holds: its tags, the text in code and the text outside of it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.bare = self.copied = ""
        self._depth = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self.tags.append(tag)
        self._depth += tag in ("code", "pre")

    def handle_endtag(self, tag: str) -> None:
        self._depth -= tag in ("code", "pre")

    def handle_data(self, data: str) -> None:
        self.copied += data
        if not self._depth:
            self.bare += data


def rendered(document: str) -> Page:
    """The document as GitHub's own parser renders it."""
    extensions = [word for name in ("table", "autolink", "strikethrough", "tagfilter") for word in ("-e", name)]
    command = [needs_tool("cmark-gfm"), *extensions, "--unsafe"]
    return Page(subprocess.run(command, input=document, capture_output=True, text=True, check=True).stdout)


@pytest.mark.tools
@pytest.mark.parametrize("text", [*ATTACKS, HOSTILE.replace("\ud800", ""), "`" * 70, "x" * 5000])
def test_nobody_is_notified_nothing_is_linked_and_the_page_replays(text: str) -> None:
    report = attacked(text)
    page = rendered(issue.render(report, Shell.BASH))
    assert not {"a", "script", "em", "del", "img", "h1"} & set(page.tags)
    assert page.tags.count("details") == 1
    assert page.tags.count("strong") == 2  # the verdict, and the word Fix
    assert not re.search(r"[@#|<\\]|www|://|GH-|[0-9a-f]{7}", page.bare.replace("envdoctor replay on it", ""))
    document = pasted.document(page.copied.encode())
    assert recording.from_document(document, report.known, "page") == report.known
    assert pasted.document(issue.plainly(report, Shell.BASH).encode()) == document


@pytest.mark.tools
def test_it_begins_with_two_lines_and_has_every_part() -> None:
    page = rendered(issue.render(attacked("x y"), Shell.BASH))
    assert page.copied.startswith("\nenvdoctor: problems · 1 error · exit 1\nenvdoctor ") or page.copied.startswith(
        "envdoctor: problems · 1 error · exit 1\nenvdoctor "
    )
    assert page.tags.count("table") == 3
    assert "Masked before it was shared: nothing had to be." in page.bare


@pytest.mark.parametrize("render", [issue.render, issue.plainly])
def test_it_fits_a_tracker_and_says_what_gave_way(render: Callable[[Report, Shell], str]) -> None:
    noise = json.dumps([[number * 7919 % 10007, str(number * 104_729)[::-1]] for number in range(9_000)])
    found = tuple(Finding(f"finding {number} " + "x" * 500, Fix("Wait", Run("ls"))) for number in range(400))
    facts = Facts({Weather: Weather(rain=True, source=noise), Commands: Commands((make_hit("uv", "/bin/uv", None),))})
    report = Report("", (Result(wet_ground, Outcome.FOUND, None, found),), facts)
    report = share(report, SharedMasks(report, Identity()))
    text = render(report, Shell.BASH)
    assert len(text.encode()) < 65_536
    assert re.search(r"\n[0-9]+ more parts did not fit here: they stand in the recording\.\n", text)
    assert "Left out of the recording, which would not fit into a tracker: Weather." in text
    document = pasted.document(text.encode())
    assert sorted(document["facts"]) == ["Commands"]
    assert document["missing"]["Weather"] == {
        "kind": "not recorded",
        "reason": "left out of the report, in which it had no room",
    }


def test_plain_text_has_no_markup() -> None:
    text = issue.plainly(REPORTS["sample"], Shell.BASH)
    assert "```" not in text
    assert "<" not in text
    assert "**" not in text
    assert "Python: none\n" in text
    assert text.endswith("\nend-of-envdoctor-recording\n")


def test_it_says_what_the_tilde_is_and_counts_what_was_masked() -> None:
    report = msgspec.structs.replace(
        REPORTS["sample"], known=Facts({Weather: Weather(rain=True, source="/home/ada é/x")})
    )
    shared = share(report, SharedMasks(report, Identity(("/home/ada é",), ("ada",))))
    assert "Masked before it was shared: 1 home-directory." in issue.render(shared, Shell.BASH)
