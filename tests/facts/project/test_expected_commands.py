from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.project.configuration import Configuration, Settings
from envdoctor.facts.project.expectations import Expectations
from envdoctor.facts.project.expected_commands import CommandState, ExpectedCommand, probe_expected_commands
from envdoctor.facts.session.search_path import probe_search_path
from tests.support import make_session, needs_tool

pytestmark = pytest.mark.tools


def program(directory: Path, name: str, script: str) -> Path:
    directory.mkdir(exist_ok=True)
    file = directory / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return file


def asked(
    path: str, *, cwd: Path | str = "/", timeout: float = 10.0, ci: str = "true", **wanted: str
) -> dict[str, ExpectedCommand]:
    session = make_session({"PATH": path, "CI": ci}, cwd=cwd, timeout=timeout)
    configuration = Configuration("/p/envdoctor.toml", Settings(expect=Expectations(commands=wanted)))
    seen = probe_expected_commands(session, configuration, probe_search_path(session), None)
    return {command.name: command for command in seen.commands}


@pytest.mark.parametrize(
    ("script", "wanted", "state", "reason"),
    [
        ("echo tool 1.2", ">=1,<2", CommandState.FITS, None),
        ("echo tool 1.2", "", CommandState.FITS, None),
        ("echo tool 1.2", ">=2", CommandState.VERSION_WRONG, None),
        ("echo tool 1.2 >&2", ">=1", CommandState.FITS, None),
        ("echo no idea", ">=1", CommandState.VERSION_UNKNOWN, "its answer holds no version"),
        ("echo no idea", "", CommandState.FITS, "its answer holds no version"),
        ("echo usage 1.2; exit 2", ">=2", CommandState.VERSION_UNKNOWN, "its answer holds no version"),
        ("echo tool 1.2; exit 127", ">=1", CommandState.NOT_RUNNABLE, "exit status 127: tool 1.2"),
        ("kill -9 $$", "", CommandState.NOT_RUNNABLE, "signal 9"),
        ("exec sleep 60", "", CommandState.VERSION_UNKNOWN, "it has not answered in time"),
        ("exec yes", ">=1", CommandState.VERSION_UNKNOWN, "its answer does not end"),
    ],
)
def test_there_are_four_verdicts(
    tmp_path: Path, script: str, wanted: str, state: CommandState, reason: str | None
) -> None:
    program(tmp_path, "tool", script)
    tool = asked(f"{tmp_path}:/usr/bin:/bin", timeout=1.0 if "sleep" in script else 10.0, tool=wanted)["tool"]
    assert (tool.state, tool.path, tool.asked) == (state, f"{tmp_path}/tool", "tool --version")
    assert re.match(reason, tool.reason or "") if reason else tool.reason is None


def test_one_that_is_not_there_is_missing(tmp_path: Path) -> None:
    (tmp_path / "tool").write_text("not executable")
    tool = asked(str(tmp_path), tool="")["tool"]
    assert (tool.state, tool.path, tool.asked) == (CommandState.MISSING, None, None)


def test_of_a_known_command_a_refusal_says_that_it_does_not_run(tmp_path: Path) -> None:
    program(tmp_path, "git", "echo git version 2.39.5; exit 1")
    assert asked(f"{tmp_path}:/usr/bin:/bin", git="")["git"].state is CommandState.NOT_RUNNABLE


def test_one_whose_interpreter_is_gone_does_not_run(tmp_path: Path) -> None:
    file = program(tmp_path, "tool", "")
    file.write_text("#!/nowhere/sh\n")
    assert asked(str(tmp_path), tool="")["tool"].state is CommandState.NOT_RUNNABLE


def test_nothing_is_run_that_the_directory_brings_along(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    program(tmp_path / "bin", "tool", f"touch {mark}; echo 1.2")
    for path in ("bin", "", ".", "/proc/self/cwd/bin"):
        cwd = tmp_path if path == "bin" else tmp_path / "bin"
        tool = asked(path + ":/usr/bin", cwd=cwd, tool=">=1").get("tool")
        assert tool is not None
        assert tool.state is not CommandState.FITS
        assert not mark.exists()


def test_outside_ci_a_configuration_chooses_no_program_that_is_not_well_known(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    program(tmp_path, "deploy", f"touch {mark}; echo 1.2")
    program(tmp_path, "git", "echo git version 2.39.5")
    seen = asked(f"{tmp_path}:/usr/bin:/bin", ci="", deploy=">=1", git=">=2")
    assert [(each.state, each.asked) for each in seen.values()] == [
        (CommandState.VERSION_UNKNOWN, None),
        (CommandState.FITS, "git --version"),
    ]
    assert asked(f"{tmp_path}:/usr/bin:/bin", ci="", deploy="")["deploy"].state is CommandState.FITS
    assert not mark.exists()


def test_what_others_may_write_is_not_asked(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    program(tmp_path / "bin", "tool", f"touch {mark}; echo 1.2")
    (tmp_path / "bin").chmod(0o777)
    tool = asked(f"{tmp_path}/bin:/usr/bin", tool=">=1")["tool"]
    assert (tool.state, tool.asked) == (CommandState.VERSION_UNKNOWN, None)
    assert tool.reason is not None
    assert "may be written by everybody" in tool.reason
    assert not mark.exists()


def test_all_are_asked_at_once_each_once_in_plain_english_and_without_input(tmp_path: Path) -> None:
    script = 'echo "$0 $*" >>"{log}"; cat; echo "$LC_ALL 1.2"; sleep 0.1'
    for name in ("a", "b", "git"):
        program(tmp_path, name, script.format(log=tmp_path / "log"))
    seen = asked(f"{tmp_path}:/usr/bin:/bin", a=">=1", b=">=2", git="")
    assert [each.state.value for each in seen.values()] == ["fits", "version wrong", "fits"]
    assert sorted((tmp_path / "log").read_text().splitlines()) == [
        f"{tmp_path}/{name} --version" for name in ("a", "b", "git")
    ]


def test_where_no_command_is_expected_none_is_asked() -> None:
    with pytest.raises(Unavailable, match="no command is expected"):
        asked("/usr/bin")


@pytest.mark.parametrize("name", ["bash", "git", "perl", "tar", "openssl", "gcc", "ssh", "ldd", "curl"])
def test_the_commands_of_this_machine_are_understood(name: str) -> None:
    directory = str(Path(needs_tool(name)).parent)
    wanted: dict[str, Any] = {name: ">=0.1"}
    command = asked(directory, **wanted)[name]
    assert (command.state, command.reason) == (CommandState.FITS, None), command
