from __future__ import annotations

from pathlib import Path

import pytest

from envdoctor import Unavailable
from envdoctor.facts.libraries.programs import DisturbedPrograms, probe_disturbed_programs
from tests.library_lab import LibraryLab
from tests.native import make_library
from tests.support import make_session

pytestmark = pytest.mark.tools


class Lab(LibraryLab):
    """The same, and what envdoctor says of it."""

    def examine(self, **env: str) -> DisturbedPrograms:
        return probe_disturbed_programs(make_session({"PATH": f"bin:{self.root}/bin", **env}, cwd=self.root))


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


def test_programs_are_looked_up_as_the_shell_does_but_not_in_relative_directories(lab: Lab) -> None:
    make_library(lab.root / "other" / "libz.so.1", ["pack"])
    found = lab.examine(LD_LIBRARY_PATH=f"{lab.root}/other")
    assert [(program.name, program.path, program.breaks) for program in found.programs] == [("git", str(lab.git), True)]
    assert found.examined == ("git",)


def test_gits_helper_is_looked_at_too(lab: Lab) -> None:
    make_library(lab.root / "other" / "libz.so.1", ["pack"])
    helper = lab.root / "libexec" / "git-core" / "git-remote-https"
    helper.parent.mkdir(parents=True)
    helper.write_bytes(lab.git.read_bytes())
    helper.chmod(0o755)
    (lab.root / "libexec" / "own").symlink_to("../own")
    assert lab.examine(LD_LIBRARY_PATH=f"{lab.root}/other").examined == ("git", "git over https")


def test_a_preloaded_library_counts_as_well(lab: Lab) -> None:
    other = make_library(lab.root / "other" / "libz.so.1", ["pack"])
    assert [program.name for program in lab.examine(LD_PRELOAD=str(other)).programs] == ["git"]


def test_scripts_are_passed_over(lab: Lab) -> None:
    lab.git.write_text("#!/bin/sh\n")
    assert lab.examine(LD_LIBRARY_PATH="/opt/x").examined == ()


def test_without_the_variables_nothing_is_looked_at(lab: Lab) -> None:
    with pytest.raises(Unavailable, match="neither"):
        lab.examine()
