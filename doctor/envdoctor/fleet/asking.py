"""What the database answers: who is sick of what, and alike in what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from envdoctor.fleet.answer import Found, Group
from envdoctor.fleet.nodes import folded
from envdoctor.fleet.store import Store

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

RANK = "max(CASE finding.severity WHEN 'error' THEN 2 WHEN 'warning' THEN 1 ELSE 0 END) AS rank"
"""The severity of findings together, as a place in SEVERITIES."""
GROUPS = """
WITH sick AS (
  SELECT machine, list_sort(list_distinct(list(code))) AS codes
  FROM finding WHERE severity <> 'info' GROUP BY machine
)
SELECT coalesce(codes, []) AS codes, list_sort(list(name)) AS names
FROM chosen LEFT JOIN sick USING (machine) GROUP BY ALL ORDER BY len(names) DESC, codes
"""
FOUND = f"""
SELECT code, {RANK},
  count(DISTINCT machine) AS machines, count(*) AS findings
FROM finding JOIN chosen USING (machine) GROUP BY code ORDER BY rank DESC, machines DESC, code
"""  # noqa: S608 - words above
SESSIONS = """
SELECT session, count(*) AS machines FROM machine JOIN chosen ON chosen.machine = machine.id
GROUP BY session ORDER BY machines DESC, session
"""
PARQUET = """
COPY (
  SELECT chosen.name AS machine, 'fact' AS kind, fact.place AS name, fact.value AS value, NULL AS severity
  FROM chosen JOIN had USING (machine) JOIN fact USING (variant)
  UNION ALL
  SELECT chosen.name, 'finding', finding.code, finding.message, finding.severity
  FROM chosen JOIN finding USING (machine)
) TO '{path}' (FORMAT parquet)
"""
SEVERITIES = ("info", "warning", "error")


def sessions(connection: DuckDBPyConnection) -> tuple[tuple[str, int], ...]:
    """Which sessions were examined, and on how many machines, the most first."""
    return tuple((session, int(machines)) for session, machines in connection.execute(SESSIONS).fetchall())


def groups(connection: DuckDBPyConnection) -> tuple[Group, ...]:
    """Machines with the same errors and warnings, the most machines first."""
    return tuple(
        Group(tuple(codes), tuple(names), folded(names)) for codes, names in connection.execute(GROUPS).fetchall()
    )


def found(store: Store) -> tuple[Found, ...]:
    """The checks that found something, the most severe first, then those of the most machines."""
    rows = store.connection.execute(FOUND).fetchall()
    return tuple(
        Found(code, store.slugs.get(code, ""), SEVERITIES[rank], machines, findings)
        for code, rank, machines, findings in rows
    )


def count(connection: DuckDBPyConnection, table: str) -> int:
    """How many rows a table has."""
    rows = connection.execute(f"SELECT count(*) FROM {table}").fetchall()  # noqa: S608 - a name of the caller
    return int(rows[0][0])


def write_parquet(connection: DuckDBPyConnection, path: str) -> None:
    """Every fact and every finding as a row of a file, to go on with."""
    connection.execute(PARQUET.format(path=path.replace("'", "''")))
