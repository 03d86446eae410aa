"""With which variables does envdoctor start once more, and what does the session keep of them?"""

from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.system.own_loader import foreign_libpython, given, kept_from_here


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("LD_LIBRARY_PATH", "/x:", "/x"),
        ("LD_LIBRARY_PATH", ":/x", "/x"),
        ("LD_LIBRARY_PATH", "/x;lib;/y", "/x:/y"),
        ("LD_LIBRARY_PATH", ".", None),
        ("LD_LIBRARY_PATH", "$ORIGIN/../lib:../lib", "$ORIGIN/../lib"),
        ("LD_LIBRARY_PATH", "/usr/../proc/self/cwd", None),
        ("LD_PRELOAD", "./evil.so libx.so", "libx.so"),
        ("LD_AUDIT", "evil/a.so", None),
        ("GCONV_PATH", ".", None),
        ("OPENSSL_CONF", "openssl.cnf", None),
    ],
)
def test_what_leads_to_the_working_directory_is_kept_aside(name: str, value: str, kept: str | None) -> None:
    env = {name: value, "HOME": "/root"}
    fresh = kept_from_here(env)
    assert fresh is not None
    assert fresh.get(name) == kept
    assert kept_from_here(fresh) is None  # it starts once more, and no more than once
    assert given(fresh) == env


@pytest.mark.parametrize(
    "env",
    [
        {},
        {"LD_LIBRARY_PATH": ""},
        {"LD_LIBRARY_PATH": "/x:/y", "LD_PRELOAD": "/x/y.so libz.so", "OPENSSL_CONF": "/etc/ssl/openssl.cnf"},
        {"LD_LIBRARY_PATH": "${ORIGIN}"},
    ],
)
def test_other_variables_cost_no_second_start(env: dict[str, str]) -> None:
    assert kept_from_here(env) is None
    assert given(env) == env


NAME = "libpython3.12.so.1.0"


def python(root: Path) -> Path:
    """A place with a `libpython`."""
    library = root / "lib" / NAME
    library.parent.mkdir(parents=True)
    library.write_bytes(b"")
    return library


def maps(tmp_path: Path, *paths: Path | str) -> str:
    lines = [
        f"7f00-7f01 r-xp 00000000 08:01 42                  {path}\n" for path in ("[heap]", "/lib/libc.so.6", *paths)
    ]
    (tmp_path / "maps").write_text("".join(lines))
    return str(tmp_path / "maps")


def test_the_library_of_another_build_is_told_from_the_own(tmp_path: Path) -> None:
    own, other = python(tmp_path / "own"), python(tmp_path / "other build")
    assert foreign_libpython(maps(tmp_path, other), str(tmp_path / "own")) == str(other)
    assert foreign_libpython(maps(tmp_path, own), str(tmp_path / "own")) is None


def test_a_link_to_the_own_and_a_python_without_one_are_no_other_build(tmp_path: Path) -> None:
    own, other = python(tmp_path / "own"), python(tmp_path / "other")
    link = tmp_path / NAME
    link.symlink_to(own)
    assert foreign_libpython(maps(tmp_path, link), str(tmp_path / "own")) is None
    assert foreign_libpython(maps(tmp_path, other), str(tmp_path / "none of its own")) is None
    assert foreign_libpython(maps(tmp_path, "/gone/" + NAME), str(tmp_path / "own")) is None
    assert foreign_libpython(str(tmp_path / "no such system")) is None


def test_what_brings_another_builds_library_is_kept_aside(tmp_path: Path) -> None:
    other = python(tmp_path)
    env = {"LD_LIBRARY_PATH": f"/usr/lib:{other.parent}", "LD_PRELOAD": f"{other} libx.so"}
    fresh = kept_from_here(env, str(other))
    assert fresh is not None
    assert (fresh["LD_LIBRARY_PATH"], fresh["LD_PRELOAD"]) == ("/usr/lib", "libx.so")
    assert given(fresh) == env
    assert kept_from_here(fresh, str(other)) is None
    assert kept_from_here(env) is None
