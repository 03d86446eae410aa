"""The search path as a lane: which directory answers to which command, and what it hides."""

from __future__ import annotations

from envdoctor.facts.commands.commands import Commands, Hit
from envdoctor.facts.session.search_path import EntryKind, PathEntry, SearchPath
from envdoctor.render.html.tags import Content, Html, code, figure, table, tag

TITLE = "The search path"
MOST_LISTED = 100
KINDS = {
    EntryKind.NORMAL: "",
    EntryKind.EMPTY: "empty: another place after every cd",
    EntryKind.RELATIVE: "relative: another place after every cd",
    EntryKind.TILDE: "bash alone knows what ~ means here",
}


def picture(search_path: SearchPath, commands: Commands) -> Html:
    """The lane, and the table beside it."""
    entries = search_path.entries[:MOST_LISTED]
    taken = {commands.first(hit.name) for hit in commands.hits}
    seen: dict[str, int] = {}
    rows, lane = [], []
    for entry in entries:
        hits = [hit for hit in commands.hits if hit.position == entry.position]
        state = _state(entry, seen)
        seen.setdefault(entry.real or entry.text, entry.position + 1)
        lane.append(_place(entry, hits, taken, state))
        rows.append(_row(entry, hits, taken, state))
    left = len(search_path.entries) - len(entries)
    said = "The shell asks these directories from the top down. The first that has a command answers (✓)."
    more = [tag("li", f"and {left} more")] if left else []
    return figure(
        "search-path",
        TITLE,
        said,
        tag("ol", *lane, *more, class_="lane"),
        table(f"{TITLE}, in its order", ("place", "directory", "answers to", "hidden", "state"), rows),
    )


def _state(entry: PathEntry, seen: dict[str, int]) -> str:
    """What is to be said of an element; empty if it is as usual."""
    if not entry.exists:
        return "does not exist"
    if not entry.searched:
        return "this shell does not look there"
    if earlier := seen.get(entry.real or entry.text):
        return f"the same directory as place {earlier}"
    return KINDS[entry.kind]


def _place(entry: PathEntry, hits: list[Hit], taken: set[Hit | None], state: str) -> Html:
    pills = [
        tag("span", f"✓ {hit.name}", class_="pill taken")
        if hit in taken
        else tag("span", f"{hit.name} (hidden)", class_="pill")
        for hit in hits
    ]
    style = "bad" if not entry.exists else "answers" if any(hit in taken for hit in hits) else "other"
    name = code(entry.text or "(an empty element: the working directory)")
    told: Content = tag("span", f" ✗ {state}" if not entry.exists else f" {state}", class_="soft") if state else ""
    number = tag("span", f"{entry.position + 1}.", class_="number")
    return tag("li", tag("div", number, name, told), tag("div", *pills) if pills else "", class_=style)


def _row(entry: PathEntry, hits: list[Hit], taken: set[Hit | None], state: str) -> tuple[Content, ...]:
    answers = ", ".join(hit.name for hit in hits if hit in taken)
    hidden = ", ".join(hit.name for hit in hits if hit not in taken)
    return str(entry.position + 1), code(entry.text), answers or "-", hidden or "-", state or "in use"
