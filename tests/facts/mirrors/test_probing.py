"""How mirrors are asked, and what their answers mean. Some answers are those of a real server."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from envdoctor.facts.http import fetch
from envdoctor.facts.http.fetch import Failure, Refuser, Reply, Route
from envdoctor.facts.http.url import Address
from envdoctor.facts.mirrors import probing
from envdoctor.facts.mirrors.logins import Logins
from envdoctor.facts.mirrors.reachability import Asked, Reachability, Verdict
from envdoctor.facts.mirrors.servers import Purpose, Target, Targets
from envdoctor.facts.network.anchors import Anchors
from envdoctor.system.session import Session
from tests.facts.mirrors.reachability_world import session
from tests.mirror_server import MirrorServer
from tests.support import make_session, see

RELEASE = "/20260101/cpython-3.14.1%2B20260101-x-install_only_stripped.tar.gz"
NO_LOGINS = Logins()
Get = Callable[[str, Route, str, float], Reply]


def target(purpose: Purpose, url: str = "https://mirror.example/simple/", prefix: str = "") -> Target:
    return Target("uv", purpose, Address(url, "UV_DEFAULT_INDEX", "UV_DEFAULT_INDEX"), prefix)


def answered(
    monkeypatch: pytest.MonkeyPatch,
    get: Get,
    *targets: Target,
    here: Session | None = None,
    logins: Logins = NO_LOGINS,
) -> list[Asked]:
    """What comes of asking these servers, where `get` answers for all of them."""
    monkeypatch.setattr(fetch, "get", get)
    return list(probing.ask(Targets(targets), here or make_session(), None, logins))


PAGE = Reply(200, "text/html", b'<a href="pip-1-py3-none-any.whl">')
INDEX, EXTRA, PYTHONS, CHANNEL, HUB = Purpose


@pytest.mark.parametrize(
    ("purpose", "reply", "verdict"),
    [
        (INDEX, PAGE, Verdict.FITS),
        (INDEX, Reply(200, "application/vnd.pypi.simple.v1+json", b"{}"), Verdict.FITS),
        (INDEX, Reply(200, "text/html", b"<h1>Log in</h1>"), Verdict.OTHER),
        (EXTRA, Reply(200, "text/html", b"pip-1.tar.gz"), Verdict.FITS),
        (PYTHONS, Reply(200, "text/html", b"<h1>Log in</h1>"), Verdict.FITS),
        (CHANNEL, Reply(200, "text/plain", b' {"info": {}}'), Verdict.FITS),
        (CHANNEL, Reply(200, "text/html", b"<h1>"), Verdict.OTHER),
        (HUB, Reply(200, "text/html", b"<h1>"), Verdict.FITS),
        *((INDEX, Reply(status), Verdict.NO_ENTRY) for status in (401, 403, 407)),
        *((INDEX, Reply(status), Verdict.NOT_FOUND) for status in (404, 410)),
        (CHANNEL, Reply(404), Verdict.NOT_FOUND),
        *((purpose, Reply(404), Verdict.FITS) for purpose in (EXTRA, PYTHONS, HUB)),
        *((HUB, Reply(status), Verdict.FAULTY) for status in (400, 500, 503)),
        (INDEX, Reply(401, logged_in=True), Verdict.NO_ENTRY),
        (INDEX, Reply(403, refuser=Refuser.EITHER), Verdict.EITHER),
        (INDEX, Reply(403, refuser=Refuser.PROXY), Verdict.UNREACHABLE),
        (INDEX, Reply(failure=Failure.REFUSED), Verdict.UNREACHABLE),
        (INDEX, Reply(failure=Failure.UNTRUSTED), Verdict.UNREACHABLE),
        (INDEX, Reply(failure=Failure.SOCKS), Verdict.UNKNOWN),
        (INDEX, Reply(failure=Failure.NO_CERTIFICATES), Verdict.UNKNOWN),
    ],
)
def test_what_an_answer_means(
    monkeypatch: pytest.MonkeyPatch, purpose: Purpose, reply: Reply, verdict: Verdict
) -> None:
    [asked] = answered(monkeypatch, lambda *_: reply, target(purpose))
    assert asked.verdict is verdict


def test_an_answer_is_kept_with_what_explains_it(monkeypatch: pytest.MonkeyPatch) -> None:
    index = target(INDEX)
    other = Reply(200, "text/plain", b"x", seconds=0.0126)
    refused = Reply(failure=Failure.REFUSED, detail="[Errno 111] Connection refused")
    assert answered(monkeypatch, lambda *_: other, index) == [
        Asked(index, "/pip/", Verdict.OTHER, 200, "text/plain", None, 13)
    ]
    assert answered(monkeypatch, lambda *_: PAGE, index) == [Asked(index, "/pip/", Verdict.FITS, 200, "", None, 0)]
    assert answered(monkeypatch, lambda *_: refused, index) == [
        Asked(index, "/pip/", Verdict.UNREACHABLE, None, refused.detail, "it refuses the connection")
    ]


def test_a_login_that_may_be_elsewhere_is_not_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    keyring, index = Logins(uv="uv asks a keyring"), target(INDEX)
    refused, logged_in = Reply(401), Reply(401, logged_in=True)
    [asked] = answered(monkeypatch, lambda *_: refused, index, logins=keyring)
    assert (asked.verdict, asked.login) == (Verdict.LOGIN, "uv asks a keyring")
    [asked] = answered(monkeypatch, lambda *_: logged_in, index, logins=keyring)
    assert (asked.verdict, asked.login) == (Verdict.NO_ENTRY, None)


@pytest.mark.parametrize(
    ("wanted", "url"),
    [
        (target(INDEX, " https://a.example/simple/ "), "https://a.example/simple/pip/"),
        (target(CHANNEL, "https://a.example/conda"), "https://a.example/conda/noarch/repodata.json"),
        (target(HUB, "https://a.example"), "https://a.example"),
        (target(PYTHONS, "https://a.example", prefix="/python"), "https://a.example/python"),
    ],
)
def test_each_server_is_asked_for_what_its_tool_would_fetch(
    monkeypatch: pytest.MonkeyPatch, wanted: Target, url: str
) -> None:
    urls = []

    def get(url: str, *_: object) -> Reply:
        urls.append(url)
        return PAGE

    answered(monkeypatch, get, wanted)
    assert urls == [url]


def test_the_way_is_the_tools_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    routes = []

    def get(_: str, route: Route, __: str, patience: float) -> Reply:
        routes.append((route, patience))
        return PAGE

    anchors = Anchors(own="/ca.pem", system=False)
    own = Target("pip", INDEX, Address("https://a", "x", "x"), "", "http://proxy:1", anchors, verify=False)
    (tmp_path / "_netrc").touch()
    home = {"HOME": str(tmp_path)}
    answered(monkeypatch, get, own, here=make_session(home, timeout=2.0))
    (tmp_path / ".netrc").touch()
    answered(monkeypatch, get, own, here=make_session(home))
    answered(monkeypatch, get, own, here=make_session({**home, "NETRC": "logins"}, cwd="/w"))
    answered(monkeypatch, get, own, here=make_session({"HOME": "/nonexistent"}))
    logins = (f"{tmp_path}/_netrc", f"{tmp_path}/.netrc", "/w/logins", None)
    expected = [Route("http://proxy:1", ("/ca.pem",), False, False, netrc) for netrc in logins]
    assert [route for route, _ in routes] == expected
    assert [patience for _, patience in routes] == [2.0, 5.0, 5.0, 5.0]


def test_who_is_silent_does_not_keep_the_others_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = threading.Event()

    def get(url: str, *_: object) -> Reply:
        if "silent" in url:
            heard.wait(30)
        return PAGE

    silent, other = target(INDEX, "https://silent"), target(INDEX)
    try:
        found = answered(monkeypatch, get, silent, other, here=make_session(timeout=0.1))
    finally:
        heard.set()
    assert found == [
        Asked(silent, "/pip/", Verdict.UNREACHABLE, None, "0.1 s", "it does not answer in time"),
        Asked(other, "/pip/", Verdict.FITS, 200, "", None, 0),
    ]


@pytest.mark.tools
def test_the_release_that_uv_wants_is_asked_for(tmp_path: Path, mirror: MirrorServer) -> None:
    (tmp_path / "bin").mkdir()
    uv = tmp_path / "bin/uv"
    mirrored = "UV_PYTHON_INSTALL_MIRROR"
    listing = json.dumps([{"url": None}, {"url": f"https://where.example/releases/download{RELEASE}"}])
    uv.write_text(f"#!/bin/sh\necho '{listing}'\n")
    uv.chmod(0o755)
    mirror.take_paths()
    [asked] = see(Reachability, session(tmp_path, {mirrored: f"{mirror.url}/gh/releases/download"})).asked
    assert (asked.verdict, asked.page) == (Verdict.FITS, RELEASE)
    [asked] = see(Reachability, session(tmp_path, {mirrored: f"{mirror.url}/other"})).asked
    assert (asked.verdict, asked.page) == (Verdict.NOT_FOUND, RELEASE)
    [asked] = see(Reachability, session(tmp_path, {mirrored: f"{mirror.url}/plain"})).asked
    assert (asked.verdict, asked.page) == (Verdict.FITS, RELEASE.replace("%2B", "+"))
    [asked] = see(Reachability, session(tmp_path, {mirrored: f"{mirror.url}/portal"})).asked
    assert asked.verdict is Verdict.OTHER
    [asked] = see(Reachability, session(tmp_path, {"UV_ASTRAL_MIRROR_URL": f"{mirror.url}/astral"})).asked
    assert asked.page == f"/github/python-build-standalone/releases/download{RELEASE}"


@pytest.mark.tools
def test_credentials_are_used(tmp_path: Path, mirror: MirrorServer) -> None:
    [asked] = see(Reachability, session(tmp_path, {"UV_DEFAULT_INDEX": f"{mirror.url}/private/simple"})).asked
    assert asked.verdict is Verdict.NO_ENTRY
    [asked] = see(
        Reachability, session(tmp_path, {"UV_DEFAULT_INDEX": mirror.with_credentials("/private/simple")})
    ).asked
    assert asked.verdict is Verdict.FITS
