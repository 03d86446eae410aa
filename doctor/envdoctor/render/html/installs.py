"""Where installs land: from each command over what runs it to the directory, and where they part from `python`."""

from __future__ import annotations

import msgspec

from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.environments.install_targets import InstallTarget, InstallTargets
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.python.interpreters import Interpreters
from envdoctor.render.html.tags import Content, Html, code, figure, prose, table, tag

TITLE = "Where installs land"
SIGNS = {"none": "", "bad": "✗ ", "good": "✓ "}
VERDICTS = {"none": "-", "bad": "✗ elsewhere", "good": "✓ the same"}


class Way(msgspec.Struct, frozen=True):
    """The way of one command.

    Attributes:
        target: where it would install.
        runs: what carries it out: its Python, or its program.
        parts: whether it lands elsewhere than where `python` runs.
    """

    target: InstallTarget
    runs: str
    parts: bool

    @property
    def style(self) -> str:
        """How it looks: `none` where it installs nothing."""
        return "none" if self.target.root is None else "bad" if self.parts else "good"


def picture(
    targets: InstallTargets, commands: Commands | None, interpreters: Interpreters | None, active: ActivePython | None
) -> Html:
    """A row for each command, and the table beside it."""
    ways = [
        Way(target, _runs(target, commands, interpreters, active), _parts(target, active)) for target in targets.targets
    ]
    return figure(
        "installs",
        TITLE,
        _said(ways, active),
        tag("div", *(part for way in ways for part in _flow(way)), class_="flow"),
        table(TITLE, ("command", "run by", "lands in", "compared with python", "why"), map(_row, ways)),
    )


def _said(ways: list[Way], active: ActivePython | None) -> str:
    if active is None:
        return "No Python answers, so that nothing can be compared with it."
    apart = sum(way.parts for way in ways)
    verdict = (
        f"{apart} of these commands would install elsewhere (✗)" if apart else "No command would install elsewhere"
    )
    return f"`{active.command}` runs in {active.interpreter.prefix}. {verdict}."


def _parts(target: InstallTarget, active: ActivePython | None) -> bool:
    """Whether a command installs where `python` does not look."""
    if active is None or target.root is None:
        return False
    return not {target.real, target.root} & {active.interpreter.root, active.interpreter.prefix}


def _runs(
    target: InstallTarget, commands: Commands | None, interpreters: Interpreters | None, active: ActivePython | None
) -> str:
    """What carries out a command: its Python, or its program."""
    if " -m " in target.command:
        return active.interpreter.path if active else "-"
    hit = commands.first(target.command.partition(" ")[0]) if commands else None
    if hit is None:
        return "-"
    python = interpreters.at(hit.runs) if interpreters and hit.runs and target.command.startswith("pip") else None
    return python.path if python else hit.path


def _flow(way: Way) -> list[Html]:
    target, style = way.target, way.style
    arrow = tag("span", "→", class_="arrow")
    sign = tag("span", SIGNS[style], class_=f"mark {style}")
    return [
        tag("div", code(target.command), class_="box"),
        arrow,
        tag("div", code(way.runs), class_="box"),
        arrow,
        tag("div", sign, *_lands(target), tag("small", prose(target.reason)), class_=f"box last {style}"),
    ]


def _lands(target: InstallTarget) -> list[Content]:
    return ["nowhere"] if target.root is None else [code(target.root), tag("small", target.kind.value)]


def _row(way: Way) -> tuple[Content, ...]:
    lands: Content = "nowhere" if way.target.root is None else code(way.target.root)
    return code(way.target.command), code(way.runs), lands, VERDICTS[way.style], prose(way.target.reason)
