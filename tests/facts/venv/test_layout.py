from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from envdoctor.engine.finding import Evidence
from envdoctor.facts.venv.layout import (
    Form,
    LinkState,
    Tool,
    Venv,
    examine,
    is_environment,
)
from tests.facts.venv.active_world import by_venv
from tests.support import needs_python, needs_tool

pytestmark = pytest.mark.tools

BASE = os.path.realpath(sys.executable)


def by_virtualenv(env: Path, *options: str, python: str = BASE) -> Path:
    make = [needs_tool("virtualenv"), "-q", "--no-download", "--no-pip", "--no-periodic-update"]
    subprocess.run([*make, *options, "-p", python, env], check=True)
    return env


def by_uv(env: Path, *options: str, python: str = BASE) -> Path:
    subprocess.run([needs_tool("uv"), "venv", "-q", "--offline", *options, "-p", python, env], check=True)
    return env


@pytest.mark.parametrize(("make", "tool"), [(by_venv, Tool.VENV), (by_virtualenv, Tool.VIRTUALENV), (by_uv, Tool.UV)])
def test_each_tool_is_recognised_and_its_environment_is_whole(
    make: Callable[[Path], Path], tool: Tool, tmp_path: Path
) -> None:
    venv = examine(str(make(tmp_path / "env")))
    assert venv.tool is tool
    assert (venv.root, venv.real, venv.form) == (f"{tmp_path}/env", f"{tmp_path}/env", Form.DIRECTORY)
    assert (venv.python, venv.python_state) == (f"{tmp_path}/env/bin/python", LinkState.SYMLINK)
    assert (venv.base, venv.base_exists, venv.base_is_conda) == (BASE, True, False)
    assert (venv.activate_root, venv.activate_is_here) == (f"{tmp_path}/env", True)
    assert venv.site_packages == (f"{tmp_path}/env/lib/python3.{sys.version_info[1]}/site-packages",)
    assert venv.version == ".".join(map(str, sys.version_info[:3]))
    assert (venv.has_pip, venv.includes_system_site, venv.is_relocatable, venv.config_problem) == (
        *(False, False, False),
        None,
    )


@pytest.mark.parametrize(("make", "expands"), [(by_venv, True), (by_virtualenv, False), (by_uv, False)])
@pytest.mark.parametrize("name", ["p$USER", "p`x`"])
def test_a_path_that_a_shell_expands(make: Callable[[Path], Path], expands: bool, name: str, tmp_path: Path) -> None:
    venv = examine(str(make(tmp_path / name)))
    assert (venv.activate_expands, venv.activate_is_here, venv.activate_root) == (expands, not expands, None)


@pytest.mark.parametrize(
    ("minor", "name"), [("3.6", "my env"), ("3.10", "env"), ("3.12", "my env"), ("3.13", "my env"), ("3.13", "it's")]
)
def test_what_every_version_writes_is_understood(minor: str, name: str, tmp_path: Path) -> None:
    venv = examine(str(by_venv(tmp_path / name, "--prompt", "mine", python=needs_python(minor))))
    assert (venv.tool, venv.activate_root, venv.activate_is_here) == (Tool.VENV, f"{tmp_path}/{name}", True)
    assert venv.prompt in ("mine", None)
    assert (venv.version or "").startswith(minor)


def test_what_uv_and_virtualenv_quote_is_understood(tmp_path: Path) -> None:
    for make in (by_uv, by_virtualenv):
        venv = examine(str(make(tmp_path / f"it's {make.__name__}")))
        assert venv.activate_is_here
        assert venv.activate_root == venv.root


def test_options_of_the_tools_are_seen(tmp_path: Path) -> None:
    assert examine(str(by_venv(tmp_path / "site", "--system-site-packages"))).includes_system_site
    relocatable = examine(str(by_uv(tmp_path / "relocatable", "--relocatable")))
    assert (relocatable.is_relocatable, relocatable.activate_root, relocatable.activate_is_here) == (True, None, True)
    copied = examine(str(by_venv(tmp_path / "copied", "--copies", python=needs_python("3.9"))))
    assert (copied.python_state, copied.base_exists) == (LinkState.REGULAR, True)
    assert os.path.samefile(copied.base or "", needs_python("3.9"))


def test_a_moved_environment_still_names_the_old_place(env: Path, tmp_path: Path) -> None:
    env.rename(tmp_path / "moved")
    venv = examine(f"{tmp_path}/moved")
    assert (venv.activate_root, venv.activate_is_here) == (f"{tmp_path}/env", False)


def test_a_copied_environment_names_the_original(env: Path, tmp_path: Path) -> None:
    shutil.copytree(env, tmp_path / "copy", symlinks=True)
    venv = examine(f"{tmp_path}/copy")
    assert (venv.activate_root, venv.activate_is_here) == (str(env), False)


