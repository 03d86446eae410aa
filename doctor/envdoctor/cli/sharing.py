"""`--share`: whose names are masked, and what the user may see of it."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Sequence

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
    check_terminal(show_masked=choices.show_masked)
    # what a recording was shared with has been decided by who shared it
    identity = Identity() if was_shared else identity_of(report)
    keep_hosts = choices.keep_hosts or (was_shared and not choices.share)
    key = key_in(choices.pseudonym_key_file) if choices.pseudonym_key_file else b""
    masks = SharedMasks(report, identity, keep_hosts=keep_hosts, key=key)
    masked = share(report, masks)
    if choices.show_masked:
        show(masks)
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


def masks_for(reports: Sequence[tuple[Report, bool]], *, keep_hosts: bool, key: bytes = b"") -> SharedMasks:
    """Masks for reports that are told of together, each with whether it was shared before; equal names look equal."""
    identities = [identity_of(report) for report, was_shared in reports if not was_shared]
    merged = Identity(
        *(
            tuple(dict.fromkeys(name for identity in identities for name in getattr(identity, kind)))
            for kind in Identity.__struct_fields__
        )
    )
    first, *others = (report for report, _ in reports)
    masks = SharedMasks(first, merged, keep_hosts=keep_hosts, key=key)
    for report in others:
        masks.learn(report)
    return masks


def check_terminal(*, show_masked: bool) -> None:
    """Real names get into no file. Raises UsageProblem."""
    if show_masked and not sys.stderr.isatty():
        raise output.UsageProblem("--show-masked writes real names, and only to a terminal")


def show(masks: SharedMasks) -> None:
    """List on the terminal what was replaced by what."""
    for name, pseudonym in masks.names.replaced():
        output.write(f"{visible(name)} → {pseudonym}\n", sys.stderr)


def identity_of(report: Report) -> Identity:
    """Whose names are masked: those of this machine, or of the one where the facts of a replay come from."""
    examined = report.known.get(Examined)
    home = examined.home if isinstance(examined, Examined) else None
    if report.recorded is None:
        return own_identity(os.environ, home)
    name = os.path.basename((home or "").rstrip("/"))
    return Identity((home,) if home else (), (name,) if telling(name) else ())
