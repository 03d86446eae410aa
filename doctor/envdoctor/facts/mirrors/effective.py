"""For every tool: which index, which Python downloads, which certificates, which proxy, and what has set each?"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.conda.condarc import Condarc
from envdoctor.facts.http.url import Address
from envdoctor.facts.mirrors.downloads import HubEndpoint, InstallerMirrors, PythonMirrors
from envdoctor.facts.mirrors.project_sources import ProjectSources, SourceTool
from envdoctor.facts.network.anchors import Anchors, Trusted
from envdoctor.facts.network.proxies import Proxies, Proxy
from envdoctor.facts.pip.indexes import PipIndexes
from envdoctor.facts.shell.startup_files import StartupFiles
from envdoctor.facts.shell.startup_lines import LineKind
from envdoctor.facts.uv.indexes import UvIndexes

CHANNELS = ("channels", "default_channels")
NO_INDEX = "none is asked (no-index)"


class Aspect(enum.Enum):
    """What a setting is about."""

    INDEX = "index"
    ALSO = "also asked"
    PYTHONS = "Python downloads"
    CERTIFICATES = "certificates"
    PROXY = "proxy"
    DOWNLOADS = "downloads"


class EffectiveSetting(Fact, frozen=True):
    """One thing that counts for one tool.

    Attributes:
        tool: `pip`, `uv`, `uv add, uv sync, uv run` …
        aspect: what it is about.
        value: what counts; None where the tool's own default does.
        set_by: what has set it: a variable, with the line that exports it; a file with its line; None for the default.
    """

    tool: str
    aspect: Aspect
    value: str | None = None
    set_by: str | None = None


class OtherTools(Fact, frozen=True):
    """What is set for conda, poetry, pipenv, uv's installer and the client of the model hub."""

    channels: tuple[Address, ...] = ()
    poetry: tuple[Address, ...] = ()
    pipenv: tuple[Address, ...] = ()
    installer: tuple[Address, ...] = ()
    hub: tuple[Address, ...] = ()


@probe
def probe_other_tools(
    condarc: Condarc | None,
    sources: ProjectSources | None,
    installer: InstallerMirrors | None,
    hub: HubEndpoint | None,
) -> OtherTools:
    """Collect the addresses of the tools that have no index in the sense of pip."""
    found = sources or ProjectSources()
    mirror = (found.pipenv_mirror,) if found.pipenv_mirror else ()
    return OtherTools(
        tuple(_channels(condarc)) if condarc else (),
        tuple(source.address for source in found.of(SourceTool.POETRY)),
        (*mirror, *(source.address for source in found.of(SourceTool.PIPENV))),
        installer.addresses[:1] if installer else (),
        (hub.endpoint,) if hub and hub.endpoint else (),
    )


class EffectiveIndexes(Fact, frozen=True):
    """What counts for every tool that is here, or that something is set for."""

    settings: tuple[EffectiveSetting, ...] = ()


@probe
def probe_effective_indexes(
    commands: Commands,
    pip: PipIndexes,
    uv: UvIndexes,
    pythons: PythonMirrors | None,
    trust: Trusted,
    proxies: Proxies | None,
    startup: StartupFiles | None,
    others: OtherTools,
) -> EffectiveIndexes:
    """Put together what each tool would use."""
    ways = proxies or Proxies()
    rows: list[EffectiveSetting] = []
    if commands.first("pip") or pip.index or pip.extras:
        if pip.no_index:
            rows.append(EffectiveSetting("pip", Aspect.INDEX, NO_INDEX, pip.no_index.origin))
        else:
            rows += _addresses("pip", pip.index, pip.extras)
        rows += (
            _certificates("pip", trust.pip),
            _proxy("pip", ways.for_pip("https")),
        )
    if commands.first("uv") or uv.default or uv.extras or pythons:
        rows += _uv(uv, pythons)
        store = EffectiveSetting("uv", Aspect.CERTIFICATES, "the system's store", trust.system_store)
        rows.append(store if trust.system_store and not trust.uv.settings else _certificates("uv", trust.uv))
        rows.append(_proxy("uv", ways.for_uv("https")))
    if commands.first("conda") or others.channels:
        rows += _addresses("conda", next(iter(others.channels), None), others.channels[1:])
        rows += (_certificates("conda", trust.conda), _proxy("conda", ways.for_conda("https")))
    for tool, sources in (("poetry", others.poetry), ("pipenv", others.pipenv)):
        if sources:
            rows += _addresses(tool, sources[0], sources[1:])
            rows += (_certificates(tool, trust.requests), _proxy(tool, ways.for_python("https")))
    rows += [EffectiveSetting("uv's installer", Aspect.DOWNLOADS, a.text, a.origin) for a in others.installer]
    rows += [EffectiveSetting("models", Aspect.DOWNLOADS, a.text, a.origin) for a in others.hub]
    return EffectiveIndexes(tuple(_with_line(row, startup) for row in rows))


def _channels(condarc: Condarc) -> Iterator[Address]:
    for key in CHANNELS:
        yield from (Address(value.value, key, value.origin, value.path) for value in condarc.elements(key))
    if alias := condarc.value("channel_alias"):
        yield Address(alias.value, "channel_alias", alias.origin, alias.path)
    for value in condarc.entries("custom_channels"):
        yield Address(f"{value.entry}: {value.value}", "custom_channels", value.origin, value.path)


def _uv(uv: UvIndexes, pythons: PythonMirrors | None) -> Iterator[EffectiveSetting]:
    """The rows of uv: where its commands differ, one for each group of them."""
    if uv.no_index:
        yield EffectiveSetting("uv", Aspect.INDEX, NO_INDEX, uv.no_index.origin)
    else:
        yield from _addresses("uv", uv.default, uv.extras)
    for tool, default in (("uv add, uv sync, uv run", uv.of_projects), ("uvx, uv tool", uv.of_tools)):
        if default != uv.default and uv.no_index_of_projects is None:
            yield from _addresses(tool, default, ())
    mirror = pythons.effective if pythons else None
    yield EffectiveSetting("uv", Aspect.PYTHONS, mirror.text if mirror else None, mirror.origin if mirror else None)


def _addresses(tool: str, first: Address | None, others: Iterable[Address]) -> Iterator[EffectiveSetting]:
    yield EffectiveSetting(tool, Aspect.INDEX, first.text if first else None, first.origin if first else None)
    yield from (EffectiveSetting(tool, Aspect.ALSO, other.text, other.origin) for other in others)


def _certificates(tool: str, anchors: Anchors) -> EffectiveSetting:
    if not anchors.settings:
        return EffectiveSetting(tool, Aspect.CERTIFICATES)
    return EffectiveSetting(tool, Aspect.CERTIFICATES, anchors.settings[0].value, anchors.settings[0].origin)


def _proxy(tool: str, proxy: Proxy | None) -> EffectiveSetting:
    if proxy is None:
        return EffectiveSetting(tool, Aspect.PROXY)
    return EffectiveSetting(tool, Aspect.PROXY, proxy.text, proxy.origin)


def _with_line(row: EffectiveSetting, startup: StartupFiles | None) -> EffectiveSetting:
    """The same, with the line of the start-up file that exports the variable to this value."""
    if startup is None or row.set_by is None:
        return row
    exporting = startup.mentions(row.set_by, kind=LineKind.EXPORT)
    lines = [line.origin for line in exporting if line.value and row.value and row.value in line.value]
    if not lines:
        return row
    return EffectiveSetting(row.tool, row.aspect, row.value, f"{row.set_by}, {lines[-1]}")
