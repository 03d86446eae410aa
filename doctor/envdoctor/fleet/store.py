"""The reports of a fleet in a database that lies in a temporary directory and spills to it.

A fact is kept once for all machines on which it is written in the same bytes: a variant. What a machine has is the
numbers of its variants.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from envdoctor.fleet import documents, extra
from envdoctor.fleet.documents import Written
from envdoctor.fleet.values import Pairs, pairs
from envdoctor.report.differences import NONE
from envdoctor.report.strict_json import examine
from envdoctor.text.visible import visible

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MEMORY = "1GB"
ROWS = 200_000
"""Rows that are gathered before they go into the database."""
TABLES = {
    "machine": {"id": "INTEGER", "name": "VARCHAR", "created": "VARCHAR", "version": "VARCHAR", "session": "VARCHAR",
                "shared": "BOOLEAN", "verdicts": "INTEGER"},
    "finding": {"machine": "INTEGER", "code": "VARCHAR", "severity": "VARCHAR", "message": "VARCHAR"},
    "verdict": {"variant": "INTEGER", "code": "VARCHAR", "outcome": "VARCHAR"},
    "had": {"machine": "INTEGER", "variant": "INTEGER"},
    "fact": {"variant": "INTEGER", "place": "VARCHAR", "value": "VARCHAR"},
}  # fmt: skip


class Store:
    """The database.

    Attributes:
        connection: to ask it.
        slugs: the name of each check, by its code.
        file: where it lies.
    """

    def __init__(self, directory: str, *, findings_only: bool = False) -> None:
        duckdb = extra.module("duckdb")
        self.file = os.path.join(directory, "past.duckdb" if findings_only else "fleet.duckdb")
        settings = {
            "memory_limit": MEMORY,
            "temp_directory": os.path.join(directory, "spilled"),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "preserve_insertion_order": "false",
        }
        self.connection: DuckDBPyConnection = duckdb.connect(self.file, config=settings)
        self.slugs: dict[str, str] = {}
        self._directory = directory
        self._findings_only = findings_only
        self._variants: dict[int, int] = {}
        self._machines = 0
        self._rows: dict[str, list[tuple[object, ...]]] = {name: [] for name in TABLES}
        for name, columns in TABLES.items():
            told = ", ".join(f"{column} {kind}" for column, kind in columns.items())
            self.connection.execute(f"CREATE TABLE {name} ({told})")

    def add(self, name: str, session: str, written: Written) -> int:
        """Take in a machine's report. Returns its number. Raises DecodeError, RecursionError or Unsound."""
        had = [] if self._findings_only else self._variants_of(written)
        number = self._machines
        self._machines += 1
        rows = self._rows
        about = (visible(name), written.created[:40], written.tool.version[:40], session, written.shared)
        rows["machine"].append((number, *about, self._verdicts(written)))
        rows["had"] += [(number, variant) for variant in had]
        for result in written.results:
            rows["finding"] += [
                (number, result.code, finding.severity, visible(finding.message)) for finding in result.findings
            ]
        for table in ("had", "fact"):
            if len(rows[table]) > ROWS:
                self._flush(table)
        return number

    def finish(self, dropped: Iterable[int] = ()) -> None:
        """Bring all rows into the database, but for those of machines that are dropped."""
        for table in TABLES:
            self._flush(table)
        self._variants.clear()
        left_out = [*dropped]
        if left_out:
            self.connection.execute("DELETE FROM machine WHERE id IN (SELECT unnest(?))", [left_out])
            for table in ("finding", "had"):
                self.connection.execute(f"DELETE FROM {table} WHERE machine IN (SELECT unnest(?))", [left_out])  # noqa: S608 - a name above

    def close(self) -> None:
        """Let go of the files."""
        self.connection.close()

    def _variants_of(self, written: Written) -> list[int]:
        """The numbers of what a machine has."""
        home = written.session.home if written.session else None
        had = [self._variant((fact, home, bytes(raw))) for fact, raw in written.facts.items()]
        return [*had, self._variant(("", None, bytes(written.missing)))]

    def _variant(self, content: tuple[str, str | None, bytes]) -> int:
        """The number of a fact with what it holds, or of why facts are not there."""
        key = hash(content)  # of 64 bits, with a secret of this process: among a million one in 30 million is doubled
        known = self._variants.get(key)
        if known is not None:
            return known
        fact, home, raw = content
        found = _pairs(fact, raw, home) if fact else _reasons(raw)
        number = self._variants[key] = len(self._variants)
        self._rows["fact"] += [(number, visible(place), value) for place, value in found.items()]
        return number

    def _verdicts(self, written: Written) -> int:
        """The number of how all checks ended, which is the same on most machines."""
        ended = tuple((result.code, result.outcome) for result in written.results)
        known = self._variants.get(hash(ended))
        if known is not None:
            return known
        self.slugs.update({result.code: result.slug for result in written.results})
        number = self._variants[hash(ended)] = len(self._variants)
        self._rows["verdict"] += [(number, code, outcome) for code, outcome in ended]
        return number

    def _flush(self, table: str) -> None:
        rows = self._rows[table]
        if not rows:
            return
        path = os.path.join(self._directory, "rows.csv")
        with open(path, "w", encoding="utf-8", errors="backslashreplace", newline="") as file:
            csv.writer(file, quoting=csv.QUOTE_NONNUMERIC).writerows(rows)
        options = "header = false, quote = '\"', escape = '\"', delim = ',', nullstr = '\x01', auto_detect = false"
        self.connection.execute(
            f"INSERT INTO {table} SELECT * FROM read_csv(?, columns = {TABLES[table]}, {options})",  # noqa: S608 - names above
            [path],
        )
        rows.clear()


def _pairs(fact: str, raw: bytes, home: str | None) -> Pairs:
    """What stands where in a fact. Raises DecodeError, RecursionError and Unsound."""
    value = msgspec.json.decode(raw)
    examine(value)
    return pairs(fact, value, home)


def _reasons(raw: bytes) -> Pairs:
    """Why facts are not there; those that were not recorded say nothing."""
    told = documents.gaps.decode(raw).items()
    return {fact: visible(f"{NONE}{gap.reason}") for fact, gap in told if gap.kind != "not recorded"}
