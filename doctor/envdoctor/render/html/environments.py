"""The environments as a tree: each below the Python that it stands on."""

from __future__ import annotations

from collections.abc import Iterable

from envdoctor.facts.environments.kinds import KnownEnvironment
from envdoctor.facts.environments.registered import RegisteredEnvironments
from envdoctor.render.html.tags import Content, Html, code, figure, table, tag

TITLE = "Environments by what they stand on"
MOST = 200


def picture(registered: RegisteredEnvironments) -> Html:
    """The tree, and the table beside it."""
    environments = registered.environments[:MOST]
    broken = sum(each.problem is not None for each in environments)
    left = len(registered.environments) - len(environments)
    said = f"{len(registered.environments)} environments, {broken} of them broken (✗)."
    more = [tag("li", f"and {left} more")] if left else []
    return figure(
        "environments",
        TITLE,
        said,
        tag("ul", *_tree(environments), *more, class_="tree"),
        table(TITLE, ("environment", "kind", "Python", "stands on", "state"), map(_row, environments)),
    )


def _tree(environments: Iterable[KnownEnvironment]) -> list[Content]:
    """Each base with what stands on it; a base that is an environment itself stands in its own place."""
    listed = tuple(environments)
    above = {each.path: _parent(each, listed) for each in listed}
    roots = [each for each in listed if above[each.path] is None and each.base is None]
    strangers = dict.fromkeys(each.base for each in listed if each.base and above[each.path] is None)
    nodes: list[Content] = [_node(each, listed, above, 0) for each in roots]
    for base in strangers:
        children = [each for each in listed if each.base == base and above[each.path] is None]
        name = tag("span", code(str(base)), tag("small", "a Python"), class_="box")
        nodes.append(tag("li", name, tag("ul", *(_node(each, listed, above, 1) for each in children))))
    return nodes


def _parent(environment: KnownEnvironment, listed: tuple[KnownEnvironment, ...]) -> str | None:
    """The listed environment whose Python an environment stands on: the innermost."""
    base = environment.base
    if base is None:
        return None
    around = [
        each.path
        for each in listed
        if each.path != environment.path
        and any(base == place or base.startswith(f"{place.rstrip('/')}/") for place in (each.path, each.real))
    ]
    return max(around, key=len, default=None)


def _node(
    environment: KnownEnvironment, listed: tuple[KnownEnvironment, ...], above: dict[str, str | None], depth: int
) -> Html:
    children = [each for each in listed if above[each.path] == environment.path] if depth < len(listed) else []
    style = "bad" if environment.problem else "good" if environment.active else "plain"
    sign = "✗ " if environment.problem else "✓ "
    about = ", ".join(
        filter(None, (environment.kind.value, environment.python, "active" if environment.active else ""))
    )
    box = tag(
        "span",
        tag("span", sign, class_="mark bad" if environment.problem else "mark good"),
        code(environment.path),
        tag("small", about),
        tag("small", environment.problem) if environment.problem else "",
        class_=f"box {style}",
    )
    below = tag("ul", *(_node(each, listed, above, depth + 1) for each in children)) if children else ""
    return tag("li", box, below)


def _row(environment: KnownEnvironment) -> tuple[Content, ...]:
    state = f"✗ {environment.problem}" if environment.problem else "✓ works"
    return (
        code(environment.path),
        environment.kind.value,
        environment.python or "-",
        code(environment.base) if environment.base else "itself",
        f"{state}, active" if environment.active else state,
    )
