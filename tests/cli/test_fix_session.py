from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.cli.command import ENVDOCTOR, PATH, run
from tests.support import needs_tool

pytestmark = pytest.mark.tools

SICK = {"VIRTUAL_ENV": "/gone", "LD_LIBRARY_PATH": "/nowhere", "PYTHONPATH": "/none"}
FIX = f"{ENVDOCTOR} fix --session --no-plugins --select ENV001,LIB002,PY006"
TOLD = [
    "envdoctor: ENV001: Deactivate the environment",
    "envdoctor: LIB002: Remove the missing directories",
    "envdoctor: PY006: Unset PYTHONPATH",
]
NOTHING = "envdoctor: there is nothing to fix in this shell"
SHOW = "env | grep -E '^(VIRTUAL_ENV|LD_LIBRARY_PATH|PYTHONPATH)='"


def typed(shell: list[str], script: str, home: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """A script in a real shell, with nothing but these variables."""
    env = {"HOME": str(home), "PATH": PATH, "LANG": "C.UTF-8", **variables}
    command = [needs_tool(shell[0]), *shell[1:]]
    return subprocess.run(command, input=script, env=env, cwd=home, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("shell", "line", "status"),
    [
        (["bash", "--norc"], 'eval "$({})"', "$?"),
        (["zsh", "-f"], 'eval "$({})"', "$?"),
        (["fish", "--no-config"], "{} | source", "$status"),
        (["tcsh", "-f"], 'eval "`{}`"', "$status"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_one_line_fixes_the_shell_and_a_second_time_nothing_is_left(
    shell: list[str], line: str, status: str, tmp_path: Path
) -> None:
    """The shell is found by itself, as the nearest above."""
    line_typed = line.format(FIX)
    done = typed(shell, f"{line_typed}\necho {status}\n{line_typed}\necho {status}\n{SHOW}\n", tmp_path, **SICK)
    assert done.stdout.splitlines() == ["0", "0"]
    assert done.stderr.splitlines() == [*TOLD, NOTHING]


def test_nothing_is_printed_where_nothing_is_to_do(tmp_path: Path) -> None:
    done = run("fix", "--session", "--shell", "bash", "NET003", "--no-plugins", home=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", f"{NOTHING}\n")


PANE = {"TMUX": "/tmp/tmux-0/default,1,0", "TMUX_PANE": "%3"}


def test_in_a_pane_of_tmux_it_is_said_how_new_panes_are_fixed(tmp_path: Path) -> None:
    options = ("--session", "--shell", "bash", "--no-plugins")
    done = run("fix", *options, "PY006", "ENV001", home=tmp_path, **SICK, **PANE)
    assert done.stderr.splitlines()[-1] == (
        "envdoctor: this is fixed in pane %3 of tmux alone; where new panes have PYTHONPATH again, type: "
        "tmux set-environment -gu PYTHONPATH"
    )
    done = run("fix", *options, "LIB002", home=tmp_path, LD_LIBRARY_PATH="/nowhere:/usr/lib", **PANE)
    said = "envdoctor: this is fixed in pane %3 of tmux alone; new panes are given what the tmux server has"
    assert done.stderr.splitlines()[-1] == said
    done = run("fix", *options, "PY006", home=tmp_path, **PANE)
    assert done.stderr == f"{NOTHING}\n"


def test_what_is_not_for_the_shell_alone_is_told_and_not_printed(tmp_path: Path) -> None:
    (tmp_path / "random.py").write_text("")
    (tmp_path / "x.py").write_text("import random\n")
    options = ("--no-plugins", "--select", "PY009,PY006", "--shell", "bash")
    done = run("fix", "--session", *options, home=tmp_path, PYTHONPATH="/none")
    assert "mv" not in done.stdout
    assert "envdoctor: not for this shell alone, see `envdoctor fix`: PY009" in done.stderr.splitlines()


def test_a_shell_that_is_not_known_is_given_nothing(tmp_path: Path) -> None:
    script = f'eval "$({FIX})"; {SHOW}\n'
    done = typed(["dash"], script, tmp_path, **SICK)
    assert sorted(done.stdout.splitlines()) == ["LD_LIBRARY_PATH=/nowhere", "PYTHONPATH=/none", "VIRTUAL_ENV=/gone"]
    assert "envdoctor: --session: the calling shell is none of these; name it with --shell: bash, zsh" in done.stderr


@pytest.mark.parametrize(("shell", "text"), [("bash", "(exit 1)\n"), ("fish", "false\n"), ("nu", "")])
def test_a_refusal_stands_in_the_text(shell: str, text: str, tmp_path: Path) -> None:
    done = run("fix", "--session", "--shell", shell, "PIP0O1", home=tmp_path)
    assert (done.returncode, done.stdout) == (2, text)
    assert "did you mean PIP001" in done.stderr


def test_a_terminal_is_told_what_to_type(tmp_path: Path) -> None:
    options = "--no-plugins --select PY006 --shell fish"
    command = f"{ENVDOCTOR} fix --session {options}"
    done = typed(
        ["bash", "--norc"], f"script -qec '{command}' /dev/null", tmp_path, PYTHONPATH="/none", SHELL="/bin/sh"
    )
    first = done.stdout.splitlines()[0]
    assert first.endswith("type this to apply them: envdoctor fix --session | source")
    assert "begin" in done.stdout
