from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from envdoctor.system import calling_shell
from envdoctor.system.calling_shell import CallingShell, find
from envdoctor.system.processes import Process
from tests.support import needs_tool

TTY = "/dev/pts/3"


def process(exe: str | None, *argv: str, name: str = "", terminal: str | None = None) -> Process:
    return Process(7, name or os.path.basename(exe or argv[0]), exe, argv, terminal)


BASH = process("/usr/bin/bash", "bash", terminal=TTY)
UV = process("/opt/uv", "uv", "tool", "uvx", "envdoctor", terminal=TTY)
PYTHON = process("/usr/bin/python3.11", "python3", "-m", "build", terminal=TTY)


@pytest.mark.parametrize(
    ("above", "name", "login", "interactive"),
    [
        (process("/usr/bin/bash", "bash", terminal=TTY), "bash", False, True),
        (process("/usr/bin/bash", "bash"), "bash", False, None),
        (process("/usr/bin/bash", "-bash", terminal=TTY), "bash", True, True),
        (process("/usr/bin/bash", "bash", "--login", terminal=TTY), "bash", True, True),
        (process("/usr/bin/bash", "bash", "-lc", "envdoctor; true", terminal=TTY), "bash", True, False),
        (process("/usr/bin/bash", "bash", "-lic", "envdoctor; true"), "bash", True, True),
        (process("/usr/bin/bash", "bash", "-c", "envdoctor -l -i; true"), "bash", False, False),
        (process("/usr/bin/bash", "bash", "-c", "-l", "true"), "bash", True, False),
        (process("/usr/bin/bash", "bash", "--rcfile", "/etc/rc", "-i"), "bash", False, True),
        (process("/usr/bin/bash", "bash", "-eo", "pipefail", "/tmp/step.sh"), "bash", False, False),
        (
            process("/usr/bin/bash", "bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "x.sh"),
            "bash",
            False,
            False,
        ),
        (process("/usr/bin/bash", "bash", "-s", "argument", terminal=TTY), "bash", False, True),
        (process("/usr/bin/bash", "/bin/sh", "./deploy", name="deploy", terminal=TTY), "bash", False, False),
        (process("/usr/bin/dash", "sh", "-c", "envdoctor; true"), "dash", False, False),
        (process("/usr/bin/dash", "sh", "-", "script"), "dash", False, False),
        (process("/usr/bin/zsh", "-zsh", terminal=TTY), "zsh", True, True),
        (process("/nix/store/abc-zsh-5.9/bin/zsh-5.9", "zsh", terminal=TTY), "zsh", False, True),
        (process("/nix/store/abc/bin/.fish-wrapped", "fish", "-l", terminal=TTY), "fish", True, True),
        (process("/usr/bin/fish", "fish", "-C", "set x -l", "-i"), "fish", False, True),
        (process("/usr/bin/fish", "fish", "--command=envdoctor; true"), "fish", False, False),
        (process("/usr/bin/ksh93", "ksh", terminal=TTY), "ksh", False, True),
        (process("/usr/bin/tcsh", "-csh", terminal=TTY), "tcsh", True, True),
        (process("/opt/nu", "nu", "--config", "-l", "-i"), "nu", False, True),
        (process("/opt/powershell/7/pwsh", "pwsh", "-NoLogo", "-Login", terminal=TTY), "pwsh", True, True),
        (process("/opt/powershell/7/pwsh", "pwsh", "-Command", "envdoctor -i", terminal=TTY), "pwsh", False, False),
        (process("/opt/powershell/7/pwsh", "pwsh", "-l", "-File", "x.ps1", terminal=TTY), "pwsh", True, False),
        (process("/opt/powershell/7/pwsh", "pwsh", "x.ps1", terminal=TTY), "pwsh", False, False),
        (process("/usr/bin/python3.11", "python3", "/usr/bin/xonsh", terminal=TTY), "xonsh", False, True),
        (process("/usr/bin/python3.11", "python3", "/usr/bin/xonsh", "-l", "-c", "true"), "xonsh", True, False),
        (process("/bin/busybox", "-sh", terminal=TTY), "ash", True, True),
        (process("/bin/busybox", "busybox", "sh", "-c", "true"), "ash", False, False),
        (process(None, "-bash", name="bash"), "bash", True, None),
        (Process(7, "fish"), "fish", False, None),
    ],
)
def test_a_shell_and_how_it_was_started(above: Process, name: str, login: bool, interactive: bool | None) -> None:
    shell = find([above])
    assert shell == CallingShell(name, above, login, interactive)


@pytest.mark.parametrize(
    "other",
    [
        process("/opt/node", "bash-language-server", name="bash"),
        process("/opt/bash-helper", "bash-helper"),
        process("/bin/busybox", "timeout", "9", "envdoctor"),
        process("/usr/bin/tmux", "tmux: server"),
        process("/usr/sbin/sshd", "sshd: me@pts/0"),
        PYTHON,
        UV,
        process("/usr/bin/sudo", "sudo", "envdoctor"),
        process("/usr/bin/timeout", "timeout", "9", "envdoctor"),
        process("/usr/bin/make", "make", "check"),
        process("/usr/bin/bash", "bash", "/opt/pyenv/libexec/pyenv-exec", "envdoctor"),
        process("/usr/bin/dash", "/bin/sh", "/home/me/bin/envdoctor", name="envdoctor"),
    ],
)
def test_what_is_no_shell_of_the_user_is_passed_over(other: Process) -> None:
    assert find([other]) is None
    assert find([other, BASH]) == CallingShell("bash", BASH, login=False, interactive=True)


def test_the_nearest_shell_counts() -> None:
    fish = process("/usr/bin/fish", "fish", "-c", "envdoctor; true")
    assert find([UV, fish, PYTHON, BASH]) == CallingShell("fish", fish, login=False, interactive=False)


def test_no_shell_at_all() -> None:
    assert find([]) is None


TELL = """
import json, sys
from envdoctor.system import calling_shell, processes
shell = calling_shell.find(processes.above())
json.dump([shell.name, shell.login, shell.interactive], open(sys.argv[1], "w"))
"""


@pytest.mark.tools
@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (("bash", "-c"), ["bash", False, False]),
        (("bash", "--norc", "-ic"), ["bash", False, True]),
        (("bash", "-lc"), ["bash", True, False]),
        (("zsh", "-fc"), ["zsh", False, False]),
        (("fish", "--no-config", "-c"), ["fish", False, False]),
        (("dash", "-c"), ["dash", False, False]),
    ],
)
def test_real_shells(tmp_path: Path, command: tuple[str, ...], expected: list[object]) -> None:
    needs_tool(command[0])
    line = shlex.join([sys.executable, "-c", TELL, str(tmp_path / "told")])
    subprocess.run([*command, f"{line}; true"], check=True, env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]})
    assert json.loads((tmp_path / "told").read_text()) == expected


@pytest.mark.tools
def test_a_shell_on_a_terminal_is_interactive(tmp_path: Path) -> None:
    script = needs_tool("script")
    line = shlex.join([sys.executable, "-c", TELL, str(tmp_path / "told")])
    talk = f"{line}\nexit\n"
    env = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "SHELL": "/bin/false", "TERM": "dumb"}
    with subprocess.Popen(
        [script, "-qc", "exec -a -bash bash --norc", "/dev/null"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env={**env, "SHELL": needs_tool("bash")},
    ) as terminal:
        terminal.communicate(talk, timeout=30)
    assert json.loads((tmp_path / "told").read_text()) == ["bash", True, True]


def test_names_of_files_that_only_begin_like_a_shell() -> None:
    assert calling_shell.name_of(process("/usr/bin/shred", "shred")) is None
