"""How servers are asked: against one on this machine that does everything that servers do."""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from envdoctor.facts.http.fetch import Failure, Refuser, Route, _of, get
from envdoctor.system.unread import noting
from tests.mirror_server import ARCHIVE, PASSWORD, MirrorServer, make_authority


@pytest.fixture(scope="module")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MirrorServer]:
    with MirrorServer(tmp_path_factory.mktemp("mirror"), patience=5) as server:
        yield server


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory, authority: tuple[Path, Path]) -> Iterator[MirrorServer]:
    with MirrorServer(tmp_path_factory.mktemp("secure"), authority[1]) as server:
        yield server


def test_a_page_and_an_archive(mirror: MirrorServer) -> None:
    page = get(f"{mirror.url}/simple/demo/", Route(), "text/html", 5)
    assert (page.status, page.kind, page.failure) == (200, "text/html", None)
    assert b"demo-1.0-py3-none-any.whl" in page.body
    archive = get(f"{mirror.url}/gh/releases/download/20260101/x%2By.tar.gz", Route(), "*/*", 5)
    assert archive.body == ARCHIVE
    assert get(f"{mirror.url}/nothing", Route(), "*/*", 5).status == 404
    assert mirror.take_paths()[1] == "/gh/releases/download/20260101/x%2By.tar.gz"


def test_redirections_are_followed_and_end(mirror: MirrorServer) -> None:
    assert get(f"{mirror.url}/moved/simple/demo/", Route(), "text/html", 5).status == 200
    endless = get(f"{mirror.url}/moved/moved/moved/moved/moved/moved/moved/simple/demo/", Route(), "text/html", 5)
    assert (endless.failure, endless.detail) == (Failure.BROKEN, "more than 5 redirections")


def test_credentials_go_to_the_server_that_they_are_for(mirror: MirrorServer) -> None:
    assert get(f"{mirror.url}/private/simple/demo/", Route(), "text/html", 5).status == 401
    assert get(mirror.with_credentials("/private/simple/demo/"), Route(), "text/html", 5).status == 200
    elsewhere = mirror.with_credentials("/away/simple/demo/")
    mirror.elsewhere = f"http://localhost:{mirror.port}"
    mirror.asked.clear()
    assert get(elsewhere, Route(), "text/html", 5).status == 200
    assert [(asked.target, asked.authorization is not None) for asked in mirror.asked] == [
        ("/away/simple/demo/", True),
        ("/simple/demo/", False),
    ]


def test_a_slow_server_is_not_waited_for(mirror: MirrorServer) -> None:
    assert get(f"{mirror.url}/slow/simple/demo/", Route(), "text/html", 0.2).failure is Failure.TIMED_OUT


def test_nobody_is_there() -> None:
    assert get("http://127.0.0.1:9/simple/", Route(), "text/html", 5).failure is Failure.REFUSED


