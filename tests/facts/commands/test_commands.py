from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from envdoctor.facts.commands.commands import (
    Commands,
    Hit,
    find,
    probe_commands,
)
from envdoctor.facts.commands.resolve import HitKind
from envdoctor.facts.session.search_path import probe_search_path
from tests.facts.commands.commands_world import REAL_PYTHON, make_file, make_python, one, search
from tests.support import make_session, needs_tool


def test_a_python_runs_itself_and_is_not_resolved(tmp_path: Path) -> None:
    python = make_python(tmp_path / "bin/python")
    assert search("python", tmp_path / "gone", tmp_path / "bin") == [
        Hit("python", python, 1, REAL_PYTHON, HitKind.PYTHON, runs=python, mode=0o755)
    ]


def test_the_same_file_by_another_name_of_its_directory_is_marked(tmp_path: Path) -> None:
    python = make_python(tmp_path / "usr/bin/python")
    (tmp_path / "bin").symlink_to("usr/bin")
    first, second = search("python", tmp_path / "usr/bin", tmp_path / "bin")
    assert (first.same_as, second.same_as) == (None, python)


def test_the_mode_is_that_of_the_file_a_link_leads_to(tmp_path: Path) -> None:
    make_file(tmp_path / "lib/pip", mode=0o4750)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/pip").symlink_to("../lib/pip")
    assert one("pip", tmp_path / "bin").mode == 0o4750


def test_an_environment_and_its_base_are_not_the_same_file(tmp_path: Path) -> None:
    make_python(tmp_path / "one/bin/python")
    make_python(tmp_path / "two/bin/python")
    hits = search("python", tmp_path / "one/bin", tmp_path / "two/bin")
    assert [hit.same_as for hit in hits] == [None, None]


def test_nothing_is_run_from_a_relative_element(tmp_path: Path) -> None:
    make_python(tmp_path / "bin/python")
    make_python(tmp_path / "python")
    relative, empty = search("python", "bin", "", cwd=tmp_path)
    for hit, path in ((relative, "bin/python"), (empty, "python")):
        assert (hit.path, hit.runs) == (f"{tmp_path}/{path}", None)
        assert "relative element" in (hit.problem or "")


def test_a_literal_tilde_is_searched_by_bash_alone(tmp_path: Path) -> None:
    make_python(tmp_path / "bin/python")
    session = make_session({"PATH": "~/bin", "HOME": str(tmp_path)})
    assert list(find("python", probe_search_path(session), None)) == []


def test_a_windows_program_is_recognised(tmp_path: Path) -> None:
    make_file(tmp_path / "python.exe", b"MZ\x90\0")
    hit = one("python.exe", tmp_path)
    assert (hit.kind, hit.runs) == (HitKind.WINDOWS, None)


def test_what_the_shell_passes_over_is_no_hit(tmp_path: Path) -> None:
    make_file(tmp_path / "plain/python", mode=0o644)
    (tmp_path / "directory/python").mkdir(parents=True)
    (tmp_path / "dangling").mkdir()
    (tmp_path / "dangling/python").symlink_to("/gone/python")
    (tmp_path / "loop").mkdir()
    (tmp_path / "loop/python").symlink_to("python")
    (tmp_path / "fifo").mkdir()
    os.mkfifo(tmp_path / "fifo/python", 0o755)
    assert search("python", *tmp_path.iterdir()) == []


def test_every_command_of_interest_is_searched(tmp_path: Path) -> None:
    python = make_python(tmp_path / "python")
    make_file(tmp_path / "uv", b"\x7fELF")
    session = make_session({"PATH": str(tmp_path)})
    commands = probe_commands(probe_search_path(session), None)
    assert [hit.name for hit in commands.hits] == ["python", "uv"]
    assert commands.first("python") == commands.all("python")[0] == commands.hits[0]
    assert commands.hits[0].runs == python
    assert (commands.first("pip"), commands.all("pip"), Commands().first("python")) == (None, (), None)


@pytest.mark.tools
def test_a_real_environment_and_the_real_system_agree_with_the_shell(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "env"], check=True)
    path = f"{tmp_path}/env/bin:{os.environ['PATH']}"
    session = make_session({"PATH": path}, cwd="/")
    commands = probe_commands(probe_search_path(session), None)
    for name in ("python", "python3", "pip", "uv"):
        ask = [needs_tool("bash"), "-c", f"type -P {name} || true"]
        shell = subprocess.run(ask, env={"PATH": path}, capture_output=True, text=True, check=True).stdout.strip()
        hit = commands.first(name)
        assert (hit.path if hit else "") == shell
