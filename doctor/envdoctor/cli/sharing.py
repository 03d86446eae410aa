"""`--share`: whose names are masked, and what the user may see of it."""

from __future__ import annotations

import os
import stat
import sys

from envdoctor.cli import output
from envdoctor.cli.choices import Choices
from envdoctor.facts.session.context import Examined
from envdoctor.report.report import Report
from envdoctor.report.sharing import SharedMasks, share
from envdoctor.system.files import Unreadable, read_bytes
from envdoctor.system.own_identity import own_identity
from envdoctor.text import limits
from envdoctor.text.identity import Identity, telling
from envdoctor.text.visible import visible

STDIN = "-"
SHORTEST_KEY = 16
"""Bytes of a key, so that it cannot be guessed."""


def shared(report: Report, choices: Choices, *, was_shared: bool = False) -> Report:
    """The report with what is personal masked. Raises UsageProblem where a list of it would get into a file."""
    if choices.show_masked and not sys.stderr.isatty():
        raise output.UsageProblem("--show-masked writes real names, and only to a terminal")
    # what a recording was shared with has been decided by who shared it
    identity = Identity() if was_shared else identity_of(report)
    keep_hosts = choices.keep_hosts or (was_shared and not choices.share)
    key = key_in(choices.pseudonym_key_file) if choices.pseudonym_key_file else b""
    masks = SharedMasks(report, identity, keep_hosts=keep_hosts, key=key)
    masked = share(report, masks)
    if choices.show_masked:
        for name, pseudonym in masks.names.replaced():
            output.write(f"{visible(name)} → {pseudonym}\n", sys.stderr)
    return masked


def key_in(file: str) -> bytes:
    """The key in a file, which is only its owner's; `-` is the standard input. Raises UsageProblem."""
    try:
        if file == STDIN:
            content = sys.stdin.buffer.read(limits.PATH_FILE) if sys.stdin else b""
        else:
            content = read_bytes(file, limits.PATH_FILE)
            if os.stat(file).st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise output.UsageProblem(f"{file}: others may read or change the key: `chmod 600` the file")
    except (OSError, Unreadable) as error:
        raise output.UsageProblem(str(error)) from error
    key = content.strip()
    if len(key) < SHORTEST_KEY:
        raise output.UsageProblem(
            f"{file}: a key has at least {SHORTEST_KEY} bytes, as `openssl rand -hex 32` prints it"
        )
    return key


def identity_of(report: Report) -> Identity:
    """Whose names are masked: those of this machine, or of the one where the facts of a replay come from."""
    examined = report.known.get(Examined)
    home = examined.home if isinstance(examined, Examined) else None
    if report.recorded is None:
        return own_identity(os.environ, home)
    name = os.path.basename((home or "").rstrip("/"))
    return Identity((home,) if home else (), (name,) if telling(name) else ())
