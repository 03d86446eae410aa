"""What counts for every tool behind a mirror, as a table that a person reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from envdoctor.facts.mirrors.effective import Aspect, EffectiveSetting
from envdoctor.facts.mirrors.reachability import Asked, Verdict
from envdoctor.render.lines import Line, Span, line

DEFAULTS = {Aspect.ALSO: "nothing", Aspect.PROXY: "none", Aspect.CERTIFICATES: "its own"}
DEFAULT = "its own default"


def layout(settings: Sequence[EffectiveSetting], asked: Sequence[Asked] = ()) -> list[Line]:
    """The lines of the table: each tool, then what it is about, what counts, what has set it, and how it answered."""
    return list(_rows(settings, asked)) or [line("Neither pip nor uv nor conda is here, and nothing is set for them.")]


def _rows(settings: Sequence[EffectiveSetting], asked: Sequence[Asked]) -> Iterator[Line]:
    about = max((len(setting.aspect.value) for setting in settings), default=0)
    value = min(max((len(_value(setting)) for setting in settings), default=0), 60)
    for tool, rows in groupby(settings, key=lambda setting: setting.tool):
        yield line(Span(tool, "bold"))
        for row in rows:
            name = Span(f"{row.aspect.value:<{about}}  ", whole=True)
            shown = Span(f"{_value(row):<{value}}  ", "" if row.value else "dim", whole=True)
            by = Span(f"set by {row.set_by}  ", "dim", whole=True) if row.set_by else ""
            yield line(name, shown, by, *_answer(row, asked), indent=2, hang=about + 2)


def _answer(row: EffectiveSetting, asked: Sequence[Asked]) -> Iterator[Span]:
    answer = next((a for a in asked if row.value is not None and a.target.address.text == row.value), None)
    if answer is not None:
        fine = answer.verdict is Verdict.FITS
        took = f" after {answer.milliseconds} ms" if answer.milliseconds is not None else ""
        yield Span(f"{answer.verdict.value}{took}", "green" if fine else "red")


def _value(setting: EffectiveSetting) -> str:
    return setting.value or DEFAULTS.get(setting.aspect, DEFAULT)
