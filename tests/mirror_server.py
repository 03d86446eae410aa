"""A mirror on this machine: package index and download server in one, which writes down what it is asked.

| path | answer |
|---|---|
| `/simple/demo/` | the page of a package, also as JSON for who asks so |
| `/private/simple/demo/` | the same for `me` with the password `Sesame-123` |
| `/moved/…` | a redirection to the same path without `/moved` |
| `/away/…` | the same on `elsewhere` |
| `/slow/…` | the same after a while |
| `/portal/…` | a page for people |
| `/denied/STATUS/HEADER/…` | a refusal; HEADER is one of `DENIALS` |
| `/gh/releases/download/DATE/FILE` | an archive, for any file |
| `/plain/DATE/FILE` | the same, for files with a plain `+` in their names |
| `/files/…` | a wheel |
| anything else | 404 |

It is a proxy too: for plain addresses it answers itself, whatever the host; a tunnel leads to its own port for TLS.
"""

from __future__ import annotations

import base64
import select
import socket
import ssl
import subprocess
import threading
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self
from urllib.parse import urlsplit

from tests.support import needs_tool
from tests.wheels import write_wheel

USER, PASSWORD = "me", "Sesame-123"
BASIC = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
ARCHIVE = b"\x1f\x8b\x08\x00" + bytes(60)
PAGE = (
    b'<!DOCTYPE html><html><body><a href="/files/demo-1.0-py3-none-any.whl">demo-1.0-py3-none-any.whl</a></body></html>'
)
JSON = b'{"meta": {"api-version": "1.0"}, "name": "demo", "files": []}'

DENIALS = {
    "none": None,
    "via": ("Via", "1.1 proxy"),
    "squid": ("X-Squid-Error", "ERR_ACCESS_DENIED 0"),
    "status": ("Proxy-Status", "proxy; error=http_request_denied"),
    "passed": ("Proxy-Status", "proxy; received-status=403"),
    "asks": ("Proxy-Authenticate", 'Basic realm="proxy"'),
}


class Asked(NamedTuple):
    """One request."""

    method: str
    target: str
    host: str | None
    authorization: str | None


class MirrorServer:
    """The mirror, on a port of its own, until its context ends.

    Args:
        root: an empty directory for the wheel.
        certificate: certificate and key for https; None for plain http.
        tunnel: the port that tunnels lead to.
        patience: seconds that `/slow/` takes.
    """

    def __init__(
        self, root: Path, certificate: Path | None = None, tunnel: int | None = None, patience: float = 1.5
    ) -> None:
        self.asked: list[Asked] = []
        self.wheel = write_wheel(root, "demo", "1.0", files={"demo.py": ""}).read_bytes()
        self.tunnel = tunnel
        self.patience = patience
        self.elsewhere = ""
        self.closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.mirror = self
        self.scheme = "http" if certificate is None else "https"
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        """Where it listens."""
        port = self._server.server_address[1]
        assert isinstance(port, int)
        return port

    @property
    def url(self) -> str:
        """Its address, without a path."""
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def with_credentials(self, path: str, password: str = PASSWORD) -> str:
        """An address with user and password in it."""
        return f"{self.scheme}://{USER}:{password}@127.0.0.1:{self.port}{path}"

    def take_paths(self) -> list[str]:
        """The paths that were asked for since the last time."""
        asked, self.asked[:] = list(self.asked), []
        return [request.target for request in asked]


class Answer(NamedTuple):
    """What is said to a request."""

    status: int
    body: bytes = b""
    kind: str = "text/html"
    header: tuple[str, str] | None = None


def _route(mirror: MirrorServer, path: str, headers: Message) -> Answer:
    """The answer to a path; the first part may say how it is to be given."""
    first, rest = path.split("/")[1], "/" + "/".join(path.split("/")[2:])
    match first:
        case "slow":
            mirror.closing.wait(mirror.patience)
            return _route(mirror, rest, headers)
        case "moved" | "away":
            return Answer(302, header=("Location", f"{mirror.elsewhere if first == 'away' else ''}{rest}"))
        case "private":
            refused = Answer(401, header=("WWW-Authenticate", 'Basic realm="mirror"'))
            return _route(mirror, rest, headers) if headers.get("Authorization") == BASIC else refused
        case "portal":
            return Answer(200, b"<html><title>Welcome</title><form>Log in</form></html>")
        case "files":
            return Answer(200, mirror.wheel, "application/zip")
        case _:
            return _public(path, headers.get("Accept") or "")


def _public(path: str, accepted: str) -> Answer:
    if path.startswith("/denied/"):
        status, name = path.split("/")[2:4]
        return Answer(int(status), header=DENIALS[name])
    if path.rstrip("/") in {"/simple/demo", "/simple/pip"}:
        wants_json = "json" in accepted and "html" not in accepted
        return Answer(200, JSON, "application/vnd.pypi.simple.v1+json") if wants_json else Answer(200, PAGE)
    if path.startswith("/gh/releases/download/") or (path.startswith("/plain/") and "+" in path):
        return Answer(200, ARCHIVE, "application/gzip")
    return Answer(404, b"nothing here")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    mirror: MirrorServer

    def handle_error(self, *_: object) -> None:
        """Say nothing of clients that hang up."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        asked = Asked(self.command, self.path, self.headers.get("Host"), self.headers.get("Authorization"))
        self.server.mirror.asked.append(asked)
        self.answer(_route(self.server.mirror, urlsplit(self.path).path, self.headers))

    def do_HEAD(self) -> None:
        self.do_GET()

    def answer(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(answer.body)))
        if answer.header:
            self.send_header(*answer.header)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def do_CONNECT(self) -> None:
        mirror = self.server.mirror
        mirror.asked.append(Asked("CONNECT", self.path, None, self.headers.get("Proxy-Authorization")))
        self.close_connection = True
        if mirror.tunnel is None:
            self.answer(Answer(403))
            return
        with socket.create_connection(("127.0.0.1", mirror.tunnel)) as other:
            self.send_response(200)
            self.end_headers()
            _pass_on(self.connection, other)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    while True:
        ready, _, _ = select.select([one, other], [], [], 5)
        for end in ready:
            data = end.recv(65_536)
            if not data:
                return
            (other if end is one else one).sendall(data)
        if not ready:
            return


def make_authority(directory: Path) -> tuple[Path, Path]:
    """A private authority, and a certificate with its key that it has signed for this machine: two PEM files."""
    openssl = needs_tool("openssl")
    authority, key, pair = directory / "authority.pem", directory / "authority.key", directory / "server.pem"
    names = directory / "names"
    names.write_text("subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:mirror.example\nbasicConstraints=CA:FALSE\n")

    def run(*arguments: str | Path) -> None:
        subprocess.run([openssl, *map(str, arguments)], check=True, capture_output=True, cwd=directory)

    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    subject = ("-subj", "/CN=A private authority")
    run("req", "-x509", *curve, "-keyout", key, "-out", authority, "-days", "3650", *subject)
    run("req", *curve, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=mirror.example")
    signing = ("-CA", authority, "-CAkey", key, "-CAcreateserial", "-days", "3650", "-extfile", names)
    run("x509", "-req", "-in", "server.csr", "-out", "server.crt", *signing)
    pair.write_text((directory / "server.crt").read_text() + (directory / "server.key").read_text())
    return authority, pair
