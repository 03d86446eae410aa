"""What goes wrong in a process because it got another file for a library than it would have got?

The loader's own rules of symbol versions (glibc, elf/dl-version.c): a library that has versions and lacks one that is
required ends the program; one that has no versions at all draws a warning and is used; a symbol that is nowhere ends
the program when it is first used.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Sequence

from envdoctor.engine.fact import Fact
from envdoctor.system.files import Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:  # what reads ELF files is loaded when there is one to read: most sessions set no library path
    from envdoctor.facts.loader.process import Failure, Mapped, Process
    from envdoctor.facts.loader.symbols import Symbols


class Effect(enum.Enum):
    """What comes of a library that was not meant."""

    BREAKS = "breaks"
    WARNS = "warns"


class Clash(Fact, frozen=True):
    """One library that a process gets and that does not fit.

    Attributes:
        soname: the library, as it is asked for.
        needed_by: the file that needs it.
        file: the file that is taken; None where none is found.
        instead_of: the file that would be taken otherwise; None where none would.
        effect: what comes of it.
        detail: why, to stand after the name of the file: `lacks the version GLIBCXX_3.4.30`.
    """

    soname: str
    needed_by: str
    file: str | None
    instead_of: str | None
    effect: Effect
    detail: str


class SymbolTables:
    """Symbols of files already looked at; None for what cannot be read or is too large to judge.

    Attributes:
        complete: files that have been found to get all that they ask for.
    """

    def __init__(self) -> None:
        self._known: dict[str, Symbols | None] = {}
        self.complete: set[str] = set()

    def look(self, path: str) -> Symbols | None:
        """The dynamic symbols of a file."""
        from envdoctor.facts.loader.symbols import read_symbols

        if path not in self._known:
            try:
                self._known[path] = read_symbols(path)
            except Unreadable:
                self._known[path] = None
        return self._known[path]


def clashes(before: Process, after: Process, tables: SymbolTables) -> tuple[Clash, ...]:
    """What goes wrong in a process that did not go wrong before; the worst first, one entry a library and user."""
    known = {(clash.soname, clash.detail) for clash in version_clashes(before)}
    found: dict[tuple[str, str], Clash] = {}
    for clash in (*version_clashes(after, before), *_symbol_clashes(before, after, tables)):
        if (clash.soname, clash.detail) not in known:
            kept = found.setdefault((clash.soname, clash.needed_by), clash)
            if clash.effect is Effect.BREAKS and kept.effect is Effect.WARNS:
                found[clash.soname, clash.needed_by] = clash
    return tuple(sorted(found.values(), key=lambda clash: clash.effect is not Effect.BREAKS))


def version_clashes(
    process: Process,
    before: Process | None = None,
    users: Sequence[Mapped] | None = None,
    failures: Sequence[Failure] | None = None,
) -> Iterator[Clash]:
    """What the loader itself complains of when it starts a process: libraries and versions that are not there.

    Args:
        process: the process.
        before: the process as it should be, for comparison.
        users: the objects whose needs count; all, if left out.
        failures: the failures that count; all, if left out.
    """
    for failure in process.failures if failures is None else failures:
        detail = "is not found" if failure.file is None else f"cannot be loaded ({failure.reason})"
        if failure.needed_by != "LD_PRELOAD":  # which the loader reports and ignores
            instead = _path(before, failure.name)
            yield Clash(failure.name, failure.needed_by, failure.file, instead, Effect.BREAKS, detail)
    for user in process.objects if users is None else users:
        for requirement in user.elf.required:
            provider = process.names.get(requirement.soname)
            if provider is None:
                continue
            instead = _path(before, requirement.soname)
            if not provider.elf.defined:
                detail, effect = "has no version information", Effect.WARNS
            elif lacking := [label for label in requirement.versions if label not in provider.elf.defined]:
                detail, effect = f"lacks the version {highest(lacking)}", Effect.BREAKS
            else:
                continue
            yield Clash(requirement.soname, user.path, provider.path, instead, effect, detail)


def _symbol_clashes(before: Process, after: Process, tables: SymbolTables) -> Iterator[Clash]:
    """Symbols that users of a replaced library found in the old file, and that are nowhere now."""
    for soname, new in after.names.items():
        old = before.names.get(soname)
        if old is None or old.elf.path == new.elf.path or soname != new.elf.soname:
            continue
        had, has = tables.look(old.path), tables.look(new.path)
        if had is None or has is None:
            continue
        for user in after.objects:
            if soname in user.elf.needed and (lacking := _lacking(user, had, has, after, tables)):
                yield Clash(soname, user.path, new.path, old.path, Effect.BREAKS, f"lacks the symbol {lacking}")


def _lacking(user: Mapped, had: Symbols, has: Symbols, after: Process, tables: SymbolTables) -> str | None:
    """The first symbol of a user that the old file had and nothing has now."""
    own = tables.look(user.path)
    for wanted in own.wanted if own else ():
        if had.provide(wanted) and not has.provide(wanted):
            others = (tables.look(other.path) for other in after.objects)
            if not any(other is None or other.provide(wanted) for other in others):
                return str(wanted)
    return None


def _path(process: Process | None, name: str) -> str | None:
    mapped = process.names.get(name) if process else None
    return mapped.path if mapped else None


def highest(labels: list[str]) -> str:
    """The highest of several version labels, their numbers compared as numbers."""
    return max(labels, key=version_key)


def version_key(label: str) -> tuple[str, tuple[int, ...]]:
    """What to sort version labels by: `GLIBCXX_3.4.9` comes before `GLIBCXX_3.4.30`."""
    name, _, numbers = label.rpartition("_")
    return name, tuple(int(part) for part in numbers.split(".") if re.fullmatch(r"[0-9]{1,9}", part))
