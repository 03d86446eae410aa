"""The session that is examined: what it says of itself, and with what it starts others."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from envdoctor.system.child_processes import Ending
from envdoctor.system.session import working_directory
from tests.support import make_session


def test_the_working_directory_is_named_as_the_shell_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.mkdir()
    link.symlink_to(real)
    monkeypatch.chdir(link)
    assert working_directory({"PWD": str(link)}) == str(link)
    for wrong in (str(tmp_path), "/no/such/directory", ".", "", "\0"):
        assert working_directory({"PWD": wrong}) == os.path.realpath(real)
    assert working_directory({}) == os.path.realpath(real)


@pytest.mark.parametrize(
    ("env", "home"),
    [({"HOME": "/home/me"}, "/home/me"), ({"HOME": "here"}, None), ({}, os.path.expanduser("~"))],
)
def test_the_home_is_the_shells(env: dict[str, str], home: str | None) -> None:
    assert make_session(env).home == home


@pytest.mark.parametrize(
    ("env", "elements"),
    [({}, ()), ({"PATH": ""}, ()), ({"PATH": "/a::b:"}, ("/a", "", "b", "")), ({"PATH": ":"}, ("", ""))],
)
def test_the_search_path_is_verbatim(env: dict[str, str], elements: tuple[str, ...]) -> None:
    assert make_session(env).search_path == elements


def test_own_children_inherit_nothing_that_a_tool_is_told_by() -> None:
    told = {"PYTHONPATH": "/a", "PIP_INDEX_URL": "b", "LD_PRELOAD": "/c.so", "VIRTUAL_ENV": "/d", "LANG": "de_DE"}
    session = make_session({"HOME": "/home/me", "PATH": "/usr/bin:.", "TMPDIR": "/opt/tmp", **told})
    assert session.clean_environment() == {
        "HOME": "/home/me",
        "TMPDIR": "/opt/tmp",
        "PATH": "/usr/bin",
        "LC_ALL": "C.UTF-8",
    }
    assert session.own_environment() == {**session.env, "PATH": "/usr/bin"}


def test_what_is_withheld_is_named() -> None:
    session = make_session({"PYTHONPATH": "src", "PYTHONHOME": "/usr", "LD_PRELOAD": "./a.so", "PYTHONUSERBASE": ""})
    names = ("PYTHONPATH", "PYTHONHOME", "LD_PRELOAD", "PYTHONUSERBASE", "GCONV_PATH")
    assert session.withholds(*names) == ("PYTHONPATH", "LD_PRELOAD")
    assert session.cannot_show("PYTHONHOME", "PYTHONUSERBASE") is None
    assert session.cannot_show(*names) == (
        "nothing is started with this PYTHONPATH and LD_PRELOAD: "
        "it leads to the working directory, or to where others may write"
    )


def test_what_may_not_be_run_is_not(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\ntouch ran\n")
    program.chmod(0o755)
    done = make_session({"PATH": "/usr/bin"}).run(str(program), "word", cwd=str(tmp_path))
    assert (done.argv, done.ending) == ((str(program), "word"), Ending.REFUSED)
    assert done.stderr.startswith("is not run")
    assert not (tmp_path / "ran").exists()