def test_what_is_no_http(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        server.listen()
        assert get(f"http://127.0.0.1:{port}/", Route(), "*/*", 0.2).failure is Failure.TIMED_OUT


def test_a_proxy_is_asked_in_place_of_the_server(mirror: MirrorServer) -> None:
    mirror.asked.clear()
    route = Route(proxy=f"me:pw@127.0.0.1:{mirror.port}")
    assert get("http://mirror.invalid/simple/demo/", route, "text/html", 5).status == 200
    [asked] = mirror.asked
    assert (asked.target, asked.host) == ("http://mirror.invalid/simple/demo/", "mirror.invalid")


@pytest.mark.tools
def test_https_needs_the_right_authority(secure: MirrorServer, authority: tuple[Path, Path]) -> None:
    url = f"{secure.url}/simple/demo/"
    assert get(url, Route(), "text/html", 5).failure is Failure.UNTRUSTED
    assert get(url, Route(bundles=(str(authority[0]),)), "text/html", 5).status == 200
    assert get(url, Route(verify=False), "text/html", 5).status == 200
    assert get(url, Route(bundles=("/nowhere.pem",)), "text/html", 5).failure is Failure.NO_CERTIFICATES


@pytest.mark.tools
def test_https_goes_through_a_tunnel(secure: MirrorServer, authority: tuple[Path, Path], tmp_path: Path) -> None:
    with MirrorServer(tmp_path, tunnel=secure.port) as proxy:
        route = Route(proxy=f"http://me:pw@127.0.0.1:{proxy.port}", bundles=(str(authority[0]),))
        assert get("https://mirror.example/simple/demo/", route, "text/html", 5).status == 200
        [asked] = proxy.asked
        assert (asked.method, asked.target, asked.authorization) == ("CONNECT", "mirror.example:443", "Basic bWU6cHc=")
        proxy.tunnel = None
        assert get("https://mirror.example/simple/demo/", route, "text/html", 5).failure is Failure.PROXY
    assert get("https://mirror.example/", Route(proxy="socks5://127.0.0.1:9"), "*/*", 5).failure is Failure.SOCKS


@pytest.mark.parametrize(
    "url", ["http://mirror.example:x/", "http://[::1/", "http://a\x01b/", "http://" + "a" * 300 + "/"]
)
def test_no_address_raises(url: str) -> None:
    assert get(url, Route(proxy="http://127.0.0.1:9"), "*/*", 1).failure is not None


def test_a_login_of_netrc_is_used_where_the_address_has_none(mirror: MirrorServer, tmp_path: Path) -> None:
    page, netrc = f"{mirror.url}/private/simple/demo/", tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password Sesame-123\n")
    assert get(page, Route(netrc=str(netrc)), "text/html", 5).status == 200
    assert get(page, Route(netrc=str(tmp_path / "none")), "text/html", 5).status == 401
    netrc.write_text("machine other.example login me password Sesame-123\n")
    assert get(page, Route(netrc=str(netrc)), "text/html", 5).status == 401
    netrc.write_text("machine\n")
    assert get(page, Route(netrc=str(netrc)), "text/html", 5).status == 401


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "not a regular file"),
        (b"machine \xff login", "not UTF-8"),
        (b"#" * 1_000_001, "larger than 1,000,000 bytes"),
    ],
)
def test_a_netrc_that_cannot_be_read_is_noted(
    content: bytes | None, reason: str, mirror: MirrorServer, tmp_path: Path
) -> None:
    page, netrc = f"{mirror.url}/private/simple/demo/", tmp_path / "netrc"
    if content is None:
        os.mkfifo(netrc)
    else:
        netrc.write_bytes(content)
    with noting() as notes:
        assert get(page, Route(netrc=str(netrc)), "text/html", 5).status == 401
    assert notes == {str(netrc): reason}


@pytest.mark.parametrize(
    ("code", "failure"), [(62, "OTHER_NAME"), (64, "OTHER_NAME"), (10, "EXPIRED"), (9, "EXPIRED"), (20, "UNTRUSTED")]
)
def test_what_is_wrong_with_a_certificate_is_told_apart(code: int, failure: str) -> None:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code = code
    assert _of(error) is Failure[failure]


@pytest.mark.parametrize(
    ("denial", "refuser"),
    [
        ("407/none", Refuser.PROXY),
        ("403/asks", Refuser.PROXY),
        ("403/squid", Refuser.PROXY),
        ("403/status", Refuser.PROXY),
        ("403/passed", Refuser.EITHER),
        ("403/via", Refuser.EITHER),
        ("403/none", Refuser.EITHER),
        ("401/via", Refuser.SERVER),
        ("404/none", Refuser.SERVER),
    ],
)
def test_who_refuses_what_goes_through_a_proxy(mirror: MirrorServer, denial: str, refuser: Refuser) -> None:
    url = f"http://mirror.invalid/denied/{denial}/simple/"
    assert get(url, Route(proxy=mirror.url), "*/*", 5).refuser is refuser
    direct = get(f"{mirror.url}/denied/{denial}/simple/", Route(), "*/*", 5)
    assert (direct.refuser, direct.logged_in) == (Refuser.SERVER, False)


def test_a_name_without_a_password_is_no_login(mirror: MirrorServer) -> None:
    alone = mirror.with_credentials("/private/simple/").replace(f":{PASSWORD}@", "@")
    assert not get(alone, Route(), "*/*", 5).logged_in
    assert get(mirror.with_credentials("/denied/401/none/"), Route(), "*/*", 5).logged_in
