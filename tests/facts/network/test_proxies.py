from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.http.parts import Credentials
from envdoctor.facts.http.url import Address, Flaw, Reader, read
from envdoctor.facts.network.proxies import (
    NoProxy,
    Proxies,
    Proxy,
    read_proxy,
)
from tests.support import make_session, see

P, Q = "http://p.example:8080", "http://q.example:8080"


@pytest.fixture
def port() -> Iterator[int]:
    """A port on this machine where something listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def proxies(tmp_path: Path, **env: str) -> Proxies:
    return see(Proxies, make_session({"HOME": str(tmp_path), "XDG_CONFIG_DIRS": "/nonexistent", **env}, cwd=tmp_path))


def index(url: str) -> Address:
    return read(url, "PIP_INDEX_URL", "PIP_INDEX_URL", Reader.PIP)


def test_no_proxy_at_all(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no proxy is set"):
        proxies(tmp_path, HTTP_PROXY="")


@pytest.mark.parametrize(
    ("env", "python", "uv"),
    [
        ({"HTTPS_PROXY": P}, P, P),
        ({"https_proxy": P}, P, P),
        ({"HTTPS_PROXY": P, "https_proxy": Q}, Q, P),
        ({"HTTPS_PROXY": P, "https_proxy": ""}, None, P),
        ({"HTTPS_PROXY": "", "https_proxy": P}, P, None),
        ({"ALL_PROXY": P, "HTTPS_PROXY": Q}, Q, Q),
        ({"ALL_PROXY": P}, P, P),
        ({"HTTP_PROXY": P}, None, None),
    ],
)
def test_python_reads_lower_case_first_and_uv_upper_case(
    env: dict[str, str], python: str | None, uv: str | None, tmp_path: Path
) -> None:
    found = proxies(tmp_path, **env)
    assert (found.for_python("https") and found.for_python("https").text) == python  # type: ignore[union-attr]
    assert (found.for_uv("https") and found.for_uv("https").text) == uv  # type: ignore[union-attr]


def test_tools_have_settings_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "uv.toml").write_text(f'https-proxy = "{P}"\n')
    (tmp_path / ".config/pip").mkdir(parents=True)
    (tmp_path / ".config/pip/pip.conf").write_text(f"[global]\nproxy = {Q}\n")
    (tmp_path / ".condarc").write_text(f"proxy_servers:\n  https: {Q}\n")
    found = proxies(tmp_path)
    assert found.for_uv("https") == Proxy(P, "https-proxy", f"{tmp_path}/uv.toml:1")
    assert found.for_pip("https") == Proxy(Q, "[global] proxy", f"{tmp_path}/.config/pip/pip.conf:2")
    assert found.for_conda("https") == Proxy(Q, "proxy_servers: https", f"{tmp_path}/.condarc:2")
    assert found.for_python("https") is None
    assert len(found.every) == 3


def test_a_proxy_on_this_machine_is_knocked_at(port: int, tmp_path: Path) -> None:
    found = proxies(tmp_path, HTTPS_PROXY=f"127.0.0.1:{port}", HTTP_PROXY="http://localhost:9", ALL_PROXY=P)
    assert [(proxy.setting, proxy.listening) for proxy in found.variables] == [
        ("HTTP_PROXY", False),
        ("HTTPS_PROXY", True),
        ("ALL_PROXY", None),
    ]


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("p.example:8080", None),
        ("//p.example:8080", None),
        ("socks5h://me:pw@p.example", None),
        (f'"{P}"', Flaw.QUOTED),
        (f" {P}", Flaw.OUTER_BLANK),
        (f"{P}\r", Flaw.CARRIAGE_RETURN),
        ("http://me:p#w@p.example:80", Flaw.UNESCAPED),
        ("http://me:p w@p.example:80", Flaw.UNESCAPED),
        ("http://me:p%23w@p.example:80", None),
        ("http://me:p@w@p.example:80", None),
        ("http://me:p:w@p.example:80", None),
        ("http://p.ex\x01ample", Flaw.CONTROL),
        ("http://p example:80", Flaw.BLANK),
        ("http:p.example:8080", Flaw.BAD_PORT),
        ("http://", Flaw.NO_HOST),
        ("http://p.example:99999", Flaw.BAD_PORT),
        ("http://127.0.0.1:99999", Flaw.BAD_PORT),
        ("x" * 1_000_000, Flaw.TOO_LONG),
    ],
)
def test_what_no_client_can_read(text: str, flaw: Flaw | None) -> None:
    assert read_proxy(text, "X", "X", {}).flaw is flaw


@pytest.mark.parametrize(
    ("password", "uv_alone", "escapable"),
    [("a#b", False, True), ("a b", True, True), ("a/b", False, False), ("a[b", False, False), ("a\\b?c", False, True)],
)
def test_who_minds_a_password_and_what_helps(password: str, uv_alone: bool, escapable: bool) -> None:
    proxy = read_proxy(f"http://me:{password}@p.example:80", "X", "X", {})
    assert (proxy.flaw, proxy.uv_alone, proxy.escapable) == (Flaw.UNESCAPED, uv_alone, escapable)


def test_credentials_are_noted() -> None:
    assert read_proxy("me:pw@p.example:80", "X", "X", {}).credentials is Credentials.PASSWORD


@pytest.mark.parametrize(
    ("value", "host", "by_uv", "by_pip"),
    [
        ("mirror.example", "mirror.example", True, True),
        (".example", "mirror.example", True, True),
        ("example", "mirror.example", True, True),
        ("a, mirror.example", "mirror.example", True, True),
        ("*", "mirror.example", True, True),
        ("*.example", "mirror.example", False, False),
        ("ror.example", "mirror.example", False, False),
        ("", "mirror.example", False, False),
        ("mirror.example:8080", "mirror.example:8080", False, True),
        (".example:8080", "mirror.example:8080", False, True),
        ("mirror.example", "mirror.example:8080", True, True),
        ("mirror.example:9", "mirror.example:8080", False, False),
        ("a,*", "mirror.example", True, False),
    ],
)
def test_no_proxy_covers_an_address(value: str, host: str, by_uv: bool, by_pip: bool) -> None:
    entry, address = NoProxy("NO_PROXY", value), index(f"http://{host}/simple")
    assert (entry.covers(address, uv=True), entry.covers(address, uv=False)) == (by_uv, by_pip)


def test_spellings_of_no_proxy_are_read_as_those_of_proxies(tmp_path: Path) -> None:
    found = proxies(tmp_path, HTTPS_PROXY=P, NO_PROXY="a.example", no_proxy="b.example")
    a, b = index("https://a.example/simple"), index("https://b.example/simple")
    assert (found.direct(a, uv=True), found.direct(a, uv=False)) == (True, False)
    assert (found.direct(b, uv=True), found.direct(b, uv=False)) == (False, True)
