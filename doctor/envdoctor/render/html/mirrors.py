"""Mirrors and proxies: what counts for each tool, and what has set it."""

from __future__ import annotations

from itertools import groupby

from envdoctor.facts.mirrors.effective import EffectiveIndexes, EffectiveSetting
from envdoctor.render.html.tags import Content, Html, code, figure, table, tag
from envdoctor.render.indexes import DEFAULT, DEFAULTS

TITLE = "Mirrors and proxies"


def picture(effective: EffectiveIndexes) -> Html:
    """A line for each tool, and the table beside it."""
    count = sum(setting.value is not None for setting in effective.settings)
    said = f"{count} of {len(effective.settings)} are set by something (✓); all others are the tools' own defaults."
    return figure(
        "mirrors",
        TITLE,
        said,
        tag("div", *(_tool(tool, [*rows]) for tool, rows in groupby(effective.settings, lambda one: one.tool))),
        table(TITLE, ("tool", "what", "counts", "set by"), map(_row, effective.settings)),
    )


def _tool(tool: str, settings: list[EffectiveSetting]) -> Html:
    return tag("div", tag("div", code(tool)), *map(_pill, settings), class_="tool")


def _pill(setting: EffectiveSetting) -> Html:
    about = setting.aspect.value
    if setting.value is None:
        return tag("span", f"{about}: {_default(setting)}", class_="pill")
    by = f" ← {setting.set_by}" if setting.set_by else ""
    return tag("span", f"✓ {about}: {setting.value}{by}", class_="pill taken")


def _default(setting: EffectiveSetting) -> str:
    return DEFAULTS.get(setting.aspect, DEFAULT)


def _row(setting: EffectiveSetting) -> tuple[Content, ...]:
    counts: Content = code(setting.value) if setting.value else _default(setting)
    return code(setting.tool), setting.aspect.value, counts, setting.set_by or "-"
