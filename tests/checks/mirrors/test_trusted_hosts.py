"""MIR004, MIR005 and MIR006: a `trusted-host` that is more than a host."""

from __future__ import annotations

import pytest

from envdoctor import EditFile, Evidence, Finding, Fix, Manual, Safety, SetVariable, Severity, UnsetVariable
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.http.url import Address, Reader, read
from envdoctor.facts.mirrors.ignored_settings import UnreadSettings
from envdoctor.facts.pip.config_file import PipLevel, PipSetting
from envdoctor.facts.pip.indexes import PipIndexes
from envdoctor.facts.pip.settings import FROM_VARIABLE
from envdoctor.facts.pip.trusted_hosts import TrustedHost
from envdoctor.facts.uv.indexes import UvIndexes
from envdoctor.facts.uv.settings import UvSettings
from envdoctor.testing import assess
from envdoctor_checks.mirrors.index_order import index_setting_dead
from envdoctor_checks.mirrors.index_trust import index_not_trusted
from envdoctor_checks.mirrors.indexes import index_value_malformed

PLAIN, SECURE = "http://mirror.example/simple", "https://mirror.example/simple"
CONF = "/home/ann/.config/pip/pip.conf"
NAME = "PIP_TRUSTED_HOST"


def variable(value: str) -> PipSetting:
    return PipSetting("trusted-host", value, FROM_VARIABLE, NAME, PipLevel.VARIABLE)


def in_file(value: str, *, last: bool = True) -> PipSetting:
    line = f"trusted-host={value}"
    return PipSetting("trusted-host", value, "global", f"{CONF}:3", PipLevel.USER, CONF, (line,), last=last)


def address(text: str) -> Address:
    return read(text, "PIP_INDEX_URL", "PIP_INDEX_URL", Reader.PIP)


def pip(setting: PipSetting, *indexes: str) -> PipIndexes:
    hosts = tuple(TrustedHost(word, setting.origin) for word in setting.words)
    return PipIndexes(tuple(map(address, indexes)), trusted=hosts, trusted_setting=setting)


def malformed(setting: PipSetting, *indexes: str) -> list[Finding]:
    return assess(index_value_malformed, pip(setting, *indexes), UvIndexes())


def dead(setting: PipSetting, *indexes: str) -> list[Finding]:
    return assess(index_setting_dead, UvIndexes(), pip(setting, *indexes), UnreadSettings(()), Commands(), None, None)


def untrusted(setting: PipSetting, *indexes: str) -> list[Severity | None]:
    facts = (pip(setting, *indexes), UvIndexes(), UvSettings(), None, None, None, Commands())
    return [finding.severity for finding in assess(index_not_trusted, *facts)]


@pytest.mark.sick("MIR005")
def test_a_scheme_in_front_of_the_host_of_a_plain_index() -> None:
    assert malformed(variable("https://mirror.example"), PLAIN) == [
        Finding(
            f"pip ignores {PLAIN}, which is plain http: {NAME}=https://mirror.example does not trust its host; "
            "pip takes a host alone, with its port or without",
            Fix("Write the host alone", SetVariable(NAME, "mirror.example")),
            NAME,
            (
                Evidence(f"{NAME}=https://mirror.example", f"variable {NAME}"),
                Evidence(f"PIP_INDEX_URL={PLAIN}", "PIP_INDEX_URL"),
            ),
        )
    ]


@pytest.mark.sick("MIR005")
def test_a_file_has_the_line_exchanged() -> None:
    [finding] = malformed(in_file("http://mirror.example/ other.example"), PLAIN)
    line = "trusted-host = mirror.example other.example"
    edit = EditFile(CONF, remove=("trusted-host=http://mirror.example/ other.example",), add=(line,))
    assert finding.fix == Fix("Write the host alone", edit, safety=Safety.CHANGES_STATE)
    [finding] = malformed(in_file("http://mirror.example", last=False), PLAIN)
    by_hand = Manual(f"In {CONF}:3 write mirror.example for trusted-host.")
    assert finding.fix == Fix("Write the host alone", by_hand)


@pytest.mark.healthy("MIR005")
@pytest.mark.parametrize(
    ("value", "index"),
    [
        ("mirror.example", PLAIN),
        ("mirror.example/simple", PLAIN),
        ("https://mirror.example mirror.example", PLAIN),
        ("https://mirror.example", SECURE),
        ("https://other.example", PLAIN),
        ("https://localhost", "http://localhost:3141/simple"),
    ],
)
def test_an_index_that_pip_asks(value: str, index: str) -> None:
    assert malformed(variable(value), index) == []


@pytest.mark.sick("MIR004")
def test_a_word_that_trusts_nobody() -> None:
    assert dead(variable("https://mirror.example"), SECURE) == [
        Finding(
            f"{NAME}=https://mirror.example does not trust mirror.example: pip takes a host alone, with its port or "
            "without, and goes on verifying the certificate of mirror.example",
            Fix(
                "Remove https://mirror.example, or write mirror.example alone "
                "if pip is not to verify the certificate of that host",
                UnsetVariable(NAME),
            ),
            NAME,
            (Evidence(f"{NAME}=https://mirror.example", f"variable {NAME}"),),
            Severity.WARNING,
        )
    ]


@pytest.mark.sick("MIR004")
def test_what_else_is_trusted_stays_so() -> None:
    [finding] = dead(variable("https://mirror.example other.example https://third.example"))
    assert finding.fix.actions == (SetVariable(NAME, "other.example"),)
    assert finding.severity is Severity.INFO
    [finding] = dead(variable("mirror.example/"), SECURE)
    assert finding.severity is Severity.WARNING


@pytest.mark.healthy("MIR004")
@pytest.mark.parametrize(
    ("value", "index"),
    [
        ("mirror.example", SECURE),
        ("mirror.example/simple", SECURE),
        ("mirror.example/", PLAIN),
        ("mirror.example/", "https://other.example/simple"),
        ("mirror.example:8443", SECURE),
        ("https://mirror.example:8443", SECURE),  # at which pip stops
    ],
)
def test_a_word_that_has_an_effect(value: str, index: str) -> None:
    assert dead(variable(value), index) == []


def test_plain_http_is_not_said_to_be_ignored_where_it_is_trusted_or_pip_stops() -> None:
    assert untrusted(variable("mirror.example/simple"), PLAIN) == [Severity.WARNING]
    assert untrusted(variable("https://mirror.example:8080"), "http://mirror.example:8080/simple") == [Severity.WARNING]
    assert untrusted(variable("mirror.example/other"), SECURE) == []
