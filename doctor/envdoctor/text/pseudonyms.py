"""What stands for a name in what is shared: a word that every shell, address and file name takes as it is.

`masked-user-1-3-chars` needs no quotes and no escapes: a masked command, address or path is read as the one that it
stands for. What is odd about a name stays odd: a blank, a letter beyond ASCII and a mark of the shell are in its
pseudonym too, because they are what breaks things.
"""

from __future__ import annotations

from envdoctor.text.patterns import pattern

RULES = {"user": "user-name", "home": "home-directory", "host": "host-name", "email": "e-mail", "address": "ip-address"}
"""What each kind of pseudonym is counted as."""

CLUES = r"-[0-9]+-chars(?:-has space)?(?:-nön-ascii)?(?:-with[^\w\s/:.-]+mark)?"
PSEUDONYM = pattern(
    rf"masked-(?P<kind>host|email)-[0-9]+|masked-(?P<clued>user|home)-[0-9]+{CLUES}"
    r"|\b(?P<address>192\.0\.2\.[0-9]+|2001:db8::[0-9]+)\b"
)
OWN_HOME = pattern(rf"/masked-home-1{CLUES}")
TO_FILL_IN = pattern(r"masked-(?:user|host|email|home-(?!1-))|192\.0\.2\.|2001:db8::")
ODD = pattern(r"[^\w\s/.:-]")


KEYED = 1_000_000
"""Numbers made by a key begin here, so that none is one that is counted."""


class Pseudonyms:
    """The pseudonym of each name, the same wherever it stands; with a key, the same in all reports that have the key.

    Addresses are counted all the same: there are too few that stand for one. So is the own home, which is `~`.
    """

    def __init__(self, key: bytes = b"") -> None:
        self._key = key
        self._given: dict[tuple[str, str], str] = {}

    def of(self, kind: str, name: str) -> str:
        """The pseudonym of a name; one that is met again stays itself."""
        if PSEUDONYM.match(name.lstrip("/")):
            return name
        if (kind, name) not in self._given:
            self._given[kind, name] = _written(kind, self._number(kind, name), name)
        return self._given[kind, name]

    def _number(self, kind: str, name: str) -> int:
        number = 1 + sum(given == kind for given, _ in self._given)
        if not self._key or kind == "address" or (kind == "home" and number == 1):
            return number
        import hmac  # what it stands on, the session's library path may take away

        told = f"{kind}\0{name.lower()}".encode("utf-8", "surrogatepass")
        return KEYED + int.from_bytes(hmac.digest(self._key, told, "sha256")[:6], "big")

    def given(self) -> tuple[tuple[str, str], ...]:
        """Each name with its pseudonym, in the order in which they were met."""
        return tuple((name, pseudonym) for (_, name), pseudonym in self._given.items())


def _written(kind: str, number: int, name: str) -> str:
    if kind == "address":
        return f"2001:db8::{number}" if ":" in name else f"192.0.2.{number}"
    if kind in ("host", "email"):
        return f"masked-{kind}-{number}"
    odd = "".join(dict.fromkeys(ODD.findall(name)))
    space, letter = "-has space" if " " in name else "", "" if name.isascii() else "-nön-ascii"
    marks = "".join(mark for mark in odd if mark.isascii())
    word = f"masked-{kind}-{number}-{len(name)}-chars{space}{letter}{f'-with{marks}mark' if marks else ''}"
    return f"/{word}" if kind == "home" else word


def kinds_in(text: str) -> dict[str, str]:
    """The pseudonyms in a text, each with the rule that it is counted as."""
    if "masked-" not in text and "192.0.2." not in text and "2001:db8::" not in text:
        return {}
    return {found[0]: RULES[found["kind"] or found["clued"] or "address"] for found in PSEUDONYM.finditer(text)}


def to_fill_in(text: str) -> bool:
    """Whether a command lacks something that its reader has to put back. A shell knows the home directory itself."""
    return TO_FILL_IN.search(text) is not None


def around_home(text: str) -> list[str]:
    """The parts of a text around the home directory of who shares it; only one if that does not stand in it."""
    return OWN_HOME.split(text) if "masked-home" in text else [text]


def with_tilde(text: str) -> str:
    """A text for a reader: `~` for the home directory of who shares it."""
    return OWN_HOME.sub("~", text) if "masked-home" in text else text
