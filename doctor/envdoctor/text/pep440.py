"""How are versions, specifiers and requirements understood that may be anything? `packaging` is asked, within bounds.

It takes the square of a requirement's blanks, and fails in its own ways on numbers of thousands of digits and on deep
nesting. What is longer than `limits.REQUIREMENT` is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from envdoctor.text import limits

if TYPE_CHECKING:
    from packaging.requirements import Requirement
    from packaging.specifiers import SpecifierSet
    from packaging.version import Version


def parse_requirement(text: str) -> Requirement:
    """What a requirement says. Raises ValueError with the reason in a few words."""
    from packaging.requirements import InvalidRequirement, Requirement

    if len(text) > limits.REQUIREMENT:
        raise ValueError(f"longer than {limits.REQUIREMENT:,} characters")
    try:
        return Requirement(text)
    except InvalidRequirement as error:
        reason = str(error).partition("\n")[0]
        # packaging 26.4 and newer say how deep
        raise ValueError("nested too deeply" if "nested" in reason else reason) from error
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def requirement(text: str) -> Requirement | None:
    """What a requirement says; None if it is none."""
    try:
        return parse_requirement(text)
    except ValueError:
        return None


def specifiers(text: str) -> SpecifierSet | None:
    """A set of specifiers; None if it is none."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        return SpecifierSet(text) if len(text) <= limits.REQUIREMENT else None
    except InvalidSpecifier:
        return None


def version(text: str) -> Version | None:
    """A version; None if it is none."""
    from packaging.version import Version

    try:
        return Version(text) if len(text) <= limits.REQUIREMENT else None
    except ValueError:
        return None


def admits(wanted: SpecifierSet | None, candidate: str) -> bool | None:
    """Whether specifiers admit a version, pre-releases too; None where the two cannot be compared."""
    known = version(candidate)
    if wanted is None or known is None:
        return None
    try:
        return wanted.contains(known, prereleases=True)
    except ValueError:  # a number of thousands of digits
        return None
