"""Which locks of the project does their tool refuse?"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

from envdoctor.facts.dependencies import conflicts, lock_shapes
from envdoctor.facts.dependencies.lock_formats import read_lock
from envdoctor.facts.dependencies.lock_schemas import newer_schema
from envdoctor.facts.dependencies.refusal import Read, Refusal, RefusalKind, classified, malformed
from envdoctor.facts.project.project import Project, ProjectManager
from envdoctor.facts.uv.installations import UvCopies
from envdoctor.system.files import Unreadable
from envdoctor.system.once import Once
from envdoctor.system.toml import Document


def of_locks(project: Project, uv: UvCopies | None) -> Iterator[Refusal]:
    """The locks that are refused; each is read once."""
    tool, manager, read = project.manager.value, project.manager, Once(read_lock)
    if (lock := _lock(project)) is not None:
        yield from malformed(tool, lock, read, is_lock=True)
        if newer := _newer(lock, manager, uv, read):
            yield Refusal(tool, lock, newer, RefusalKind.SCHEMA, is_lock=True)
        if manager is ProjectManager.UV:
            yield from _misshapen(tool, lock, read, lock_shapes.uv_lock_faults)
        elif manager is ProjectManager.PDM:
            yield from _misshapen(tool, lock, read, lock_shapes.pdm_lock_faults)
    exported = os.path.join(project.root, lock_shapes.PYLOCK)
    if os.path.isfile(exported):
        yield from malformed("uv", exported, read, is_lock=True)
        yield from _misshapen("uv", exported, read, lock_shapes.pylock_faults)
    if (lock := project.lock_of(ProjectManager.PIXI)) and manager is ProjectManager.PIXI:
        from envdoctor.facts.dependencies import pixi_lock

        if found := pixi_lock.fault(lock):
            number, reason = found
            said, kind, line = classified(lock, reason, number)
            yield Refusal(tool, lock, said, kind, line, is_lock=True, resumable=conflicts.is_merging(lock))
        elif newer := pixi_lock.newer(lock):
            yield Refusal(tool, lock, newer, RefusalKind.SCHEMA, is_lock=True)


def _misshapen(
    tool: str, lock: str, read: Read, faults: Callable[[Document], Iterator[tuple[int, str]]]
) -> Iterator[Refusal]:
    """What a lock in the right format lacks; one in a newer schema may be of another shape."""
    try:
        document = read(lock)
    except Unreadable:
        return
    for line, said in faults(document):
        yield Refusal(tool, lock, said, RefusalKind.CONTENT, line, is_lock=True)


def _lock(project: Project) -> str | None:
    """The lock of the project's manager, if it is in a format that is read here."""
    path = project.lock_of(project.manager)
    return None if path is None or path.endswith((".yml", "pixi.lock")) else path


def _newer(lock: str, manager: ProjectManager, uv: UvCopies | None, read: Read) -> str | None:
    try:
        return newer_schema(manager, read(lock).table, uv.first.version if uv else None)
    except Unreadable:
        return None
