from __future__ import annotations

import pytest
from msgspec.structs import replace

from envdoctor.facts.http.parts import Credentials, Parts, credentials_of, is_loopback, split
from envdoctor.text.secrets import Masker


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("https://m.example/simple/", Parts("https", "//", "m.example", None, "/simple/", "")),
        ("HTTPS://M.Example:8443", Parts("https", "//", "m.example", "8443", "", "")),
        ("https://me:p@ss@m.example/s?x=1#y", Parts("https", "//", "m.example", None, "/s", "?x=1#y")),
        ("https://me:p/s#s@m.example/s", Parts("https", "//", "m.example", None, "/s", "")),
        ("http://[::1]:80/s", Parts("http", "//", "[::1]", "80", "/s", "")),
        ("https://me:p/s@s@m.example/s", Parts("https", "//", "m.example", None, "/s", "")),
        ("https://me:80/s@m.example/s", Parts("https", "//", "m.example", None, "/s", "")),
        ("me:p@ss/x@m.example:80", Parts("", "", "m.example", "80", "", "")),
        ("localhost:8080/simple", Parts("", "", "localhost", "8080", "/simple", "")),
        ("me:pw@m.example:80", Parts("", "", "m.example", "80", "", "")),
        ("file:///srv/wheels", Parts("file", "//", "", None, "/srv/wheels", "")),
        ("./wheels", Parts("", "", "", None, "./wheels", "")),
        ("/srv/wheels", Parts("", "", "", None, "/srv/wheels", "")),
        ("https://p.example/https://h.example/x", Parts("https", "//", "p.example", None, "/https://h.example/x", "")),
        ("https://bücher.example/s", Parts("https", "//", "bücher.example", None, "/s", "")),
        ("", Parts("", "", "", None, "", "")),
    ],
)
def test_an_address_is_split_without_its_credentials(text: str, parts: Parts) -> None:
    assert split(text) == parts
    assert replace(split(Masker().mask(text)), rest=parts.rest) == parts


@pytest.mark.parametrize(
    ("text", "credentials"),
    [
        ("https://m.example/", Credentials.NONE),
        ("https://me:pw@m.example/", Credentials.PASSWORD),
        ("me:pw@proxy.example:80", Credentials.PASSWORD),
        ("https://abc123@m.example/", Credentials.TOKEN),
        ("https://__token__:pw@m.example/", Credentials.PASSWORD),
        ("https://me:$PW@m.example/", Credentials.PLACEHOLDER),
        ("https://${USER}:${PW}@m.example/", Credentials.PLACEHOLDER),
        ("https://${TOKEN}@m.example/", Credentials.PLACEHOLDER),
        ("https://__token__@m.example/", Credentials.USER),
        ("ssh://git@m.example/", Credentials.USER),
        ("https://VssSessionToken@pkgs.dev.azure.com/team/_packaging/feed/pypi/simple/", Credentials.USER),
        ("https://team@pkgs.dev.azure.com/team/_packaging/feed/pypi/simple/", Credentials.USER),
        ("https://tok3n@pkgs.dev.azure.com/team/_packaging/feed/pypi/simple/", Credentials.TOKEN),
        ("https://me:****@m.example/", Credentials.PLACEHOLDER),
    ],
)
def test_credentials_are_told_apart_and_survive_masking(text: str, credentials: Credentials) -> None:
    assert credentials_of(text) is credentials
    assert credentials_of(Masker().mask(text)) is credentials


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1", "[::1]", "::1", "app.localhost", "0.0.0.0"])
def test_this_machine_is_recognised(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["mirror.example", "10.0.0.1", "localhost.example", "128.0.0.1", ""])
def test_other_machines_are_not_this_one(host: str) -> None:
    assert not is_loopback(host)
