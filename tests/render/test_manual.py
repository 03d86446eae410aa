"""The manual page of a check, for a terminal and for the documentation."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import Finding, Severity, check
from envdoctor.render.lines import plain
from envdoctor.render.manual import every_page, layout
from tests.samples import Weather


@check("AAA010", severity=Severity.WARNING, since="0.3")
def lamp_is_dark(_weather: Weather) -> Iterator[Finding]:
    """The lamp is dark.

    ## Why it matters
    Nobody
    sees anything.

    ## How to fix
    Try these:
    - the switch,
    - the bulb.

        lamp --on
    """
    yield from ()


def test_a_terminal_gets_paragraphs_joined_and_lists_and_commands_as_they_are() -> None:
    lines = layout(lamp_is_dark)
    assert plain(lines) == (
        "AAA010 lamp-is-dark  warning, since 0.3\n\nThe lamp is dark.\n\nWhy it matters\nNobody sees anything.\n\n"
        "How to fix\nTry these:\n- the switch,\n- the bulb.\n\n    lamp --on\n\n"
    )
    assert [line.text for line in lines if line.verbatim] == ["    lamp --on"]
    headings = [line.text for line in lines[1:] if any(span.style == "bold" for span in line.spans)]
    assert headings == ["Why it matters", "How to fix"]


def test_the_page_of_all_checks_is_one_document() -> None:
    page = every_page([lamp_is_dark, lamp_is_dark])
    assert page.startswith("# Checks\n")
    assert page.count("\n## AAA010 lamp-is-dark\n\n*warning, since 0.3*\n\nThe lamp is dark.\n") == 2
    assert page.count("\n### Why it matters\n") == 2
    assert page.endswith("    lamp --on\n")
