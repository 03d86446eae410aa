"""`--where`: which machines are looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MACHINE = "machine"
HAVE = (
    "SELECT had.machine FROM had JOIN fact USING (variant) "
    "WHERE fact.place LIKE ? ESCAPE '\\' AND fact.value LIKE ? ESCAPE '\\'"
)
FOUND = "SELECT machine FROM finding WHERE code = ?"
NEAREST = """
SELECT place FROM (SELECT DISTINCT place FROM fact)
ORDER BY jaro_winkler_similarity(lower(place), lower(?)) DESC, place LIMIT 1
"""
NAMED = "SELECT id FROM machine WHERE name LIKE ? ESCAPE '\\'"


class BadCondition(Exception):  # noqa: N818 - the user's word is wrong, not the program
    """A condition that no machine can meet. The message says what is expected."""


def choose(connection: DuckDBPyConnection, conditions: tuple[str, ...]) -> None:
    """Make the table `chosen` of the machines that meet every condition. Raises BadCondition."""
    clauses: list[str] = []
    values: list[str] = []
    for condition in conditions:
        clause, given = _clause(connection, condition)
        clauses.append(clause)
        values += given
    told = " AND ".join(clauses) or "true"
    connection.execute(f"CREATE TABLE chosen AS SELECT id AS machine, name FROM machine WHERE {told}", values)  # noqa: S608 - clauses of this module


def _clause(connection: DuckDBPyConnection, condition: str) -> tuple[str, list[str]]:
    place, equals, value = condition.partition("=")
    if not equals:
        code = condition.removeprefix("!").upper()
        _expect(connection, "SELECT 1 FROM verdict WHERE code = ? LIMIT 1", code, condition)
        return f"id {'NOT ' if condition.startswith('!') else ''}IN ({FOUND})", [code]
    unlike = place.endswith("!")
    place = place.removesuffix("!").strip()
    negated = "NOT " if unlike else ""
    if place == MACHINE:
        return f"id {negated}IN ({NAMED})", [_like(value.strip())]
    _expect(connection, "SELECT 1 FROM fact WHERE place LIKE ? ESCAPE '\\' LIMIT 1", _like(place), condition)
    return f"id {negated}IN ({HAVE})", [_like(place), _like(value.strip())]


def _expect(connection: DuckDBPyConnection, question: str, value: str, condition: str) -> None:
    if connection.execute(question, [value]).fetchall():
        return
    place, equals, _ = condition.partition("=")
    near = connection.execute(NEAREST, [place.rstrip("!").strip()]).fetchall() if equals else []
    hint = f" (the nearest place is {near[0][0]})" if near else ""
    raise BadCondition(
        f"--where {condition}: no report has such a place or code{hint}; expected PLACE=VALUE, PLACE!=VALUE, "
        "machine=NAME, CODE or !CODE, where * stands for anything"
    )


def _like(pattern: str) -> str:
    """A pattern of the database; only `*` is special to the user."""
    for character in ("\\", "%", "_"):
        pattern = pattern.replace(character, f"\\{character}")
    return pattern.replace("*", "%")
