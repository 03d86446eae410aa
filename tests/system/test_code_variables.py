"""Which elements of a variable are kept depends on what the variable is to the program that reads it."""

from __future__ import annotations

import pytest

from envdoctor.system.code_variables import NARROW, confined


def absolute(place: str) -> bool:
    return place.startswith("/")


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("PATH", "/a:.:/b::c", "/a:/b"),
        (
            "LD_LIBRARY_PATH",
            "/a:b;/c",
            "/a;/c",
        ),  # both are separators; the one that is kept is the one that old loaders know
        ("LD_LIBRARY_PATH", "$ORIGIN/lib:b", "$ORIGIN/lib"),
        ("LD_LIBRARY_PATH", "$ORIGINAL/lib:/b", "/b"),
        ("LD_PRELOAD", "libname.so b/c.so:/d.so", "libname.so:/d.so"),
        ("LD_PRELOAD", "${ORIGIN}/x.so", "${ORIGIN}/x.so"),
        ("PYTHONUSERBASE", "/home/me:odd", "/home/me:odd"),  # one place, whatever is in its name
        ("PYENV_ROOT", "here", None),
        ("PATH", ".:b", None),
        ("PATH", "", ""),
        ("EDITOR", "vim", "vim"),
    ],
)
def test_only_what_the_rule_admits_is_left(name: str, value: str, kept: str | None) -> None:
    env = {name: value, "TERM": "xterm"}
    clean = confined(env, absolute)
    assert clean.get(name) == kept
    assert clean["TERM"] == "xterm"
    assert env[name] == value  # the session's own variables are never touched


def test_no_variable_is_read_in_two_ways() -> None:
    names = [name for group, _ in NARROW for name in group]
    assert len(names) == len(set(names))
