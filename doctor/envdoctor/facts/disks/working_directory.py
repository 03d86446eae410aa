"""Does the working directory of the session still exist?"""

from __future__ import annotations

import os

from envdoctor.engine.fact import Fact, probe
from envdoctor.system.session import Session


class WorkingDirectory(Fact, frozen=True):
    """The directory in which the session is.

    Attributes:
        path: what the shell calls it, in `PWD`; None where that is not known.
        gone: whether it has been deleted, so that no program can find out its name.
        made_again: whether there is another directory now under the same name.
        nearest: it or the nearest directory above it that exists; None if only the root does, or it is not gone.
    """

    path: str | None
    gone: bool = False
    made_again: bool = False
    nearest: str | None = None


@probe
def probe_working_directory(session: Session) -> WorkingDirectory:
    """Look whether the working directory still has a name, and what is there now under the one that the shell has."""
    if session.cwd is not None:
        return WorkingDirectory(session.cwd)
    path = session.env.get("PWD", "")
    if not os.path.isabs(path):
        return WorkingDirectory(None, gone=True)
    nearest = path
    while not os.path.isdir(nearest):
        nearest = os.path.dirname(nearest)
    is_root = not nearest.strip(os.sep)
    return WorkingDirectory(path, gone=True, made_again=nearest == path, nearest=None if is_root else nearest)
