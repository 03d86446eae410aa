"""Does this session run as root by sudo, and what had been active for the user who typed it?"""

from __future__ import annotations

import os

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.system import processes
from envdoctor.system.session import Session


class Elevation(Fact, frozen=True):
    """Root's rights, lent to a user by sudo.

    Attributes:
        user: who typed sudo.
        process: the sudo among the processes above; None if it has not stayed, or the system does not tell.
        virtual_env: the virtual environment that was active for that user, links resolved; None if it is not there.
        conda_prefix: the same for conda.
    """

    user: str
    process: int | None = None
    virtual_env: str | None = None
    conda_prefix: str | None = None


NOT_BY_SUDO = "not root by sudo"


@probe(where_set=("SUDO_USER",), otherwise=NOT_BY_SUDO)
def probe_elevation(session: Session) -> Elevation:
    """Read with which variables the nearest sudo was started: those of the user, before sudo took them away."""
    user = session.env["SUDO_USER"]
    if user == "root" or os.geteuid() != 0:
        raise Unavailable(NOT_BY_SUDO)
    sudo = next((process for process in session.processes if process.name == "sudo"), None)
    before = processes.environment(sudo.pid) if sudo else None
    if sudo is None or before is None:
        return Elevation(user)
    return Elevation(user, sudo.pid, _directory(before.get("VIRTUAL_ENV")), _directory(before.get("CONDA_PREFIX")))


def _directory(path: str | None) -> str | None:
    return os.path.realpath(path) if path and os.path.isabs(path) and os.path.isdir(path) else None
