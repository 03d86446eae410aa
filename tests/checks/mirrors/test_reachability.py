from __future__ import annotations

from typing import Any

import pytest

from envdoctor import (
    CopyVariable,
    Evidence,
    Finding,
    Fix,
    Manual,
    SetVariable,
    Severity,
)
from envdoctor.facts.http.url import Address, Reader, read
from envdoctor.facts.mirrors.reachability import Asked, Reachability, Verdict
from envdoctor.facts.mirrors.servers import Purpose, Target
from envdoctor.facts.network.anchors import Anchors
from envdoctor.facts.network.certificates import Bundle, Trust
from envdoctor.testing import assess
from envdoctor_checks.mirrors.reachability import mirror_unreachable

A, B = "https://a.example/simple", "https://b.example/simple"


def variable(name: str = "UV_DEFAULT_INDEX", text: str = A) -> Address:
    return read(text, name, name, Reader.PLAIN)


def asked(
    verdict: Verdict = Verdict.FITS,
    tool: str = "uv",
    purpose: Purpose = Purpose.INDEX,
    address: Address | None = None,
    page: str = "/pip/",
    **more: Any,
) -> Asked:
    status = None if verdict in {Verdict.UNREACHABLE, Verdict.UNKNOWN} else 200
    fields: dict[str, Any] = {"status": status, "milliseconds": 20 if status else None, **more}
    return Asked(Target(tool, purpose, address or variable()), page, verdict, **fields)


def judged(*all_asked: Asked) -> list[Finding]:
    return assess(mirror_unreachable, Reachability(all_asked))


REFUSED: dict[str, Any] = {"detail": "[Errno 111] Connection refused", "failure": "it refuses the connection"}


@pytest.mark.sick("MIR010")
def test_a_mirror_that_does_not_answer() -> None:
    assert judged(asked(Verdict.UNREACHABLE, **REFUSED)) == [
        Finding(
            "the index of uv at https://a.example/simple does not answer: it refuses the connection",
            Fix(
                "Check whether the mirror has moved",
                Manual("Correct the address in UV_DEFAULT_INDEX, or the way to it."),
            ),
            "UV_DEFAULT_INDEX",
            (
                Evidence(f"UV_DEFAULT_INDEX={A}", "UV_DEFAULT_INDEX"),
                Evidence("no answer to GET /pip/: [Errno 111] Connection refused", "--network"),
            ),
            Severity.ERROR,
        )
    ]


@pytest.mark.sick("MIR010")
def test_another_mirror_that_answers_takes_its_place() -> None:
    other = asked(tool="pip", address=variable("PIP_INDEX_URL", B))
    [finding] = judged(asked(Verdict.UNREACHABLE, **REFUSED), other)
    assert finding.fix == Fix("Use the mirror of pip, which answers", CopyVariable("UV_DEFAULT_INDEX", "PIP_INDEX_URL"))
    in_file = asked(
        tool="pip", address=read(B, "[global] index-url", "/etc/pip.conf:2", Reader.PIP, file="/etc/pip.conf")
    )
    [finding] = judged(asked(Verdict.UNREACHABLE, **REFUSED), in_file)
    assert finding.fix.actions == (SetVariable("UV_DEFAULT_INDEX", B),)


@pytest.mark.sick("MIR010")
@pytest.mark.parametrize(
    ("one", "clause", "severity"),
    [
        (asked(Verdict.OTHER, detail="text/html"), "answers with something else (text/html)", Severity.ERROR),
        (asked(Verdict.NOT_FOUND, status=404), "has nothing at /pip/, where every such server has", Severity.ERROR),
        (asked(Verdict.FAULTY, status=502), "is faulty (status 502)", Severity.WARNING),
        (asked(Verdict.NO_ENTRY, status=401), "wants other credentials, or some at all", Severity.WARNING),
        (
            asked(Verdict.UNKNOWN, failure="it is behind a SOCKS proxy"),
            "could not be asked: it is behind",
            Severity.INFO,
        ),
        (asked(Verdict.UNREACHABLE, "pip", Purpose.EXTRA, **REFUSED), "does not answer", Severity.WARNING),
        (asked(Verdict.UNREACHABLE, "uv", Purpose.EXTRA, **REFUSED), "does not answer", Severity.ERROR),
        (
            asked(Verdict.NOT_FOUND, "uv", Purpose.PYTHONS, page="/20260101/cpython.tar.gz", status=404),
            "does not have the build that this uv would download",
            Severity.WARNING,
        ),
        (
            asked(Verdict.FITS, "uv", Purpose.PYTHONS, page="/20260101/cpython-3.14.1+20260101.tar.gz"),
            "knows the builds by their plain names only",
            Severity.WARNING,
        ),
    ],
)
def test_other_answers_than_expected(one: Asked, clause: str, severity: Severity) -> None:
    [finding] = judged(one)
    assert clause in finding.message
    assert finding.severity is severity


