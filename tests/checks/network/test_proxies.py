from __future__ import annotations

from typing import Any

import pytest

from envdoctor import (
    CopyVariable,
    Evidence,
    Finding,
    Fix,
    Manual,
    Run,
    SetFromOutput,
    SetVariable,
    Severity,
    UnsetVariable,
)
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.http.url import Address, Reader, read
from envdoctor.facts.network.proxies import (
    NoProxy,
    Proxies,
    Proxy,
    read_proxy,
)
from envdoctor.facts.network.socks import SocksSupport
from envdoctor.facts.pip.indexes import PipIndexes
from envdoctor.facts.uv.indexes import UvIndexes
from envdoctor.testing import assess
from envdoctor_checks.network.proxies import local_proxy_dead, proxy_scheme_unsupported, proxy_settings_contradict
from tests.builders import UV_AND_PIP

LIVE, DEAD = {("127.0.0.1", "7890"): True}, {("127.0.0.1", "7890"): False}
LOCAL = "http://127.0.0.1:7890"
PYTHON = "/home/ann/app/.venv/bin/python"


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


NONE = SocksSupport(PYTHON)
SOCKS = "socks5h://proxy.example:1080"


def scheme(
    found: Proxies, socks: SocksSupport | None = NONE, commands: Commands = UV_AND_PIP, pip: PipIndexes | None = None
) -> list[Finding]:
    return assess(proxy_scheme_unsupported, found, socks, commands, pip or PipIndexes())


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
            "has no scheme; pip and uv take it for http://, but not every client does",
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


P, Q = "http://p.example:8080", "http://q.example:8080"


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
    ],
)
def test_settings_that_agree(found: Proxies) -> None:
    assert contradict(found) == []


def test_a_megabyte_of_exceptions_is_read_in_one_go() -> None:
    """A quadratic search would take hours here."""
    assert contradict(Proxies(no_proxy=(NoProxy("NO_PROXY", "x" * 1_000_000),))) == []


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
