"""The environments of the machine, as a person reads them: one line each, the broken ones with the reason below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from envdoctor import __version__
from envdoctor.facts.environments.disk_usage import DiskUsage
from envdoctor.facts.environments.kinds import KnownEnvironment
from envdoctor.render.lines import Line, Span, line
from envdoctor.render.sizes import CacheContents, cache_entries, cache_lines, size
from envdoctor.text.json_text import json_text

DAY = 86_400


class Examined(msgspec.Struct, frozen=True):
    """What the checks of installed packages say of one environment.

    Attributes:
        findings: code, severity and message of each.
        reason: what could not be examined, and why; None if all could.
        unsettled: whether more might have been found there.
    """

    findings: tuple[tuple[str, str, str], ...] = ()
    reason: str | None = None
    unsettled: bool = False

    @property
    def has_errors(self) -> bool:
        """Whether one of the findings is an error."""
        return any(severity == "error" for _, severity, _ in self.findings)

    @property
    def summary(self) -> str:
        """`2 errors, 1 warning: PKG001, PKG003`; empty where there is nothing to say."""
        severities = [severity for _, severity, _ in self.findings]
        counts = [(severities.count(name), word) for name, word in (("error", "error"), ("warning", "warning"))]
        said = [f"{count} {word}{'s' if count > 1 else ''}" for count, word in counts if count]
        codes = ", ".join(sorted({code for code, severity, _ in self.findings if severity != "info"}))
        parts = [f"{', '.join(said)}: {codes}"] if said else []
        parts += [f"not examined whole: {self.reason}"] if self.reason else []
        return "; ".join(parts)


class Listing(msgspec.Struct, frozen=True):
    """What there is to show.

    Attributes:
        environments: the environments, in order.
        notes: what was left out, and why, a sentence each.
        sizes: what each takes, by its real path; None where sizes were not asked for.
        together: what all take together, the caches too, each file once, in bytes.
        home: the home directory, which is shown as `~`.
        now: the time, in seconds since 1970.
        examined: what is found in each, by its real path; None where that was not asked for.
        caches: what the caches of tools take, where sizes were asked for.
    """

    environments: Sequence[KnownEnvironment]
    notes: Sequence[str] = ()
    sizes: Mapping[str, DiskUsage | None] | None = None
    together: int = 0
    home: str | None = None
    now: float = 0.0
    examined: Mapping[str, Examined] | None = None
    caches: Sequence[CacheContents] = ()


def layout(listing: Listing) -> list[Line]:
    """The table, and what it amounts to."""
    rows = [_cells(environment, listing) for environment in listing.environments]
    header = ["kind", "Python", "last used", *(["size", "alone"] if listing.sizes is not None else [])]
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    lines = [line("  ", Span(f"{_padded(header, widths)}environment", "bold"))] if rows else []
    for environment, cells in zip(listing.environments, rows, strict=True):
        lines += _row(environment, _padded(cells, widths), listing)
    lines += cache_lines(listing.caches, [_short(cache.path, listing.home) for cache in listing.caches])
    return [*lines, *_summary(listing)]


def _cells(environment: KnownEnvironment, listing: Listing) -> list[str]:
    cells = [environment.kind.value, environment.python or "-", ago(environment.used, listing.now)]
    if listing.sizes is not None:
        usage = listing.sizes.get(environment.real)
        cells += [size(usage.total), size(usage.own)] if usage else ["?", "?"]
    return cells


def _padded(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "".join(f"{cell:<{width}}  " for cell, width in zip(cells, widths, strict=True))


def _row(environment: KnownEnvironment, cells: str, listing: Listing) -> Iterator[Line]:
    mark = Span("✗ ", "bold red") if environment.problem else Span("✓ ", "green")
    path = Span(_short(environment.path, listing.home), whole=True)
    active = [Span("  "), Span("active", "bold green")] if environment.active else []
    base = Span(f"  on {_short(environment.base, listing.home)}" if environment.base else "", "dim", whole=True)
    yield line(mark, Span(cells, whole=True), path, *active, base, hang=4)
    if environment.problem:
        yield line(Span(environment.problem, "red"), indent=4)
    examined = (listing.examined or {}).get(environment.real)
    if examined is not None and examined.summary and not environment.problem:
        yield line(Span(examined.summary, "yellow"), indent=4)


def _summary(listing: Listing) -> Iterator[Line]:
    count, broken = len(listing.environments), sum(e.problem is not None for e in listing.environments)
    if listing.environments or listing.caches:
        yield line()
    noun = "environment" if count == 1 else "environments"
    yield line(Span(f"{count} {noun}", "bold"), f", {broken} broken" if broken else "")
    if listing.sizes is not None:
        each = sum(usage.total for usage in listing.sizes.values() if usage)
        own = sum(usage.own for usage in listing.sizes.values() if usage)
        yield line(
            f"{size(listing.together)} on the disk, {'caches too, ' if listing.caches else ''}each file counted once; "
            f"{size(each)} with each environment counted by itself, {size(own)} of that in no other place"
        )
    if listing.examined is not None:
        sick = sum(bool(examined.findings) for examined in listing.examined.values())
        unread = sum(bool(each.reason) and not each.findings for each in listing.examined.values())
        more = f", {unread} could not be" if unread else ""
        more += f", {count - len(listing.examined)} not reached in time" if count > len(listing.examined) else ""
        yield line(
            f"the packages of {len(listing.examined) - unread} examined: {sick} with findings{more}; "
            "`envdoctor check --python DIR --select PKG` tells them whole"
        )
    for note in listing.notes:
        yield line(Span("! ", "bold yellow"), note)


def ago(moment: float | None, now: float) -> str:
    """How long ago something was, as coarse as the file system knows it."""
    if moment is None:
        return "-"
    days = int(max(now - moment, 0) // DAY)
    for length, unit in ((365, "year"), (30, "month"), (1, "day")):
        if days >= length:
            number = days // length
            return f"{number} {unit}{'s' if number > 1 else ''} ago"
    return "today"


def _short(path: str, home: str | None) -> str:
    if home and home != "/" and (path == home or path.startswith(f"{home.rstrip('/')}/")):
        return f"~{path[len(home.rstrip('/')) :]}"
    return path


def document(listing: Listing) -> str:
    """The same as JSON."""
    environments = [_entry(environment, listing) for environment in listing.environments]
    content = {
        "schema": 1,
        "tool": {"name": "envdoctor", "version": __version__},
        "environments": environments,
        "notes": list(listing.notes),
    }
    if listing.sizes is not None:
        content["bytes_together"] = listing.together
        content["caches"] = cache_entries(listing.caches)
    return json_text(content)


def _entry(environment: KnownEnvironment, listing: Listing) -> dict[str, object]:
    entry: dict[str, object] = msgspec.to_builtins(environment)
    moment = environment.used
    entry["used"] = datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment is not None else None
    entry["healthy"] = environment.problem is None
    if listing.sizes is not None:
        usage = listing.sizes.get(environment.real)
        entry["bytes"], entry["bytes_alone"] = (usage.total, usage.own) if usage else (None, None)
    if listing.examined is not None:
        examined = listing.examined.get(environment.real)
        findings = examined.findings if examined else None
        names = ("code", "severity", "message")
        entry["findings"] = None if findings is None else [dict(zip(names, one, strict=True)) for one in findings]
        entry["not_examined"] = examined.reason if examined else "not reached in time"
    return entry
