"""The manual page of a check: in a terminal for `envdoctor explain`, in Markdown for docs/checks.md."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import Any

from envdoctor.engine.check import Check, family_of
from envdoctor.render.lines import Line, Span, line

PREFACE = """\
# Checks

Every check that envdoctor brings, in the order of the codes. This page is made from the checks themselves by
`envdoctor explain --all`; a test keeps it current. Codes and names never change their meaning.
"""


def layout(check: Check[Any], manual: str | None = None) -> list[Line]:
    """The page for a terminal: paragraphs are joined so that they wrap where the terminal ends.

    `manual` is the text in another language than the check's own.
    """
    head = line(Span(f"{check.code} {check.slug}", "bold"), f"  {check.severity.value}, since {check.since}")
    return [head, line(), *(_block(block) for block in _blocks(manual or check.manual))]


def every_page(checks: Iterable[Check[Any]]) -> str:
    """The pages of these checks as one Markdown document."""
    return "\n".join([PREFACE, *map(_page, checks)])


def family_meaning(check: Check[Any]) -> str:
    """What the letters of the family mean: what the docstring of the family's package says; of a plugin, its name."""
    package = check.module.rpartition(".")[0] or check.module
    said = (import_module(package).__doc__ or "").partition("\n")[0]
    _, colon, meaning = said.partition(f"{family_of(check.code)}: ")
    return meaning.rstrip(".") if colon else f"of {check.module.partition('.')[0]}"


def _page(check: Check[Any]) -> str:
    body = check.manual.replace("\n## ", "\n### ")
    return f"## {check.code} {check.slug}\n\n*{check.severity.value}, since {check.since}*\n\n{body}\n"


def _blocks(manual: str) -> Iterable[list[str]]:
    """Paragraphs, each followed by an empty one; indented or listed lines stay by themselves."""
    for paragraph in manual.split("\n\n"):
        joined: list[str] = []
        for text in paragraph.splitlines():
            if joined and not text.startswith((" ", "-", "#", "|")) and not joined[-1].startswith((" ", "#")):
                joined[-1] += f" {text}"
            else:
                joined.append(text)
        yield from ([text] for text in joined)
        yield []


def _block(block: list[str]) -> Line:
    if not block:
        return line()
    (text,) = block
    return line(Span(text.removeprefix("## "), "bold" if text.startswith("## ") else ""), verbatim=text.startswith(" "))
