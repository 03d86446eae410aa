"""Where do the versions that specifiers admit begin, and are there any at all? Answered where it is certain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from envdoctor.text import pep440, versions

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet
    from packaging.version import Version

FIRST = "0"
A_LITTLE = ".0.0.0.1"  # what lies just above a version, below every other that people write
WILD = ".*"


def is_empty(specifiers: Iterable[str]) -> bool:
    """Whether no version fits all of these sets of specifiers; not where pre-releases or exact texts are named."""
    named = ",".join(filter(None, specifiers))
    if versions.are_plain(named):
        return not versions.is_satisfiable(named)
    whole = _plain([named])
    return whole is not None and _lowest(whole, tuple(_bounds(whole))) is None


def begin_later(specifiers: str, others: Iterable[str]) -> bool:
    """Whether the first version that fits comes after the first that fits all of the others."""
    one, other = _plain([specifiers]), _plain(others)
    if one is None or other is None:
        return False
    candidates = tuple(_bounds(one, other))
    first, second = _lowest(one, candidates), _lowest(other, candidates)
    return first is not None and second is not None and first > second


def _plain(specifiers: Iterable[str]) -> SpecifierSet | None:
    """All of these together; None where pre-releases or exact texts make it uncertain what fits."""
    whole = pep440.specifiers(",".join(filter(None, specifiers)))
    return None if whole is None or any(_is_special(one.operator, one.version) for one in whole) else whole


def _lowest(wanted: SpecifierSet, candidates: Iterable[str]) -> Version | None:
    fitting = (pep440.version(candidate) for candidate in candidates if pep440.admits(wanted, candidate))
    return min((version for version in fitting if version), default=None)


def _bounds(*wanted: SpecifierSet) -> Iterator[str]:
    """Versions among which is the first that fits: every bound, what lies just above it, and the first of all."""
    yield FIRST
    for one in (specifier for specifiers in wanted for specifier in specifiers):
        named = one.version.removesuffix(WILD)
        version = pep440.version(named)
        if version is None:
            continue
        yield named
        if named == version.base_version:
            yield named + A_LITTLE
        if one.version.endswith(WILD):
            *above, last = version.release
            yield ".".join(map(str, (*above, last + 1)))


def _is_special(operator: str, text: str) -> bool:
    version = pep440.version(text.removesuffix(WILD))
    return operator == "===" or version is None or version.is_prerelease or version.local is not None
