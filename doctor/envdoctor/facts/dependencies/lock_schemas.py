"""Is a lock in another format than the manager can read?"""

from __future__ import annotations

from envdoctor.facts.dependencies.lock_formats import text
from envdoctor.facts.project.project import ProjectManager
from envdoctor.system.toml import Table, table_at
from envdoctor.text import pep440
from envdoctor.text.numbers import whole
from envdoctor.text.plain import plain

# Every uv up to this one reads schema 1 alone, of any revision. What a later one reads, nobody knows yet.
UV_KNOWN, UV_SCHEMA = (0, 14), 1
PDM_SCHEMA = 4
POETRY_SCHEMA = 2  # poetry reads major versions 1 and 2
UNSUPPORTED = "uses an unsupported schema version (v{}, but only v1 is supported)"
INCOMPATIBLE = "is not compatible with any known version of poetry: its `lock-version` is {}"


def is_older_than_pdm_reads(table: Table) -> bool:
    """Whether `pdm lock --check` calls a `pdm.lock` incompatible because of its age, as pdm 2.8 and newer do."""
    version = pep440.version(text(table_at(table, "metadata").get("lock_version")) or "0")
    return version is not None and version.major < PDM_SCHEMA


def newer_schema(manager: ProjectManager, table: Table, uv: tuple[int, ...] | None) -> str | None:
    """What the manager says of a lock in a newer format; None if it can read it, as pdm reads any."""
    match manager:
        case ProjectManager.UV if uv is not None and uv < UV_KNOWN:
            version = table.get("version")
            newer = isinstance(version, int) and version > UV_SCHEMA
            return UNSUPPORTED.format(version) if newer else None
        case ProjectManager.POETRY:
            version = text(table_at(table, "metadata").get("lock-version")) or ""
            major = whole(version.partition(".")[0])
            return INCOMPATIBLE.format(plain(version)) if major is not None and major > POETRY_SCHEMA else None
        case _:
            return None
