from __future__ import annotations

from typing import Any

import pytest

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    Manual,
    Run,
    SetFromOutput,
    SetVariable,
    Severity,
)
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.http.url import Reader, read
from envdoctor.facts.network.proxies import (
    Proxies,
)
from envdoctor.facts.network.socks import SocksSupport
from envdoctor.facts.pip.indexes import PipIndexes
from envdoctor.testing import assess
from envdoctor_checks.network.proxy_schemes import proxy_scheme_unsupported
from tests.builders import UV_AND_PIP
from tests.checks.network.test_proxies import LOCAL, proxies, proxy

PYTHON = "/home/ann/app/.venv/bin/python"


NONE = SocksSupport(PYTHON)


SOCKS = "socks5h://proxy.example:1080"


def scheme(
    found: Proxies, socks: SocksSupport | None = NONE, commands: Commands = UV_AND_PIP, pip: PipIndexes | None = None
) -> list[Finding]:
    return assess(proxy_scheme_unsupported, found, socks, commands, pip or PipIndexes())


@pytest.mark.sick("NET003")
def test_an_address_in_several_variables_is_told_once() -> None:
    names = ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy")
    [finding] = scheme(Proxies(tuple(proxy(name, "socks://proxy.example:1") for name in names)), None)
    told = "https_proxy, HTTPS_PROXY, http_proxy and HTTP_PROXY"
    assert finding.message == f"{told} begin with socks://, which no client knows"
    assert {action.name for action in finding.fix.actions if isinstance(action, SetVariable)} == set(names)
    assert finding.severity is Severity.ERROR
    [finding] = scheme(Proxies(tuple(proxy(name, "http://proxy.example:x") for name in names)), None)
    assert finding.fix.actions == (Manual(f"Write scheme, host and port for {told}."),)


@pytest.mark.sick("NET003")
def test_pip_needs_a_package_for_socks() -> None:
    assert scheme(proxies(ALL_PROXY=SOCKS)) == [
        Finding(
            f"pip cannot use the SOCKS proxy of ALL_PROXY: {PYTHON} has no PySocks",
            Fix(
                "Install pysocks with uv, which speaks SOCKS",
                Run("uv", "pip", "install", "--python", PYTHON, "pysocks"),
                Manual("Or set ALL_PROXY to the http:// port of the same proxy."),
            ),
            "ALL_PROXY",
            (Evidence(f"ALL_PROXY={SOCKS}", "ALL_PROXY"), Evidence(f"no PySocks in {PYTHON}", PYTHON)),
            Severity.ERROR,
        )
    ]


@pytest.mark.parametrize(("socks", "commands"), [(NONE, Commands()), (SocksSupport(PYTHON, guarded=True), UV_AND_PIP)])
def test_where_nothing_can_be_installed_another_port_is_the_way(socks: SocksSupport, commands: Commands) -> None:
    [finding] = scheme(proxies(HTTPS_PROXY=SOCKS), socks, commands)
    assert finding.fix == Fix(
        "Use the proxy's http:// port", Manual("Set HTTPS_PROXY to the http:// port of the same proxy.")
    )


@pytest.mark.sick("NET003")
@pytest.mark.parametrize(
    ("text", "message", "action", "severity"),
    [
        (
            "socks://127.0.0.1:7890",
            "begins with socks://, which no client knows",
            SetVariable("HTTPS_PROXY", "socks5h://127.0.0.1:7890"),
            Severity.ERROR,
        ),
        (
            f'"{LOCAL}"',
            "has quotation marks in it; pip stops there, and uv bypasses the proxy",
            SetVariable("HTTPS_PROXY", LOCAL),
            Severity.ERROR,
        ),
        (
            "http://proxy.example:x",
            "has a port that is not a number up to 65535; pip stops there, and uv bypasses the proxy",
            Manual("Write scheme, host and port for HTTPS_PROXY."),
            Severity.ERROR,
        ),
        (
            "socks://127.0.0.1:99999",
            "has a port that is not a number up to 65535; pip stops there, and uv bypasses the proxy",
            Manual("Write scheme, host and port for HTTPS_PROXY."),
            Severity.ERROR,
        ),
        (
            "127.0.0.1:99999",
            "has a port that is not a number up to 65535; pip stops there, and uv bypasses the proxy",
            Manual("Write scheme, host and port for HTTPS_PROXY."),
            Severity.ERROR,
        ),
        (
            "127.0.0.1:7890",
            "has no scheme; pip and uv assume http://, but not every client does",
            SetVariable("HTTPS_PROXY", LOCAL),
            Severity.INFO,
        ),
    ],
)
def test_addresses_that_clients_do_not_understand(text: str, message: str, action: Any, severity: Severity) -> None:
    [finding] = scheme(proxies(HTTPS_PROXY=text), None)
    assert finding.message == f"HTTPS_PROXY {message}"
    assert finding.fix.actions == (action,)
    assert finding.severity is severity


