"""The step for line ends, run as it is printed by the tools of this machine."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from envdoctor import Run
from envdoctor_checks.common.line_ends import converted


@pytest.mark.tools
def test_carriage_returns_are_taken_out_and_no_copy_stays(tmp_path: Path) -> None:
    file = tmp_path / "a b"
    file.write_bytes(b"#!/bin/sh\r\necho a\rb\r\n")
    for step in converted(str(file)):
        subprocess.run(step.argv, check=True)
    assert file.read_bytes() == b"#!/bin/sh\necho a\rb\n"
    assert list(tmp_path.iterdir()) == [file]


def test_nothing_that_only_gnu_knows() -> None:
    made, removed = converted("/a", "/b")
    assert made == Run(
        "sed", "-i.envdoctor-crlf", "s/\r$//", "/a", "/b"
    )  # the character itself, and a name for the copy
    assert removed == Run("rm", "--", "/a.envdoctor-crlf", "/b.envdoctor-crlf")
