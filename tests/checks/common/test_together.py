"""What is wrong with several settings in the same way is said once."""

from __future__ import annotations

from envdoctor import Evidence, Finding, Fix, Manual, Safety, SetVariable, Severity
from envdoctor_checks.common.together import said_together


def found(setting: str, host: str = "a.example", severity: Severity = Severity.WARNING) -> tuple[str, Finding]:
    steps = (Manual("Ask the owner."), Manual(f"Write {setting} again."), SetVariable(setting, "x"))
    message = f"{setting} holds a password for {host}"
    evidence = (Evidence(f"{setting}=…", setting), Evidence("no answer", host))
    return setting, Finding(message, Fix(f"Correct {setting}", *steps), setting, evidence, severity)


def test_one_finding_has_the_steps_and_the_evidence_of_all() -> None:
    names = ("UV_INDEX", "UV_INDEX_URL", "http_proxy")
    assert list(said_together([*map(found, names), found("HTTP_PROXY", severity=Severity.ERROR)])) == [
        Finding(
            "UV_INDEX, UV_INDEX_URL, http_proxy and HTTP_PROXY hold a password for a.example",
            Fix(
                "Correct UV_INDEX, UV_INDEX_URL, http_proxy and HTTP_PROXY",
                Manual("Ask the owner."),
                Manual("Write UV_INDEX, UV_INDEX_URL, http_proxy and HTTP_PROXY again."),
                SetVariable("UV_INDEX", "x"),
                SetVariable("UV_INDEX_URL", "x"),
                SetVariable("http_proxy", "x"),
                SetVariable("HTTP_PROXY", "x"),
                safety=Safety.SAFE,
            ),
            "UV_INDEX",
            (
                Evidence("UV_INDEX=…", "UV_INDEX"),
                Evidence("no answer", "a.example"),
                Evidence("UV_INDEX_URL=…", "UV_INDEX_URL"),
                Evidence("http_proxy=…", "http_proxy"),
                Evidence("HTTP_PROXY=…", "HTTP_PROXY"),
            ),
            Severity.ERROR,
        )
    ]


def test_what_differs_stays_apart_and_in_its_order() -> None:
    findings = [found("A"), found("B", "b.example"), found("C", "c.example")]
    assert list(said_together(findings)) == [finding for _, finding in findings]


def test_advice_for_one_of_them_names_that_one() -> None:
    one, other = ((name, Finding(f"{name} is bad", Fix("Mend", Manual(f"In {name}/{name} x")))) for name in "AB")
    other = ("B", Finding("B is bad", Fix("Mend", Manual("Ask for B"))))
    [finding] = said_together([one, other])
    assert finding.message == "A and B are bad"
    assert finding.fix.actions == (Manual("In A/A x"), Manual("Ask for B"))
