"""Which hosts does pip trust without proof?

pip puts `https://` in front of each word of `trusted-host` and reads the host and the port from that, so a word with a
scheme of its own names the host `https`. Plain http is allowed for that host and port. Certificates are not verified
for every address that begins with the word as it is written, with its path.

Measured with pip 23.0 to 26.3, which all do the same: `add_trusted_host` in pip/_internal/network/session.py.
"""

from __future__ import annotations

from envdoctor.engine.fact import Fact
from envdoctor.facts.http.parts import split, without_userinfo
from envdoctor.facts.http.url import Address


class TrustedHost(Fact, frozen=True):
    """A host whose certificate is not looked at.

    Attributes:
        host: as it is set: a host, or a host with a port.
        origin: what has set it.
    """

    host: str
    origin: str

    @property
    def meant(self) -> str:
        """The host, with its port if it has one, without what pip does not take: a scheme, a user, a path."""
        parts = split(self.host)
        return f"{parts.host}:{parts.port}" if parts.port else parts.host

    @property
    def stops(self) -> bool:
        """Whether pip stops at it, in whatever it is about to install."""
        return self._read is None

    @property
    def misread(self) -> bool:
        """Whether pip takes it for another host than the one that was meant."""
        return self._read is not None and self._read[0] != split(self.host).host.strip("[]")

    def covers(self, address: Address) -> bool:
        """Whether pip trusts what is at an address because of this."""
        if self._read is None:
            return False
        host, port = self._read
        if address.parts.scheme == "https":
            start = _url(self.host).lower()
            asked = without_userinfo(address.text).lower() + "/"
            return asked.startswith((f"{start}/",) if port else (f"{start}/", f"{start}:"))
        return host == address.host.strip("[]") and (port is None or str(port) == address.parts.port)

    def means(self, address: Address) -> bool:
        """Whether it was meant for the host of an address."""
        return self.meant.lower() in {address.host, f"{address.host}:{address.parts.port}"}

    @property
    def _read(self) -> tuple[str, int | None] | None:
        """The host and the port that pip takes it for; None where pip stops."""
        from urllib.parse import urlsplit

        if _is_address(self.host) and "/" not in self.host:  # what else may stand there depends on the Python
            return self.host.lower(), None
        try:
            parts = urlsplit(_url(self.host))
            host, port = parts.hostname, parts.port
        except ValueError:
            return None
        return (host, port) if host else None


def _url(host: str) -> str:
    """What pip makes of a word."""
    return f"https://[{host}]" if _is_address(host) else f"https://{host}"


def _is_address(host: str) -> bool:
    """Whether pip takes a word for an address of IPv6 without its brackets, as `https://host:8080` too."""
    return host.count(":") >= 2 and "@" not in host and "[" not in host
