"""The parts of an address, and what stands in front of its host."""

from __future__ import annotations

import enum
import functools
import re

import msgspec

from envdoctor.text.patterns import pattern
from envdoctor.text.secrets import (
    COMMON_USERS,
    PLACEHOLDER,
    PSEUDONYM,
    names_organisation,
    userinfo,
)

URL = pattern(
    r"(?:(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?P<slashes>[/\\]*))?(?P<authority>[^/\\?#]*)(?P<path>[^?#]*)"
    r"(?P<query>\?[^#]*)?(?P<fragment>#.*)?",
    re.DOTALL,
)


HOST_AND_PORT = pattern(r"(?P<host>\[[^\]]*\]|[^:]*)(?::(?P<port>.*))?", re.DOTALL)


LOOPBACK = pattern(r"localhost|127(?:\.[0-9]{1,3}){1,3}|\[?::1\]?|0\.0\.0\.0|.*\.localhost")


class Credentials(enum.Enum):
    """What an address carries in front of its host."""

    NONE = "none"
    USER = "a user name that is no secret"
    PLACEHOLDER = "a placeholder for credentials"
    TOKEN = "a token"  # noqa: S105 - what it is called
    PASSWORD = "a password"  # noqa: S105 - what it is called

    @property
    def secret(self) -> bool:
        """Whether somebody who reads the address can use it."""
        return self in {Credentials.TOKEN, Credentials.PASSWORD}


class Parts(msgspec.Struct, frozen=True):
    """The parts of an address, the credentials left out.

    Attributes:
        scheme: in lower case; empty if there is none.
        slashes: what separates it from the host.
        host: in lower case; empty if there is none.
        port: as text; None if there is none.
        path: from the first slash on.
        rest: query and fragment.
    """

    scheme: str
    slashes: str
    host: str
    port: str | None
    path: str
    rest: str


def is_loopback(host: str) -> bool:
    """Whether a host name is this machine itself."""
    return LOOPBACK.fullmatch(host) is not None


@functools.lru_cache(maxsize=256)
def split(text: str) -> Parts:
    """The parts of an address, as far as it has them."""
    text = without_userinfo(text.strip()).removeprefix("//")
    if text.lower().startswith("file:"):
        return Parts("file", "//", "", None, "/" + text[len("file:") :].lstrip("/").removeprefix("localhost/"), "")
    if text.startswith("."):
        return Parts("", "", "", None, text, "")
    found = URL.fullmatch(text)
    assert found is not None, text  # noqa: S101 - every part may be empty
    scheme, authority = found["scheme"] or "", found["authority"]
    if scheme and not found["slashes"]:  # `localhost:8080/simple`: a host with its port
        scheme, authority = "", f"{found['scheme']}:{authority}"
    where = HOST_AND_PORT.fullmatch(authority)
    assert where is not None, authority  # noqa: S101 - the same
    rest = (found["query"] or "") + (found["fragment"] or "")
    return Parts(scheme.lower(), found["slashes"] or "", where["host"].lower(), where["port"], found["path"], rest)


def credentials_of(text: str) -> Credentials:
    """What stands in front of the host of an address."""
    secret = userinfo(text)
    if not secret:
        return Credentials.NONE
    user, colon, password = secret.partition(":")
    if colon and password and _is_secret(password):
        return Credentials.PASSWORD
    known = user in COMMON_USERS or names_organisation(text, text.index(f"{secret}@"))
    if _is_secret(user) and not password and not known:
        return Credentials.TOKEN
    return Credentials.PLACEHOLDER if PLACEHOLDER.fullmatch(password or user) else Credentials.USER


def _is_secret(text: str) -> bool:
    return PSEUDONYM.fullmatch(text) is not None or PLACEHOLDER.fullmatch(text) is None


def without_userinfo(text: str) -> str:
    """An address without its credentials."""
    secret = userinfo(text)
    return text if secret is None else text.replace(f"{secret}@", "", 1)
