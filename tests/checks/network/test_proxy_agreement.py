from __future__ import annotations

import pytest
from msgspec.structs import replace

from envdoctor import (
    CopyVariable,
    Evidence,
    Finding,
    Fix,
    SetVariable,
)
from envdoctor.facts.http.url import Address, Flaw, Reader, read
from envdoctor.facts.network.proxies import (
    NoProxy,
    Proxies,
)
from envdoctor.facts.pip.indexes import PipIndexes
from envdoctor.facts.uv.indexes import UvIndexes
from envdoctor.testing import assess
from envdoctor_checks.network.proxy_agreement import proxy_settings_contradict
from tests.checks.network.test_proxies import DEAD, LIVE, LOCAL, P, Q, proxies, proxy


def contradict(found: Proxies, pip: Address | None = None, uv: Address | None = None) -> list[Finding]:
    facts = (PipIndexes((pip,) if pip else ()), UvIndexes((uv,) if uv else ()))
    return assess(proxy_settings_contradict, found, *facts)


@pytest.mark.sick("NET004")
def test_the_two_spellings_differ() -> None:
    assert contradict(proxies(HTTPS_PROXY=P, https_proxy=Q)) == [
        Finding(
            "HTTPS_PROXY and https_proxy differ: uv goes by the first, pip and other Python tools by the second",
            Fix("Set both spellings to the same value", CopyVariable("https_proxy", "HTTPS_PROXY")),
            "HTTPS_PROXY",
            (Evidence(f"HTTPS_PROXY={P}", "HTTPS_PROXY"), Evidence(f"https_proxy={Q}", "https_proxy")),
        )
    ]
    [finding] = contradict(proxies(known=DEAD, HTTPS_PROXY=LOCAL, https_proxy=Q))
    assert finding.fix.actions == (CopyVariable("HTTPS_PROXY", "https_proxy"),)
    [finding] = contradict(proxies(HTTPS_PROXY="socks://proxy.example:1080", https_proxy=Q))
    assert finding.fix.actions == (CopyVariable("HTTPS_PROXY", "https_proxy"),)
    [finding] = contradict(proxies(HTTPS_PROXY="", https_proxy=Q))
    assert finding.fix.actions == (CopyVariable("HTTPS_PROXY", "https_proxy"),)


@pytest.mark.sick("NET004")
@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy"])
def test_https_goes_past_the_proxy(name: str) -> None:
    [finding] = contradict(Proxies((proxy(name, P),)))
    assert finding.fix.actions == (CopyVariable(name.replace("HTTP", "HTTPS").replace("http", "https"), name),)


@pytest.mark.sick("NET004")
@pytest.mark.parametrize(
    ("value", "who", "meant"),
    [
        ("*.corp.example", "pip and uv do", ".corp.example"),
        ("a.example b.example", "pip and uv do", "a.example,b.example"),
        ("a.example;b.example", "pip and uv do", "a.example,b.example"),
        ("https://a.example", "pip and uv do", "a.example"),
        ("a.example:8080", "uv does", "a.example"),
        ("a.example,*", "pip does", "*"),
    ],
)
def test_forms_that_not_every_tool_understands(value: str, who: str, meant: str) -> None:
    [finding] = contradict(proxies(HTTPS_PROXY=P, no_proxy=value))
    assert f"has a form that {who} not understand: " in finding.message
    assert finding.fix.actions == (SetVariable("NO_PROXY", meant),)


@pytest.mark.sick("NET004")
def test_the_exceptions_differ() -> None:
    found = Proxies((proxy("HTTPS_PROXY", P),), (NoProxy("NO_PROXY", "a.example"), NoProxy("no_proxy", "b.example")))
    [finding] = contradict(found)
    both = "a.example,b.example"
    assert finding.fix.actions == (SetVariable("NO_PROXY", both), SetVariable("no_proxy", both))


@pytest.mark.sick("NET004")
def test_all_that_is_wrong_with_the_exceptions_leads_to_one_value() -> None:
    index = read("http://127.0.0.1:3141/root/simple", "UV_DEFAULT_INDEX", "UV_DEFAULT_INDEX", Reader.UV_INDEX)
    spellings = (NoProxy("NO_PROXY", "*.a.example,b.example:80"), NoProxy("no_proxy", "x.example"))
    found = contradict(Proxies((proxy("HTTP_PROXY", P), proxy("HTTPS_PROXY", P)), spellings), uv=index)
    value = ".a.example,b.example,x.example,127.0.0.1"
    assert len(found) == 4
    assert {f.fix.actions for f in found} == {(SetVariable("NO_PROXY", value), SetVariable("no_proxy", value))}


