"""The marker `tools` is honest: what starts a process without it fails."""

from __future__ import annotations

import contextlib
import os
import subprocess
from pathlib import Path

import pytest

from tests.conftest import StartsUnmarkedError

refused = pytest.mark.xfail(raises=StartsUnmarkedError, strict=True, reason="starts a process and is not marked")


@refused
def test_a_process_is_refused() -> None:
    subprocess.run(["true"], check=True)


@refused
def test_a_process_of_the_system_is_refused() -> None:
    os.posix_spawn("/bin/true", ["true"], {})


@refused
def test_a_shell_is_refused() -> None:
    os.system("true")


@refused
def test_who_takes_the_refusal_for_an_answer_fails_too() -> None:
    with contextlib.suppress(Exception):
        subprocess.run(["true"], check=True)


@pytest.mark.tools
def test_what_is_marked_may_start_what_it_likes(tmp_path: Path) -> None:
    subprocess.run(["touch", tmp_path / "touched"], check=True)
    assert (tmp_path / "touched").exists()
