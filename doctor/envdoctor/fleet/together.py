"""Two values that tell machines with a finding from the others only where a machine has both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from envdoctor.fleet.answer import Also, Trait

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MOST = 12
"""Values of which pairs are made."""
GAIN = 0.1
"""How much more a pair has to tell than the better of its two values."""
PAIRS = """
WITH asked AS (SELECT unnest($numbers) AS number, unnest($places) AS place, unnest($values) AS value),
has AS (
  SELECT DISTINCT asked.number, side.machine, side.sick
  FROM asked JOIN fact ON fact.place = asked.place AND fact.value = asked.value
    JOIN had ON had.variant = fact.variant JOIN side ON side.machine = had.machine
)
SELECT one.number, other.number, count(*) FILTER (WHERE one.sick), count(*) FILTER (WHERE NOT one.sick)
FROM has AS one JOIN has AS other ON one.machine = other.machine AND one.number < other.number
GROUP BY ALL ORDER BY ALL
"""


def together(connection: DuckDBPyConnection, traits: Sequence[Trait], machines: int, others: int) -> tuple[Trait, ...]:
    """The pair of these values that tells most; empty where none tells clearly more than each of the two.

    The table `side` says which machines have the finding: `machines`; and which have not: `others`.
    """
    values = [trait for trait in traits[:MOST] if trait.value is not None]
    if len(values) < 2 or values[0].lift > 1 - GAIN:
        return ()
    asked = {
        "numbers": [*range(len(values))],
        "places": [trait.place for trait in values],
        "values": [trait.value for trait in values],
    }
    pairs: list[Trait] = []
    for first, second, sick, well in connection.execute(PAIRS, asked).fetchall():
        one, other, lift = values[first], values[second], sick / machines - well / others
        if one.value and other.value and lift >= max(one.lift, other.lift) + GAIN:
            pair = replace(one, sick=sick, well=well, lift=lift, also=Also(other.place, other.value), alike=(), more=0)
            pairs.append(pair)
    return (max(pairs, key=lambda pair: pair.lift),) if pairs else ()
