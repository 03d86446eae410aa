"""Which servers would each tool ask here, and on which way would it go to them?"""

from __future__ import annotations

import enum
from collections.abc import Iterator

import msgspec

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.http.url import Address
from envdoctor.facts.mirrors.downloads import HubEndpoint, PythonMirrors
from envdoctor.facts.mirrors.effective import OtherTools
from envdoctor.facts.network.anchors import Anchors, Trusted
from envdoctor.facts.network.proxies import Proxies, Proxy
from envdoctor.facts.pip.indexes import PipIndexes
from envdoctor.facts.uv.indexes import UvIndexes
from envdoctor.facts.uv.settings import UvSettings

SINGLE_CHANNELS = ("channels", "default_channels")


class Purpose(enum.Enum):
    """What a server is asked for."""

    INDEX = "the index"
    EXTRA = "an additional index"
    PYTHONS = "Python downloads"
    CHANNEL = "a channel"
    HUB = "models"


class Target(Fact, frozen=True):
    """One server that a tool would ask, because it is set.

    Attributes:
        tool: for whom.
        purpose: what for.
        address: the address as it is set.
        prefix: what uv puts between the address and what it asks for.
        proxy: through which proxy; None for a direct connection.
        anchors: what its certificate is checked against.
        verify: whether the tool looks at its certificate.
    """

    tool: str
    purpose: Purpose
    address: Address
    prefix: str = ""
    proxy: str | None = None
    anchors: Anchors = Anchors()
    verify: bool = True


class Targets(Fact, frozen=True):
    """Every server that is set, once for every way to it. What a tool would ask by default is not among them."""

    targets: tuple[Target, ...]


@probe
def probe_targets(
    pip: PipIndexes,
    uv: UvIndexes,
    uv_settings: UvSettings,
    pythons: PythonMirrors | None,
    hub: HubEndpoint | None,
    others: OtherTools,
    trusted: Trusted,
    proxies: Proxies | None,
) -> Targets:
    """Put together what is set, and the proxy and certificates that count for each."""
    ways = _Ways(trusted, proxies or Proxies())
    found: dict[tuple[str, str | None, Anchors | None, bool], Target] = {}
    every = (
        *_of_pip(pip, ways),
        *_of_uv(uv, pythons, uv_settings, ways),
        *_of_others(others, hub, ways),
    )
    for target in every:
        address = target.address
        if address.flaw is None and address.host and address.parts.scheme in {"http", "https"}:
            anchors = target.anchors if address.parts.scheme == "https" else None
            found.setdefault((address.text, target.proxy, anchors, target.verify), target)
    if not found:
        raise Unavailable("no mirror is set")
    return Targets(tuple(found.values()))


class _Ways(msgspec.Struct, frozen=True):
    """What decides how a tool gets to a server."""

    trusted: Trusted
    proxies: Proxies

    def proxy(self, address: Address, proxy: Proxy | None, *, uv: bool = False) -> str | None:
        """The proxy that is used, unless the host is excepted."""
        return None if proxy is None or self.proxies.direct(address, uv=uv) else proxy.text


def _of_pip(pip: PipIndexes, ways: _Ways) -> Iterator[Target]:
    if pip.no_index:  # no index is asked then, whatever is set
        return
    for purpose, addresses in ((Purpose.INDEX, pip.indexes[:1]), (Purpose.EXTRA, pip.extras)):
        for address in addresses:
            proxy = ways.proxy(address, ways.proxies.for_pip(address.parts.scheme))
            yield Target("pip", purpose, address, "", proxy, ways.trusted.pip, verify=pip.trusts(address) is None)


def _of_uv(uv: UvIndexes, pythons: PythonMirrors | None, settings: UvSettings, ways: _Ways) -> Iterator[Target]:
    insecure = {host.lower() for host in (settings.variable("UV_INSECURE_HOST") or "").split()}
    insecure |= {value.value.lower() for value in settings.values if value.key.endswith("allow-insecure-host")}

    def made(purpose: Purpose, address: Address, prefix: str = "") -> Target:
        parts = address.parts
        proxy = ways.proxy(address, ways.proxies.for_uv(parts.scheme), uv=True)
        verify = not insecure & {parts.host, f"{parts.host}:{parts.port}"}
        return Target("uv", purpose, address, prefix, proxy, ways.trusted.uv, verify=verify)

    of_pip = () if uv.no_index else (uv.default,)
    of_others = () if uv.no_index_of_projects else (uv.of_projects, uv.of_tools)
    yield from (made(Purpose.INDEX, address) for address in (*of_pip, *of_others) if address is not None)
    extras = () if uv.no_index and uv.no_index_of_projects else (*uv.extras, *uv.explicit)
    yield from (made(Purpose.EXTRA, address) for address in extras)
    mirror = pythons.effective if pythons else None
    if pythons and mirror:
        prefix = "/github/python-build-standalone/releases/download" if mirror in pythons.astral else ""
        yield made(Purpose.PYTHONS, mirror, prefix)


def _of_others(others: OtherTools, hub: HubEndpoint | None, ways: _Ways) -> Iterator[Target]:
    trusted = ways.trusted
    for tool, addresses in (("poetry", others.poetry), ("pipenv", others.pipenv)):
        for address in addresses:
            proxy = ways.proxy(address, ways.proxies.for_python(address.parts.scheme))
            yield Target(tool, Purpose.EXTRA, address, "", proxy, trusted.requests)
    for address in others.channels:
        if address.setting in SINGLE_CHANNELS:
            proxy = ways.proxy(address, ways.proxies.for_conda(address.parts.scheme))
            yield Target("conda", Purpose.CHANNEL, address, "", proxy, trusted.conda, verify=trusted.conda_verifies)
    if hub and hub.endpoint and hub.offline is None:
        address = hub.endpoint
        proxy = ways.proxy(address, ways.proxies.for_python(address.parts.scheme))
        yield Target("models", Purpose.HUB, address, "", proxy, trusted.requests)
