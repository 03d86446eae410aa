"""Tools as uv and pipx really install them, and what is left when their Python goes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.environments.tools import (
    Launcher,
    ToolEnvironment,
    ToolEnvironments,
    ToolManager,
    probe_tool_environments,
)
from envdoctor.facts.session import user_dirs
from envdoctor.facts.uv import tool_receipts
from tests.support import make_session, needs_tool
from tests.wheels import write_command_wheel

BASE = os.path.realpath(sys.executable)
MINOR = f"3.{sys.version_info[1]}"


class Home:
    """A home where uv and pipx install from a directory of wheels, and a Python that can be taken away."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.bin = path / ".local/bin"
        self.tools = path / ".local/share/uv/tools"
        self.venvs = path / ".local/share/pipx/venvs"
        self.python = path / "base" / f"python{MINOR}"
        self.python.parent.mkdir(parents=True)
        self.python.symlink_to(BASE)
        (path / "wheels").mkdir()
        for name in ("alpha", "beta"):
            write_command_wheel(path / "wheels", name)
        config = path / ".config/uv/uv.toml"
        config.parent.mkdir(parents=True)
        config.write_text(f'no-index = true\nfind-links = ["{path}/wheels"]\n')

    @property
    def env(self) -> dict[str, str]:
        own = os.path.dirname(needs_tool("uv"))
        return {"HOME": str(self.path), "PATH": f"{self.bin}:{own}:/usr/bin:/bin"}

    def run(self, *argv: str | Path) -> None:
        subprocess.run(argv, env=self.env, check=True, capture_output=True)

    def examined(self, **variables: str) -> ToolEnvironments:
        return probe_tool_environments(make_session({**self.env, **variables}))


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Two tools, one by uv and one by pipx; not to be changed."""
    home = Home(tmp_path_factory.mktemp("installed"))
    home.run(needs_tool("uv"), "tool", "install", "-p", home.python, "alpha>=1", "--with", "beta")
    home.run(needs_tool("pipx"), "install", "--backend", "uv", "--python", home.python, "beta")
    return home


@pytest.mark.tools
def test_tools_of_uv_and_pipx_are_found_with_their_launchers(installed: Home) -> None:
    alpha, beta = installed.examined().environments
    assert alpha == ToolEnvironment(
        "alpha",
        ToolManager.UV,
        f"{installed.tools}/alpha",
        base=f"{installed.path}/base",
        requirements=("alpha>=1", "--with", "beta"),
        launchers=(f"{installed.bin}/alpha",),
        on_path=True,
    )
    assert beta == ToolEnvironment(
        "beta",
        ToolManager.PIPX,
        f"{installed.venvs}/beta",
        base=f"{installed.path}/base",
        launchers=(f"{installed.bin}/beta",),
        on_path=True,
    )


@pytest.mark.tools
def test_a_launcher_that_is_not_on_the_search_path_reaches_nobody(installed: Home) -> None:
    assert [tool.on_path for tool in installed.examined(PATH="/usr/bin").environments] == [False, False]


@pytest.mark.tools
def test_when_the_python_is_gone_both_have_lost_it(installed: Home) -> None:
    installed.python.unlink()
    try:
        found = installed.examined()
    finally:
        installed.python.symlink_to(BASE)
    assert [tool.lost for tool in found.environments] == [str(installed.python)] * 2
    assert found.launchers == ()


@pytest.mark.tools
def test_when_the_python_is_another_minor_version_the_packages_are_lost(installed: Home, tmp_path: Path) -> None:
    other = tmp_path / "python3.99"
    other.touch()
    installed.python.unlink()
    installed.python.symlink_to(other)
    try:
        alpha, _ = installed.examined().environments
    finally:
        installed.python.unlink()
        installed.python.symlink_to(BASE)
    assert (alpha.lost, alpha.made_for, alpha.runs) == (None, MINOR, "3.99")


@pytest.mark.tools
def test_a_launcher_whose_environment_is_gone_names_the_tool(installed: Home, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(installed.path, home, symlinks=True)
    shutil.rmtree(home / ".local/share/uv/tools/alpha")
    launcher = home / ".local/bin/alpha"
    launcher.unlink()
    launcher.symlink_to(home / ".local/share/uv/tools/alpha/bin/alpha")
    found = probe_tool_environments(make_session({"HOME": str(home)}))
    gone = f"{home}/.local/share/uv/tools/alpha/bin/alpha"
    assert found.launchers == (Launcher(str(launcher), gone, f"a link to {gone}", "alpha", ToolManager.UV),)


def make_bin(home: Path, **files: str) -> Path:
    directory = home / ".local/bin"
    directory.mkdir(parents=True)
    for name, content in files.items():
        (directory / name).write_text(content)
        (directory / name).chmod(0o755)
    return directory


def test_a_script_whose_python_is_gone_is_found_whoever_installed_it(tmp_path: Path) -> None:
    directory = make_bin(tmp_path, lost="#!/gone/bin/python3.9 -E\nimport x\n")
    found = probe_tool_environments(make_session({"HOME": str(tmp_path), "PATH": f"{directory}/"}))
    launcher = Launcher(f"{directory}/lost", "/gone/bin/python3.9", "#!/gone/bin/python3.9 -E", on_path=True)
    assert found.launchers == (launcher,)


def test_what_may_not_be_run_the_shell_passes_by(tmp_path: Path) -> None:
    directory = make_bin(tmp_path, lost="#!/gone/bin/python3.9\n")
    (directory / "lost").chmod(0o644)
    with pytest.raises(Unavailable):
        probe_tool_environments(make_session({"HOME": str(tmp_path)}))


def test_what_has_nothing_to_do_with_python_is_left_alone(tmp_path: Path) -> None:
    directory = make_bin(
        tmp_path,
        perl="#!/gone/bin/perl\n",
        by_name="#!/usr/bin/env python\n",
        fine=f"#!{BASE}\n",
        text="python\n",
        empty="",
    )
    (directory / "dangling").symlink_to("/gone/program")
    (directory / "python3.12").symlink_to("/gone/python3.12")
    (directory / "loop").symlink_to("loop")
    (directory / "directory").mkdir()
    os.mkfifo(directory / "fifo")
    (directory / "binary").write_bytes(b"\x7fELF\0\0")
    with pytest.raises(Unavailable):
        probe_tool_environments(make_session({"HOME": str(tmp_path), "PATH": str(directory)}))


def test_what_cannot_be_read_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    for name, receipt in (("bad", b"[tool\n"), ("binary", b"\0"), ("none", None), ("odd", b"tool = 3\n")):
        (tools / name).mkdir(parents=True)
        (tools / name / "pyvenv.cfg").write_bytes(b"\xff = \xff\n" if name == "binary" else b"home = /x\n")
        if receipt is not None:
            (tools / name / "uv-receipt.toml").write_bytes(receipt)
    (tools / ".lock").touch()
    (tools / "stray").mkdir()
    found = probe_tool_environments(make_session({"HOME": str(tmp_path), "UV_TOOL_DIR": str(tools)}))
    assert [tool.name for tool in found.environments] == ["bad", "binary", "none", "odd"]
    assert [tool.lost for tool in found.environments] == [
        f"{tools}/{tool.name}/bin/python" for tool in found.environments
    ]
    assert found.skipped == (
        f"{tools}/bad/uv-receipt.toml:1: Expected ']' at the end of a table declaration",
        f"{tools}/binary/pyvenv.cfg: line 1 is not UTF-8",
        f"{tools}/binary/uv-receipt.toml: a binary file",
        f"{tools}/none/uv-receipt.toml: no such file or directory",
    )


def test_ten_thousand_files_are_bounded_and_it_says_so(tmp_path: Path) -> None:
    directory = make_bin(tmp_path)
    for number in range(10_000):
        (directory / f"f{number:05}").touch()
    found = probe_tool_environments(make_session({"HOME": str(tmp_path)}))
    assert found.skipped == (f"{directory}: only the first 3000 of 10000 files were looked at",)


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ([{"name": "a"}], ("a",)),
        ([{"name": "a", "extras": ["x", "y"], "specifier": "==1"}, {"name": "b"}], ("a[x,y]==1", "--with", "b")),
        ([{"name": "a", "git": "https://host/a?rev=main"}], ("a @ git+https://host/a?rev=main",)),
        ([{"name": "a", "url": "https://host/a.whl"}], ("a @ https://host/a.whl",)),
        ([{"name": "a", "editable": "/src/a"}], ("--editable", "/src/a")),
        ([{"name": "a"}, {"name": "b", "editable": "/b"}], ("a", "--with-editable", "/b")),
        ([{"name": "a", "directory": "/src/a"}], ("/src/a",)),
        ([{"nonsense": 1}, 3], ()),
        ("nonsense", ()),
    ],
)
def test_a_receipt_says_what_to_ask_for_again(listed: object, expected: tuple[str, ...]) -> None:
    assert tool_receipts.requested({"tool": {"requirements": listed}}) == expected
    assert tool_receipts.requested({}) == ()


def test_pipx_keeps_to_a_leftover_home_unless_a_variable_names_another(tmp_path: Path) -> None:
    env = {"HOME": str(tmp_path)}
    assert user_dirs.pipx_home(make_session(env)) == f"{tmp_path}/.local/share/pipx"
    (tmp_path / ".local/pipx").mkdir(parents=True)
    assert user_dirs.pipx_home(make_session(env)) == f"{tmp_path}/.local/pipx"
    assert user_dirs.pipx_home(make_session({**env, "PIPX_HOME": "~/apps"})) == f"{tmp_path}/apps"


def test_uv_puts_launchers_where_its_variables_say(tmp_path: Path) -> None:
    env = {"HOME": str(tmp_path)}
    assert user_dirs.uv_bin(make_session(env)) == f"{tmp_path}/.local/bin"
    assert user_dirs.uv_bin(make_session({**env, "XDG_DATA_HOME": "/data/share"})) == "/data/bin"
    assert user_dirs.uv_bin(make_session({**env, "XDG_DATA_HOME": "/d/s", "XDG_BIN_HOME": "/b"})) == "/b"
    assert user_dirs.uv_bin(make_session({**env, "UV_TOOL_BIN_DIR": "/t", "XDG_BIN_HOME": "/b"})) == "/t"
