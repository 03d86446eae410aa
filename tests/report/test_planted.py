"""Names of every kind and secrets, planted in every field of every fact, stand in no document of a shared report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import cycle
from typing import Any

import msgspec
import pytest
from msgspec import inspect

from envdoctor import Evidence, Finding, Fix, Manual, Run
from envdoctor.cli.choices import FORMATS, Choices
from envdoctor.cli.documents import document
from envdoctor.engine.fact import Fact
from envdoctor.engine.finding import Outcome
from envdoctor.engine.judge import Result, facts_for
from envdoctor.engine.reference import Facts, imported
from envdoctor.engine.registry import Registry
from envdoctor.render import issue
from envdoctor.report import pasted, recording
from envdoctor.report.report import Report
from envdoctor.report.sharing import SharedMasks, share
from envdoctor.shells.dialects import Shell
from envdoctor.text.identity import Identity
from tests.samples import wet_ground

IDENTITY = Identity(
    ("/home/adalovelace", "/data/users/adalovelace"),
    ("adalovelace", "sudoer"),
    ("Augusta Byron",),
    ("jacquard", "jacquard.engine-works.example"),
)
PLANTED = (
    "/home/adalovelace/p",
    "file:///data/users/adalovelace/p",
    "/srv/adalovelace/x",
    "C:\\Users\\adalovelace\\x",
    "/home/menabrea/x",
    "by Augusta Byron",
    "augusta.byron",
    "on jacquard",
    "a.byron@engine-works.example",
    "https://nexus.engine-works.example:8443/simple",
    "git+ssh://git@forge.engine-works.example/x.git",
    "git@forge.engine-works.example:team/x.git",
    "http://proxy.engine-works.example:3128",
    "https://me:hunter-two@nexus.engine-works.example/x",
    "ghp_" + "a1B2" * 9,
)
NAMES = re.compile(r"adalovelace|sudoer|byron|menabrea|jacquard|engine-works|hunter-two|a1B2a1B2", re.IGNORECASE)


@cache
def kinds() -> tuple[type[Fact], ...]:
    """Every fact that a check or a report for an issue needs."""
    facts = facts_for(Registry.load(third_party=False).checks, shown=issue.NEEDED)
    return tuple(sorted(map(imported, facts), key=lambda kind: kind.__name__))


def filled(kind: inspect.Type, texts: Iterator[str]) -> Any:  # noqa: PLR0911, PLR0912, C901 - one branch a kind of type
    """A value of this type in which every string is the next of the texts."""
    match kind:
        case inspect.StrType():
            return next(texts)
        case inspect.StructType(cls=cls, fields=fields):
            return cls(**{field.name: filled(field.type, texts) for field in fields})
        case inspect.VarTupleType(item_type=item):
            return (filled(item, texts),)
        case inspect.TupleType(item_types=items):
            return tuple(filled(item, texts) for item in items)
        case inspect.UnionType(types=types):
            return filled(next(one for one in types if not isinstance(one, inspect.NoneType)), texts)
        case inspect.EnumType(cls=cls):
            return next(iter(cls))
        case inspect.DictType(key_type=key, value_type=value):
            return {filled(key, texts): filled(value, texts)}
        case inspect.LiteralType(values=values):
            return values[0]
        case inspect.BoolType():
            return True
        case inspect.IntType():
            return 7
        case inspect.FloatType():
            return 7.0
        case inspect.DateType():
            return date(2026, 1, 2)
        case _:
            raise TypeError(kind)


def planted(first: int) -> Report:
    """A shared report whose facts and findings hold the planted texts by turns, from this one on."""
    texts = cycle((*PLANTED[first:], *PLANTED[:first]))
    known = Facts({kind: filled(inspect.type_info(kind), texts) for kind in kinds()})
    results = tuple(Result(wet_ground, Outcome.FOUND, text, (finding_of(text),)) for text in PLANTED)
    report = Report("2026-01-02T03:04:05Z", results, known, PLANTED, notes=PLANTED, unused=PLANTED)
    return share(report, SharedMasks(report, IDENTITY))


def finding_of(text: str) -> Finding:
    """A finding that says nothing else."""
    fix = Fix(text, Run("echo", text, directory=text, variables=(("A", text),)), Manual(text), undo=(Run(text),))
    return Finding(text, fix, text, (Evidence(text, text),))


@pytest.mark.parametrize("first", [0, 4])
def test_no_document_tells_who_shares_it(first: int) -> None:
    report = planted(first)
    documents = {form: document(report, form, Choices(verbose=True)) for form in FORMATS}
    documents |= {"issue": issue.render(report, Shell.BASH), "form": issue.plainly(report, Shell.BASH)}
    packed = {name: pasted.document(documents[name].encode()) for name in ("issue", "form")}
    documents |= {f"{name}, unpacked": msgspec.json.encode(content).decode() for name, content in packed.items()}
    readable = {name: text.partition("envdoctor-recording 1 ")[0] for name, text in documents.items()}
    assert {name: NAMES.findall(text) for name, text in readable.items() if NAMES.search(text)} == {}


def test_facts_of_every_kind_come_back_from_a_paste() -> None:
    report = planted(0)
    document = pasted.document(issue.render(report, Shell.BASH).encode())
    assert len(kinds()) > 100
    assert recording.from_document(document, report.known, "paste") == report.known
