"""pyenv's shims are told from other scripts by their text."""

from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor.facts.pyenv.shims import Shim, parse_shim, read_shim

# as `pyenv rehash` of 2.3 and later writes it
TEXT = b"""#!/usr/bin/env bash
set -e
[ -n "$PYENV_DEBUG" ] && set -x

program="${0##*/}"

export PYENV_ROOT="/home/m\xc3\xa9/.pyenv"
exec "/opt/pyenv/libexec/pyenv" exec "$program" "$@"
"""


def test_a_shim_says_what_it_calls_and_for_which_root(tmp_path: Path) -> None:
    assert parse_shim(TEXT) == Shim("/opt/pyenv/libexec/pyenv", "/home/mé/.pyenv")
    (tmp_path / "python").write_bytes(TEXT)
    assert read_shim(str(tmp_path / "python")) == parse_shim(TEXT)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        TEXT.removeprefix(b"#!"),
        TEXT.replace(b"PYENV_ROOT", b"RBENV_ROOT"),
        TEXT.replace(b"libexec/pyenv", b"libexec/rbenv"),
        TEXT.replace(b"exec ", b"# exec "),
        TEXT.replace(b'"/home/m\xc3\xa9/.pyenv"', b'""'),
    ],
)
def test_what_lacks_a_part_is_none(text: bytes) -> None:
    assert parse_shim(text) is None


def test_what_cannot_be_read_is_none(tmp_path: Path) -> None:
    assert read_shim(str(tmp_path / "gone")) is None
    assert read_shim(str(tmp_path)) is None
