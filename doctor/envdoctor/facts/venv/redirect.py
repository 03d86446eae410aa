"""Which environment does a file called `.venv` name? uv, pipenv and others go where its one line says.

Whatever else may stand in such a file is not told: a path that leads nowhere is known by its words alone.
"""

from __future__ import annotations

import os

from envdoctor.system.files import read_text
from envdoctor.text import limits
from envdoctor.text.plain import plain


def named_by(path: str, bare_names_in: str | None = None) -> str | None:
    """The place that a redirect file names; None if it says nothing. Raises Unreadable.

    Args:
        path: the file.
        bare_names_in: where a name without a slash is looked for, if not beside the file.
    """
    text = read_text(path, limits.PATH_FILE).strip()
    if not text:
        return None
    beside = os.path.dirname(path)
    around = bare_names_in if bare_names_in and "/" not in text else beside
    place = os.path.normpath(os.path.join(around, text))
    return place if os.path.lexists(place) else os.path.normpath(os.path.join(around, plain(text)))
