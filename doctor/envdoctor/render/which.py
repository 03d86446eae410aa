"""What commands really run, and where installs would land, as a person reads it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from envdoctor.facts.commands.commands import Hit
from envdoctor.facts.environments.install_targets import InstallTarget
from envdoctor.facts.python.interpreters import FailureKind, Interpreters
from envdoctor.render.lines import Line, Span, line


class Chain(msgspec.Struct, frozen=True):
    """One command and every file that answers to it, in the order of the search path."""

    name: str
    hits: tuple[Hit, ...]


def layout(chains: Sequence[Chain], interpreters: Interpreters | None, targets: Sequence[InstallTarget]) -> list[Line]:
    """The lines: each command with its evidence, then the table of targets."""
    lines = [shown for chain in chains for shown in _chain(chain, interpreters)]
    return lines + list(_targets(targets))


def _chain(chain: Chain, interpreters: Interpreters | None) -> Iterator[Line]:
    yield line(Span(chain.name, "bold"), "" if chain.hits else Span("  not found on the search path", "dim"))
    for number, hit in enumerate(chain.hits):
        first = number == 0
        mark = Span("→ " if first else "  ", "bold green")
        yield line(mark, Span(hit.path, "" if first else "dim"), indent=2, verbatim=True)
        if hit.problem:
            yield line(Span(hit.problem, "yellow"), indent=6)
        for step in way_of(hit, interpreters):
            yield line(Span(step, "" if first else "dim"), indent=6)
    yield line()


def way_of(hit: Hit, interpreters: Interpreters | None) -> Iterator[str]:
    """What stands between the file that the shell finds and what runs in the end."""
    if hit.same_as:
        yield f"the same file as {hit.same_as}"
        return
    if hit.manager:
        yield f"a shim of {hit.manager.value}" + (f", which selects {hit.version}" if hit.version else "")
    elif hit.real != hit.path:
        yield f"a link to {hit.real}"
    if hit.runs is None:
        return
    if hit.runs != hit.path:
        yield f"runs {hit.runs}"
    interpreter = interpreters.at(hit.runs) if interpreters else None
    failure = interpreters.failure_at(hit.runs) if interpreters else None
    if interpreter:
        kind = "virtual environment" if interpreter.is_venv else "conda environment" if interpreter.is_conda else "in"
        yield f"Python {interpreter.version_text}, {kind} {interpreter.prefix}"
    elif failure:
        yield failure.detail if failure.kind is FailureKind.REFUSED else f"{failure.kind.value}: {failure.detail}"


def _targets(targets: Sequence[InstallTarget]) -> Iterator[Line]:
    if not targets:
        return
    yield line(Span("Where an install would land", "bold"))
    command_width = max(len(target.command) for target in targets)
    place_width = max(len(place_of(target)) for target in targets)
    for target in targets:
        style = "dim" if target.root is None else ""
        command, place = f"{target.command:<{command_width}}  ", f"{place_of(target):<{place_width}}  "
        yield line(Span(command, "bold"), Span(place, style), Span(target.reason, "dim"), indent=2)


def place_of(target: InstallTarget) -> str:
    """Where it lands, in words."""
    if target.root is None:
        return "nowhere"
    name = f"{target.name}: " if target.name and target.name != target.root else ""
    return f"{name}{target.root} ({target.kind.value})"


def shown_by_default(chains: Iterable[Chain]) -> tuple[Chain, ...]:
    """Of the commands of interest, those that are here, and `python` and `pip` in any case."""
    return tuple(chain for chain in chains if chain.hits or chain.name in {"python", "pip"})
