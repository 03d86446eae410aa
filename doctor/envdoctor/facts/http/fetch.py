"""How is a server asked, once, as pip or uv would ask it, and never for long?

Nothing of the network is imported before the first question. A question follows a few redirections, goes through the
proxy and trusts the certificates that it is told, reads at most a little of the answer, and then hangs up.
"""

from __future__ import annotations

import contextlib
import enum
import os
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urljoin

import msgspec

from envdoctor.facts.http.parts import split
from envdoctor.facts.http.url import PORTS
from envdoctor.system.files import Unreadable, read_bytes
from envdoctor.system.unread import note
from envdoctor.text import limits
from envdoctor.text.secrets import userinfo

if TYPE_CHECKING:
    import http.client
    import ssl

MOST_REDIRECTIONS = 5
MOST_BYTES = 65_536
AGENT = "envdoctor"
# where Debian, Alpine, Fedora and openSUSE keep their public authorities
SYSTEM_STORES = (
    *("/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/cert.pem", "/etc/pki/tls/cert.pem", "/etc/ssl/ca-bundle.pem"),
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
)


class Failure(enum.Enum):
    """Why there is no answer."""

    NO_HOST = "its name cannot be resolved"
    REFUSED = "it refuses the connection"
    TIMED_OUT = "it does not answer in time"
    UNTRUSTED = "its certificate is not trusted"
    EXPIRED = "its certificate, or its authority's, has expired or is not valid yet"
    OTHER_NAME = "its certificate is for another name"
    BROKEN = "the connection breaks"
    PROXY = "the proxy does not let it through"
    SOCKS = "it is behind a SOCKS proxy, through which envdoctor does not ask"
    NO_CERTIFICATES = "the certificates that it is to be checked against cannot be read"


# OpenSSL's numbers, X509_V_ERR_…
BY_VERIFY_CODE = {9: Failure.EXPIRED, 10: Failure.EXPIRED, 62: Failure.OTHER_NAME, 64: Failure.OTHER_NAME}


class Refuser(enum.Enum):
    """Who refuses a request."""

    SERVER = "the server"
    PROXY = "the proxy"
    EITHER = "the server or the proxy"


class Route(msgspec.Struct, frozen=True):
    """How to get to a server.

    Attributes:
        proxy: the proxy's address; None for a direct connection.
        bundles: the files and directories of the trusted certificates.
        system: whether the system's own store is trusted too.
        verify: whether its certificate is looked at.
        netrc: the file with logins that counts where the address has none; None if there is none.
    """

    proxy: str | None = None
    bundles: tuple[str, ...] = ()
    system: bool = True
    verify: bool = True
    netrc: str | None = None


class Reply(msgspec.Struct, frozen=True):
    """What a server answered.

    Attributes:
        status: of HTTP; None if there was no answer.
        kind: the `Content-Type`, without parameters.
        body: its beginning.
        seconds: until the answer began.
        failure: why there was none; None if there was.
        detail: the same in the words of the library.
        refuser: who speaks, where the answer is a refusal; through a tunnel the proxy cannot.
        logged_in: whether a name with a password was sent.
    """

    status: int | None = None
    kind: str = ""
    body: bytes = b""
    seconds: float = 0.0
    failure: Failure | None = None
    detail: str = ""
    refuser: Refuser = Refuser.SERVER
    logged_in: bool = False


def get(url: str, route: Route, accept: str, timeout: float) -> Reply:
    """Ask for an address, at most `timeout` seconds. Never raises."""
    from http.client import HTTPException

    begin = time.monotonic()
    try:
        return _follow(url, route, accept, begin, begin + timeout)
    except _Stopped as stopped:
        return Reply(failure=stopped.failure, detail=str(stopped))
    except OSError as error:
        return Reply(failure=_of(error), detail=str(error))
    except (HTTPException, UnicodeError, ValueError) as error:
        return Reply(failure=Failure.BROKEN, detail=f"{type(error).__name__} {error}".strip())


class _Stopped(Exception):  # noqa: N818 - a way out, caught in `get`
    def __init__(self, failure: Failure, detail: str) -> None:
        super().__init__(detail)
        self.failure = failure


def _of(error: OSError) -> Failure:
    import socket
    import ssl

    known: dict[type[OSError], Failure] = {
        TimeoutError: Failure.TIMED_OUT,
        ConnectionRefusedError: Failure.REFUSED,
        socket.gaierror: Failure.NO_HOST,
    }
    if isinstance(error, ssl.SSLCertVerificationError):
        return BY_VERIFY_CODE.get(error.verify_code, Failure.UNTRUSTED)
    if str(error).startswith("Tunnel connection failed"):
        return Failure.PROXY
    return next((failure for kind, failure in known.items() if isinstance(error, kind)), Failure.BROKEN)


def _follow(url: str, route: Route, accept: str, begin: float, deadline: float) -> Reply:
    host = split(url).host
    credentials = userinfo(url) or _from_netrc(route.netrc, host)
    for _ in range(MOST_REDIRECTIONS + 1):
        own = credentials if split(url).host == host else None  # not for whoever it redirects to
        with _asked(url, route, own, accept, deadline) as answer:
            seconds = time.monotonic() - begin
            target = answer.headers.get("Location")
            if answer.status in (301, 302, 303, 307, 308) and target:
                url = urljoin(_bare(url), target)
                continue
            body = b"" if answer.status >= 400 else _beginning(answer, deadline)
            kind = answer.headers.get_content_type()
            refuser = _refuser(answer) if route.proxy and split(url).scheme == "http" else Refuser.SERVER
            return Reply(answer.status, kind, body, seconds, refuser=refuser, logged_in=":" in (own or ""))
    raise _Stopped(Failure.BROKEN, f"more than {MOST_REDIRECTIONS} redirections")


