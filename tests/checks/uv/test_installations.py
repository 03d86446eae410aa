from __future__ import annotations

import pytest

from envdoctor import (
    Evidence,
    Finding,
    Fix,
    PrependPath,
    Run,
    Safety,
    Severity,
)
from envdoctor.facts.uv.installations import UvCopies, UvCopy, UvInstaller
from envdoctor.facts.venv.active import ActiveVenv
from envdoctor.facts.venv.layout import Venv
from envdoctor.testing import assess
from envdoctor_checks.uv.installations import several_uv_versions
from tests.checks.uv.literals import NEWEST, OWN


def copy(directory: str, version: tuple[int, ...], installer: UvInstaller, environment: str | None = None) -> UvCopy:
    return UvCopy(f"{directory}/uv", f"{directory}/uv", version, installer, environment)


STANDALONE = copy("/home/ann/.local/bin", NEWEST, UvInstaller.STANDALONE)


IN_BASE = copy("/opt/conda/bin", (0, 8, 17), UvInstaller.PIP, "/opt/conda")


@pytest.mark.sick("UV002")
def test_an_old_uv_answers_before_a_new_one() -> None:
    assert assess(several_uv_versions, UvCopies((IN_BASE, STANDALONE))) == [
        Finding(
            "uv 0.8.17 in /opt/conda/bin answers before a newer one: 0.13.9 in /home/ann/.local/bin",
            Fix(
                "Remove uv 0.8.17",
                Run("/home/ann/.local/bin/uv", "pip", "uninstall", "--python", "/opt/conda", "uv"),
                safety=Safety.CHANGES_STATE,
            ),
            "/opt/conda/bin/uv",
            (
                Evidence("uv 0.8.17, from pip", "/opt/conda/bin/uv"),
                Evidence("uv 0.13.9, from uv's own installer", "/home/ann/.local/bin/uv"),
            ),
        )
    ]


@pytest.mark.sick("UV002")
def test_an_old_uv_behind_a_new_one_is_a_note() -> None:
    [finding] = assess(several_uv_versions, UvCopies((STANDALONE, IN_BASE)))
    assert finding.severity is Severity.INFO
    assert finding.message == "uv 0.13.9 answers, and older copies stand behind it: 0.8.17 in /opt/conda/bin"
    assert finding.where == "/opt/conda/bin/uv"


@pytest.mark.sick("UV002")
@pytest.mark.parametrize(
    ("installer", "fix"),
    [
        (
            UvInstaller.CONDA,
            Fix(
                "Remove uv 0.8.17",
                Run("conda", "remove", "--yes", "--prefix", "/old", "uv"),
                safety=Safety.CHANGES_STATE,
            ),
        ),
        (
            UvInstaller.STANDALONE,
            Fix("Upgrade this uv", Run("/old/bin/uv", "self", "update"), safety=Safety.CHANGES_STATE),
        ),
        (UvInstaller.UNKNOWN, Fix("Put uv 0.13.9 first", PrependPath("/home/ann/.local/bin"))),
    ],
)
def test_each_copy_goes_the_way_it_came(installer: UvInstaller, fix: Fix) -> None:
    [finding] = assess(several_uv_versions, UvCopies((copy("/old/bin", (0, 8, 17), installer), STANDALONE)))
    assert finding.fix == fix


@pytest.mark.healthy("UV002")
@pytest.mark.parametrize(
    "copies",
    [
        (STANDALONE,),
        (STANDALONE, copy("/opt/conda/bin", NEWEST, UvInstaller.PIP, "/opt/conda")),
        (STANDALONE, UvCopy("/x/uv", "/x/uv", None, problem="cannot load")),
        (copy("/home/ann/app/.venv/bin", (0, 9, 0), UvInstaller.PIP, "/home/ann/app/.venv"), STANDALONE),
    ],
)
def test_copies_of_one_version_and_a_project_with_its_own_are_healthy(copies: tuple[UvCopy, ...]) -> None:
    active = ActiveVenv(OWN.path, Venv(root=OWN.path, real=OWN.path))
    assert assess(several_uv_versions, UvCopies(copies), active) == []
