"""Where in a text do credentials stand in front of a host?

People paste passwords as they are, with an `@`, a slash or a blank that should have been an escape, and leave the
scheme out. So the credentials of one address end at the last `@` behind which a host can stand. Each text is read once
from left to right: none makes this look at a place again and again.
"""

from __future__ import annotations

from collections.abc import Iterator

from envdoctor.text.patterns import pattern

DOTTED = r"(?:[\w-]+\.)+[A-Za-z]{2,}"
FULL_NAME = rf"(?:{DOTTED}|(?:[0-9]{{1,3}}\.){{3}}[0-9]{{1,3}}|localhost|\[[0-9A-Fa-f:.%]+\])"
END = r"(?=[/?#'\"`\s,;)\]}>]|:?(?:\s|$))"
SURE_HOST = rf"(?:{FULL_NAME}(?::[0-9]{{1,5}})?|[\w-]+:[0-9]{{1,5}}){END}"

AUTHORITY = pattern(r"[^\s/?#]*")
ADDRESS_END = pattern(r"[\s'\",;]|$")
PORT = pattern(r"[0-9]{0,5}")
NAMED_HOST = pattern(FULL_NAME)
HOST = pattern(SURE_HOST)
# Not `/@scope/package`.
BEFORE_A_HOST = pattern(rf"(?<!/)@(?:(?=(?P<sure>{SURE_HOST}))|(?=[\w.-]+(?::[0-9]+)?{END}))")
WORD = pattern(r"\S+")
USER = pattern(r"(?<![^'\"`=,;(\[{])[^/@:'\"`=<>,;(\[{]+:(?=[^/])")
# Without a user's name only a port or a path tells it from an address of mail.
TOKENS = (
    pattern(rf"(?<![\w/@:.~%+<>-])\w[\w.~%+@/-]*={{0,2}}(?=@{FULL_NAME}:[0-9]{{1,5}}{END})"),
    pattern(rf"(?<![\w/@:.~%+<>-])[\w.~%+-]{{8,}}(?=@{DOTTED}(?::[0-9]+)?/)"),
)
SCHEME = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-"


def credentials_in(text: str) -> Iterator[slice]:
    """The places of credentials, from left to right: what stands before an `@`."""
    begin = 0
    *schemes, last = text.split("://")
    for number, piece in enumerate((*(scheme.rstrip(SCHEME) for scheme in schemes), last)):
        bare = 0
        if number:
            length = _after_scheme(piece)
            if length is not None:
                yield slice(begin, begin + length)
            bare = ADDRESS_END.search(piece, length or 0).start()  # type: ignore[union-attr]  # it matches the end
        for word in WORD.finditer(piece, bare):
            if "@" in word[0] and (found := _without_scheme(word[0])):
                yield slice(begin + word.start() + found.start, begin + word.start() + found.stop)
        begin += len(schemes[number] if number < len(schemes) else last) + len("://")


def _after_scheme(rest: str) -> int | None:
    """How long the credentials are that begin what follows a scheme; None if there are none."""
    authority = AUTHORITY.match(rest)[0]  # type: ignore[index]  # it matches the empty text
    line = rest.partition("\n")[0]
    first = line.find("@")
    if first < 0:
        return None
    word = WORD.match(line, first)
    places = list(BEFORE_A_HOST.finditer(line, 0, word.end() if word else first))
    sure = [place.start() for place in places if place["sure"]]
    before, at, _ = authority.rpartition("@")
    user, colon, port = authority.partition(":")
    if at:
        return len(before) if HOST.match(rest, len(before) + 1) else max([len(before), *sure[-1:]])
    if not colon or user.startswith("["):
        return None
    if PORT.fullmatch(port):
        return sure[-1] if sure and not NAMED_HOST.fullmatch(user) else None
    return (sure or [place.start() for place in places] or [first])[-1]


def _without_scheme(word: str) -> slice | None:
    """The credentials in a word, where no scheme says that it is an address."""
    places = list(BEFORE_A_HOST.finditer(word))
    if places and (user := USER.search(word, 0, places[-1].start())):
        slash = word.find("/", user.end())
        for place in reversed(places):
            if place.start() > user.end() and (place["sure"] or slash < 0 or place.start() < slash):
                return slice(user.start(), place.start())
    tokens = (token.search(word) for token in TOKENS)
    return next((slice(*found.span()) for found in tokens if found), None)