def _refuser(answer: http.client.HTTPResponse) -> Refuser:
    """Who refuses a request that a proxy has seen. A `Via` proves nothing: proxies write it into both."""
    headers = answer.headers
    if answer.status == 407 or "Proxy-Authenticate" in headers or "X-Squid-Error" in headers:
        return Refuser.PROXY
    if "error=" in headers.get("Proxy-Status", ""):
        return Refuser.PROXY
    return Refuser.EITHER if answer.status == 403 else Refuser.SERVER


def _from_netrc(path: str | None, host: str) -> str | None:
    """The login for a host, as `user:password`. pip and uv pass over a file that has no form of this kind."""
    from netrc import NetrcParseError, netrc

    if path is None:
        return None
    try:
        read_bytes(path, limits.NETRC)  # what is no file, or a huge one, is noted and not opened again
        found = netrc(path).authenticators(host)
    except UnicodeDecodeError:
        note(path, "not UTF-8")
        return None
    except (Unreadable, OSError, NetrcParseError):
        return None
    return f"{quote(found[0], safe='')}:{quote(found[2] or '', safe='')}" if found else None


def _beginning(answer: http.client.HTTPResponse, deadline: float) -> bytes:
    body = b""
    while len(body) < MOST_BYTES and time.monotonic() < deadline:
        chunk = answer.read1(8_192)
        if not chunk:
            break
        body += chunk
    return body


@contextlib.contextmanager
def _asked(
    url: str, route: Route, credentials: str | None, accept: str, deadline: float
) -> Iterator[http.client.HTTPResponse]:
    """The answer to one request."""
    parts = split(url)
    target = f"{quote(parts.path or '/', safe='/%:@!$&()*+,;=~')}{parts.rest.partition('#')[0]}"
    host = f"{parts.host}:{parts.port}" if parts.port else parts.host
    headers = {"Host": host, "User-Agent": AGENT, "Accept": accept, "Accept-Encoding": "identity"}
    if credentials:
        headers["Authorization"] = _basic(credentials)
    connection = _connection(url, route, max(deadline - time.monotonic(), 0.01))
    if route.proxy and parts.scheme == "http":
        target = f"http://{host}{target}"
        if secret := userinfo(route.proxy):
            headers["Proxy-Authorization"] = _basic(secret)
    try:
        connection.request("GET", target, headers=headers)
        yield connection.getresponse()
    finally:
        connection.close()


def _connection(url: str, route: Route, timeout: float) -> http.client.HTTPConnection:
    """A connection that is not open yet, through the proxy if there is one."""
    import http.client

    parts = split(url)
    host = parts.host.strip("[]").encode("idna").decode() if not parts.host.isascii() else parts.host.strip("[]")
    port = int(parts.port or PORTS[parts.scheme])
    first_host, first_port, tunnelled = host, port, False
    if route.proxy:
        proxy = split(route.proxy)
        if proxy.scheme.startswith("socks"):
            raise _Stopped(Failure.SOCKS, proxy.scheme)
        first_host, first_port = proxy.host.strip("[]"), int(proxy.port or PORTS[proxy.scheme or "http"])
        tunnelled = parts.scheme == "https"
    if parts.scheme == "http":
        return http.client.HTTPConnection(first_host, first_port, timeout=timeout)
    connection = http.client.HTTPSConnection(first_host, first_port, timeout=timeout, context=_context(route))
    if tunnelled:
        secret = userinfo(route.proxy or "")
        connection.set_tunnel(host, port, {"Proxy-Authorization": _basic(secret)} if secret else {})
    return connection


def _context(route: Route) -> ssl.SSLContext:
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        for bundle in (*route.bundles, *(_system_stores() if route.system else ())):
            _trust(context, bundle)
    except (OSError, ssl.SSLError) as error:
        raise _Stopped(Failure.NO_CERTIFICATES, str(error)) from error
    if not route.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _trust(context: ssl.SSLContext, place: str) -> None:
    if os.path.isdir(place):
        context.load_verify_locations(capath=place)
    else:
        context.load_verify_locations(cafile=place)


def _system_stores() -> tuple[str, ...]:
    """The stores of this system that exist. `SSL_CERT_FILE` is not asked: not every tool reads it."""
    import ssl

    built_in = ssl.get_default_verify_paths()
    places = (built_in.openssl_cafile, built_in.openssl_capath, *SYSTEM_STORES)
    return tuple(dict.fromkeys(place for place in places if os.path.isdir(place) or _holds_something(place)))


def _holds_something(path: str) -> bool:
    return os.path.isfile(path) and os.path.getsize(path) > 0


def _basic(credentials: str) -> str:
    import base64

    user, _, password = credentials.partition(":")
    return "Basic " + base64.b64encode(f"{unquote(user)}:{unquote(password)}".encode()).decode()


def _bare(url: str) -> str:
    secret = userinfo(url)
    return url if secret is None else url.replace(f"{secret}@", "", 1)
