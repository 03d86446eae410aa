"""Where do Pythons usually stand, also when the search path does not lead there?"""

from __future__ import annotations

import os

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.commands.resolve import is_executable
from envdoctor.facts.session.search_path import SearchPath
from envdoctor.system.session import Session

PLACES = ("/usr/local/bin", "/opt/homebrew/bin", "/usr/bin")


class UsualPythons(Fact, frozen=True):
    """The usual directories that hold a `python3` and are not on the search path, the best first."""

    forgotten: tuple[str, ...] = ()


@probe
def probe_usual_pythons(session: Session, search_path: SearchPath) -> UsualPythons:
    """Look into the directories of programs that every system has, and the user's own."""
    own = (f"{session.home}/.local/bin",) if session.home else ()
    absent = (place for place in (*own, *PLACES) if search_path.position(place) is None)
    return UsualPythons(tuple(place for place in absent if is_executable(os.path.join(place, "python3"))))
