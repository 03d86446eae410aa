from __future__ import annotations

import json
from collections.abc import Iterator

import msgspec

from envdoctor import Evidence, Fact, Finding, Fix, Manual, RemoveFromPath, Run, Session, Severity, check, probe
from envdoctor.engine.fact import Missing, MissingKind
from envdoctor.engine.judge import judge
from envdoctor.engine.reference import Facts
from envdoctor.render import json as json_report
from envdoctor.report import recording
from envdoctor.report.report import Accepted, Recorded, Redaction, Report
from envdoctor.report.sharing import SharedMasks, for_reading, share
from envdoctor.text.identity import Identity

ADA = Identity(("/home/ada",), ("ada",), ("Ada Lovelace",), ("engine",))
HOME = "/masked-home-1-9-chars"


class Site(Fact, frozen=True):
    """An environment, an index and who owns them."""

    root: str
    index: str
    owner: str
    host: str
    near: tuple[str, ...] = ()


class Setting(Fact, frozen=True):
    """A setting that names a host without a scheme."""

    setting: str
    text: str


class Gone(Fact, frozen=True):
    """There is none."""


@probe
def probe_site(_session: Session) -> Site:
    """None is sought."""
    return Site("", "", "", "")


@probe
def probe_setting(_session: Session) -> Setting:
    """None is sought."""
    return Setting("", "")


@probe
def probe_gone(_session: Session) -> Gone:
    """None is sought."""
    return Gone()


@check("AAA001", severity=Severity.ERROR, since="0.1")
def of_another(site: Site, setting: Setting) -> Iterator[Finding]:
    """An environment belongs to another."""
    yield Finding(
        f"{site.root} belongs to {site.owner}",
        where=site.root,
        evidence=(Evidence(f"{setting.setting}={setting.text}", f"{site.root}/pip.conf:3"),),
        fix=Fix(
            f"Recreate {site.root}",
            Run("uv", "venv", site.root, directory=site.near[0]),
            Run("chown", site.owner, site.root),
            RemoveFromPath(f"{site.root}/bin"),
            Manual(f"Ask {site.owner} about {site.index} in '{site.root}'."),
            undo=(Run("ls", site.near[1]),),
        ),
    )


@check("AAA002", severity=Severity.ERROR, since="0.1")
def is_gone(_gone: Gone) -> Iterator[Finding]:
    """Needs what is not there."""
    yield from ()


def report(**changes: object) -> Report:
    near = ("/home/ada/p", "/home/bob/p")
    known = Facts(
        {
            Site: Site("/home/ada/p/.venv", "https://nexus.corp.example/simple", "carol", "pip.acme.test", near),
            Setting: Setting("https_proxy", "proxy.engine.example:3128"),
            Gone: Missing(MissingKind.UNAVAILABLE, "nothing in /home/ada"),
        }
    )
    made = Report("", judge((of_another, is_gone), known), known, ("x of /home/ada is broken",))
    return msgspec.structs.replace(made, **changes)


def shared(original: Report, identity: Identity = ADA) -> Report:
    return share(original, SharedMasks(original, identity))


def test_facts_hold_an_absolute_home_and_sentences_a_tilde() -> None:
    made = shared(report())
    owner, other = "masked-user-1-5-chars", "masked-user-2-3-chars"
    assert made.known[Site] == Site(
        f"{HOME}/p/.venv",
        "https://nexus.masked-host-2.example/simple",
        owner,
        "pip.masked-host-3.test",
        (f"{HOME}/p", f"/home/{other}/p"),
    )
    [(_, finding)] = made.findings
    assert finding == Finding(
        f"~/p/.venv belongs to {owner}",
        where="~/p/.venv",
        evidence=(Evidence("https_proxy=proxy.masked-host-1.example:3128", "~/p/.venv/pip.conf:3"),),
        fix=Fix(
            "Recreate ~/p/.venv",
            Run("uv", "venv", f"{HOME}/p/.venv", directory=f"{HOME}/p"),
            Manual(f'Fill in what is masked here, then run: chown {owner} "$HOME"/p/.venv'),
            RemoveFromPath(f"{HOME}/p/.venv/bin"),
            Manual(f"Ask {owner} about https://nexus.masked-host-2.example/simple in '~/p/.venv'."),
            undo=(Manual(f"Fill in what is masked here, then run: ls /home/{other}/p"),),
        ),
    )
    assert made.results[1].reason == "nothing in ~"
    assert made.broken_plugins == ("x of ~ is broken",)


def test_a_reader_sees_a_tilde_in_the_facts_too() -> None:
    site = for_reading(shared(report())).known[Site]
    assert isinstance(site, Site)
    assert site.near == ("~/p", "/home/masked-user-2-3-chars/p")
    original = report()
    assert for_reading(original) is original


def test_a_replay_of_what_was_shared_is_the_same() -> None:
    first = shared(report())
    document = json.loads(json_report.render(first))
    known = recording.from_document(document, first.known, "r.json")
    again = Report("", judge((of_another, is_gone), known), known, first.broken_plugins)
    second = shared(again, Identity())
    assert [result.findings for result in second.results] == [result.findings for result in first.results]
    assert (second.known, second.redactions) == (first.known, first.redactions)


def test_it_counts_by_rule_and_says_that_it_is_shared() -> None:
    made = shared(report())
    assert made.shared
    assert made.redactions == (
        Redaction("home-directory", 1),
        Redaction("host-name", 3),
        Redaction("user-name", 2),
    )


def test_nobody_sees_where_the_reader_keeps_a_recording_or_what_a_project_accepts() -> None:
    original = report(
        recorded=Recorded("/srv/carol/r.json", "then", "1"), unused=("/home/ada/e.toml:3: X",), notes=("/home/ada: y",)
    )
    result, finding = original.findings[0]
    made = shared(msgspec.structs.replace(original, accepted=(Accepted(result, finding, "by ada [/home/ada/e.toml]"),)))
    assert made.recorded == Recorded("r.json", "then", "1")
    assert (made.unused, made.notes) == (("~/e.toml:3: X",), ("~: y",))
    [accepted] = made.accepted
    assert accepted.reason == "by masked-user-3-3-chars [~/e.toml]"
    assert accepted.finding.where == "~/p/.venv"
