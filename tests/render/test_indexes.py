"""The table of what counts for each tool, and of what answered."""

from __future__ import annotations

import pytest

from envdoctor.facts.http.url import Address
from envdoctor.facts.mirrors.effective import Aspect, EffectiveSetting
from envdoctor.facts.mirrors.reachability import Asked, Verdict
from envdoctor.facts.mirrors.servers import Purpose, Target
from envdoctor.render.indexes import layout
from envdoctor.render.lines import plain

URL = "https://mirror.example/simple"
SETTINGS = (
    EffectiveSetting("pip", Aspect.INDEX, URL, "PIP_INDEX_URL"),
    EffectiveSetting("pip", Aspect.ALSO),
    EffectiveSetting("uv", Aspect.INDEX),
    EffectiveSetting("uv", Aspect.CERTIFICATES),
    EffectiveSetting("uv", Aspect.PROXY),
)
TARGET = Target("pip", Purpose.INDEX, Address(URL, "PIP_INDEX_URL", "PIP_INDEX_URL"))


def rows(*asked: Asked) -> list[str]:
    return plain(layout(SETTINGS, asked)).splitlines()


def test_each_tool_stands_above_its_rows_with_its_own_defaults() -> None:
    assert rows() == [
        "pip",
        f"  index         {URL}  set by PIP_INDEX_URL",
        "  also asked    nothing",
        "uv",
        "  index         its own default",
        "  certificates  its own",
        "  proxy         none",
    ]


@pytest.mark.parametrize(
    ("verdict", "milliseconds", "shown", "style"),
    [
        (Verdict.FITS, 12, "  answers after 12 ms", "green"),
        (Verdict.UNREACHABLE, None, "  does not answer", "red"),
    ],
)
def test_an_answer_stands_behind_its_address(
    verdict: Verdict, milliseconds: int | None, shown: str, style: str
) -> None:
    asked = Asked(TARGET, "/pip/", verdict, milliseconds=milliseconds)
    assert [row for row in rows(asked) if shown in row] == [f"  index         {URL}  set by PIP_INDEX_URL{shown}"]
    [span] = [span for line in layout(SETTINGS, (asked,)) for span in line.spans if span.text == shown.strip()]
    assert span.style == style


def test_where_nothing_is_set_the_table_says_so() -> None:
    assert plain(layout(())) == "Neither pip nor uv nor conda is here, and nothing is set for them.\n"
