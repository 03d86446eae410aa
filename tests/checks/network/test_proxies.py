from __future__ import annotations

import pytest

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
    Severity,
    UnsetVariable,
)
from envdoctor.facts.network.proxies import (
    NoProxy,
    Proxies,
    Proxy,
    read_proxy,
)
from envdoctor.testing import assess
from envdoctor_checks.network.proxies import local_proxy_dead

LIVE, DEAD = {("127.0.0.1", "7890"): True}, {("127.0.0.1", "7890"): False}
LOCAL = "http://127.0.0.1:7890"


def proxy(name: str, text: str, known: dict[tuple[str, str], bool] | None = None) -> Proxy:
    return read_proxy(text, name, name, {} if known is None else known)


def proxies(
    *, known: dict[tuple[str, str], bool] | None = None, no_proxy: str | None = None, **variables: str
) -> Proxies:
    found = tuple(proxy(name, text, known if known is not None else LIVE) for name, text in variables.items())
    return Proxies(found, (NoProxy("NO_PROXY", no_proxy),) if no_proxy is not None else ())


@pytest.mark.sick("NET005")
def test_a_proxy_on_this_machine_that_nobody_serves() -> None:
    found = proxies(known=DEAD, HTTP_PROXY=LOCAL, HTTPS_PROXY=LOCAL, ALL_PROXY="socks5://127.0.0.1:7890")
    assert assess(local_proxy_dead, found) == [
        Finding(
            "nothing listens at 127.0.0.1:7890, the proxy of HTTP_PROXY, HTTPS_PROXY, ALL_PROXY",
            Fix(
                "Start the proxy, or unset the variable in this shell",
                *(UnsetVariable(name) for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")),
            ),
            "HTTPS_PROXY",
            (
                Evidence(f"HTTP_PROXY={LOCAL}", "HTTP_PROXY"),
                Evidence(f"HTTPS_PROXY={LOCAL}", "HTTPS_PROXY"),
                Evidence("ALL_PROXY=socks5://127.0.0.1:7890", "ALL_PROXY"),
                Evidence("connection refused", "127.0.0.1:7890"),
            ),
            Severity.ERROR,
        )
    ]


def test_a_dead_proxy_of_plain_http_or_of_a_file() -> None:
    [finding] = assess(local_proxy_dead, proxies(known=DEAD, HTTP_PROXY=LOCAL))
    assert finding.severity is Severity.WARNING
    of_pip = read_proxy(LOCAL, "[global] proxy", "/etc/pip.conf:2", dict(DEAD))
    [finding] = assess(local_proxy_dead, Proxies(pip=of_pip))
    assert finding.fix.actions == (Manual("Correct [global] proxy in /etc/pip.conf:2."),)


@pytest.mark.healthy("NET005")
@pytest.mark.parametrize(
    "found",
    [
        proxies(HTTPS_PROXY=LOCAL),
        proxies(known=DEAD, HTTPS_PROXY="http://proxy.example:8080"),
        proxies(known=DEAD, HTTPS_PROXY=LOCAL, no_proxy="*"),
        proxies(known=DEAD, HTTP_PROXY="http://p.example", HTTPS_PROXY="http://p.example", ALL_PROXY=LOCAL),
    ],
)
def test_a_proxy_that_answers_or_that_nobody_uses(found: Proxies) -> None:
    assert assess(local_proxy_dead, found) == []


P, Q = "http://p.example:8080", "http://q.example:8080"
