"""What environments and caches take on the disk, as a person reads it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from envdoctor.facts.environments.disk_usage import DiskUsage
from envdoctor.render.lines import Line, Span, line

UNITS = ("B", "kB", "MB", "GB", "TB")


class Freed(msgspec.Struct, frozen=True):
    """A command that cleans a cache, and the bytes that it would free; None where time did not suffice."""

    argv: tuple[str, ...]
    frees: int | None


class CacheContents(msgspec.Struct, frozen=True):
    """A cache, what it takes, and what cleaning it would free.

    Attributes:
        tool: whose it is.
        path: the directory.
        origin: what names it.
        usage: what it takes; None where time did not suffice.
        cleaning: what each command of the tool would free.
    """

    tool: str
    path: str
    origin: str
    usage: DiskUsage | None
    cleaning: tuple[Freed, ...] = ()


class Sizes(msgspec.Struct, frozen=True):
    """What there is to say of sizes.

    Attributes:
        environments: what each environment takes, by its real path; None where time did not suffice.
        caches: the caches that are there.
        together: what all take together, each file once, in bytes.
        notes: what was not measured, and why.
    """

    environments: Mapping[str, DiskUsage | None]
    caches: Sequence[CacheContents] = ()
    together: int = 0
    notes: tuple[str, ...] = ()


def cache_lines(caches: Sequence[CacheContents], shown: Sequence[str]) -> Iterator[Line]:
    """A table of the caches, with the commands that clean each below it. `shown` are their paths as they are shown."""
    if not caches:
        return
    rows = [("cache", "size", "files", "place")]
    for cache, path in zip(caches, shown, strict=True):
        taken = cache.usage
        rows.append((cache.tool, size(taken.total) if taken else "?", str(taken.files) if taken else "?", path))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)][:3]
    yield line()
    yield line("  ", Span(_padded(rows[0], widths), "bold"))
    for cache, row in zip(caches, rows[1:], strict=True):
        yield line(Span(f"  {_padded((*row[:3], ''), widths)}", whole=True), Span(row[3], whole=True), hang=4)
        for freed in cache.cleaning:
            command = Span(f"{shlex.join(freed.argv)}  ", whole=True)
            yield line(command, Span(_effect(freed, cache.usage), "dim"), indent=4, hang=2)


def _padded(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "".join(f"{cell:<{width}}  " for cell, width in zip(cells, widths, strict=False)) + cells[-1]


def _effect(freed: Freed, usage: DiskUsage | None) -> str:
    if freed.frees is None:
        return "not measured"
    shared = usage.total - usage.own if usage else 0
    kept = f"; {size(shared)} of the cache are shared with environments" if shared and _is_all(freed, usage) else ""
    return f"would free {size(freed.frees)}{kept}"


def _is_all(freed: Freed, usage: DiskUsage | None) -> bool:
    return usage is not None and freed.frees == usage.own


def cache_entries(caches: Sequence[CacheContents]) -> list[dict[str, object]]:
    """The same as JSON."""
    return [
        {
            "tool": cache.tool,
            "path": cache.path,
            "origin": cache.origin,
            "bytes": cache.usage.total if cache.usage else None,
            "bytes_alone": cache.usage.own if cache.usage else None,
            "files": cache.usage.files if cache.usage else None,
            "cleaning": [{"argv": list(freed.argv), "bytes_freed": freed.frees} for freed in cache.cleaning],
        }
        for cache in caches
    ]


def size(count: int) -> str:
    """Bytes as people write them, with decimal units."""
    value = float(count)
    for unit in UNITS:
        if value < 1000 or unit == UNITS[-1]:
            return f"{value:.0f} {unit}" if value >= 100 or unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    raise AssertionError(count)
