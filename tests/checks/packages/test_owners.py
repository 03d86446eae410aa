from __future__ import annotations

from typing import Any

import pytest

from envdoctor import Evidence, Finding, Fix, Manual, Run, Safety, Severity
from envdoctor.facts.packages.owners import EnvironmentOwners, FileOwners, SharedFiles
from envdoctor.testing import assess
from envdoctor_checks.packages.owners import files_with_two_owners
from tests.checks.packages.literals import NOTHING, PYTHON, ROOT, SITE, WITH_UV, made_by_uv, record, target

HEADLESS, FULL = ("opencv-python-headless", "4.10"), ("opencv-python", "4.11")
PIP = (PYTHON, "-m", "pip")
FILE = f"{SITE}/cv2/__init__.py"


def shared(*packages: tuple[str, str], where: Any = None, **more: Any) -> FileOwners:
    more.setdefault("record", record("x-1"))
    return FileOwners((EnvironmentOwners(where or target(), (SharedFiles(packages, (FILE,), 9, **more),)),))


@pytest.mark.sick("PKG005")
def test_all_are_uninstalled_and_the_last_is_installed() -> None:
    assert assess(files_with_two_owners, shared(HEADLESS, FULL), NOTHING) == [
        Finding(
            f"opencv-python-headless 4.10 and opencv-python 4.11 in {ROOT} have written over each other: "
            "9 files with different content",
            Fix(
                "Uninstall the packages, and install opencv-python",
                Run(*PIP, "uninstall", "--yes", "opencv-python-headless", "opencv-python"),
                Run(*PIP, "install", "opencv-python==4.11"),
                safety=Safety.CHANGES_STATE,
            ),
            ROOT,
            (Evidence("is listed by both, with different content", FILE),),
        )
    ]


@pytest.mark.sick("PKG005")
def test_what_others_require_is_kept() -> None:
    found = shared(HEADLESS, FULL, where=made_by_uv(), required=("opencv-python-headless",), different=True)
    [finding] = assess(files_with_two_owners, found, WITH_UV)
    assert finding.severity is Severity.ERROR
    uv = ("uv", "pip")
    assert finding.fix.actions == (
        Run(*uv, "uninstall", "--python", PYTHON, "opencv-python-headless", "opencv-python"),
        Run(*uv, "install", "--python", PYTHON, "opencv-python-headless==4.10"),
    )


@pytest.mark.sick("PKG005")
def test_where_both_are_required_or_not_the_environments_own_the_reader_chooses() -> None:
    [finding] = assess(files_with_two_owners, shared(HEADLESS, FULL, required=("a", "b")), NOTHING)
    text = "a and b are all required: install the one that you want last, with --no-deps"
    assert finding.fix.actions == (Manual(text),)
    [finding] = assess(files_with_two_owners, shared(HEADLESS, FULL, record="/s/x-1.dist-info"), NOTHING)
    text = "Uninstall opencv-python-headless and opencv-python, and install the one that you want"
    assert finding.fix.actions == (Manual(text),)


@pytest.mark.healthy("PKG005")
def test_each_file_has_one_owner() -> None:
    assert assess(files_with_two_owners, FileOwners((EnvironmentOwners(target()),)), NOTHING) == []
