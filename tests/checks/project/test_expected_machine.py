"""PRJ108, PRJ109, PRJ110: the space, the platform and the libraries that are expected."""

from __future__ import annotations

import pytest

from envdoctor import Evidence, Finding, Fix, Manual
from envdoctor.facts.project.expected import ExpectedDisk, ExpectedPlatform
from envdoctor.facts.project.expected_libraries import ExpectedLibraries, ExpectedLibrary
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.testing import assess
from envdoctor_checks.project.expected_machine import (
    expected_library_missing,
    expected_platform_differs,
    expected_space_missing,
)
from tests.builders import make_examined

AT = "/home/ann/app/envdoctor.toml:3"
PYTHON = "/usr/bin/python3"


def of_disk(free: int) -> list[Finding]:
    return assess(expected_space_missing, ExpectedDisk("5 GB", AT, "/home/ann/app", 5 * 10**9, free))


@pytest.mark.sick("PRJ108")
def test_too_little_space_is_told_with_what_is_there() -> None:
    advice = "Free space there: `envdoctor envs --sizes` shows what environments take"
    assert of_disk(4_440_000_000) == [
        Finding(
            "4.4 GB are free in /home/ann/app, and 5 GB are expected",
            Fix("Free space", Manual(advice)),
            AT,
            (Evidence("free-disk = 5 GB", AT), Evidence("4440000000 bytes free", "/home/ann/app")),
        )
    ]


@pytest.mark.healthy("PRJ108")
def test_just_enough_space_is_fine() -> None:
    assert of_disk(5 * 10**9) == []


def of_platform(*texts: str, system: str = "Linux", machine: str = "x86_64") -> list[Finding]:
    return assess(expected_platform_differs, ExpectedPlatform(texts, AT), make_examined(system=system, machine=machine))


@pytest.mark.sick("PRJ109")
def test_another_system_or_machine_is_told() -> None:
    assert of_platform("macos", "linux-aarch64") == [
        Finding(
            "this is linux-x86_64, and macos or linux-aarch64 is expected",
            Fix(
                "Work on that platform",
                Manual("Work on a machine or in a container that is macos or linux-aarch64"),
            ),
            AT,
            (Evidence("platform = macos or linux-aarch64", AT), Evidence("Linux x86_64", "uname")),
        )
    ]


@pytest.mark.healthy("PRJ109")
def test_one_of_several_platforms_is_enough_under_any_name_of_its_machine() -> None:
    assert of_platform("macos", "linux") == []
    assert of_platform("linux-amd64") == []
    assert of_platform("linux-arm64", machine="aarch64") == []
    assert of_platform("macos-arm64", system="Darwin", machine="arm64") == []


def of_library(path: str | None, lacks: str | None = None, conda: CondaActivation | None = None) -> list[Finding]:
    libraries = (ExpectedLibrary("libGL.so.1", AT, path, lacks),)
    return assess(expected_library_missing, ExpectedLibraries(PYTHON, libraries), conda)


@pytest.mark.sick("PRJ110")
def test_a_library_that_is_not_found_is_installed() -> None:
    assert of_library(None) == [
        Finding(
            f"libGL.so.1 does not load in {PYTHON}: libGL.so.1 is not found",
            Fix("Install the library", Manual("Install libGL.so.1 with the system's package manager")),
            AT,
            (Evidence("libraries: libGL.so.1", AT), Evidence("libGL.so.1 is not found", PYTHON)),
        )
    ]


@pytest.mark.sick("PRJ110")
def test_a_library_that_lacks_another_is_told_with_that() -> None:
    conda = CondaActivation(prefix="/opt/conda/envs/ml", real="/opt/conda/envs/ml")
    [finding] = of_library("/usr/lib/libGL.so.1", "libX11.so.6", conda)
    assert finding.message.endswith("/usr/lib/libGL.so.1 needs libX11.so.6")
    assert finding.fix.actions == (Manual("Install libX11.so.6 with conda"),)


@pytest.mark.healthy("PRJ110")
def test_a_library_that_loads_is_fine() -> None:
    assert of_library("/usr/lib/libGL.so.1") == []
