"""A session, a version and an environment for what uv does."""

from __future__ import annotations

from envdoctor.facts.session.context import Examined
from envdoctor.facts.uv.directories import Place

NEWEST = (0, 13, 9)

OWN = Place("/home/ann/app/.venv", python="3.11")

EXAMINED = Examined(
    shell="bash",
    login=True,
    interactive=True,
    shell_started=None,
    cwd="/home/ann/app",
    home="/home/ann",
    search_path=("/usr/bin",),
    virtual_env=None,
    user_id=1000,
    effective_user_id=1000,
    system="Linux",
    machine="x86_64",
    launched_as="plain",
)
