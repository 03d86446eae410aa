"""How do pip, uv and their kind read the address of a server, and what keeps them from reading one?

They differ: uv is as lenient as a browser (`http:/host`, a tab in the middle), and takes what it does not know for a
directory; pip hands on nearly everything as it is. tests/clinic/test_addresses.py holds this module against both.
"""

from __future__ import annotations

import enum
import os
import re
from collections.abc import Iterator

from envdoctor.engine.fact import Fact
from envdoctor.engine.finding import Evidence
from envdoctor.facts.http.parts import Credentials, Parts, credentials_of, is_loopback, split, without_userinfo
from envdoctor.text.patterns import pattern
from envdoctor.text.secrets import (
    userinfo,
)
from envdoctor.text.unexpanded import FILE, is_unexpanded

LONGEST = 2_000
NAME = pattern(r"(?P<name>[^=:/]*)=(?P<url>[A-Za-z][A-Za-z0-9+.-]*:/.*)", re.DOTALL)
NAME_OF_UV = pattern(r"(?P<name>[^=:/]*)=(?P<url>.*)", re.DOTALL)
INDEX_NAME = pattern(r"[A-Za-z0-9._-]+")
IPV6 = pattern(r"\[[0-9a-f:.]+(?:%25[\w.-]+)?\]")
LABELS = pattern(r"[^\s%<>\"'^`{|}\x00-\x20\x7f]+")
BAD_ESCAPE = pattern(r"%(?![0-9A-Fa-f]{2})")
CONTROL = pattern(r"[\x00-\x1f\x7f]")
# as urllib3 2.5 and reqwest 0.12 take them where an address names none
PORTS = {"http": "80", "https": "443", "socks5": "1080", "socks5h": "1080", "socks4": "1080", "socks4a": "1080"}
PUBLIC_LABELS = ("pypi", "org")
SCHEMES = ("http", "https", "file")


class Reader(enum.Enum):
    """Whose rules an address is read by."""

    PIP = "pip"
    PIP_LINKS = "pip, for further places of archives"
    UV_INDEX = "uv, for an index with or without a name"
    UV_LEGACY_INDEX = "uv, for an index of the older settings"
    PLAIN = "an ordinary client, which needs a whole address"

    @property
    def lenient(self) -> bool:
        """Whether it reads addresses as a browser does."""
        return self in {Reader.UV_INDEX, Reader.UV_LEGACY_INDEX}

    def named(self, text: str) -> re.Match[str] | None:
        """What it takes for the name in front of an address; for uv a name may also stand in front of a directory."""
        if self in {Reader.PIP, Reader.PIP_LINKS}:
            return None
        return (NAME_OF_UV if self is Reader.UV_INDEX else NAME).fullmatch(text.strip())


class Flaw(enum.Enum):
    """Why an address cannot be read, or leads to another place than meant; completes "the address …"."""

    TOO_LONG = f"is longer than {LONGEST:,} characters"
    QUOTED = "has quotation marks in it"
    CONTROL = "holds a control character"
    CARRIAGE_RETURN = "ends with a carriage return, as lines of Windows do"
    OUTER_BLANK = "begins or ends with a blank"
    COMMAS = "is several addresses joined by commas"
    BLANKS = "is several addresses, where only one is read"
    BLANK = "has a blank in it"
    NAMED = "has a name in front, which is not known here"
    BAD_NAME = "has a name in front with characters that no name may have"
    DOUBLED_SCHEME = "begins with a scheme twice"
    NO_SCHEME = "does not begin with https://"
    UNKNOWN_SCHEME = "begins with a scheme that is not known"
    SLASHES = "has not two slashes after its scheme"
    NO_HOST = "names no host"
    UNESCAPED = "has a character in its password that must be written as a % escape"
    BAD_HOST = "has a host name that cannot be one"
    BAD_PORT = "has a port that is not a number up to 65535"
    BAD_ESCAPE = "has a % that is not followed by two hexadecimal digits"
    QUERY = "has a query or fragment, behind which nothing more can be appended"
    MISSING = "names a file or directory that does not exist"
    UNEXPANDED = "begins with ~ or $HOME, in whose place the tool does not put the home"


# What is no flaw if there is such a directory, for those who take one.
LIKE_A_DIRECTORY = {
    Reader.PIP_LINKS: (Flaw.NO_SCHEME, Flaw.BLANK, Flaw.UNEXPANDED),
    Reader.UV_INDEX: (Flaw.NO_SCHEME, Flaw.UNKNOWN_SCHEME, Flaw.UNEXPANDED),
    Reader.UV_LEGACY_INDEX: (Flaw.NO_SCHEME, Flaw.UNKNOWN_SCHEME, Flaw.UNEXPANDED),
}


class Address(Fact, frozen=True):
    """One address that is set for a tool.

    Attributes:
        text: the address as it is set, without the name that uv allows before it; empty if it is too long to keep.
        setting: what sets it, as its own documentation calls it: `UV_DEFAULT_INDEX`, `[global] index-url`.
        origin: where: the variable, or the file with its line.
        file: the file; None for a variable.
        name: what uv calls the index; None if it has no name.
        credentials: what stands in front of its host.
        flaw: what keeps the tool from using it; None if nothing does.
    """

    text: str
    setting: str
    origin: str
    file: str | None = None
    name: str | None = None
    credentials: Credentials = Credentials.NONE
    flaw: Flaw | None = None

    @property
    def evidence(self) -> Evidence:
        """The setting as proof."""
        if self.file is None:
            return Evidence(f"{self.setting}={self.text or '…'}", self.origin)
        return Evidence(f"{self.setting}: {self.text or '…'}", self.origin)

    @property
    def public(self) -> bool:
        """Whether it is the index that is asked where nothing is set."""
        return tuple(self.host.split(".")[-2:]) == PUBLIC_LABELS

    @property
    def parts(self) -> Parts:
        """What it is made of."""
        return split(self.text)

    @property
    def host(self) -> str:
        """The host, in lower case; empty if it has none."""
        return self.parts.host

    @property
    def path(self) -> str:
        """The path, without a slash at its end."""
        return self.parts.path.rstrip("/")

    @property
    def local(self) -> bool:
        """Whether it stays on this machine: a directory, or a server on loopback."""
        parts = self.parts
        return parts.scheme == "file" or not parts.host or is_loopback(parts.host)

    def same_place(self, other: Address) -> bool:
        """Whether both lead to the same place; credentials, a default port and a slash at the end do not matter."""
        return _place(self.parts) == _place(other.parts)


