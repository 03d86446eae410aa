"""Start-up files in a home."""

from __future__ import annotations

from pathlib import Path

from envdoctor.facts.shell.startup_files import (
    StartupFiles,
    collect,
)
from envdoctor.facts.shell.startup_lines import StartupLine
from envdoctor.facts.shell.startup_reader import read_lines
from tests.support import make_session

HOME = "/home/me"


def lines(text: str, *, fish: bool = False) -> list[StartupLine]:
    return list(read_lines("rc", text, {"HOME": HOME}, fish=fish))


def line(text: str, *, fish: bool = False) -> StartupLine:
    [found] = lines(text, fish=fish)
    return found


def write(home: Path, **files: str) -> Path:
    for name, text in files.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return home


def found_in(home: Path, **env: str) -> StartupFiles:
    return collect(make_session({"HOME": str(home), **env}), f"{home.parent}/etc")
