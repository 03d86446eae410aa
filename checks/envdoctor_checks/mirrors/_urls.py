"""How is an address shown, corrected and set again? What the checks of mirrors and indexes share."""

from __future__ import annotations

import re
from collections.abc import Callable

from envdoctor import (
    Evidence,
    Fix,
    Manual,
    SetVariable,
)
from envdoctor.facts.http.url import Address, Flaw, plain_flaw
from envdoctor.facts.shell.startup_files import StartupFiles
from envdoctor.facts.shell.startup_lines import LineKind
from envdoctor.text.unexpanded import address_in_full

ADDRESSES = (
    *("PipIndexes.indexes", "PipIndexes.extras", "PipIndexes.find_links"),
    *("UvIndexes.defaults", "UvIndexes.extras", "UvIndexes.explicit", "UvIndexes.find_links"),
    "ProjectSources.sources",
)
"""The ways to every address of an index."""


def shown(address: Address) -> str:
    """An address in a sentence: what it says, credentials left out, and what has set it."""
    parts = address.parts
    if parts.host and parts.scheme:
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.scheme}://{parts.host}{port}{parts.path}"
    return parts.path or parts.host


def proof(address: Address, startup: StartupFiles | None) -> tuple[Evidence, ...]:
    """The setting, and for a variable the line of a start-up file that exports this very value."""
    if startup is None or address.file is not None:
        return (address.evidence,)
    lines = startup.mentions(address.setting, kind=LineKind.EXPORT)
    return (address.evidence, *(line.evidence for line in lines if line.value == address.text))


def corrected(address: Address, home: str | None = None) -> str | None:
    """The address as it was probably meant; None where nobody can tell, or where it would show a secret."""
    if address.credentials.secret:
        return None
    if address.flaw is Flaw.UNEXPANDED:
        return address_in_full(address.text.strip(), home)
    return _repaired(address.text, address.flaw)


def _repaired(text: str | None, flaw: Flaw | None) -> str | None:
    """A text without its flaws, as far as each can be taken away."""
    for _ in REPAIRS:  # one flaw may hide another
        repair = REPAIRS.get(flaw) if flaw else None
        text = repair(text.strip()) if repair and text else None
        flaw = plain_flaw(text) if text else None
        if flaw is None:
            return text
    return None


def _with_scheme(text: str) -> str | None:
    return None if text.startswith((".", "/")) or "." not in text.partition("/")[0] else f"https://{text}"


def _with_two_slashes(text: str) -> str:
    return re.sub(r"^(https?):/*", r"\1://", text.replace("\\", "/"))


REPAIRS: dict[Flaw, Callable[[str], str | None]] = {
    Flaw.QUOTED: lambda text: text.strip("\"'`"),
    Flaw.CARRIAGE_RETURN: str.strip,
    Flaw.OUTER_BLANK: str.strip,
    Flaw.DOUBLED_SCHEME: lambda text: text.partition("://")[2],
    Flaw.SLASHES: _with_two_slashes,
    Flaw.NAMED: lambda text: text.rpartition("=")[2],
    Flaw.NO_SCHEME: _with_scheme,
}


def set_to(address: Address, text: str, summary: str) -> Fix:
    """Set an address again where it is set now: a variable at once, a file by hand."""
    if address.credentials.secret:
        return Fix(summary, Manual(f"Set {place(address)} again, as {how(address)}."))
    if address.file is None:
        named = address.name is not None and address.flaw is not Flaw.NAMED
        return Fix(summary, SetVariable(address.setting, f"{address.name}={text}" if named else text))
    return Fix(summary, Manual(f"In {address.origin} write {text} for {address.setting}."))


def place(address: Address) -> str:
    """A setting and where it stands, as `Set …` goes on."""
    return address.setting if address.file is None else f"{address.setting} in {address.origin}"


def how(address: Address) -> str:
    """What a whole address looks like, for who must write it by hand."""
    if address.flaw is Flaw.UNESCAPED:
        return "with /, #, ? and blanks in the password written as %2F, %23, %3F and %20"
    if address.flaw is Flaw.UNEXPANDED:
        return "the directory's path in full"
    return "one whole address that begins with https://"
