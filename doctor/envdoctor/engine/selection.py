"""Which checks does the user mean? Codes (`PIP001`), prefixes (`PIP`) and slugs (`pip-installs-elsewhere`).

A prefix that is a family's own means that family alone: `PY` is not `PYE`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from envdoctor.engine.check import Check

Checks = tuple[Check[Any], ...]

DIGITS = str.maketrans("oil", "011")
"""The letters that look like digits, and are typed for them."""


class SelectionError(Exception):
    """The selection cannot be what the user meant. The message says what is near."""


def select(checks: Checks, wanted: Sequence[str], ignored: Sequence[str]) -> Checks:
    """The checks that are wanted (all, if nothing is said) and not ignored. Raises SelectionError."""
    chosen = _meant(checks, wanted) if wanted else set(checks)
    chosen -= _meant(checks, ignored)
    if not chosen:
        raise SelectionError("the selection leaves no check to run")
    return tuple(check for check in checks if check in chosen)


def find(checks: Checks, word: str) -> Check[Any]:
    """The one check with this code or slug. Raises SelectionError."""
    for check in checks:
        if word.upper() == check.code or word.lower() == check.slug:
            return check
    if any(check.family == word.lower() for check in checks):
        raise SelectionError(f"{word!r} is a family of checks, not one of them; `envdoctor list` shows every code")
    raise unknown(checks, word)


def unknown(checks: Checks, word: str) -> SelectionError:
    """What to say of a word that names no check."""
    near = nearest(word, [name for check in checks for name in (check.code, check.slug, check.family.upper())])
    hint = f"did you mean {near}?" if near else "`envdoctor list` shows every code"
    return SelectionError(f"no check is called {word!r}; {hint}")


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The name that a mistyped word most likely means, if one is near."""
    from difflib import get_close_matches

    spelled = {name.casefold(): name for name in names}
    meant = word.casefold().translate(DIGITS)
    if alike := next((name for name in spelled if name.translate(DIGITS) == meant), None):
        return spelled[alike]
    matches = get_close_matches(word.casefold(), sorted(spelled), n=1, cutoff=0.6)
    return spelled[matches[0]] if matches else None


def _meant(checks: Checks, words: Sequence[str]) -> set[Check[Any]]:
    meant: set[Check[Any]] = set()
    for word in words:
        named = {check for check in checks if check.family == word.lower()} or {
            check for check in checks if check.code.startswith(word.upper()) or check.slug == word.lower()
        }
        if not named or not word:
            raise unknown(checks, word)
        meant |= named
    return meant
