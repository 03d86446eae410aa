"""What two examinations say differently, as a person reads it: findings first, then facts by subject."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

import msgspec

from envdoctor import __version__
from envdoctor.render.lines import Line, Span, line
from envdoctor.render.markdown import code, sentence
from envdoctor.report.differences import Change, Comparison, Side
from envdoctor.text.patterns import pattern

SUBJECTS = {
    "session": "The session",
    "python": "Python",
    "commands": "What commands run",
    "venv": "Virtual environments",
    "environments": "Environments",
    "project": "The project",
    "dependencies": "What the project requires",
    "packages": "Installed packages",
    "pip": "pip",
    "uv": "uv",
    "conda": "conda",
    "pyenv": "pyenv",
    "shell": "Start-up files of the shell",
    "terminals": "Terminals",
    "mirrors": "Indexes and mirrors",
    "network": "Proxies and certificates",
    "disks": "Disks and caches",
    "libraries": "Shared libraries",
    "loader": "The dynamic loader",
}
OTHERS = "Other facts"
WORDS = {
    "ActivePython": "the active Python",
    "Examined": "the session",
    "SearchPath": "the search path",
    "Pyenv": "pyenv",
    "cwd": "working directory",
    "real": "path without links",
    "sys_path": "sys.path",
    "user_id": "user's number",
    "exec_prefix": "prefix of binary files",
}
CAPITALS = pattern(r"(?<=[a-z0-9])(?=[A-Z])")
MOST_CHANGES = 12
MOST_ITEMS = 8
MOST_NAMES = 10


class Judged(msgspec.Struct, frozen=True):
    """A finding of one of the two."""

    code: str
    slug: str
    severity: str
    message: str


class Unjudged(msgspec.Struct, frozen=True):
    """A finding of one of the two, and why it could not be looked for in the other."""

    finding: Judged
    side: str
    reason: str


class Difference(msgspec.Struct, frozen=True):
    """All that differs.

    Attributes:
        before: the first.
        after: the second.
        gone: what is found in the first alone.
        new: what is found in the second alone.
        facts: the facts that differ.
        unjudged: what could be looked for in one of the two only.
        modules: where the facts stand in the source, by their names: what tells the subject.
        shared: whether what is personal is masked.
    """

    before: Side
    after: Side
    gone: tuple[Judged, ...]
    new: tuple[Judged, ...]
    facts: Comparison
    unjudged: tuple[Unjudged, ...] = ()
    modules: Mapping[str, str] = {}
    shared: bool = False

    @property
    def differs(self) -> bool:
        """Whether anything does."""
        return bool(self.gone or self.new or self.facts.changes)

    def subject(self, fact: str) -> str:
        """What a fact is about, in plain words."""
        top, *parts = self.modules.get(fact, "").split(".")
        if top != "envdoctor":
            return f"Plugin {top}" if top else OTHERS
        return SUBJECTS.get(parts[1] if len(parts) > 1 else "", OTHERS)


def layout(difference: Difference) -> list[Line]:
    """The lines of the text."""
    return [*_heading(difference), *_findings(difference), *_facts(difference), *_footer(difference)]


def _heading(difference: Difference) -> Iterator[Line]:
    for sign, side in (("- ", difference.before), ("+ ", difference.after)):
        yield line(Span(sign, "bold"), f"{side.label}, recorded at {side.created} by envdoctor {side.version}")
    if not difference.differs:
        yield line()
        yield line(Span("✓ ", "green"), "they say the same")


def _findings(difference: Difference) -> Iterator[Line]:
    for word, found, style in (("gone", difference.gone, "green"), ("new", difference.new, "red")):
        if found:
            yield line()
            yield line(Span(f"Findings that are {word}", "bold"))
        for each in found:
            yield line(Span(f"{_sign(word)} {each.code} ", style), f"{each.severity}: {each.message}", indent=2)
    if difference.unjudged:
        yield line()
        yield line(Span("Findings that only one of them could be examined for", "bold"))
    for gap in difference.unjudged:
        reason = f"{gap.side} could not be judged: {gap.reason}"
        yield line(Span(f"? {gap.finding.code} ", "yellow"), f"{gap.finding.message} ({reason})", indent=2)


def _sign(word: str) -> str:
    return "-" if word == "gone" else "+"


def _facts(difference: Difference) -> Iterator[Line]:
    for subject, changes in grouped(difference):
        yield line()
        yield line(Span(subject, "bold"))
        for change in changes[:MOST_CHANGES]:
            yield from _change(change)
        if len(changes) > MOST_CHANGES:
            yield line(Span(f"and {len(changes) - MOST_CHANGES} more, all of them in JSON", "dim"), indent=2)


def _change(change: Change) -> Iterator[Line]:
    label = place_of(change)
    if change.before is None or change.after is None:
        yield line(label, indent=2)
        for sign, items, style in (("-", change.removed, "red"), ("+", change.added, "green")):
            for item in items[:MOST_ITEMS]:
                yield line(Span(f"{sign} ", style), item, indent=4, verbatim=True)
            if len(items) > MOST_ITEMS:
                yield line(Span(f"{sign} and {len(items) - MOST_ITEMS} more", style), indent=4)
    else:
        yield line(f"{label}: ", Span(change.before, "red"), " → ", Span(change.after, "green"), indent=2)


def _footer(difference: Difference) -> Iterator[Line]:
    yield line()
    for text in notes(difference):
        yield line(Span(text, "dim"))


def notes(difference: Difference) -> Iterator[str]:
    """What is not compared, a sentence each."""
    for side, names in zip((difference.before, difference.after), difference.facts.unrecorded, strict=True):
        if names:
            shown = ", ".join(words(name) for name in names[:MOST_NAMES])
            more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
            yield f"Not recorded in {side.label}: {shown}{more}"
    if difference.facts.noise:
        count = difference.facts.noise
        yield (
            f"Left out: {count} difference{'s' if count > 1 else ''} of times, free space, process numbers, "
            "positions and temporary names"
        )
    yield "Each home directory is shown as ~"
    if difference.shared:
        yield "What is personal is masked"


def grouped(difference: Difference) -> list[tuple[str, list[Change]]]:
    """The facts that differ by subject; what several facts repeat once."""
    order = [*SUBJECTS.values()]

    def rank(change: Change) -> tuple[int, str]:
        subject = difference.subject(change.fact)
        return (order.index(subject) if subject in order else len(order), subject)

    changes = sorted(difference.facts.changes, key=rank)
    distinct = {_content(change): change for change in reversed(changes)}
    kept = [change for change in changes if distinct[_content(change)] is change]
    return [(subject, [*found]) for (_, subject), found in groupby(kept, rank)]


def _content(change: Change) -> tuple[object, ...]:
    """What makes two changes the same: paths and lists stand in several facts, short words mean what the field does."""
    values = (change.before, change.after, change.removed, change.added)
    tells = change.before is None or any("/" in str(value) for value in values[:2])
    return values if tells else (*values, change.place[-1:])


def place_of(change: Change) -> str:
    """`the active Python, interpreter, version`."""
    return ", ".join((words(change.fact), *map(words, change.place)))


def words(name: str) -> str:
    """A name of the source in plain words; a path or a package as it is."""
    if name in WORDS:
        return WORDS[name]
    if name.isidentifier():
        return CAPITALS.sub(" ", name).lower().replace("_", " ") if name[:1].isupper() else name.replace("_", " ")
    return name


def markdown(difference: Difference) -> str:
    """The same for an issue or a comment: every foreign word in code."""
    before, after = difference.before, difference.after
    lines = [
        f"## envdoctor: {'they differ' if difference.differs else 'they say the same'}",
        "",
        *(
            f"- {word}: {code(side.label)}, recorded at {code(side.created)} by envdoctor {code(side.version)}"
            for word, side in (("A", before), ("B", after))
        ),
        "",
    ]
    for title, found in (("Findings that are gone", difference.gone), ("Findings that are new", difference.new)):
        if found:
            rows = (f"- {each.code}, {each.severity}: {sentence(each.message)}" for each in found)
            lines += [f"### {title}", "", *rows, ""]
    if difference.unjudged:
        rows = (
            f"- {gap.finding.code}: {sentence(gap.finding.message)}, not to be judged in {code(gap.side)}: "
            f"{code(gap.reason)}"
            for gap in difference.unjudged
        )
        lines += ["### Findings that only one of them could be examined for", "", *rows, ""]
    for subject, changes in grouped(difference):
        lines += [f"### {sentence(subject)}", "", "| | A | B |", "|---|---|---|"]
        lines += [_row(change) for change in changes[:MOST_CHANGES]]
        if len(changes) > MOST_CHANGES:
            lines.append(f"| and {len(changes) - MOST_CHANGES} more | | |")
        lines.append("")
    lines += [sentence(note) + "  " for note in notes(difference)]
    return "".join(f"{text.rstrip()}\n" for text in lines)


def _row(change: Change) -> str:
    if change.before is None or change.after is None:
        cells = (_items(change.removed), _items(change.added))
    else:
        cells = (code(change.before), code(change.after))
    # a pipe ends a cell also inside of code
    row = " | ".join(cell.replace("|", "\\|") for cell in (sentence(place_of(change)), *cells))
    return f"| {row} |"


def _items(items: tuple[str, ...]) -> str:
    shown = ", ".join(map(code, items[:MOST_ITEMS]))
    return f"{shown} and {len(items) - MOST_ITEMS} more" if len(items) > MOST_ITEMS else shown


def document(difference: Difference) -> dict[str, Any]:
    """The same as data, with every difference: docs/json.md describes it."""
    before, after = difference.before, difference.after
    return {
        "schema": 1,
        "tool": {"name": "envdoctor", "version": __version__},
        "a": _side(before),
        "b": _side(after),
        "shared": difference.shared,
        "different": difference.differs,
        "findings": {
            "gone": [msgspec.to_builtins(each) for each in difference.gone],
            "new": [msgspec.to_builtins(each) for each in difference.new],
            "unjudged": [msgspec.to_builtins(each) for each in difference.unjudged],
        },
        "facts": [
            {"subject": difference.subject(change.fact), **msgspec.structs.asdict(change)}
            for change in difference.facts.changes
        ],
        "not_recorded": {"a": list(difference.facts.unrecorded[0]), "b": list(difference.facts.unrecorded[1])},
        "left_out": difference.facts.noise,
    }


def _side(side: Side) -> dict[str, str]:
    return {"label": side.label, "created": side.created, "version": side.version}
