"""Where do tools keep what is theirs in a home? The directories of the XDG specification, and uv's and pipx's own."""

from __future__ import annotations

import os

from envdoctor.system.session import Session


def data_home(session: Session) -> str | None:
    """`XDG_DATA_HOME`, else `~/.local/share`."""
    return _xdg(session, "XDG_DATA_HOME", ".local/share")


def cache_home(session: Session) -> str | None:
    """`XDG_CACHE_HOME`, else `~/.cache`."""
    return _xdg(session, "XDG_CACHE_HOME", ".cache")


def uv_tools(session: Session) -> str | None:
    """The directory of uv's tool environments."""
    return chosen(session, "UV_TOOL_DIR") or below(data_home(session), "uv/tools")


def uv_pythons(session: Session) -> str | None:
    """The directory of the Pythons that uv has installed."""
    return chosen(session, "UV_PYTHON_INSTALL_DIR") or below(data_home(session), "uv/python")


def uv_cache(session: Session) -> str | None:
    """The cache of uv, unless a configuration file moves it."""
    return chosen(session, "UV_CACHE_DIR") or below(cache_home(session), "uv")


def uv_bin(session: Session) -> str | None:
    """Where uv puts the launchers of tools and Pythons."""
    named = chosen(session, "UV_TOOL_BIN_DIR") or chosen(session, "XDG_BIN_HOME")
    beside = below(chosen(session, "XDG_DATA_HOME"), "../bin")
    return named or (os.path.normpath(beside) if beside else below(session.home, ".local/bin"))


def pipx_home(session: Session) -> str | None:
    """The directory of pipx: a leftover `~/.local/pipx` wins over the newer place."""
    old = below(session.home, ".local/pipx")
    if named := chosen(session, "PIPX_HOME"):
        return named
    return old if old and os.path.isdir(old) else below(data_home(session), "pipx")


def pipx_bin(session: Session) -> str | None:
    """Where pipx puts launchers."""
    return chosen(session, "PIPX_BIN_DIR") or below(session.home, ".local/bin")


def chosen(session: Session, variable: str) -> str | None:
    """The directory that a variable names, `~` expanded; None if it is unset, empty or relative."""
    value = session.env.get(variable) or ""
    if value.startswith("~/") and session.home:
        value = session.home + value[1:]
    return value if os.path.isabs(value) else None


def below(directory: str | None, name: str) -> str | None:
    """A path below a directory that may not be known."""
    return os.path.join(directory, name) if directory else None


def _xdg(session: Session, variable: str, usual: str) -> str | None:
    return chosen(session, variable) or below(session.home, usual)
