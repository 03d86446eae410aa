"""What an import name means here, as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from envdoctor import __version__
from envdoctor.facts.imports.absence import Cause, Reason
from envdoctor.facts.imports.modules import Kind
from envdoctor.facts.imports.resolution import Found
from envdoctor.facts.imports.search_order import Entry, Origin
from envdoctor.render.lines import Line, Span, line

MOST = 12
NOTHING = "nothing installed has this name: the directory itself is taken, and what is imported from it is not there"
SCRIPT = "a script is given its own directory in place of the working directory"


class Answer(msgspec.Struct, frozen=True):
    """What is known of a name.

    Attributes:
        name: the name.
        python: the interpreter that would import it.
        version: its version.
        found: what an import takes; None if nothing.
        hidden: what it would take otherwise.
        reasons: why nothing is found.
        search_path: where it is looked for, in order.
        notes: what makes the answer less certain, a sentence each.
    """

    name: str
    python: str
    version: str
    found: Found | None
    hidden: tuple[Found, ...] = ()
    reasons: tuple[Reason, ...] = ()
    search_path: tuple[Entry, ...] = ()
    notes: tuple[str, ...] = ()


def layout(answer: Answer) -> list[Line]:
    """The lines: what is taken, what that hides, or why nothing is found."""
    return [*(_found(answer, answer.found) if answer.found else _missing(answer)), *_notes(answer)]


def _found(answer: Answer, found: Found) -> Iterator[Line]:
    yield line(Span(answer.name, "bold"), f"  {_given(answer, found)}")
    if found.module.kind is not Kind.BUILT_IN:
        yield line(Span("→ ", "bold green"), found.module.path or found.label, indent=2, verbatim=True)
        yield line(f"{_kind(found)}, from {found.label}", indent=6)
    yield line(f"for Python {answer.version}: {answer.python}", indent=6)
    if len(found.providers) > 1 and found.module.kind is not Kind.NAMESPACE:
        yield line(Span("these distributions write over each other's files: keep one of them", "yellow"), indent=6)
    for other in found.module.inside[1:MOST] if found.module.kind is Kind.NAMESPACE else ():
        yield line(f"also {other}", indent=6)
    if found.origin in (Origin.HERE, Origin.VARIABLE) and any(_is_library(each) for each in answer.hidden):
        yield line(
            Span(f"it takes the place of a module of the standard library: rename {found.module.path}", "yellow")
        )
    if answer.reasons:
        yield line(Span(NOTHING, "yellow"), indent=2)
        yield from _reasons(answer)
    for each in answer.hidden[:MOST]:
        yield line(Span("hidden ", "yellow"), each.module.path or each.label, indent=2, verbatim=True)
        yield line(f"{_given(answer, each)}, from {each.label}", indent=6)


def _missing(answer: Answer) -> Iterator[Line]:
    yield line(Span(answer.name, "bold"), Span("  not found", "red"), f" by Python {answer.version}: {answer.python}")
    yield from _reasons(answer)
    if any(reason.cause in (Cause.NO_PACKAGE, Cause.NO_SUBMODULE) for reason in answer.reasons):
        return
    if all(reason.cause is Cause.HOOK for reason in answer.reasons):
        yield line("nothing on this machine is known to have it, and envdoctor knows no distribution for it", indent=2)
    yield line(Span("searched", "bold"), indent=2)
    for entry in answer.search_path:
        yield line(Span(entry.label, "dim"), indent=6, verbatim=True)


def _reasons(answer: Answer) -> Iterator[Line]:
    for reason in answer.reasons:
        yield line(Span("· ", "dim"), reason.text, indent=2)
        if reason.where and reason.where not in reason.text:
            yield line(Span(reason.where, "dim"), indent=6, verbatim=True)


def _notes(answer: Answer) -> Iterator[Line]:
    shown = [*([answer.found] if answer.found else []), *answer.hidden]
    notes = [*answer.notes, *([SCRIPT] if any(each.origin is Origin.HERE for each in shown) else [])]
    for note in notes:
        yield line(Span("! ", "bold yellow"), note, indent=2)


def _given(answer: Answer, found: Found) -> str:
    if found.module.kind is Kind.BUILT_IN:
        return f"is built into Python {answer.version}"
    if found.origin is Origin.LIBRARY:
        return f"is in the standard library of Python {answer.version}"
    if found.providers:
        return f"is installed by {', '.join(each.titled for each in found.providers[:MOST])}"
    if found.origin is Origin.HERE:
        return "is in the working directory, installed by nothing"
    return "is recorded by no installed distribution"


def _kind(found: Found) -> str:
    if found.module.kind is Kind.NAMESPACE:
        return "a namespace package: a directory without __init__.py"
    word = found.module.kind.value
    return f"an {word}" if word[0] in "aeiou" else f"a {word}"


def _is_library(found: Found) -> bool:
    return found.origin is Origin.LIBRARY


def document(answer: Answer) -> dict[str, Any]:
    """The same as data: docs/json.md describes it."""
    return {
        "schema": 1,
        "tool": {"name": "envdoctor", "version": __version__},
        "name": answer.name,
        "python": {"path": answer.python, "version": answer.version},
        "found": _as_data(answer.found) if answer.found else None,
        "hidden": [_as_data(each) for each in answer.hidden],
        "reasons": [msgspec.to_builtins(each) for each in answer.reasons],
        "search_path": [_entry(each) for each in answer.search_path],
        "notes": list(answer.notes),
    }


def _as_data(found: Found) -> dict[str, Any]:
    return {
        "kind": found.module.kind.name.lower().replace("_", "-"),
        "path": found.module.path,
        "directories": list(found.module.inside),
        "from": found.label,
        "origin": found.origin.value,
        "distributions": [msgspec.to_builtins(each) for each in found.providers],
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {"path": entry.path, "origin": entry.origin.value, "said_in": entry.said_in}
