from __future__ import annotations

import pytest

from envdoctor.text.hosts import domain, is_public, masked
from envdoctor.text.pseudonyms import Pseudonyms

INDEX = "pypi." + "org"  # no host of a registry is written out


@pytest.mark.parametrize(
    ("host", "public"),
    [
        (INDEX, True),
        ("github.com", True),
        ("raw.githubusercontent.com", True),
        ("mirrors.aliyun.com", True),
        ("pypi.tuna.tsinghua.edu.cn", True),
        ("mirror.sjtu.edu.cn", True),
        ("cs.tsinghua.edu.cn", False),
        ("huggingface.co", True),
        ("localhost", True),
        ("127.0.0.1", True),
        ("::1", True),
        ("10.1.2.3", True),
        ("172.20.0.1", True),
        ("172.32.0.1", False),
        ("8.8.4.4", False),
        ("mirror", True),
        ("proxy.local", True),
        ("mirror.example", True),
        ("corp.example", False),
        ("mirror.corp.example", False),
        ("buildbox", False),
        ("nexus.acme", False),
        ("team.jfrog.io", False),
        ("x.d.codeartifact.eu-west-1.amazonaws.com", False),
        ("github.com.evil.example", False),
    ],
)
def test_a_host_is_public_if_it_says_nothing_about_who_asks_it(host: str, public: bool) -> None:
    assert is_public(host) is public


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("mirror.corp.example", "mirror.masked-host-1.example"),
        ("nexus-2.corp.co.uk", "nexus-2.masked-host-1.co.uk"),
        ("nexus.acme", "nexus.masked-host-1"),
        ("buildbox", "masked-host-1"),
        (".corp.example", ".masked-host-1.example"),
        ("[2a00::7]", "[2001:db8::1]"),
        ("9.9.9.9", "192.0.2.1"),
        ("10.0.0.1", "10.0.0.1"),
    ],
)
def test_labels_that_tell_whose_it_is_are_masked(host: str, shown: str) -> None:
    pseudonyms = Pseudonyms()
    assert masked(host, pseudonyms) == shown
    assert masked(shown, pseudonyms) == shown


@pytest.mark.parametrize(
    ("host", "common"),
    [
        ("a.b.corp.example", "corp.example"),
        ("a.corp.co.uk", "corp.co.uk"),
        ("nexus.acme", "acme"),
        ("corp.example", "corp.example"),
    ],
)
def test_what_hosts_of_one_owner_have_in_common(host: str, common: str) -> None:
    assert domain(host) == common
