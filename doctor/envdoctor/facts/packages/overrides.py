"""What a project tells uv to believe instead of the metadata of packages: that is then no fault of the environment."""

from __future__ import annotations

from collections.abc import Iterable

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.project.project import Project
from envdoctor.facts.python.distributions import normalised
from envdoctor.system.files import Unreadable
from envdoctor.system.toml import Table, read_toml, strings, table_at
from envdoctor.text.patterns import pattern

NAME = pattern(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")


class UvOverrides(Fact, frozen=True):
    """The packages about which a project knows better.

    Attributes:
        dependencies: those of which it says what to install, whatever others require (`override-dependencies`).
        dependents: those whose requirements it states itself (`dependency-metadata`).
        cpu_torch: whether it takes PyTorch from an index of builds for CPUs.
    """

    dependencies: tuple[str, ...] = ()
    dependents: tuple[str, ...] = ()
    cpu_torch: bool = False


@probe
def probe_uv_overrides(project: Project) -> UvOverrides:
    """Read the settings of uv in the project's files."""
    root = project.workspace_root or project.root
    overridden: list[str] = []
    stated: list[str] = []
    cpu = False
    for path, keys in ((f"{root}/pyproject.toml", ("tool", "uv")), (f"{root}/uv.toml", ())):
        table = _settings(path, keys)
        overridden += strings(table.get("override-dependencies"))
        entries = table.get("dependency-metadata")
        stated += [str(entry.get("name", "")) for entry in _tables(entries)]
        cpu = cpu or _takes_cpu_builds(table)
    if not overridden and not stated and not cpu:
        raise Unavailable("nothing overrides the requirements of packages")
    return UvOverrides(_names(overridden), _names(stated), cpu)


def _takes_cpu_builds(table: Table) -> bool:
    """Whether PyTorch comes from an index whose name or address ends in `cpu`, on some platform at least."""
    if table_at(table, "pip").get("torch-backend") == "cpu":
        return True
    source = table_at(table, "sources").get("torch")
    sources = _tables(source if isinstance(source, list) else [source])
    named = {str(entry.get("index", "")) for entry in sources}
    known = {str(entry.get("name", "")): str(entry.get("url", "")) for entry in _tables(table.get("index"))}
    return any(name and f"{name} {known.get(name, '')}".rstrip("/").endswith("cpu") for name in named)


def _settings(path: str, keys: tuple[str, ...]) -> Table:
    try:
        return table_at(read_toml(path).table, *keys)
    except (Unreadable, ValueError):
        return {}


def _tables(entries: object) -> Iterable[Table]:
    return (entry for entry in (entries if isinstance(entries, list) else ()) if isinstance(entry, dict))


def _names(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({normalised(found[1]) for text in texts if (found := NAME.match(text))}))
