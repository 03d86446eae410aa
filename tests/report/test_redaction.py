from __future__ import annotations

import json
from collections.abc import Iterator

import msgspec

from envdoctor import (
    Evidence,
    Fact,
    Finding,
    Fix,
    Manual,
    Run,
    Session,
    SetVariable,
    Severity,
    check,
    probe,
)
from envdoctor.engine.fact import Known, Missing, MissingKind
from envdoctor.engine.judge import judge
from envdoctor.engine.reference import Facts
from envdoctor.render import json as json_report
from envdoctor.render import text
from envdoctor.render.lines import plain
from envdoctor.report import recording
from envdoctor.report.redaction import redact, redact_fact
from envdoctor.report.report import Redaction, Report
from envdoctor.text.secrets import Masker

PASSWORD = "horse-battery"
ADDRESS = f"https://me:{PASSWORD}@mirror.example/simple"
MASKED = "https://<user-1>:<password-1.13-chars>@mirror.example/simple"


class Part(Fact, frozen=True):
    """An address with its origin."""

    value: str
    origin: str = "PIP_INDEX_URL"


class Addresses(Fact, frozen=True):
    """Some addresses, and how many there are."""

    parts: tuple[Part, ...]
    best: Part | None = None
    count: int = 0


class Others(Fact, frozen=True):
    """What facts of plugins may hold too."""

    by_name: dict[str, str | Part]
    listed: list[str]


class Lost(Fact, frozen=True):
    """There is none."""


@probe
def probe_addresses(_session: Session) -> Addresses:
    """None are sought."""
    return Addresses(())


@probe
def probe_lost(_session: Session) -> Lost:
    """None is sought."""
    return Lost()


@check("AAA001", severity=Severity.ERROR, since="0.1")
def two_are_the_same(addresses: Addresses) -> Iterator[Finding]:
    """Two addresses are the same."""
    first, second, *_ = addresses.parts
    if first.value == second.value:
        yield Finding(
            f"{first.value} is there twice",
            where=first.value,
            evidence=(Evidence(first.value, f"{first.origin}={first.value}"),),
            fix=Fix(
                f"Leave {first.value} out",
                SetVariable("UV_DEFAULT_INDEX", first.value),
                Run("pip", "config", "set", "global.index-url", first.value, variables=(("A", first.value),)),
                Run("pip", "config", "list"),
                Manual(f"Ask the one who knows {first.value}."),
                undo=(Run("put", first.value), Run("look")),
            ),
        )


@check("AAA002", severity=Severity.ERROR, since="0.1")
def something_is_lost(_lost: Lost) -> Iterator[Finding]:
    """Needs what is not there."""
    yield from ()


def report() -> Report:
    parts = (Part(ADDRESS), Part(ADDRESS, "pip.conf:3"), Part("https://open.example/simple"))
    known: dict[type[Fact], Known] = {
        Addresses: Addresses(parts, parts[2], 3),
        Lost: Missing(MissingKind.UNAVAILABLE, f"nothing at {ADDRESS}"),
    }
    return Report("", judge((two_are_the_same, something_is_lost), known), Facts(known), (f"{ADDRESS} is broken",))


def test_no_format_shows_the_secret_and_each_says_how_much_is_masked() -> None:
    masked = redact(report())
    documents = (json_report.render(masked), plain(text.layout(masked, verbose=True)))
    assert [PASSWORD in document for document in documents] == [False, False]
    assert masked.redactions == (Redaction("url-credentials", 2),)
    assert json.loads(documents[0])["redactions"] == [{"rule": "url-credentials", "count": 2}]
    assert "secrets are masked in this report: 2 url-credentials" in documents[1]


def test_a_command_that_lost_its_secret_is_not_given_as_a_command() -> None:
    [(_, finding)] = redact(report()).findings
    assert finding.message == f"{MASKED} is there twice"
    assert finding.evidence == (Evidence(MASKED, f"PIP_INDEX_URL={MASKED}"),)
    assert finding.fix == Fix(
        f"Leave {MASKED} out",
        Manual(f"Fill in what is masked here, then run: export UV_DEFAULT_INDEX='{MASKED}'"),
        Manual(f"Fill in what is masked here, then run: A='{MASKED}' pip config set global.index-url '{MASKED}'"),
        Run("pip", "config", "list"),
        Manual(f"Ask the one who knows {MASKED}."),
        undo=(Manual(f"Fill in what is masked here, then run: put '{MASKED}'"), Run("look")),
    )


def test_a_replay_of_the_redacted_report_is_the_redacted_report() -> None:
    recorded = json.loads(json_report.render(redact(report())))
    known = recording.from_document(recorded, (Addresses, Lost), "report.json")
    again = redact(Report("", judge((two_are_the_same, something_is_lost), known), known, report().broken_plugins))
    replayed = json.loads(json_report.render(again))
    for document in (recorded, replayed):
        for result in document["results"]:
            result["seconds"] = 0
    assert replayed == recorded


def test_what_holds_no_secret_is_the_very_same_object() -> None:
    clean = Report("", (), Facts({Addresses: Addresses((Part("https://open.example/simple"),))}))
    assert redact(clean).known[Addresses] is clean.known[Addresses]
    assert msgspec.structs.asdict(redact(clean)) == msgspec.structs.asdict(clean)
    assert Masker().counts() == {}


def test_maps_and_lists_are_masked_also_by_the_names_in_them() -> None:
    others = Others({"CORP_TOKEN": "hunter2", "plain": "hunter2", ADDRESS: Part(ADDRESS)}, [ADDRESS, "plain"])
    assert redact_fact(others) == Others(
        {"CORP_TOKEN": "<secret-1.7-chars>", "plain": "hunter2", MASKED: Part(MASKED)}, [MASKED, "plain"]
    )
    clean = Others({"a": "b"}, ["c"])
    assert redact_fact(clean) is clean
