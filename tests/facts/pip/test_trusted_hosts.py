from __future__ import annotations

import pytest

from envdoctor.facts.http.url import Address
from envdoctor.facts.pip.trusted_hosts import TrustedHost

PLAIN, SECURE = "http://mirror.example/simple", "https://mirror.example:8443/simple"


def host(text: str) -> TrustedHost:
    return TrustedHost(text, "PIP_TRUSTED_HOST")


@pytest.mark.parametrize(
    ("text", "plain", "secure"),
    [
        ("mirror.example", True, True),
        ("Mirror.Example", True, True),
        ("mirror.example:8443", False, True),
        ("mirror.example:80", False, False),
        ("mirror.example/", True, False),
        ("mirror.example/simple", True, False),
        ("mirror.example:8443/simple", False, True),
        ("mirror.example:8443/other", False, False),
        ("me@mirror.example", True, False),
        ("https://mirror.example", False, False),
        ("http://mirror.example/", False, False),
        ("https://mirror.example:8443", False, False),
        ("other.example", False, False),
        ("::1", False, False),
    ],
)
def test_what_pip_trusts(text: str, plain: bool, secure: bool) -> None:
    covered = [host(text).covers(Address(url, "X", "X")) for url in (PLAIN, SECURE)]
    assert covered == [plain, secure]


def test_an_address_of_ipv6_needs_no_brackets() -> None:
    assert host("fd00::1").covers(Address("http://[fd00::1]:8080/simple", "X", "X"))
    assert not host("fd00::1").stops


@pytest.mark.parametrize(
    ("text", "stops", "misread", "meant"),
    [
        ("mirror.example", False, False, "mirror.example"),
        ("mirror.example:8080", False, False, "mirror.example:8080"),
        ("https://mirror.example", False, True, "mirror.example"),
        ("https://mirror.example/simple", False, True, "mirror.example"),
        ("https://mirror.example:8080", True, False, "mirror.example:8080"),
        ("http://me@mirror.example:8080/", False, True, "mirror.example:8080"),
        ("mirror.example:port", True, False, "mirror.example:port"),
        ("mirror.example/simple", False, False, "mirror.example"),
        ("a:b:c", False, True, "a:b:c"),
        ("https://", False, True, ""),
    ],
)
def test_how_a_word_is_read(text: str, stops: bool, misread: bool, meant: str) -> None:
    assert (host(text).stops, host(text).misread, host(text).meant) == (stops, misread, meant)


def test_whom_a_word_was_meant_for() -> None:
    assert host("https://mirror.example").means(Address(SECURE, "X", "X"))
    assert host("https://mirror.example:8443").means(Address(SECURE, "X", "X"))
    assert not host("https://mirror.example:8443").means(Address(PLAIN, "X", "X"))
