"""What differs between machines with a finding and those without: values by lift, noise left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from envdoctor.fleet.answer import Difference, Found, Trait
from envdoctor.fleet.together import together

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LEAST = 0.2
"""The lift below which a value tells nothing."""
MOST_CODES = 8
MOST_TRAITS = 5
MOST_ALIKE = 3
RANK = {"error": 2, "warning": 1, "info": 0}

SICK = "SELECT DISTINCT machine FROM finding JOIN chosen USING (machine) WHERE code = $code"
ENDED = (
    "SELECT machine.id AS machine FROM machine JOIN chosen ON chosen.machine = machine.id "
    "JOIN verdict ON verdict.variant = machine.verdicts WHERE verdict.code = $code AND verdict.outcome {outcomes}"
)
SIDES = """
CREATE OR REPLACE TEMP TABLE side AS
  SELECT machine, true AS sick FROM ({sick})
  UNION ALL
  SELECT machine, false FROM ({well}) WHERE machine NOT IN ({sick})
"""
# Of values that tell as much, one in whose place the others have another value comes before one in a place of its own.
# A place is noise where nearly every machine has a value of its own there, as of a time or a serial number.
TRAITS = """
WITH counted AS (
  SELECT variant, count(*) FILTER (WHERE sick) AS b, count(*) FILTER (WHERE NOT sick) AS g
  FROM had JOIN side USING (machine) GROUP BY variant
), valued AS (
  SELECT place, value, sum(b)::BIGINT AS b, sum(g)::BIGINT AS g
  FROM counted JOIN fact USING (variant) GROUP BY place, value
), placed AS (
  SELECT place, sum(b)::BIGINT AS b, sum(g)::BIGINT AS g, count(*) AS kinds FROM valued GROUP BY place
), telling AS (
  SELECT valued.place, valued.value, valued.b, valued.g, placed.g > valued.g AS contrast
  FROM valued JOIN placed USING (place)
  WHERE NOT (placed.b + placed.g >= 3 AND placed.kinds > 0.8 * (placed.b + placed.g))
  UNION ALL
  SELECT place, NULL, $sick - b, $well - g, true FROM placed WHERE b < $sick
), lifted AS (
  SELECT place, value, b, g, contrast, b / $sick - g / $well AS lift FROM telling WHERE b >= least(2, $sick)
)
SELECT place, value, b, g, lift FROM lifted WHERE lift >= $least
ORDER BY lift DESC, b DESC, value IS NULL, contrast DESC, length(place), place LIMIT 5000
"""


def differences(
    connection: DuckDBPyConnection, found: tuple[Found, ...], by: tuple[str, ...], most: int = MOST_TRAITS
) -> tuple[Difference, ...]:
    """For each of these codes what tells its machines from the others, the most telling of the most severe first."""
    wanted = [one for one in found if one.code in by] if by else [*found[:MOST_CODES]]
    told = (_difference(connection, one, most) for one in wanted)
    made = [one for one in told if one is not None]
    return tuple(sorted(made, key=lambda one: (-RANK.get(one.severity, 0), -_best(one), -one.sick)))


def _best(difference: Difference) -> float:
    return round(difference.traits[0].lift, 2) if difference.traits else 0


def _difference(connection: DuckDBPyConnection, found: Found, most: int) -> Difference | None:
    code, counts = {"code": found.code}, dict[bool, int]()
    for outcomes in ("= 'ok'", "<> 'crashed'"):
        well = ENDED.format(outcomes=outcomes)
        connection.execute(SIDES.format(sick=SICK, well=well), code)
        counts = dict(connection.execute("SELECT sick, count(*) FROM side GROUP BY sick").fetchall())
        if counts.get(False):
            break
    sick, healthy = int(counts.get(True, 0)), int(counts.get(False, 0))
    if not sick or not healthy:
        return None
    asked = {"sick": sick, "well": healthy, "least": LEAST}
    rows = connection.execute(TRAITS, asked).fetchall()
    traits = _folded(rows)
    told = (*together(connection, traits, sick, healthy), *traits)[:most]
    return Difference(found.code, found.severity, sick, healthy, told)


def _folded(rows: list[tuple[str, str | None, int, int, float]]) -> tuple[Trait, ...]:
    """Values that as many machines of either side have are told as one: they go together."""
    together: dict[tuple[int, int], list[tuple[str, str | None, float]]] = {}
    for place, value, sick, well, lift in rows:
        together.setdefault((int(sick), int(well)), []).append((place, value, float(lift)))
    traits = []
    for (sick, well), places in together.items():
        (place, value, lift), *others = places
        alike = tuple(other for other, *_ in others[:MOST_ALIKE])
        traits.append(Trait(place, value, sick, well, lift, alike, len(others) - len(alike)))
    return tuple(traits)
