"""From a source of reports to the answer."""

from __future__ import annotations

import os
import tempfile

import msgspec

from envdoctor.fleet import asking
from envdoctor.fleet.answer import Answer
from envdoctor.fleet.conditions import choose
from envdoctor.fleet.gathering import Tell, gather
from envdoctor.fleet.history import collections, earlier, history
from envdoctor.fleet.lift import MOST_TRAITS, differences
from envdoctor.fleet.store import Store


class Question(msgspec.Struct, frozen=True):
    """What is asked of a fleet.

    Attributes:
        source: where its reports lie.
        by: the codes whose machines are compared with the others; the most severe where none is named.
        where: which machines are looked at.
        expected: machines of which a report should be there.
        since: the collection that the last one is compared with; None for the one before.
        parquet: the file that all facts are written to as rows; None for none.
    """

    source: str
    by: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()
    since: str | None = None
    parquet: str | None = None


def answer(question: Question, tell: Tell) -> Answer:
    """Read, ask and sum up. Raises NoSource, BadCondition, ExtraMissing; OSError where there is no room to spill."""
    with tempfile.TemporaryDirectory(prefix="envdoctor-fleet-") as directory:
        store = Store(directory)
        try:
            return _answered(question, store, directory, tell)
        finally:
            store.close()


def _answered(question: Question, store: Store, directory: str, tell: Tell) -> Answer:
    dated = collections(question.source)
    before = earlier(dated, question.since, question.source)
    now = os.path.join(question.source, dated[-1]) if dated else question.source
    gathered = gather(now, store, tell)
    connection = store.connection
    choose(connection, question.where)
    everyone, chosen = asking.count(connection, "machine"), asking.count(connection, "chosen")
    if question.parquet:
        asking.write_parquet(connection, os.path.abspath(question.parquet))
    found = asking.found(store)
    most = MOST_TRAITS * 4 if question.by else MOST_TRAITS
    return Answer(
        sessions=asking.sessions(connection),
        machines=chosen,
        groups=asking.groups(connection),
        unexamined=gathered.unexamined_machines(question.expected),
        found=found,
        differences=differences(connection, found, question.by, most),
        problems=tuple(gathered.problems),
        notes=tuple(gathered.notes),
        left_out=everyone - chosen,
        history=history(store, directory, question.source, (before, dated[-1]), tell) if before else None,
    )
