"""What the label behind a fix says that it changes."""

from __future__ import annotations

import pytest

from envdoctor.engine.fix import EditFile, Fix, Manual, Run, Safety, Scope, UnsetVariable
from envdoctor.render.changes import INSTALLED, changes_of

STATE = Safety.CHANGES_STATE


@pytest.mark.parametrize(
    ("fix", "label"),
    [
        (Fix("Unset A", UnsetVariable("A")), ("this shell",)),
        (Fix("Forget commands", Run("hash", "-r"), scope=Scope.SESSION), ("this shell",)),
        (Fix("Reinstall pip", Run("pip", "install", "pip"), safety=STATE), ("what is installed",)),
        (Fix("Remove the line", EditFile("/f", remove=("a",)), safety=STATE), ("a file (/f)",)),
        (
            Fix("Install pip, and unset A", Run("x"), UnsetVariable("A"), EditFile("/f"), safety=STATE),
            ("this shell", "a file (/f)", "what is installed"),
        ),
        (
            Fix("Remove the environment", Run("rm", "-r", "/e"), safety=Safety.DESTRUCTIVE),
            ("removes something: read before you run",),
        ),
        (Fix("Read the manual", Manual("Read it")), ()),
        (Fix("Read the manual"), ()),
        (Fix("Move the file away", Run("mv", "--", "/a", "/b"), safety=STATE), ("a file (/a)",)),
        (Fix("Make the file executable", Run("sudo", "chmod", "+x", "/a"), safety=STATE), ("a file (/a)",)),
        (Fix("Pin the Python", Run("uv", "python", "pin", "3.12"), safety=STATE), ("a file (.python-version)",)),
        (Fix("Have tmux forget A", Run("tmux", "set-environment", "-gu", "A"), safety=STATE), ("the tmux server",)),
        (Fix("Trust the channel", Run("conda", "config", "--set", "a", "b"), safety=STATE), ("conda's settings",)),
        (
            Fix("Set the index", Run("pip", "config", "set", "a", "b"), Run("pip", "install", "x"), safety=STATE),
            ("pip's settings", "what is installed"),
        ),
        (Fix("Lock again", Run("uv", "lock", directory="/p"), safety=STATE), ("a file (uv.lock)",)),
        (Fix("Lock again", Run("/h/bin/poetry", "lock", directory="/p"), safety=STATE), ("a file (poetry.lock)",)),
        (Fix("Lock again", Run("pdm", "lock"), Run("pdm", "sync"), safety=STATE), ("a file (pdm.lock)", INSTALLED)),
        (Fix("Write it", Run("openssl", "x509", "-out", "/a.pem"), safety=STATE), ("a file (/a.pem)",)),
        (Fix("Let the loader see it", Run("sudo", "/sbin/ldconfig"), safety=STATE), ("the loader's cache",)),
        (Fix("Mount it", Run("sudo", "mount", "-o", "remount,exec", "/d"), safety=STATE), ("a mount (/d)",)),
    ],
)
def test_a_label_follows_from_the_steps(fix: Fix, label: tuple[str, ...]) -> None:
    assert changes_of(fix) == label
