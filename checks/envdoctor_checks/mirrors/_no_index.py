"""Which indexes are set and never asked, because `no-index` turns all of them off?"""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor import EditFile, Evidence, Finding, Fix, Manual, Safety, Severity
from envdoctor.facts.http.url import Address
from envdoctor.facts.pip.indexes import PipIndexes
from envdoctor.facts.uv.indexes import UvIndexes
from envdoctor.facts.uv.settings import UvValue
from envdoctor_checks.common.pip_settings import proof, spelled, without
from envdoctor_checks.mirrors._urls import shown


def never_asked(pip: PipIndexes, uv: UvIndexes) -> Iterator[Finding]:
    """What to say of the first index of each tool that is set beside `no-index`."""
    if setting := pip.no_index:
        for address in (*pip.indexes[:1], *pip.extras)[:1]:
            fix = without(setting, _summary("pip"))
            yield _finding("pip", address, spelled(setting), fix, proof(setting), pip.find_links)
    if value := uv.no_index or uv.no_index_of_projects:
        tool = "uv" if uv.no_index and uv.no_index_of_projects else "uv pip" if uv.no_index else "uv sync"
        said = f"`{_key(value)} = true` in {value.origin}"
        evidence = Evidence(value.text or _key(value), value.origin)
        for address in (*uv.defaults[:1], *uv.extras)[:1]:
            yield _finding(tool, address, said, _without(value, tool), evidence, uv.find_links)


def _finding(tool: str, address: Address, said: str, fix: Fix, proof: Evidence, links: tuple[Address, ...]) -> Finding:
    """Where other places are named, the setting may be meant so; where there are none, nothing can be installed."""
    instead = f"only {shown(links[0])} is searched" if links else "no package can be installed by its name"
    return Finding(
        f"{tool} never asks {shown(address)}: {said} turns every index off, and {instead}",
        fix,
        address.origin,
        (address.evidence, proof),
        Severity.INFO if links else Severity.WARNING,
    )


def _summary(tool: str) -> str:
    return f"Remove no-index, so that {tool} asks the index"


def _without(value: UvValue, tool: str) -> Fix:
    if not value.text:
        return Fix(_summary(tool), Manual(f"Take `{_key(value)}` out of {value.origin}."))
    return Fix(_summary(tool), EditFile(value.path, remove=(value.text,)), safety=Safety.CHANGES_STATE)


def _key(value: UvValue) -> str:
    return value.key.rpartition(".")[2]
