"""How was envdoctor started, and what did its launcher put into the environment that is not the user's?"""

from __future__ import annotations

import msgspec


class Launch(msgspec.Struct, frozen=True):
    """How envdoctor was started.

    Attributes:
        kind: `plain`, `uv run`, `uvx`, `uv tool`, `pipx`, `pipx run`, `pyenv shim` …
        removed: search path elements that the launcher had put there, and that have been taken out.
        note: why the session examined differs from what envdoctor itself was given; None if it does not.
    """

    kind: str = "plain"
    removed: tuple[str, ...] = ()
    note: str | None = None
