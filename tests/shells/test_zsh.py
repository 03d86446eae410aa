from __future__ import annotations

import pytest

from envdoctor.engine.fix import (
    Manual,
)
from envdoctor.shells.dialects import Shell, commands

pytestmark = pytest.mark.tools  # every step is run in a real shell


def test_zsh_is_told_in_quotes_what_to_do() -> None:
    """At its prompt `#` is a command that is not found, and what stands behind it is expanded."""
    step = Manual("Correct `it` in that\nfile")
    assert commands((step,), Shell.ZSH) == (": 'Correct `it` in that\\nfile'",)
    assert commands((step,), Shell.BASH) == ("# Correct `it` in that\\nfile",)
