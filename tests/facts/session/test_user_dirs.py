"""The directories of a home, as the XDG specification, uv and pipx choose them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from envdoctor.facts.session import user_dirs
from envdoctor.facts.session.user_dirs import below, chosen
from envdoctor.system.session import Session
from tests.support import make_session

HOME = "/home/me"


@pytest.mark.parametrize(
    ("place", "env", "expected"),
    [
        (user_dirs.data_home, {}, f"{HOME}/.local/share"),
        (user_dirs.data_home, {"XDG_DATA_HOME": "/d"}, "/d"),
        (user_dirs.data_home, {"XDG_DATA_HOME": "relative"}, f"{HOME}/.local/share"),
        (user_dirs.data_home, {"XDG_DATA_HOME": ""}, f"{HOME}/.local/share"),
        (user_dirs.cache_home, {}, f"{HOME}/.cache"),
        (user_dirs.cache_home, {"XDG_CACHE_HOME": "~/c"}, f"{HOME}/c"),
        (user_dirs.uv_tools, {}, f"{HOME}/.local/share/uv/tools"),
        (user_dirs.uv_tools, {"XDG_DATA_HOME": "/d"}, "/d/uv/tools"),
        (user_dirs.uv_tools, {"UV_TOOL_DIR": "/t", "XDG_DATA_HOME": "/d"}, "/t"),
        (user_dirs.uv_pythons, {}, f"{HOME}/.local/share/uv/python"),
        (user_dirs.uv_pythons, {"UV_PYTHON_INSTALL_DIR": "/p"}, "/p"),
        (user_dirs.uv_cache, {}, f"{HOME}/.cache/uv"),
        (user_dirs.uv_cache, {"UV_CACHE_DIR": "/c"}, "/c"),
        (user_dirs.uv_bin, {}, f"{HOME}/.local/bin"),
        (user_dirs.uv_bin, {"XDG_DATA_HOME": "/x/share"}, "/x/bin"),
        (user_dirs.uv_bin, {"XDG_BIN_HOME": "/b", "XDG_DATA_HOME": "/x/share"}, "/b"),
        (user_dirs.uv_bin, {"UV_TOOL_BIN_DIR": "/t", "XDG_BIN_HOME": "/b"}, "/t"),
        (user_dirs.pipx_home, {}, f"{HOME}/.local/share/pipx"),
        (user_dirs.pipx_home, {"PIPX_HOME": "/p"}, "/p"),
        (user_dirs.pipx_bin, {}, f"{HOME}/.local/bin"),
        (user_dirs.pipx_bin, {"PIPX_BIN_DIR": "/b"}, "/b"),
    ],
)
def test_where_a_tool_keeps_its_own(place: Callable[[Session], str | None], env: dict[str, str], expected: str) -> None:
    assert place(make_session({"HOME": HOME, **env})) == expected


def test_a_leftover_directory_of_pipx_wins_over_the_newer_place(tmp_path: Path) -> None:
    (tmp_path / ".local/pipx").mkdir(parents=True)
    session = make_session({"HOME": str(tmp_path), "XDG_DATA_HOME": "/d"})
    assert user_dirs.pipx_home(session) == f"{tmp_path}/.local/pipx"


def test_without_a_home_only_what_is_named_is_known() -> None:
    session = make_session({"HOME": "relative", "UV_CACHE_DIR": "~/c", "PIPX_BIN_DIR": "/b"})
    assert (user_dirs.uv_cache(session), user_dirs.data_home(session), user_dirs.pipx_bin(session)) == (
        None,
        None,
        "/b",
    )
    assert chosen(session, "UV_CACHE_DIR") is None
    assert (below(None, "x"), below("/a", "x")) == (None, "/a/x")
