"""What was asked of `uv tool install`? The receipt in a tool's environment tells, so that it can be asked again."""

from __future__ import annotations

from envdoctor.system.toml import Table, strings, table_at

NAME = "uv-receipt.toml"
LOCAL = ("editable", "directory", "path")


def requested(receipt: Table) -> tuple[str, ...]:
    """The arguments of the `uv tool install` that the receipt speaks of: the tool, then a `--with` for each other."""
    listed = table_at(receipt, "tool").get("requirements")
    entries = listed if isinstance(listed, list) else []
    entries = [entry for entry in entries if isinstance(entry, dict) and isinstance(entry.get("name"), str)]
    arguments: list[str] = []
    for number, entry in enumerate(entries):
        editable = bool(entry.get("editable"))
        if number:
            arguments.append("--with-editable" if editable else "--with")
        elif editable:
            arguments.append("--editable")
        arguments.append(_requirement(entry))
    return tuple(arguments)


def _requirement(entry: Table) -> str:
    """One requirement as it is typed: a path, a name with a place to fetch it from, or a name with versions."""
    for place in LOCAL:
        if isinstance(entry.get(place), str):
            return str(entry[place])
    extras = strings(entry.get("extras"))
    name = f"{entry['name']}[{','.join(extras)}]" if extras else str(entry["name"])
    if entry.get("git"):
        return f"{name} @ git+{entry['git']}"
    return f"{name} @ {entry['url']}" if entry.get("url") else f"{name}{entry.get('specifier') or ''}"
