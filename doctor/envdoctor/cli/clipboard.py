"""How does a text get into the clipboard? By the program that the desktop has for it, else by the terminal itself."""

from __future__ import annotations

import base64
import os
import subprocess
from collections.abc import Iterator, Mapping

from envdoctor.cli.output import UsageProblem
from envdoctor.cli.session import on_the_path
from envdoctor.system.trust import trust_of

PATIENCE = 5
"""Seconds for a program of the clipboard."""
TERMINAL = "/dev/tty"
PROGRAMS = (
    ("WAYLAND_DISPLAY", ("wl-copy",)),
    ("DISPLAY", ("xclip", "-selection", "clipboard")),
    ("DISPLAY", ("xsel", "--clipboard", "--input")),
    (None, ("pbcopy",)),
    (None, ("clip.exe",)),
)
"""Each with the variable without which it has no desktop to speak to."""


def copy(text: str, env: Mapping[str, str] | None = None, terminal: str = TERMINAL) -> str:
    """Copy a text, and say how. Raises UsageProblem if nothing takes it."""
    env = os.environ if env is None else env
    content = text.encode(errors="backslashreplace")
    trust = trust_of(env, None)
    for program, *arguments in _at_hand(env):
        path = on_the_path(program)
        if path and not trust.refusal(path) and _takes(path, arguments, content):
            return f"copied with {program}: {len(content):,} bytes"
    try:
        _send(content, env, terminal)
    except OSError as error:
        raise UsageProblem("there is no clipboard here, and no terminal: write it to a file with -o FILE") from error
    tmux = "; tmux passes it on after `tmux set -g set-clipboard on`" if env.get("TMUX") else ""
    return f"sent to the terminal, which does not say whether it has taken it: {len(content):,} bytes{tmux}"


def _at_hand(env: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    yield from (command for variable, command in PROGRAMS if variable is None or env.get(variable))


def _takes(path: str, arguments: list[str], content: bytes) -> bool:
    """Give it to a program. xclip lives on to serve the selection: it must inherit no pipe of ours."""
    given = content.decode().encode("utf-16") if path.endswith(".exe") else content
    try:
        done = subprocess.run(
            [path, *arguments],
            input=given,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            timeout=PATIENCE,
            start_new_session=True,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _send(content: bytes, env: Mapping[str, str], terminal: str) -> None:
    """OSC 52, to the terminal's device and not to stdout. kitty appends, unless something invalid goes first."""
    first = b"\x1b]52;c;!\x07" if env.get("KITTY_WINDOW_ID") else b""
    descriptor = os.open(terminal, os.O_WRONLY | os.O_NOCTTY | os.O_CLOEXEC)
    with os.fdopen(descriptor, "wb", buffering=0) as device:
        if not device.isatty():
            raise OSError(f"{terminal} is no terminal")
        device.write(first + b"\x1b]52;c;" + base64.b64encode(content) + b"\x07")
