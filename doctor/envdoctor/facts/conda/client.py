"""What does a user type who has environments of conda, and no conda?"""

from __future__ import annotations

import os

from envdoctor.engine.fact import Fact, Unavailable, probe
from envdoctor.facts.commands.commands import Commands
from envdoctor.facts.commands.resolve import is_executable
from envdoctor.system.session import Session

OTHERS = ("mamba", "micromamba")


class CondaClient(Fact, frozen=True):
    """The program that is here in place of conda: `mamba` or `micromamba`, by its name."""

    name: str


@probe
def probe_conda_client(session: Session, commands: Commands) -> CondaClient:
    """Look for conda, on the search path and behind its shell function; then for the others."""
    if commands.first("conda") or session.env.get("CONDA_EXE"):
        raise Unavailable("conda itself is here")
    if name := next(filter(commands.first, OTHERS), None):
        return CondaClient(name)
    program = session.env.get("MAMBA_EXE", "")  # what the shell function calls
    if os.path.basename(program) in OTHERS and os.path.isabs(program) and is_executable(program):
        return CondaClient(os.path.basename(program))
    raise Unavailable("there is no conda, mamba or micromamba")
