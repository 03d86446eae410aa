from __future__ import annotations

from pathlib import Path

from envdoctor.facts.terminals.tmux import Held, TmuxServer
from envdoctor.facts.terminals.tmux_environment import GivenEnvironment, probe_tmux_places


def test_what_new_panes_are_given_is_looked_at(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path)
    held = (Held("VIRTUAL_ENV", str(link)), Held("CONDA_PREFIX", "relative"))
    tmux = TmuxServer(socket="/s", pid=40, session="0", global_env=held)
    places = probe_tmux_places(tmux)
    assert places.environments == (GivenEnvironment("VIRTUAL_ENV", str(link), str(tmp_path), exists=True),)
    gone = TmuxServer(socket="/s", pid=40, session="0", global_env=(Held("CONDA_PREFIX", "/gone"),))
    assert probe_tmux_places(gone).environments == (GivenEnvironment("CONDA_PREFIX", "/gone", "/gone", exists=False),)