def _place(parts: Parts) -> tuple[str, str, str | None, str]:
    return parts.scheme, parts.host, parts.port or PORTS.get(parts.scheme), parts.path.rstrip("/")


def read(
    text: str,
    setting: str,
    origin: str,
    reader: Reader,
    *,
    file: str | None = None,
    cwd: str = "/",
    name: str | None = None,
    home: str | None = None,
) -> Address:
    """An address as a tool reads it: a relative directory from `cwd`, and a `~` as `home` if the tool replaces it.

    Looks whether a directory exists.
    """
    if name is None and (named := reader.named(text)):
        name, text = named["name"], named["url"]
    if len(text) > LONGEST:
        return Address("", setting, origin, file, None, Credentials.NONE, Flaw.TOO_LONG)
    return Address(text, setting, origin, file, name, credentials_of(text), _flaw(text, name, reader, cwd, home))


def plain_flaw(text: str) -> Flaw | None:
    """What keeps an ordinary client, which needs a whole address, from using a text as one."""
    return next(_flaws(text, None, Reader.PLAIN), None)


def _flaw(text: str, name: str | None, reader: Reader, cwd: str, home: str | None) -> Flaw | None:
    """The first thing that keeps the reader from using an address. What uv does not know may be a directory."""
    text = text if reader in {Reader.PLAIN, Reader.PIP} else text.strip()
    found = next(_flaws(text, name, reader), None)
    if not _is_file(text) and found not in LIKE_A_DIRECTORY.get(reader, ()):
        return found
    if os.path.exists(_place_on_disk(text, cwd)):
        return None
    if home and text.startswith("~/") and os.path.exists(f"{home}{text[1:]}"):
        return None
    return Flaw.MISSING if found is None or (reader, found) == (Reader.PIP_LINKS, Flaw.NO_SCHEME) else found


def _is_file(text: str) -> bool:
    return text.lower().startswith("file:")


def _place_on_disk(text: str, cwd: str) -> str:
    if _is_file(text):
        from urllib.parse import unquote

        return unquote(split(text).path)
    return os.path.join(cwd, text)


def _flaws(text: str, name: str | None, reader: Reader) -> Iterator[Flaw]:
    yield from _in_text(text, reader)
    if is_unexpanded(text.removeprefix(FILE)):
        yield Flaw.UNEXPANDED
    if NAME.fullmatch(text) or (name is not None and reader is not Reader.UV_INDEX):
        yield Flaw.NAMED
    if name is not None and not INDEX_NAME.fullmatch(name):
        yield Flaw.BAD_NAME
    parts = split(text)
    if not parts.scheme:
        yield Flaw.NO_SCHEME
    elif parts.scheme not in SCHEMES:
        yield Flaw.UNKNOWN_SCHEME
    elif parts.scheme != "file":
        yield from _in_host(text, parts, reader)


def _in_text(text: str, reader: Reader) -> Iterator[Flaw]:
    """The flaws that show in the characters."""
    if re.match(r"[\"'`]|.*[\"'`]$", text, re.DOTALL):
        yield Flaw.QUOTED
    if re.search(r"[,;]\s*(?:[\w.-]+=)?[A-Za-z]+://", text):
        yield Flaw.COMMAS
    if re.search(r"\s[A-Za-z]+://", text.strip()):
        yield Flaw.BLANKS
    if text.endswith("\r"):
        yield Flaw.CARRIAGE_RETURN
    if text != text.rstrip():  # one in front is dropped by whoever opens the address
        yield Flaw.OUTER_BLANK
    if CONTROL.search(re.sub(r"[\t\r\n]", "", text) if reader.lenient else text):
        yield Flaw.CONTROL
    if " " in without_userinfo(text.lstrip()):
        yield Flaw.BLANK


def _in_host(text: str, parts: Parts, reader: Reader) -> Iterator[Flaw]:
    """The flaws of an address that has a scheme and so should have a host."""
    if not reader.lenient and (parts.slashes not in {"//", "///"} or parts.path.startswith("\\")):
        yield Flaw.SLASHES
    if re.search(r"[/?#\\]" if reader.lenient else r"[/?#\\\s]", userinfo(text) or ""):
        yield Flaw.UNESCAPED
    if parts.host in {"http", "https"} and parts.port == "":
        yield Flaw.DOUBLED_SCHEME
    if not parts.host or (parts.slashes == "///" and not reader.lenient):
        yield Flaw.NO_HOST
    elif not (IPV6 if parts.host.startswith("[") else LABELS).fullmatch(parts.host):
        yield Flaw.BAD_HOST
    if parts.port and not (parts.port.isascii() and parts.port.isdigit() and int(parts.port) < 65_536):
        yield Flaw.BAD_PORT
    if BAD_ESCAPE.search(without_userinfo(text)):
        yield Flaw.BAD_ESCAPE
    if parts.rest and not reader.lenient:
        yield Flaw.QUERY
