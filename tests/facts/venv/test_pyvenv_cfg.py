"""`pyvenv.cfg` as venv, virtualenv and uv write it, and as nobody should."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from envdoctor.facts.venv.pyvenv_cfg import (
    ConfigLine,
    PyvenvConfig,
    parse,
    read,
)
from envdoctor.system.files import Unreadable

VENV = "home = /usr/bin\ninclude-system-site-packages = false\nversion = 3.12.1\nexecutable = /usr/bin/python3.12\n"
UV = "home=/opt/py/bin\nimplementation = CPython\nuv = 0.13.9\nversion_info = 3.12\nprompt = a=b\n"


def test_what_venv_writes() -> None:
    config = parse("/env/pyvenv.cfg", VENV)
    assert (config.home, config.version, config.minor) == ("/usr/bin", "3.12.1", "3.12")
    assert config.line("home") == ConfigLine("home", "/usr/bin", 1)
    assert config.origin("version") == "/env/pyvenv.cfg:3"


def test_what_uv_writes() -> None:
    config = parse("/env/pyvenv.cfg", UV)
    assert (config.home, config.version, config.minor) == ("/opt/py/bin", "3.12", "3.12")
    assert config.get("prompt") == "a=b"


def test_what_virtualenv_writes() -> None:
    assert parse("/env/pyvenv.cfg", "version_info = 3.11.2.final.0\r\n").minor == "3.11"


def test_the_last_of_two_lines_counts_as_it_does_for_python() -> None:
    assert parse("/env/pyvenv.cfg", "home = /a\nHOME = /b\n").home == "/b"


def test_what_is_no_setting_says_nothing() -> None:
    assert parse("/env/pyvenv.cfg", "[venv]\n\nnonsense\nversion = new\n") == PyvenvConfig(
        "/env/pyvenv.cfg", (ConfigLine("version", "new", 4),)
    )
    assert parse("/env/pyvenv.cfg", "version = new\n").minor is None
    assert parse("/env/pyvenv.cfg", "").origin("home") == "/env/pyvenv.cfg"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"home\0 = /x\n", "a binary file"),
        (b"home = /a\nx = \xff\n", "line 2 is not UTF-8"),
        (b"#" * 200_000, "larger"),
    ],
)
def test_a_file_that_is_no_text_is_refused_with_its_reason(content: bytes, reason: str, tmp_path: Path) -> None:
    (tmp_path / "pyvenv.cfg").write_bytes(content)
    with pytest.raises(Unreadable, match=reason):
        read(str(tmp_path))


def test_neither_a_fifo_nor_a_loop_of_links_holds_it_up(tmp_path: Path) -> None:
    for name, make in (("fifo", os.mkfifo), ("loop", lambda path: path.symlink_to(path))):
        (tmp_path / name).mkdir()
        make(tmp_path / name / "pyvenv.cfg")
        with pytest.raises(Unreadable):
            read(str(tmp_path / name))


def test_the_value_of_an_unknown_key_is_not_kept() -> None:
    config = parse("/v/pyvenv.cfg", "home = /usr/bin\nCorp-Login = hunter2\n")
    assert [(line.key, line.value) for line in config.lines] == [("home", "/usr/bin"), ("…", "")]
