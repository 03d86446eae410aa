from __future__ import annotations

import base64
import os
import pty
from pathlib import Path

import pytest

from envdoctor.cli import clipboard
from envdoctor.cli.output import UsageProblem

pytestmark = pytest.mark.tools


@pytest.fixture
def bin_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only directory of the search path, besides the system's shell."""
    place = tmp_path / "bin"
    place.mkdir()
    monkeypatch.setenv("PATH", str(place))
    return place


def program(place: Path, name: str, script: str) -> Path:
    said = place / f"{name}.said"
    (place / name).write_text(f"#!/bin/sh\n{script.format(said=said)}\n")
    (place / name).chmod(0o755)
    return said


def env(**variables: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], **variables}


TAKE = 'printf "%s " "$@" >"{said}"; /bin/cat >>"{said}"'


def test_the_program_of_the_desktop_is_given_the_text(bin_directory: Path) -> None:
    wayland, x11 = program(bin_directory, "wl-copy", TAKE), program(bin_directory, "xclip", TAKE)
    said = clipboard.copy("caf\xe9", env(WAYLAND_DISPLAY="w", DISPLAY=":0"))
    assert said == "copied with wl-copy: 5 bytes"
    assert wayland.read_text() == " caf\xe9"
    assert not x11.exists()
    assert clipboard.copy("x", env(DISPLAY=":0")) == "copied with xclip: 1 bytes"
    assert x11.read_text() == "-selection clipboard x"


def test_one_that_refuses_is_passed_over(bin_directory: Path) -> None:
    program(bin_directory, "wl-copy", "exit 1")
    program(bin_directory, "xclip", "echo no; exit 1")
    xsel = program(bin_directory, "xsel", TAKE)
    assert clipboard.copy("x", env(WAYLAND_DISPLAY="w", DISPLAY=":0")) == "copied with xsel: 1 bytes"
    assert xsel.read_text() == "--clipboard --input x"


def test_one_that_lives_on_holds_up_nothing(bin_directory: Path) -> None:
    program(bin_directory, "xclip", "/bin/cat >/dev/null; /bin/sleep 30 &")
    assert clipboard.copy("x", env(DISPLAY=":0")).startswith("copied with xclip")


def test_windows_takes_two_bytes_a_letter(bin_directory: Path) -> None:
    said = program(bin_directory, "clip.exe", TAKE)
    assert clipboard.copy("\xe9", env()) == "copied with clip.exe: 2 bytes"
    assert said.read_bytes() == b" " + "\xe9".encode("utf-16")


@pytest.mark.usefixtures("bin_directory")
@pytest.mark.parametrize(
    ("variables", "first", "told"),
    [
        ({}, b"", ""),
        ({"KITTY_WINDOW_ID": "1"}, b"\x1b]52;c;!\x07", ""),
        ({"TMUX": "/tmp/t,1,0"}, b"", "; tmux passes it on after `tmux set -g set-clipboard on`"),
    ],
)
def test_else_the_terminal_is_sent_it_and_says_nothing(variables: dict[str, str], first: bytes, told: str) -> None:
    own, device = pty.openpty()
    said = clipboard.copy("text", env(**variables), os.ttyname(device))
    expected = first + b"\x1b]52;c;" + base64.b64encode(b"text") + b"\x07"
    assert os.read(own, 1000) == expected
    os.close(own)
    os.close(device)
    assert said == f"sent to the terminal, which does not say whether it has taken it: 4 bytes{told}"


@pytest.mark.usefixtures("bin_directory")
def test_without_any_it_says_what_to_do_instead(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for terminal in (str(tmp_path / "file"), str(tmp_path / "nothing")):
        with pytest.raises(UsageProblem, match="write it to a file with -o FILE"):
            clipboard.copy("x", env(), terminal)


def test_what_others_may_change_is_not_run(bin_directory: Path) -> None:
    program(bin_directory, "xclip", TAKE)
    (bin_directory / "xclip").chmod(0o777)
    with pytest.raises(UsageProblem):
        clipboard.copy("x", env(DISPLAY=":0"), "/nonexistent")