@pytest.mark.sick("NET004")
def test_the_proxy_that_is_left_speaks_no_tls_either() -> None:
    [finding] = contradict(proxies(HTTPS_PROXY="https://127.0.0.1:7890", https_proxy=LOCAL))
    assert finding.fix.actions == (CopyVariable("HTTPS_PROXY", "https_proxy"),)
    _, finding = contradict(
        proxies(
            HTTPS_PROXY="https://127.0.0.1:7890",
            https_proxy="https://localhost:7890",
            known={("127.0.0.1", "7890"): True, ("localhost", "7890"): True},
        )
    )
    assert finding.fix.actions == (SetVariable("HTTPS_PROXY", LOCAL), SetVariable("https_proxy", LOCAL))


@pytest.mark.sick("NET004")
def test_tls_to_a_proxy_on_this_machine() -> None:
    [finding] = contradict(proxies(HTTPS_PROXY="https://127.0.0.1:7890"))
    assert finding.fix.actions == (SetVariable("HTTPS_PROXY", LOCAL),)


@pytest.mark.sick("NET004")
def test_an_index_on_this_machine_is_asked_by_way_of_the_proxy() -> None:
    index = read("http://127.0.0.1:3141/root/simple", "UV_DEFAULT_INDEX", "UV_DEFAULT_INDEX", Reader.UV_INDEX)
    found = proxies(HTTP_PROXY=P, HTTPS_PROXY=P, no_proxy="corp.example")
    [finding] = contradict(found, uv=index)
    assert finding.message == "uv asks the index on this machine (127.0.0.1) through HTTP_PROXY"
    assert finding.fix.actions == (SetVariable("NO_PROXY", "corp.example,127.0.0.1"),)
    assert contradict(proxies(HTTP_PROXY=P, HTTPS_PROXY=P, no_proxy="127.0.0.1"), uv=index) == []


@pytest.mark.healthy("NET004")
@pytest.mark.parametrize(
    "found",
    [
        proxies(HTTPS_PROXY=P, https_proxy=f"{P}/"),
        proxies(HTTP_PROXY=P, HTTPS_PROXY=Q),
        proxies(HTTPS_PROXY=P),
        proxies(ALL_PROXY=P),
        proxies(HTTP_PROXY=P, ALL_PROXY=Q),
        proxies(HTTPS_PROXY=P, no_proxy="localhost, 127.0.0.1,.example, ::1,10.0.0.0/8,fe80::1:2"),
        proxies(HTTPS_PROXY=P, no_proxy="*"),
        proxies(no_proxy="*.example"),
        proxies(HTTPS_PROXY="https://secure.example:3128"),
        proxies(HTTP_PROXY="socks://proxy.example:1080"),  # nothing that is worth a copy
        Proxies((replace(proxy("HTTP_PROXY", "proxy.example:99999"), flaw=Flaw.BAD_PORT),)),
    ],
)
def test_settings_that_agree(found: Proxies) -> None:
    assert contradict(found) == []


def test_a_megabyte_of_exceptions_is_read_in_one_go() -> None:
    """A quadratic search would take hours here."""
    assert contradict(Proxies(no_proxy=(NoProxy("NO_PROXY", "x" * 1_000_000),))) == []


@pytest.mark.sick("NET004")
def test_https_to_a_local_proxy_is_told_once_for_all_variables() -> None:
    encrypted = LOCAL.replace("http://", "https://")
    names = ("HTTP_PROXY", "HTTPS_PROXY", "https_proxy", "ALL_PROXY")
    [finding] = contradict(Proxies(tuple(proxy(name, encrypted, LIVE) for name in names)))
    assert finding.message.startswith("HTTP_PROXY, HTTPS_PROXY and ALL_PROXY use https:// to reach the proxy at ")
    assert finding.fix.actions == tuple(SetVariable(name, LOCAL) for name in names)
