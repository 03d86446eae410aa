from __future__ import annotations

import pytest

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    SetVariable,
    Severity,
    UnsetVariable,
)
from envdoctor.facts.mirrors.downloads import HubEndpoint
from envdoctor.testing import assess
from envdoctor_checks.mirrors.hub import hub_endpoint_malformed
from tests.checks.mirrors.test_downloads import at


def assess_hub(text: str, offline: str | None = None, client: str | None = "0.27.1") -> list[Finding]:
    return assess(hub_endpoint_malformed, HubEndpoint(at(text, "HF_ENDPOINT"), offline, client))


@pytest.mark.sick("MIR009")
@pytest.mark.parametrize(
    ("text", "clause", "meant"),
    [
        ("hub.example", "does not begin with https://", "https://hub.example"),
        ("https://hub.example/", "ends with a slash", "https://hub.example"),
        ("https://hub.example/models", "holds the path of a page", "https://hub.example"),
        ("http://hub.example", "is plain http", "https://hub.example"),
    ],
)
def test_an_endpoint_is_put_in_front_of_paths_as_it_is(text: str, clause: str, meant: str) -> None:
    [finding] = assess_hub(text)
    assert finding.message.startswith(f"HF_ENDPOINT {clause}")
    assert finding.fix.actions == (SetVariable("HF_ENDPOINT", meant),)
    assert finding.severity is Severity.WARNING


@pytest.mark.healthy("MIR009")
@pytest.mark.parametrize(
    "text",
    ["https://hub.example", "http://localhost:8080", "https://artifacts.example/artifactory/api/huggingfaceml/models"],
)
def test_an_endpoint_may_have_a_path_of_its_own(text: str) -> None:
    assert assess_hub(text) == []


@pytest.mark.healthy("MIR009")
@pytest.mark.parametrize("client", ["0.28.0", "1.2.3", None])
def test_newer_clients_take_the_slash_away(client: str | None) -> None:
    assert assess_hub("https://hub.example/", client=client) == []


def test_an_endpoint_that_is_never_asked_is_advice() -> None:
    assert assess_hub("https://hub.example", "HF_HUB_OFFLINE") == [
        Finding(
            "HF_ENDPOINT is never asked, because HF_HUB_OFFLINE forbids every download",
            Fix("Allow downloads", UnsetVariable("HF_HUB_OFFLINE")),
            "HF_HUB_OFFLINE",
            (
                Evidence("HF_ENDPOINT=https://hub.example", "HF_ENDPOINT"),
                Evidence("HF_HUB_OFFLINE is on", "HF_HUB_OFFLINE"),
            ),
            Severity.INFO,
        )
    ]