def test_an_environment_behind_a_link_is_at_its_place(env: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("env")
    venv = examine(f"{tmp_path}/link/")
    assert (venv.root, venv.real, venv.activate_is_here) == (f"{tmp_path}/link/", str(env), True)


def test_a_base_that_is_gone_is_named(env: Path) -> None:
    (env / "bin/python").unlink()
    (env / "bin/python").symlink_to("/gone/bin/python3.11")
    venv = examine(str(env))
    assert (venv.python_state, venv.base, venv.base_exists) == (LinkState.DANGLING, "/gone/bin/python3.11", False)


def test_without_its_interpreter_the_base_is_what_was_written(env: Path) -> None:
    for link in (env / "bin").glob("python*"):
        link.unlink()
    venv = examine(str(env))
    assert (venv.python_state, venv.base_exists) == (LinkState.MISSING, True)
    (env / "pyvenv.cfg").write_text("home = /gone/bin\n")
    venv = examine(str(env))
    assert (venv.base, venv.base_exists) == ("/gone/bin/python3", False)


def test_python3_alone_is_the_interpreter(env: Path) -> None:
    (env / "bin/python").rename(env / "bin/python3.x")
    (env / "bin/python3").unlink()
    (env / "bin/python3").symlink_to("python3.x")
    assert examine(str(env)).python == f"{env}/bin/python3"


def test_an_environment_on_condas_python_is_seen(env: Path, tmp_path: Path) -> None:
    (tmp_path / "conda/conda-meta").mkdir(parents=True)
    (env / "pyvenv.cfg").write_text(f"home = {tmp_path}/conda/bin\n")
    assert examine(str(env)).base_is_conda


def test_a_windows_environment_is_seen(tmp_path: Path) -> None:
    (tmp_path / "Scripts").mkdir()
    (tmp_path / "Lib/site-packages/pip").mkdir(parents=True)
    (tmp_path / "pyvenv.cfg").write_text("home = C:\\Python311\r\nversion = 3.11.7\r\n")
    venv = examine(str(tmp_path))
    assert (venv.is_for_windows, venv.has_pip, venv.home) == (True, True, "C:\\Python311")
    assert (venv.python, venv.python_state) == (f"{tmp_path}/Scripts/python.exe", LinkState.MISSING)
    assert (venv.base_exists, venv.activate) == (False, None)


def test_a_line_is_its_own_proof(env: Path) -> None:
    (env / "pyvenv.cfg").write_text("uv = 0.9\nhome = /usr/bin\nversion_info = 3.12.1.final.0\nprompt = 'a b'\n")
    venv = examine(str(env))
    assert venv.config_line("home") == Evidence("home = /usr/bin", f"{env}/pyvenv.cfg:2")
    assert venv.config_line("version") == Evidence("no line for `version`", f"{env}/pyvenv.cfg")
    assert (venv.home, venv.version, venv.prompt, venv.tool) == ("/usr/bin", "3.12.1", "a b", Tool.UV)


@pytest.mark.parametrize(
    ("content", "problem", "home"),
    [
        (b"", None, None),
        (b"home = /usr/bin\n\xff = x\n", "line 2 is not UTF-8", "/usr/bin"),
        (b"\xef\xbb\xbfhome = /usr/bin", None, "/usr/bin"),
        (b"home = \0", "a binary file", None),
        (b"home = x\n" * 20_000, "larger than 100,000 bytes", None),
    ],
)
def test_a_configuration_that_cannot_be_read_says_why(
    content: bytes, problem: str | None, home: str | None, env: Path
) -> None:
    (env / "pyvenv.cfg").write_bytes(content)
    venv = examine(str(env))
    assert (venv.config_problem, venv.home) == (problem, home)


@pytest.mark.parametrize("accident", ["fifo", "directory", "binary", "unbalanced"])
def test_an_activate_script_that_is_none_names_nothing(accident: str, env: Path) -> None:
    activate = env / "bin/activate"
    activate.unlink()
    match accident:
        case "fifo":
            os.mkfifo(activate)
        case "directory":
            activate.mkdir()
        case "binary":
            activate.write_bytes(b"VIRTUAL_ENV=/x\n\0")
        case _:
            activate.write_text("VIRTUAL_ENV='/open\n")
    venv = examine(str(env))
    assert (venv.activate_root, venv.activate_is_here) == (None, True)


def test_a_plain_directory_is_no_environment(tmp_path: Path) -> None:
    assert not is_environment(str(tmp_path))
    assert examine(str(tmp_path)).tool is Tool.UNKNOWN
    assert isinstance(examine(str(tmp_path)), Venv)
