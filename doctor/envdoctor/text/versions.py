"""Does a version satisfy specifiers? Plain numbers are compared here; `packaging` is asked about all else.

To import `packaging` takes as long as to judge a thousand requirements, and nearly every version is plain numbers. What
is decided here is decided as `packaging` does, pre-releases admitted: held against it by tests.
"""

from __future__ import annotations

from functools import cache

import msgspec

from envdoctor.text import pep440
from envdoctor.text.patterns import pattern

SPELLED = pattern(r"v?([0-9]{1,9}(?:\.[0-9]{1,9}){0,9})([.-]?(?:a|b|rc|dev|post)[0-9]{1,9})?(\+[a-z0-9.]{1,60})?")
CLAUSE = pattern(r"\s*(~=|===|==|!=|<=|>=|<|>)\s*([A-Za-z0-9.*+!_-]+)\s*")
NUMBERS = pattern(r"[0-9]{1,9}(?:\.[0-9]{1,9}){0,9}")

Release = tuple[int, ...]


class Plain(msgspec.Struct, frozen=True):
    """A version of numbers and at most one suffix.

    Attributes:
        release: its numbers, without zeros at the end.
        suffix: `a1`, `.dev0`, `.post2`; empty for a final release.
        local: whether a local label follows, `+cu121`.
    """

    release: Release
    suffix: str = ""
    local: bool = False


def admits(specifiers: str, version: str) -> bool | None:
    """Whether specifiers, separated by commas, admit an installed version; None where the two cannot be compared."""
    candidate = plain(version)
    for clause in specifiers.split(","):
        parts = CLAUSE.fullmatch(clause)
        if parts is None:
            if clause.strip():
                return None
            continue
        verdict = _holds(parts[1], parts[2], candidate) if candidate else None
        if verdict is None:
            verdict = pep440.admits(pep440.specifiers(_without_star(parts[1], parts[2])), version)
        if verdict is not True:
            return verdict
    return True


def fits(specifiers: str, version: str) -> bool | None:
    """Whether specifiers admit a version, as `packaging` alone would say; None if one of them is malformed."""
    if not specifiers:
        return is_version(version) or None
    return (
        admits(specifiers, version) if are_plain(specifiers) else pep440.admits(pep440.specifiers(specifiers), version)
    )


def are_plain(specifiers: str) -> bool:
    """Whether these are specifiers of plain versions, which need not be looked at by `packaging`."""
    return all(map(_is_plain, specifiers.split(",")))


def _is_plain(clause: str) -> bool:
    if (parts := CLAUSE.fullmatch(clause)) is None:
        return False
    operator, wanted = parts.groups()
    numbers = wanted.removesuffix(".*") if operator in ("==", "!=") else wanted
    return operator != "===" and NUMBERS.fullmatch(numbers) is not None and (operator != "~=" or "." in numbers)


def are_specifiers(text: str) -> bool:
    """Whether a text is a set of specifiers at all."""
    return not text or are_plain(text) or pep440.specifiers(text) is not None


def written(specifiers: str) -> str:
    """Plain specifiers as `packaging` writes them: without blanks, and in one order."""
    clauses = map(CLAUSE.fullmatch, specifiers.split(","))
    return ",".join(sorted({parts[1] + parts[2] for parts in clauses if parts}))


def is_version(text: str) -> bool:
    """Whether a text is a version at all."""
    known = plain(text)
    return (known is not None and not known.local) or pep440.version(text) is not None


def is_satisfiable(specifiers: str) -> bool:
    """Whether some version satisfies these specifiers, as far as their own limits tell."""
    named = [parts[2] for clause in specifiers.split(",") if (parts := CLAUSE.fullmatch(clause))]
    limits = [text.removesuffix(".*") for text in named]
    behind = (_behind(limit) for limit, text in zip(limits, named, strict=True) if limit != text)
    # what is lowest of a range is one of its limits, comes right behind one, or is the first version of all
    tried = ("0", *limits, *(f"{limit}.0.0.1" for limit in limits), *behind)
    return any(admits(specifiers, version) is not False for version in tried)


def _behind(numbers: str) -> str:
    """The first version that does not begin with these numbers, and comes after those that do: 1.3 for 1.2."""
    above, dot, last = numbers.rpartition(".")
    return f"{above}{dot}{int(last) + 1}" if last.isdecimal() else numbers


def is_legacy(operator: str, wanted: str) -> bool:
    """Whether it is a specifier of old that pip no longer understands, and uv reads without its star: `>=2.0.*`."""
    return wanted.endswith(".*") and operator not in ("==", "!=", "===")


def _without_star(operator: str, wanted: str) -> str:
    return operator + (wanted.removesuffix(".*") if is_legacy(operator, wanted) else wanted)


@cache
def plain(version: str) -> Plain | None:
    """A version as far as it is plain; None of what is not."""
    match = SPELLED.fullmatch(version.lower())
    return Plain(_release(match[1]), match[2] or "", bool(match[3])) if match else None


@cache
def _release(text: str) -> Release:
    numbers = [int(number) for number in text.split(".")]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def _holds(operator: str, wanted: str, candidate: Plain) -> bool | None:
    """One clause for a plain version; None where that cannot be told so simply."""
    wanted = wanted.removesuffix(".*") if is_legacy(operator, wanted) else wanted
    if operator in ("==", "!=") and wanted.endswith(".*"):
        numbers = wanted.removesuffix(".*")
        begins = _begins(candidate.release, numbers) if NUMBERS.fullmatch(numbers) else None
        return begins if begins is None else begins == (operator == "==")
    limit = plain(wanted)
    if limit is None or limit.local or operator == "===":
        return None
    return _ordered(operator, wanted, limit, candidate)


def _ordered(operator: str, wanted: str, limit: Plain, candidate: Plain) -> bool | None:
    if operator == "~=":
        start = wanted.lower().removeprefix("v").rpartition(".")[0]
        if limit.suffix or not start or (candidate.suffix and candidate.release == limit.release):
            return None
        return candidate.release >= limit.release and _begins(candidate.release, start)
    if candidate.release != limit.release:
        return _compare(operator, candidate.release > limit.release)
    if limit.suffix:
        return None
    if candidate.suffix:  # neither comes before the limit, nor does a post-release come after it
        return operator in ("!=", ">=" if "post" in candidate.suffix else "<=")
    return operator in ("==", ">=", "<=")


def _compare(operator: str, newer: bool) -> bool:  # noqa: FBT001 - which of two versions that differ is newer
    return operator == "!=" or (operator in (">=", ">") if newer else operator in ("<=", "<"))


def _begins(release: Release, start: str) -> bool:
    """Whether a release begins with these numbers; the zeros at its end may have been left out."""
    numbers = tuple(map(int, start.split(".")))
    padded = release + (0,) * (len(numbers) - len(release))
    return padded[: len(numbers)] == numbers
