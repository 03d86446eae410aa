"""What does poetry refuse of the groups that its own groups include? In the words of 2.2 to 2.5, which read them."""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor.facts.python.distributions import normalised
from envdoctor.system.toml import Table, strings, table_at
from envdoctor.text.plain import plain

INCLUDES = "include-groups"
MAIN, LEGACY = "main", "dev"
"""Groups that poetry makes of other tables: of the project's own dependencies, and of `dev-dependencies`."""
Place = tuple[str, str, str]


def faults(document: Table) -> Iterator[tuple[Place, str]]:
    """Where each stands (table, key, within), and what is wrong with it."""
    poetry, standard = table_at(document, "tool", "poetry"), table_at(document, "dependency-groups")
    groups = table_at(poetry, "group")
    known = {normalised(name) for name in (*groups, *standard, MAIN)}
    if "dev-dependencies" in poetry:
        known.add(LEGACY)
    for group in groups:
        table, included = f"tool.poetry.group.{group}", table_at(groups, group).get(INCLUDES, [])
        if not isinstance(included, list):
            yield (table, INCLUDES, ""), f"{plain(table)}.{INCLUDES} must be array"
        for name in strings(included):
            if normalised(name) == normalised(group):
                yield (table, INCLUDES, name), f"cyclic dependency group include in {plain(group)}: {plain(name)}"
            elif normalised(name) not in known:
                said = f"group `{plain(group)}` includes group `{plain(name)}` which is not defined"
                yield (table, INCLUDES, name), said
