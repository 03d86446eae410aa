"""Is a lock in a newer format than the manager can read?"""

from __future__ import annotations

from envdoctor.facts.dependencies.lock_formats import text
from envdoctor.facts.project.project import ProjectManager
from envdoctor.system.toml import Table, table_at

# Every uv up to this one reads schema 1 alone, of any revision. What a later one reads, nobody knows yet.
UV_KNOWN, UV_SCHEMA = (0, 14), 1
POETRY_SCHEMA = 2  # poetry reads major versions 1 and 2
UNSUPPORTED = "uses an unsupported schema version (v{}, but only v1 is supported)"
INCOMPATIBLE = "is not compatible with any known version of poetry: its `lock-version` is {}"


def newer_schema(manager: ProjectManager, table: Table, uv: tuple[int, ...] | None) -> str | None:
    """What the manager says of a lock in a newer format; None if it can read it. pdm makes it again without a word."""
    match manager:
        case ProjectManager.UV if uv is not None and uv < UV_KNOWN:
            version = table.get("version")
            newer = isinstance(version, int) and version > UV_SCHEMA
            return UNSUPPORTED.format(version) if newer else None
        case ProjectManager.POETRY:
            version = text(table_at(table, "metadata").get("lock-version")) or ""
            major = version.partition(".")[0]
            return INCOMPATIBLE.format(version) if major.isdigit() and int(major) > POETRY_SCHEMA else None
        case _:
            return None
