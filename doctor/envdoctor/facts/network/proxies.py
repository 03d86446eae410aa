"""Through which proxy does each tool go, and does anybody listen where a proxy on this machine should be?

The rules differ, which tests/clinic/test_proxies.py shows: Python's clients (pip, conda, poetry …) read a variable in
lower case first, uv the one in upper case; neither looks further once it has found it, even if that is empty.
"""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.conda.condarc import Condarc
from envdoctor.facts.http.parts import Credentials, credentials_of, is_loopback, split
from envdoctor.facts.http.url import CONTROL, LONGEST, PORTS, Address, Flaw
from envdoctor.facts.pip.settings import FROM_VARIABLE, PipSettings
from envdoctor.facts.uv.settings import UvSettings
from envdoctor.system.session import Session
from envdoctor.text.patterns import pattern
from envdoctor.text.secrets import userinfo

NAMES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
PATIENCE = 0.5
# in user and password: where one of these stands, Python's clients and uv end the host; uv minds blanks too
UNREAD_BY_ALL, UNREAD_BY_UV = pattern(r"[/?#\\\[\]]"), pattern(r"\s")
ESCAPED_BLINDLY = pattern(r"[^/\[\]\t\r\n]*")  # the others may also stand in the rest of an address


class Proxy(Fact, frozen=True):
    """One proxy that is set, or a variable that is set to nothing.

    Attributes:
        text: as it is set; empty if it is too long to keep.
        setting: the variable, or the key of a configuration file.
        origin: the variable, or the file with its line.
        credentials: what stands in front of its host.
        flaw: what keeps clients from reading it; a missing scheme is none.
        uv_alone: whether uv alone minds the flaw; otherwise Python's clients stop there too.
        escapable: whether the flaw is gone once every `#`, `?`, backslash and blank is written as a % escape.
        listening: whether anything accepts connections there; None if it is not on this machine, or cannot be read.
    """

    text: str
    setting: str
    origin: str
    credentials: Credentials = Credentials.NONE
    flaw: Flaw | None = None
    uv_alone: bool = False
    escapable: bool = False
    listening: bool | None = None

    @property
    def scheme(self) -> str:
        """`http`, `socks5h` …, in lower case; empty if it has none."""
        return split(self.text).scheme

    @property
    def host(self) -> str:
        """Where it is, in lower case."""
        return split(self.text).host

    @property
    def port(self) -> str:
        """Its port, or the one that its scheme implies."""
        return split(self.text).port or PORTS.get(self.scheme or "http", "")

    @property
    def loopback(self) -> bool:
        """Whether it is on this machine."""
        return is_loopback(self.host)

    @property
    def is_socks(self) -> bool:
        """Whether it speaks SOCKS."""
        return self.scheme.startswith("socks")


class NoProxy(Fact, frozen=True):
    """`NO_PROXY` in one spelling: the variable and its value."""

    name: str
    value: str

    @property
    def entries(self) -> tuple[str, ...]:
        """What stands between its commas, without blanks."""
        return tuple(entry.strip() for entry in self.value.split(",") if entry.strip())

    def covers(self, address: Address, *, uv: bool) -> bool:
        """Whether a tool goes to an address directly because of it. Python's clients alone understand `host:port`."""
        names = [name for entry in self.entries if (name := entry.lower().lstrip("."))]
        port = address.parts.port
        places = [address.host] if uv or not port else [address.host, f"{address.host}:{port}"]
        everything = "*" in names if uv else self.value.strip() == "*"
        return everything or any(f".{place}".endswith(f".{name}") for place in places for name in names)


class Proxies(Fact, frozen=True):
    """The proxies of this session.

    Attributes:
        variables: of `HTTP_PROXY`, `HTTPS_PROXY` and `ALL_PROXY` in both spellings, those that are set.
        no_proxy: `NO_PROXY` in the spellings that are set.
        pip: what pip's own option says; None if it says nothing.
        uv: what uv's configuration files say.
        conda: what conda's configuration says.
    """

    variables: tuple[Proxy, ...] = ()
    no_proxy: tuple[NoProxy, ...] = ()
    pip: Proxy | None = None
    uv: tuple[Proxy, ...] = ()
    conda: tuple[Proxy, ...] = ()

    def variable(self, name: str) -> Proxy | None:
        """What one spelling of one variable says."""
        return next((proxy for proxy in self.variables if proxy.setting == name), None)

    def for_python(self, scheme: str) -> Proxy | None:
        """The proxy that Python clients use for `http` or `https`, unless they have an option of their own."""
        for name in (f"{scheme}_proxy", "all_proxy"):
            proxy = self.variable(name) or self.variable(name.upper())
            if proxy and proxy.text:
                return proxy
        return None

    def for_uv(self, scheme: str) -> Proxy | None:
        """The proxy that uv uses for `http` or `https`."""
        for name in (f"{scheme}_proxy", "all_proxy"):
            proxy = self.variable(name.upper()) or self.variable(name)
            if proxy and proxy.text:
                return proxy
        return next((proxy for proxy in self.uv if proxy.setting == f"{scheme}-proxy"), None)

    def for_pip(self, scheme: str) -> Proxy | None:
        """The proxy that pip uses for `http` or `https`."""
        return self.pip or self.for_python(scheme)

    def for_conda(self, scheme: str) -> Proxy | None:
        """The proxy that conda uses for `http` or `https`."""
        own = next((proxy for proxy in self.conda if proxy.setting == f"proxy_servers: {scheme}"), None)
        return own or self.for_python(scheme)

    @property
    def every(self) -> tuple[Proxy, ...]:
        """All that are set to something."""
        pip = (self.pip,) if self.pip else ()
        return tuple(proxy for proxy in (*self.variables, *pip, *self.uv, *self.conda) if proxy.text or proxy.flaw)

    def direct(self, address: Address, *, uv: bool) -> bool:
        """Whether a tool goes to an address without any proxy."""
        spellings = ("NO_PROXY", "no_proxy") if uv else ("no_proxy", "NO_PROXY")
        found = (entry for name in spellings for entry in self.no_proxy if entry.name == name)
        no_proxy = next(found, None)
        return no_proxy is not None and no_proxy.covers(address, uv=uv)


