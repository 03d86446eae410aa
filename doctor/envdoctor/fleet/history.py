"""What is different since an earlier collection, in a directory whose directories are collections with dated names."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from envdoctor.fleet.answer import Change, History
from envdoctor.fleet.asking import RANK, SEVERITIES
from envdoctor.fleet.gathering import Tell, gather
from envdoctor.fleet.sources import NoSource
from envdoctor.fleet.store import Store

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# A check that crashed, or that the other envdoctor did not know, says nothing of what is new or gone.
NEW = f"""
SELECT finding.code, {RANK},
  list_sort(list_distinct(list(machine.name))) AS names
FROM finding JOIN machine ON machine.id = finding.machine JOIN chosen ON chosen.machine = machine.id
  LEFT JOIN past.machine AS before ON before.name = machine.name
  LEFT JOIN past.verdict AS verdict ON verdict.variant = before.verdicts AND verdict.code = finding.code
WHERE before.name IS NULL OR verdict.outcome NOT IN ('found', 'crashed')
GROUP BY finding.code ORDER BY rank DESC, len(names) DESC, finding.code
"""  # noqa: S608 - words above
GONE = f"""
SELECT finding.code, {RANK},
  list_sort(list_distinct(list(machine.name))) AS names
FROM past.finding AS finding JOIN past.machine AS before ON before.id = finding.machine
  JOIN machine ON machine.name = before.name JOIN chosen ON chosen.machine = machine.id
  JOIN verdict ON verdict.variant = machine.verdicts AND verdict.code = finding.code
WHERE verdict.outcome NOT IN ('found', 'crashed')
GROUP BY finding.code ORDER BY rank DESC, len(names) DESC, finding.code
"""  # noqa: S608 - words above
ADDED = "SELECT name FROM chosen WHERE name NOT IN (SELECT name FROM past.machine) ORDER BY name"
LOST = "SELECT name FROM past.machine WHERE name NOT IN (SELECT name FROM machine) ORDER BY name"


def collections(source: str) -> tuple[str, ...]:
    """The collections in a directory, the oldest first; none where it holds reports itself."""
    if not os.path.isdir(source):
        return ()
    try:
        with os.scandir(source) as entries:
            seen = [(entry.name, entry.is_dir()) for entry in entries if not entry.name.startswith(".")]
    except OSError as error:
        raise NoSource(f"{source}: {error.strerror}") from error
    return tuple(sorted(name for name, _ in seen)) if all(is_directory for _, is_directory in seen) else ()


def earlier(found: tuple[str, ...], since: str | None, source: str) -> str | None:
    """The collection that the last is compared with: the one before, or the one that is named. Raises NoSource."""
    if since is None:
        return found[-2] if len(found) > 1 else None
    if since not in found[:-1]:
        known = ", ".join(found[:-1][-5:]) or "none"
        raise NoSource(f"--since {since}: {source} has no such earlier collection; the last of them: {known}")
    return since


def history(store: Store, directory: str, source: str, names: tuple[str, str], tell: Tell) -> History:
    """What is different in what the store holds since an earlier collection; `names` are that one's and this one's."""
    before, now = names
    past = Store(directory, findings_only=True)
    try:
        gather(os.path.join(source, before), past, tell)
    finally:
        past.close()
    connection = store.connection
    file = past.file.replace("'", "''")
    connection.execute(f"ATTACH '{file}' AS past (READ_ONLY)")
    told = History(
        before,
        now,
        new=_changes(connection, NEW),
        gone=_changes(connection, GONE),
        added=_names(connection, ADDED),
        lost=_names(connection, LOST),
    )
    connection.execute("DETACH past")
    return told


def _changes(connection: DuckDBPyConnection, question: str) -> tuple[Change, ...]:
    rows = connection.execute(question).fetchall()
    return tuple(Change(code, SEVERITIES[rank], tuple(names)) for code, rank, names in rows)


def _names(connection: DuckDBPyConnection, question: str) -> tuple[str, ...]:
    return tuple(name for (name,) in connection.execute(question).fetchall())
