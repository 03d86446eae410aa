from __future__ import annotations

import pytest
from click.testing import CliRunner

from envdoctor import __version__
from envdoctor.cli.commands import envdoctor


@pytest.mark.parametrize("word", ["version", "-V", "--version"])
def test_the_version_is_the_same_by_every_word(word: str) -> None:
    shown = CliRunner().invoke(envdoctor, [word])
    assert (shown.exit_code, shown.stdout) == (0, f"envdoctor {__version__}\n")
