"""Sets of machines as ClusterShell writes them: `m[1-3]`, `@gpu`, `m[1-99]!m7`."""

from __future__ import annotations

from collections.abc import Sequence

from envdoctor.fleet import extra
from envdoctor.text.patterns import pattern

# names of several numbers fold along several axes, which takes long
SIMPLE = pattern(r"[A-Za-z_.-]+[0-9]+[A-Za-z_.-]*")


class BadNodes(Exception):  # noqa: N818 - the user's word is wrong, not the program
    """A set of machines that cannot be read, or is empty. The message says why."""


def expanded(nodes: str) -> tuple[str, ...]:
    """The machines of a set, in its order. Raises BadNodes, ExtraMissing."""
    node_set, node_utils = extra.module("ClusterShell.NodeSet"), extra.module("ClusterShell.NodeUtils")
    wrong = (node_set.NodeSetException, node_utils.GroupResolverError, node_utils.GroupSourceError)
    try:
        names = tuple(map(str, node_set.NodeSet(nodes)))
    except wrong as error:
        raise BadNodes(f"{nodes}: {error}") from error
    if not names:
        raise BadNodes(f"{nodes}: no machine is in this set")
    odd = next((name for name in names if "/" in name or name.startswith((".", "-"))), None)
    if odd is not None:
        raise BadNodes(f"{odd}: no name of a machine, and of a file")
    return names


def folded(names: Sequence[str]) -> str:
    """Machines as one set, `m[1-3]`; empty where their names make none, or ClusterShell is not there."""
    if len(names) < 2 or not all(map(SIMPLE.fullmatch, names)):
        return ""
    try:
        node_set = extra.module("ClusterShell.NodeSet")
    except extra.ExtraMissing:
        return ""
    return str(node_set.NodeSet.fromlist(names, resolver=node_set.RESOLVER_NOGROUP))