@probe
def probe_proxies(session: Session, pip: PipSettings, uv: UvSettings, condarc: Condarc | None) -> Proxies:
    """Read the proxies, and knock at those that are on this machine."""
    known: dict[tuple[str, str], bool] = {}

    def made(text: str, setting: str, origin: str) -> Proxy:
        return read_proxy(text, setting, origin, known)

    spellings = (name for upper in NAMES for name in (upper, upper.lower()))
    option = pip.effective("proxy")
    found = Proxies(
        tuple(made(session.env[name], name, name) for name in spellings if name in session.env),
        tuple(NoProxy(name, session.env[name]) for name in ("NO_PROXY", "no_proxy") if name in session.env),
        made(option.value, _named(option.section), option.origin) if option else None,
        tuple(made(v.value, v.key, v.origin) for v in uv.values if v.key in ("http-proxy", "https-proxy")),
        tuple(
            made(value.value, f"proxy_servers: {value.entry}", value.origin)
            for value in (condarc.entries("proxy_servers") if condarc else ())
        ),
    )
    if not found.every and not found.no_proxy:
        raise Unavailable("no proxy is set")
    return found


def _named(section: str) -> str:
    return "PIP_PROXY" if section == FROM_VARIABLE else f"[{section}] proxy"


def read_proxy(text: str, setting: str, origin: str, known: dict[tuple[str, str], bool]) -> Proxy:
    """A proxy as it is set. `known` holds which places on this machine answered."""
    if len(text) > LONGEST:
        return Proxy("", setting, origin, flaw=Flaw.TOO_LONG)
    proxy = Proxy(text, setting, origin, credentials_of(text), next(_flaws(text), None) if text else None)
    if proxy.flaw is Flaw.UNESCAPED:
        return _unescaped(proxy)
    if not text or proxy.flaw or not proxy.loopback or not proxy.port:
        return proxy
    place = (proxy.host.strip("[]"), proxy.port)
    if place not in known:
        known[place] = _listens(place[0], int(place[1]))
    return Proxy(text, setting, origin, proxy.credentials, listening=known[place])


def _unescaped(proxy: Proxy) -> Proxy:
    """The same, with who minds the characters: a masked report does not hold them any more."""
    secret = userinfo(proxy.text) or ""
    uv_alone = UNREAD_BY_ALL.search(secret) is None
    escapable = ESCAPED_BLINDLY.fullmatch(secret) is not None
    return Proxy(
        proxy.text, proxy.setting, proxy.origin, proxy.credentials, proxy.flaw, uv_alone=uv_alone, escapable=escapable
    )


def _flaws(text: str) -> Iterator[Flaw]:
    parts = split(text)
    if text.strip("\"'") != text:
        yield Flaw.QUOTED
    if text.endswith("\r"):
        yield Flaw.CARRIAGE_RETURN
    if text != text.strip():
        yield Flaw.OUTER_BLANK
    if CONTROL.search(text):
        yield Flaw.CONTROL
    if UNREAD_BY_ALL.search(userinfo(text) or "") or UNREAD_BY_UV.search(userinfo(text) or ""):
        yield Flaw.UNESCAPED
    if " " in parts.host:
        yield Flaw.BLANK
    if parts.scheme and parts.slashes != "//":
        yield Flaw.SLASHES
    if not parts.host:
        yield Flaw.NO_HOST
    if parts.port and not (parts.port.isascii() and parts.port.isdigit() and int(parts.port) < 65_536):
        yield Flaw.BAD_PORT


def _listens(host: str, port: int) -> bool:
    """Whether something on this machine accepts a connection. Nothing is sent."""
    import socket

    try:
        socket.create_connection((host, port), PATIENCE).close()
    except OSError:
        return False
    return True
