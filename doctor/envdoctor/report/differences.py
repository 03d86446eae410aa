"""Where two recordings say different things: facts as data, compared value by value, without what is noise."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from envdoctor.text.patterns import pattern

NOISE = frozenset(
    (
        *("date", "milliseconds", "seconds", "shell_started", "started", "used"),
        *("free", "free_files", "number", "pid", "position"),
    )
)
"""Fields that differ between any two runs: times, free space, numbers of processes and disks, places in a list."""
# what mkdtemp, mktemp and uv's cache make up for each run, and processes
TEMPORARY = pattern(r"(?<=/)(?:tmp[a-z0-9_]{8}|tmp\.[A-Za-z0-9]{10}|archive-v[0-9]/[\w-]{8,}|proc/[0-9]+)(?=/|$)")
KEYS = (
    "name",
    "command",
    "path",
    "directory",
    "setting",
    "file",
    "key",
    "variable",
    "root",
    "tool",
    "text",
    "code",
    "value",
)
"""Fields by which two lists of records are matched, the most telling first."""
NONE = "there is none: "
LONGEST = 200
SHOWN = 5


class Change(msgspec.Struct, frozen=True):
    """One thing that the two say differently.

    Attributes:
        fact: the fact, by its name.
        place: the fields that lead to it, or the names of records.
        before: the value in the first; None where a list is concerned.
        after: the value in the second; None where a list is concerned.
        removed: what only the list of the first has.
        added: what only the list of the second has.
    """

    fact: str
    place: tuple[str, ...]
    before: str | None = None
    after: str | None = None
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


class Side(msgspec.Struct, frozen=True):
    """One of the two.

    Attributes:
        label: what it is called: the file, or `now`.
        created: when it was recorded.
        version: the envdoctor that did.
        facts: its facts as data, by name.
        missing: why others are not there, by name.
    """

    label: str
    created: str
    version: str
    facts: Mapping[str, Any]
    missing: Mapping[str, Any]

    @property
    def home(self) -> str | None:
        """The home directory there."""
        examined = self.facts.get("Examined")
        home = examined.get("home") if isinstance(examined, dict) else None
        return home if isinstance(home, str) and home not in ("", "/") else None

    def reason(self, fact: str) -> str | None:
        """Why a fact is not there, as a clause; None if it was not recorded."""
        missing = self.missing.get(fact)
        if not isinstance(missing, dict) or missing.get("kind") == "not recorded":
            return None
        return f"{NONE}{missing.get('reason')}"


class Comparison(msgspec.Struct, frozen=True):
    """What differs between the facts of two recordings.

    Attributes:
        changes: in the order of the facts' names.
        unrecorded: the facts that only one of them has recorded: those the first lacks, those the second lacks.
        noise: how many differences of times, process numbers and temporary names are left out.
    """

    changes: tuple[Change, ...]
    unrecorded: tuple[tuple[str, ...], tuple[str, ...]]
    noise: int


def compare(before: Side, after: Side, mask: Callable[[str], str]) -> Comparison:
    """Compare all facts. Each home directory is `~`; every text goes through `mask`."""
    changes: list[Change] = []
    lacking: tuple[list[str], list[str]] = ([], [])
    noise = 0
    for fact in sorted({*before.facts, *after.facts, *before.missing, *after.missing}):
        values = []
        for side, absent in zip((before, after), lacking, strict=True):
            known = side.facts[fact] if fact in side.facts else side.reason(fact)
            if known is None:
                absent.append(fact)
            values.append(_shared(known, side.home and mask(side.home), mask))
        if None in values or all(map(_is_empty, values)):
            continue
        all_changes = tuple(_changes(fact, (), *values))
        kept = tuple(_changes(fact, (), *map(quiet, values))) if all_changes else ()
        noise += max(len(all_changes) - len(kept), 0)
        changes += kept
    return Comparison(tuple(changes), (tuple(lacking[0]), tuple(lacking[1])), noise)


def _is_empty(value: object) -> bool:
    """Whether a fact holds nothing, which is as good as none."""
    if isinstance(value, dict):
        return all(map(_is_empty, value.values()))
    if isinstance(value, str):
        return value.startswith(NONE) or not value
    return value in (None, False, 0) or value == []


def _shared(value: Any, home: str | None, mask: Callable[[str], str]) -> Any:  # noqa: ANN401 - what a report holds
    """A value that is masked, the home directory as `~`: `home` is what the mask makes of it."""
    if isinstance(value, str):
        text = mask(value)
        if home:
            text = "~" if text == home else text.replace(f"{home}/", "~/")
        return text
    if isinstance(value, list):
        return [_shared(item, home, mask) for item in value]
    if isinstance(value, dict):
        return {name: _shared(item, home, mask) for name, item in value.items()}
    return value


def quiet(value: Any) -> Any:  # noqa: ANN401 - the same
    """A value without what differs between any two runs: times, free space, processes, temporary names."""
    if isinstance(value, str):
        return TEMPORARY.sub("…", value)
    if isinstance(value, list):
        return [quiet(item) for item in value]
    if isinstance(value, dict):
        return {name: quiet(item) for name, item in value.items() if name not in NOISE}
    return value


def _changes(fact: str, place: tuple[str, ...], before: Any, after: Any) -> Iterator[Change]:  # noqa: ANN401 - the same
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for name in dict.fromkeys((*before, *after)):
            yield from _changes(fact, (*place, name), before.get(name), after.get(name))
    elif _is_list(before) and _is_list(after):
        yield from _listed(fact, place, before, after)
    else:
        yield Change(fact, place, said(before), said(after))


def _is_list(value: object) -> bool:
    """Whether a value is a list of things, rather than the numbers of a version."""
    return isinstance(value, list) and not is_version(value)


def is_version(value: object) -> bool:
    """Whether a list is the numbers of a version."""
    return isinstance(value, list) and 1 < len(value) < 5 and all(type(item) is int for item in value)


def _listed(fact: str, place: tuple[str, ...], before: list[Any], after: list[Any]) -> Iterator[Change]:
    """Lists: records by the field that tells them apart, anything else by its value."""
    key = record_key((before, after))
    if key:
        mine, others = ({record_name(item, key): item for item in items} for items in (before, after))
        removed = [item for name, item in mine.items() if name not in others]
        added = [item for name, item in others.items() if name not in mine]
        both = [name for name in mine if name in others]
        for name in both:
            yield from _changes(fact, (*place, name), mine[name], others[name])
        reordered = both != [name for name in others if name in mine]
    else:
        texts = [[json.dumps(item, sort_keys=True) for item in items] for items in (before, after)]
        removed, added = _only(before, texts[0], texts[1]), _only(after, texts[1], texts[0])
        reordered = not removed and not added
    if removed or added:
        yield Change(fact, place, removed=tuple(map(said, removed)), added=tuple(map(said, added)))
    elif reordered:
        yield Change(fact, place, _order(before), _order(after))


def _only(items: list[Any], mine: list[str], others: list[str]) -> list[Any]:
    """What is in the first list more often than in the second."""
    left = Counter(mine) - Counter(others)
    found = []
    for item, text in zip(items, mine, strict=True):
        if left[text] > 0:
            left[text] -= 1
            found.append(item)
    return found


def record_key(lists: Sequence[list[Any]]) -> str | None:
    """The field that tells the records of both lists apart; None if there is none."""
    if not all(isinstance(item, dict) for items in lists for item in items) or not any(lists):
        return None
    for key in KEYS:
        names = [[record_name(item, key) for item in items] for items in lists]
        if all("" not in each and len(set(each)) == len(each) for each in names):
            return key
    return None


def record_name(item: dict[str, Any], key: str) -> str:
    """The text of a field of a record, or of the environment that it is about; empty if it has none."""
    target = item.get("target")
    value = item.get(key, target.get(key) if isinstance(target, dict) else None)
    return value if isinstance(value, str) else ""


def _order(items: list[Any]) -> str:
    return f"in this order: {', '.join(map(said, items[:SHOWN]))}{', …' if len(items) > SHOWN else ''}"


def said(value: Any) -> str:  # noqa: ANN401 - what a report holds
    """A value in a few words."""
    if isinstance(value, bool) or value is None:
        return {None: "nothing", True: "yes", False: "no"}[value]
    if isinstance(value, str):
        text = value or "an empty text"
    elif is_version(value):
        text = ".".join(map(str, value))
    elif isinstance(value, dict):
        text = _named(value)
    elif isinstance(value, list):
        text = ", ".join(map(said, value[:SHOWN])) or "nothing"
    else:
        text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text)} characters)"


def _named(record: dict[str, Any]) -> str:
    """A record by what tells it apart, or by how much it holds."""
    texts = [text for key in (*KEYS, "version", "reason") if isinstance(text := record.get(key), str) and text]
    if texts:
        return " ".join(dict.fromkeys(texts[:2]))
    if inner := next((item for item in record.values() if isinstance(item, dict)), None):
        return _named(inner)
    lists = ((name.replace("_", " "), item) for name, item in record.items() if isinstance(item, list) and item)
    counts = [f"{name}: {len(item)}" for name, item in lists]
    return ", ".join(counts) or "nothing"
