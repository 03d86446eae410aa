"""The whole page: summary, findings, four pictures, and the recording that `replay` reads back."""

from __future__ import annotations

from typing import TypeVar

from envdoctor import __version__
from envdoctor.engine.fact import Fact, Missing
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.environments.install_targets import InstallTargets
from envdoctor.facts.environments.registered import RegisteredEnvironments
from envdoctor.facts.mirrors.effective import EffectiveIndexes
from envdoctor.facts.python.active import ActivePython
from envdoctor.facts.python.interpreters import Interpreters
from envdoctor.facts.session.search_path import SearchPath
from envdoctor.render.html import environments, installs, mirrors, search_path
from envdoctor.render.html.findings import findings, summary
from envdoctor.render.html.style import STYLE, policy
from envdoctor.render.html.tags import Html, tag
from envdoctor.report.report import Report
from envdoctor.shells.dialects import Shell

PICTURED: tuple[type[Fact], ...] = (
    *(Commands, SearchPath, Interpreters, InstallTargets, RegisteredEnvironments, EffectiveIndexes),
)
"""The facts that the pictures show."""
FactT = TypeVar("FactT", bound=Fact)


def render(report: Report, shell: Shell, recording: str = "") -> str:
    """The document."""
    return page(
        f"envdoctor: {report.verdict}",
        tag("header", tag("h1", f"envdoctor: {report.verdict}"), summary(report)),
        tag("main", findings(report, shell), *_pictures(report)),
        _footer(report, recording),
    )


def page(title: str, *body: Html) -> str:
    """A document that loads and runs nothing."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy()),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", title),
        tag("style", Html(STYLE)),
    )
    return f"<!DOCTYPE html>\n{tag('html', head, tag('body', *body), lang='en')}\n"


def _pictures(report: Report) -> list[Html]:
    commands, path = _fact(report, Commands), _fact(report, SearchPath)
    interpreters, active = _fact(report, Interpreters), _fact(report, ActivePython)
    targets, kept, effective = (
        _fact(report, InstallTargets),
        _fact(report, RegisteredEnvironments),
        _fact(report, EffectiveIndexes),
    )
    return [
        search_path.picture(path, commands)
        if path and commands
        else _absent(report, search_path.TITLE, SearchPath, Commands),
        installs.picture(targets, commands, interpreters, active)
        if targets
        else _absent(report, installs.TITLE, InstallTargets),
        environments.picture(kept) if kept else _absent(report, environments.TITLE, RegisteredEnvironments),
        mirrors.picture(effective) if effective else _absent(report, mirrors.TITLE, EffectiveIndexes),
    ]


def _fact(report: Report, kind: type[FactT]) -> FactT | None:
    known = report.known.get(kind)
    return known if isinstance(known, kind) else None


def _absent(report: Report, title: str, *kinds: type[Fact]) -> Html:
    """What stands in the place of a picture whose facts are not there."""
    reasons = [known.reason for kind in kinds if isinstance(known := report.known.get(kind), Missing)]
    return tag(
        "section", tag("h2", title), tag("p", f"Not shown: {'; '.join(reasons) or 'not recorded'}.", class_="soft")
    )


def _footer(report: Report, recording: str) -> Html:
    masked = ", ".join(f"{each.count} {each.rule}" for each in report.redactions)
    kept = tag(
        "details",
        tag("summary", "The recording, for envdoctor replay"),
        tag("pre", Html(recording)),
        class_="recording",
    )
    return tag(
        "footer",
        tag("p", f"Made by envdoctor {__version__} at {report.created}."),
        tag("p", f"Masked in this report: {masked}.") if masked else "",
        kept if recording else "",
    )
