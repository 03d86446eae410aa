"""What the label behind a fix says that it changes."""

from __future__ import annotations

import pytest

from envdoctor.engine.fix import EditFile, Fix, Manual, Run, Safety, Scope, UnsetVariable
from envdoctor.render.changes import changes_of

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
        (Fix("Move the file away", Run("mv", "--", "/a", "/b"), safety=STATE), ("a file (/a)",)),
        (Fix("Make the file executable", Run("sudo", "chmod", "+x", "/a"), safety=STATE), ("a file (/a)",)),
        (Fix("Pin the Python", Run("uv", "python", "pin", "3.12"), safety=STATE), ("a file (.python-version)",)),
        (Fix("Have tmux forget A", Run("tmux", "set-environment", "-gu", "A"), safety=STATE), ("the tmux server",)),
        (Fix("Trust the channel", Run("conda", "config", "--set", "a", "b"), safety=STATE), ("conda's settings",)),
        (
            Fix("Set the index", Run("pip", "config", "set", "a", "b"), Run("pip", "install", "x"), safety=STATE),
            ("pip's settings", "what is installed"),
        ),
    ],
)
def test_a_label_follows_from_the_steps(fix: Fix, label: tuple[str, ...]) -> None:
    assert changes_of(fix) == label
