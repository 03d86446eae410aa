"""With which variables does envdoctor start once more, and what does the session keep of them?"""

from __future__ import annotations

import pytest

from envdoctor.system.own_loader import given, kept_from_here


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
