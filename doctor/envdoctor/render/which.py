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
    lines = [shown for chain in chains if chain.hits for shown in _chain(chain, interpreters)]
    if absent := [chain.name for chain in chains if not chain.hits]:
        lines += [line(Span(", ".join(absent), "bold"), Span("  not found on the search path", "dim")), line()]
    return lines + list(_targets(targets))


def _chain(chain: Chain, interpreters: Interpreters | None) -> Iterator[Line]:
    yield line(Span(chain.name, "bold"))
    for number, hit in enumerate(hit for hit in chain.hits if not hit.same_as):
        first = number == 0
        style = "" if first else "dim"
        mark = Span("→ " if first else "  ", "bold green")
        others = (other.path for other in chain.hits if other.same_as == hit.path)
        again = (Span(f"  also as {path}", "dim", whole=True) for path in others)
        yield line(mark, Span(hit.path, style, whole=True), *again, indent=2, hang=2)
        if hit.problem:
            yield line(Span(hit.problem, "yellow"), indent=6, hang=2)
        for step in _steps(hit, interpreters):
            yield line(Span(step, style, whole=True), indent=6)
        if failure := _failure(hit, interpreters):
            yield line(Span(failure, style), indent=6, hang=2)
    yield line()


def way_of(hit: Hit, interpreters: Interpreters | None) -> Iterator[str]:
    """What stands between the file that the shell finds and what runs in the end, or why nothing does."""
    yield from _steps(hit, interpreters)
    if failure := _failure(hit, interpreters):
        yield failure


def _steps(hit: Hit, interpreters: Interpreters | None) -> Iterator[str]:
    if hit.manager:
        yield f"a shim of {hit.manager.value}" + (f", which selects {hit.version}" if hit.version else "")
    elif hit.real != hit.path:
        yield f"a link to {hit.real}"
    if hit.runs is None:
        return
    if hit.runs != hit.path:
        yield f"runs {hit.runs}"
    interpreter = interpreters.at(hit.runs) if interpreters else None
    if interpreter:
        kind = "virtual environment" if interpreter.is_venv else "conda environment" if interpreter.is_conda else "in"
        yield f"Python {interpreter.version_text}, {kind} {interpreter.prefix}"


def _failure(hit: Hit, interpreters: Interpreters | None) -> str | None:
    """Why the interpreter says nothing of itself; None if it does, or there is none."""
    if hit.runs is None or interpreters is None or interpreters.at(hit.runs):
        return None
    failure = interpreters.failure_at(hit.runs)
    if failure is None or failure.kind is FailureKind.REFUSED:
        return failure.detail if failure else None
    return f"{failure.kind.value}: {failure.detail}"


def _targets(targets: Sequence[InstallTarget]) -> Iterator[Line]:
    if not targets:
        return
    yield line(Span("Where an install would land", "bold"))
    landing = [target for target in targets if target.root is not None]
    command_width = max((len(target.command) for target in landing), default=0)
    place_width = max((len(place_of(target)) for target in landing), default=0)
    reason = command_width + place_width + 4
    for target in landing:
        command = Span(f"{target.command:<{command_width}}  ", "bold", whole=True)
        place = Span(f"{place_of(target):<{place_width}}  ", whole=True)
        yield line(command, place, Span(target.reason, "dim"), indent=2, hang=reason, column=True)
    nowhere: dict[str, list[str]] = {}
    for target in targets:
        if target.root is None:
            nowhere.setdefault(target.reason, []).append(target.command)
    for why, commands in nowhere.items():
        yield line(Span(", ".join(commands), "bold"), Span(f"  nowhere: {why}", "dim"), indent=2, hang=6)


def place_of(target: InstallTarget) -> str:
    """Where it lands, in words."""
    if target.root is None:
        return "nowhere"
    name = f"{target.name}: " if target.name and target.name != target.root else ""
    return f"{name}{target.root} ({target.kind.value})"


def shown_by_default(chains: Iterable[Chain]) -> tuple[Chain, ...]:
    """Of the commands of interest, those that are here, and `python` and `pip` in any case."""
    return tuple(chain for chain in chains if chain.hits or chain.name in {"python", "pip"})
