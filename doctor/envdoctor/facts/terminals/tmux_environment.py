"""Which environments does the tmux server give to every new pane, and are they still there?"""

from __future__ import annotations

import os

from envdoctor.engine.fact import Fact, probe
from envdoctor.facts.terminals.tmux import TmuxServer

NAMES = ("VIRTUAL_ENV", "CONDA_PREFIX")


class GivenEnvironment(Fact, frozen=True):
    """An environment that new panes are given.

    Attributes:
        name: the variable that names it.
        value: its directory, as spelled.
        real: the same with all links resolved.
        exists: whether it is there.
    """

    name: str
    value: str
    real: str
    exists: bool


class TmuxPlaces(Fact, frozen=True):
    """The environments that new panes of this tmux session are given."""

    environments: tuple[GivenEnvironment, ...] = ()


@probe
def probe_tmux_places(tmux: TmuxServer) -> TmuxPlaces:
    """Look at what the server's variables name. A relative value means another place in each pane and is left out."""
    given = ((name, tmux.given(name)) for name in NAMES)
    return TmuxPlaces(
        tuple(
            GivenEnvironment(name, value, os.path.realpath(value), os.path.isdir(value))
            for name, value in given
            if value and os.path.isabs(value)
        )
    )
