"""Regular expressions that are compiled when they are first used.

The modules of a run hold more than a hundred, which would cost it a sixth of its time; it uses a handful.
"""

from __future__ import annotations

import re
from typing import AnyStr, cast


def pattern(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """The same as `re.compile`, but for when the work is done. Use its methods; `re`'s functions do not take it."""
    return cast("re.Pattern[AnyStr]", _Lazy(source, flags))


class _Lazy:
    """Becomes the pattern that it stands for with the first question."""

    def __init__(self, source: str | bytes, flags: int) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> object:
        compiled = re.compile(self._source, self._flags)
        for method in ("findall", "finditer", "fullmatch", "match", "pattern", "search", "split", "sub", "subn"):
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)