def test_the_way_is_shown() -> None:
    target = Target(
        "uv",
        Purpose.INDEX,
        variable(),
        proxy="http://p.example",
        anchors=Anchors((Bundle("/ca.pem", "SSL_CERT_FILE", "SSL_CERT_FILE", Trust.UV),)),
    )
    failure: dict[str, Any] = {"failure": "its certificate is not trusted", "detail": "self-signed certificate"}
    [finding] = judged(Asked(target, "/pip/", Verdict.UNREACHABLE, **failure))
    assert Evidence("through the proxy http://p.example", "--network") in finding.evidence
    assert Evidence("with the certificates of /ca.pem", "SSL_CERT_FILE") in finding.evidence
    assert finding.fix.summary == "Set the certificates of the authority, if you trust that authority"


@pytest.mark.sick("MIR010")
def test_a_much_quicker_mirror_is_named() -> None:
    slow, quick = asked(milliseconds=900), asked(tool="pip", address=variable("PIP_INDEX_URL", B), milliseconds=40)
    [finding] = judged(slow, quick)
    assert finding.message == f"{B} answers much sooner (40 ms) than {A} (900 ms)"
    assert finding.fix.actions == (CopyVariable("UV_DEFAULT_INDEX", "PIP_INDEX_URL"),)
    assert finding.evidence == (
        Evidence(f"{A} answered after 900 ms", "--network"),
        Evidence(f"{B} answered after 40 ms", "--network"),
    )
    assert finding.severity is Severity.INFO


@pytest.mark.healthy("MIR010")
@pytest.mark.parametrize(
    "all_asked",
    [
        (asked(),),
        (asked(milliseconds=200), asked(tool="pip", address=variable("PIP_INDEX_URL", B), milliseconds=40)),
        (asked(milliseconds=900), asked(purpose=Purpose.EXTRA, address=variable("UV_INDEX", B), milliseconds=40)),
        (asked(purpose=Purpose.PYTHONS, page="/20260101/cpython-3.14.1%2B20260101.tar.gz"),),
    ],
)
def test_mirrors_that_answer(all_asked: tuple[Asked, ...]) -> None:
    assert judged(*all_asked) == []


@pytest.mark.sick("MIR010")
def test_a_refusal_of_the_proxy_names_the_proxy() -> None:
    refused = "the proxy does not let it through"
    [finding] = judged(asked(Verdict.UNREACHABLE, status=407, failure=refused))
    assert finding.message == f"the index of uv at {A} does not answer: {refused}"
    assert finding.fix.summary == "Let the proxy pass the mirror"
    assert finding.evidence[-1].text == "status 407 from the proxy to GET /pip/"


@pytest.mark.sick("MIR010")
def test_a_refusal_of_either_names_both() -> None:
    [finding] = judged(asked(Verdict.EITHER, status=403))
    assert "is refused, by the mirror itself or by the proxy on the way (status 403)" in finding.message
    assert finding.fix.summary == "Let the proxy pass the mirror, or provide the credentials"
    assert finding.severity is Severity.WARNING


@pytest.mark.sick("MIR010")
def test_a_login_that_may_be_elsewhere_is_info() -> None:
    [finding] = judged(asked(Verdict.LOGIN, status=401, login="`uv auth` has one"))
    message = "asks for a login (status 401); `uv auth` has one, where envdoctor does not look"
    assert finding.message == f"the index of uv at {A} {message}"
    assert finding.severity is Severity.INFO
