"""Which parts of a text tell who somebody is, and what stands in their place?

What is known beforehand (the account, the person, the machine) and what is met on the way (other users' homes, private
hosts) is looked for in every text, so that a fact and the sentence that is made of it lose the same.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from urllib.parse import quote

from envdoctor.text import hosts
from envdoctor.text.identity import Identity, is_word, telling
from envdoctor.text.patterns import pattern
from envdoctor.text.pseudonyms import PSEUDONYM, Pseudonyms, kinds_in

HOMES = (
    r"(?:(?<![\w.~-])|(?<=-[ILB]))(?:/(?:export|var|usr|nfs|net|mnt/[a-z])|[A-Za-z]:)?"
    r"(?:/|\\{1,2})(?:home|homes|Users)(?:/|\\{1,2})"
)
END_OF_NAME = r"\s/\\'\"`:;,()\[\]{}<>|=?#&*$!"
HOME_OF_ANOTHER = pattern(rf"(?P<roof>{HOMES})(?P<of>[^{END_OF_NAME}]*[^{END_OF_NAME}.])")
PATH_OF_ANOTHER = pattern(r"(?:/(?:export|var|usr|nfs|net|mnt/[a-z]))?/(?:home|homes|Users)/(?P<of>[^/:\n]+)(?:/.*)?")
EMAIL = r"(?<![\w/:.+-])[\w.+-]{1,64}+@(?:[\w-]{1,63}+\.){1,8}+[A-Za-z]{2,}+(?![\w/-]|\.\w|:[\w/~.])"
NO_NAME_GOES_ON = r"(?!\w|[-+@~]\w|\.\w)"


class NameMasker:
    """Masks the names of persons, machines and private hosts, the same in every text."""

    def __init__(self, identity: Identity, *, keep_hosts: bool = False, key: bytes = b"") -> None:
        self.identity = identity
        self.keep_hosts = keep_hosts
        self.pseudonyms = Pseudonyms(key)
        self._names = set(identity.words())
        self._hosts: set[str] = set()
        self._met: dict[str, str] = {}
        self._pattern: re.Pattern[str] | None = None
        self._quiet: set[str] = set()  # what has been looked at: the same text stands in several facts
        for host in identity.hosts:
            if "." in host:
                self.learn_host(host)
        for home in _different(identity.homes):
            self.pseudonyms.of("home", home)

    def learn_user(self, name: str) -> None:
        """Take up the name of an account."""
        if "/" not in name and len(name) <= 64 and telling(name) and not PSEUDONYM.match(name):
            self._names.add(name)

    def learn(self, text: str) -> None:
        """Take up the names that a text gives away by their place."""
        if "/home/" in text or "/Users/" in text:
            path = PATH_OF_ANOTHER.fullmatch(text)
            found = [path["of"]] if path else [match["of"] for match in HOME_OF_ANOTHER.finditer(text)]
            for name in found:
                self.learn_user(name)
        if "://" in text or "@" in text:
            for expression in (hosts.BEHIND_A_SCHEME, hosts.BEHIND_A_USER):
                for match in expression.finditer(text):
                    self.learn_host(match["host"])

    def learn_host(self, host: str) -> None:
        """Take up a host, if it is a private one."""
        if not self.keep_hosts and not hosts.is_public(host):
            self._hosts.add(host.lower())

    def learn_hosts(self, text: str) -> None:
        """Take up what a text that holds hosts names, without a scheme, as `NO_PROXY` does."""
        for match in hosts.DOTTED.finditer(text):
            self.learn_host(match["host"])

    def mask(self, text: str) -> str:
        """The text with a pseudonym in the place of each name; the same object where there is none."""
        if text in self._quiet:
            return text
        if self._pattern is None:
            expression = self.expression()
            self._pattern = re.compile(expression, re.IGNORECASE)
        masked = self._pattern.sub(self._replaced, text)
        self._met |= kinds_in(masked)
        if masked != text:
            return masked
        self._quiet.add(text)
        return text

    def counts(self) -> dict[str, int]:
        """How many different names are masked in all texts so far, by rule."""
        rules = sorted(self._met.values())
        return {rule: rules.count(rule) for rule in rules}

    def replaced(self) -> tuple[tuple[str, str], ...]:
        """What was replaced by what."""
        return tuple((name, word) for name, word in self.pseudonyms.given() if PSEUDONYM.match(word.lstrip("/")))

    def expression(self) -> str:
        """The pattern of all that is looked for."""
        return "|".join(self._alternatives())

    def _alternatives(self) -> Iterable[str]:
        yield f"(?P<email>{EMAIL})"
        homes = {spelled: home for home in _different(self.identity.homes) for spelled in _spellings(home)}
        self._spelled = homes
        if homes:
            yield f"(?P<home>{_any_of(homes)}){NO_NAME_GOES_ON}"
        odd = _any_of(name for name in self._names if not name.isalnum()) or r"(?!)"
        yield f"(?P<roof>{HOMES})(?P<of>(?:{odd}){NO_NAME_GOES_ON}|[^{END_OF_NAME}]*[^{END_OF_NAME}.])"
        if roofs := _roofs(self.identity):
            yield rf"(?P<above>{_any_of(roofs)})/(?P<beside>[^{END_OF_NAME}]*[^{END_OF_NAME}.])"
        yield from self._host_alternatives()
        if words := [name for name in self._names if not is_word(name)]:
            yield rf"(?<![^\W_])(?P<name>{_any_of(words)})(?![^\W_])"
        if parts := [name for name in self._names if is_word(name)]:
            yield rf"(?<=[/\\~])(?P<part>{_any_of(parts)})(?![^\s/\\'\"`:;,)])"

    def _host_alternatives(self) -> Iterable[str]:
        names = {host for host in self._hosts if not host.startswith("[") and not hosts.NUMBERS.fullmatch(host)}
        numbers = self._hosts - names
        if domains := {hosts.domain(host) for host in names if "." in host}:
            yield rf"(?<![\w-])(?P<host>(?:[\w-]{{1,63}}\.){{0,8}}(?:{_any_of(domains)}))(?![\w-]|\.\w)"
        if single := {host for host in names if "." not in host}:
            yield rf"(?<=//|.@)(?P<single>{_any_of(single)})(?![\w.-])"
            yield rf"(?<![\w./-])(?P<alone>{_any_of(single)})(?=:[0-9]{{2,5}}(?![0-9])|$)"
        if numbers:
            yield rf"(?<![\w.])(?P<number>{_any_of(numbers)})(?![\w]|\.[0-9])"

    def _replaced(self, found: re.Match[str]) -> str:
        kind, text = found.lastgroup or "", found[0]
        if kind == "email":
            return self.pseudonyms.of("email", text.lower())
        if kind == "home":
            return self.pseudonyms.of("home", self._spelled.get(text) or self._spelled_alike(text))
        if kind in ("of", "beside"):
            name = found[kind]
            above = text.removesuffix(name)
            return text if not telling(name) else f"{above}{self.pseudonyms.of('user', name)}"
        if kind in ("name", "part"):
            machine = any(
                text.lower() in (host.lower(), host.partition(".")[0].lower()) for host in self.identity.hosts
            )
            return self.pseudonyms.of("host" if machine else "user", text)
        return hosts.masked(text, self.pseudonyms)

    def _spelled_alike(self, text: str) -> str:
        return next(home for spelled, home in self._spelled.items() if spelled.lower() == text.lower())


def _different(homes: Iterable[str]) -> list[str]:
    """The homes that can be told from other directories."""
    return [home for home in dict.fromkeys(home.rstrip("/") for home in homes) if home.count("/") and len(home) > 1]


def _spellings(home: str) -> tuple[str, ...]:
    """A path as it is, in an address, and behind a shell's escapes."""
    return tuple(dict.fromkeys((home, quote(home, errors="surrogateescape"), home.replace(" ", "\\ "))))


def _roofs(identity: Identity) -> list[str]:
    """The directories in which the homes of this machine are, where they are no usual ones."""
    above = (os.path.split(home) for home in _different(identity.homes))
    return [roof for roof, name in above if name in identity.users and roof not in ("", "/", "/home", "/Users")]


def _any_of(texts: Iterable[str]) -> str:
    return "|".join(_escaped(texts))


def _escaped(texts: Iterable[str]) -> list[str]:
    return [re.escape(text) for text in sorted(texts, key=lambda text: (-len(text), text))]