def test_a_password_is_not_put_into_the_fix() -> None:
    [finding] = scheme(proxies(HTTPS_PROXY="socks://me:pw@proxy.example:1080"), None)
    assert isinstance(finding.fix.actions[0], Manual)


@pytest.mark.healthy("NET003")
@pytest.mark.parametrize(
    ("found", "socks"),
    [
        (
            proxies(
                HTTPS_PROXY="http://proxy.example:8080", HTTP_PROXY="http://p.example", ALL_PROXY="socks://p.example"
            ),
            NONE,
        ),
        (proxies(ALL_PROXY=SOCKS), SocksSupport(PYTHON, pysocks=True)),
        (proxies(ALL_PROXY=SOCKS), SocksSupport(PYTHON, pip=False)),
        (proxies(ALL_PROXY=SOCKS), None),
        (proxies(ALL_PROXY=SOCKS, no_proxy="*"), NONE),
    ],
)
def test_what_clients_can_use(found: Proxies, socks: SocksSupport | None) -> None:
    assert scheme(found, socks) == []


@pytest.mark.healthy("NET003")
def test_a_mirror_that_is_reached_directly_needs_no_proxy() -> None:
    mirror = read("https://mirror.example/simple", "PIP_INDEX_URL", "PIP_INDEX_URL", Reader.PIP)
    assert scheme(proxies(ALL_PROXY=SOCKS, no_proxy=".example"), pip=PipIndexes((mirror,))) == []


def test_httpx_needs_another_package() -> None:
    [finding] = scheme(proxies(ALL_PROXY=SOCKS), SocksSupport(PYTHON, pysocks=True, httpx=True))
    assert "httpx cannot use the SOCKS proxy of ALL_PROXY" in finding.message
    assert finding.severity is Severity.WARNING


ESCAPES = r"printenv HTTPS_PROXY | sed 's/#/%23/g; s/?/%3F/g; s/\\/%5C/g; s/ /%20/g'"


@pytest.mark.sick("NET003")
def test_a_password_that_ends_the_address_is_escaped_without_being_shown() -> None:
    [finding] = assess(
        proxy_scheme_unsupported, proxies(HTTPS_PROXY="http://me:a#b@p.example:80"), None, Commands(), PipIndexes()
    )
    assert finding == Finding(
        "HTTPS_PROXY has a character in its password that must be written as a % escape; "
        "pip stops there, and uv bypasses the proxy",
        Fix(
            "Write the characters of the user and password as % escapes",
            SetFromOutput("HTTPS_PROXY", ("sh", "-c", ESCAPES)),
        ),
        "HTTPS_PROXY",
        (Evidence("HTTPS_PROXY=http://me:a#b@p.example:80", "HTTPS_PROXY"),),
        Severity.ERROR,
    )


@pytest.mark.sick("NET003")
def test_a_slash_in_a_password_is_left_to_its_owner_and_a_blank_is_minded_by_uv_alone() -> None:
    found = proxies(HTTPS_PROXY="http://me:a/b@p.example:80", HTTP_PROXY="http://me:a b@p.example:80")
    slash, blank = assess(proxy_scheme_unsupported, found, None, Commands(), PipIndexes())
    assert isinstance(slash.fix.actions[0], Manual)
    assert blank.message.endswith("; uv bypasses the proxy")
    assert blank.severity is Severity.WARNING


@pytest.mark.healthy("NET003")
def test_an_escaped_password_is_fine() -> None:
    found = proxies(HTTPS_PROXY="http://me:a%23b:c@d@p.example:80")
    assert assess(proxy_scheme_unsupported, found, None, Commands(), PipIndexes()) == []
