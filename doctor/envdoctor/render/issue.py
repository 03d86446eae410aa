"""The report for the tracker of a project: what is wrong, what runs, all versions, and the whole recording to replay.

Every foreign word stands in code, so that nobody is notified and nothing is linked. It fits every tracker: what gives
way is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from envdoctor.engine.reference import FactType
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.environments.install_targets import InstallTargets
from envdoctor.facts.python.interpreters import Interpreters
from envdoctor.facts.session.context import Examined
from envdoctor.render import markdown, text, versions, wording
from envdoctor.render.lines import plain
from envdoctor.render.markdown import cell, code
from envdoctor.render.which import place_of, way_of
from envdoctor.report import recording
from envdoctor.report.report import Report
from envdoctor.report.sharing import for_reading
from envdoctor.shells.dialects import Shell
from envdoctor.text.visible import visible

NEEDED: tuple[FactType, ...] = (Commands, Interpreters, InstallTargets, *versions.NEEDED)
"""What a report for a tracker shows beside what its checks need."""
LONGEST = 65_000
"""Bytes: GitHub takes 65,536 characters, other trackers more."""
FOR_THE_BLOCK = 45_000
"""Bytes that the recording may take of them; most take eight thousand."""
SUMMARY = "The whole recording: save this page or its text, and run `envdoctor replay` on it"


def render(report: Report, shell: Shell) -> str:
    """The report in Markdown."""
    block, left_out = recording.packed_within(report, FOR_THE_BLOCK)
    notes = [_left_out(left_out)] if left_out else []
    read = for_reading(report)
    head = [*_summary(read), ""]
    sections = ["\n".join(_finding(read, number, shell)) for number in range(len(read.findings))]
    tables = [_block(_unexamined(read)), _block(_commands(read)), _block(_targets(read)), _block(_versions(read))]
    end = [
        *notes,
        *_masked(report),
        "",
        f"<details><summary>{SUMMARY.replace('`', '')}</summary>",
        "",
        "```text",
        block,
        "```",
        "",
        "</details>",
    ]
    room = LONGEST - _size("\n".join((*head, *end)))
    kept = _fitting([*sections, *filter(None, tables)], room)
    return "\n".join((*head, *kept, *end)) + "\n"


def plainly(report: Report, shell: Shell) -> str:
    """The report without any markup, for a form that puts what is pasted into a code block of its own."""
    block, left_out = recording.packed_within(report, FOR_THE_BLOCK)
    read = for_reading(report)
    shown = [f"{what}: {version}{f' ({place})' if place else ''}" for what, version, place in versions.rows(read)]
    end = "\n".join(("", *([_left_out(left_out)] if left_out else []), block)) + "\n"
    room = LONGEST - _size(end)
    pieces = plain(text.layout(read, shell)).rstrip("\n").split("\n")
    return "\n".join(_fitting([*pieces, "", *map(visible, shown)], room)) + end


def _summary(report: Report) -> Iterator[str]:
    """Two lines: the verdict, and what was examined."""
    counts = wording.counted(report) or "nothing found"
    yield f"**envdoctor: {report.verdict}** · {counts} · exit {report.exit_code.value}"
    yield ""
    yield markdown.session(report)


def _finding(report: Report, number: int, shell: Shell) -> Iterator[str]:
    result, finding = report.findings[number]
    yield from markdown.section(result, finding, shell, replayed=report.recorded is not None)


def _unexamined(report: Report) -> Iterator[str]:
    if unknown := wording.unexamined(report):
        yield "### Not examined"
        yield ""
        yield from (f"- {code(one)}" for one in unknown)
    if report.accepted:
        yield "### Accepted by the project"
        yield ""
        yield from (markdown.accepted(each) for each in report.accepted)


def _commands(report: Report) -> Iterator[str]:
    commands, interpreters = report.known.get(Commands), report.known.get(Interpreters)
    if not isinstance(commands, Commands) or not commands.hits:
        return
    yield "| command | the shell finds | which is |"
    yield "|---|---|---|"
    known = interpreters if isinstance(interpreters, Interpreters) else None
    for name in dict.fromkeys(hit.name for hit in commands.hits):
        first, *others = commands.all(name)
        way = [first.problem] if first.problem else list(way_of(first, known))
        more = [f"before {other.path}" for other in others if not other.same_as]
        yield f"| {cell(name)} | {cell(first.path)} | {', '.join(map(cell, [*way, *more[:3]]))} |"


def _targets(report: Report) -> Iterator[str]:
    targets = report.known.get(InstallTargets)
    if not isinstance(targets, InstallTargets) or not targets.targets:
        return
    yield "| to install by | lands in | because |"
    yield "|---|---|---|"
    for target in targets.targets:
        yield f"| {cell(target.command)} | {cell(place_of(target))} | {cell(target.reason)} |"


def _versions(report: Report) -> Iterator[str]:
    yield "| | version | where |"
    yield "|---|---|---|"
    for what, version, place in versions.rows(report):
        yield f"| {what} | {cell(version)} | {cell(place) if place else ''} |"


def _masked(report: Report) -> Iterator[str]:
    counts = ", ".join(f"{redaction.count} {redaction.rule}" for redaction in report.redactions)
    examined = report.known.get(Examined)
    home = examined.home if isinstance(examined, Examined) and examined.home else ""
    clues = home.partition("/masked-home-1-")[2].replace("-", " ")
    tilde = f" `~` is the home directory ({code(clues)})." if clues else ""
    yield f"Masked before it was shared: {counts or 'nothing had to be'}.{tilde}"


def _left_out(names: tuple[str, ...]) -> str:
    return f"Left out of the recording, which would not fit into a tracker: {', '.join(names)}."


def _block(lines: Iterable[str]) -> str:
    """Lines and an empty one behind them; nothing where there are none."""
    text = "\n".join(lines)
    return f"{text}\n" if text else ""


def _fitting(pieces: list[str], room: int) -> list[str]:
    """The pieces, from the first on, that have room, and a line that says how many have not."""
    kept: list[str] = []
    for number, piece in enumerate(pieces):
        room -= _size(piece) + 1
        if room < 100:
            return [*kept, f"{len(pieces) - number} more parts did not fit here: they stand in the recording."]
        kept.append(piece)
    return kept


def _size(document: str) -> int:
    return len(document.encode(errors="backslashreplace"))
