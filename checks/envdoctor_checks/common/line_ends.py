"""Take the carriage returns of Windows out of files, with what every system has."""

from __future__ import annotations

from envdoctor import Run

COPY = ".envdoctor-crlf"  # which nobody else calls a file


def converted(*paths: str) -> tuple[Run, Run]:
    """The sed of macOS and BSD has no escape for a carriage return, and wants the name of a copy, which is removed."""
    return Run("sed", f"-i{COPY}", "s/\r$//", *paths), Run("rm", "--", *(f"{path}{COPY}" for path in paths))
