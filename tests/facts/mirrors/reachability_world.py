"""A session that a mirror is set for."""

from __future__ import annotations

from pathlib import Path

from envdoctor.system.session import Session
from tests.support import make_session


def session(home: Path, env: dict[str, str], *, network: bool = True) -> Session:
    own = {"HOME": str(home), "PATH": f"{home}/bin", "PIP_CONFIG_FILE": "/dev/null"}
    made = make_session({**own, **env}, cwd=home)
    made.network = network
    return made
