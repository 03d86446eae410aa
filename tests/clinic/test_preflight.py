"""The examples for tox and nox in docs/ci.md, run as they stand there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.clinic.patient import Patient
from tests.clinic.wheelhouse import Wheelhouse

pytestmark = pytest.mark.clinic

PAGE = Path(__file__).parents[2] / "docs/ci.md"


def example(language: str) -> str:
    [block] = re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return str(block)


@pytest.fixture
def developer(patient: Patient, wheelhouse: Wheelhouse) -> Patient:
    """A user with a test to run, who installs from the wheelhouse."""
    patient.env |= wheelhouse.offline
    (patient.project / "test_it.py").write_text(
        "import unittest\n\nclass Test(unittest.TestCase):\n    def test(self): ...\n"
    )
    return patient


@pytest.mark.parametrize(
    ("tool", "file", "language", "command", "environment"),
    [
        ("tox", "tox.ini", "ini", "tox run -e py --skip-pkg-install", ".tox/py"),
        ("nox", "noxfile.py", "python", "nox --sessions tests", ".nox/tests"),
    ],
)
def test_the_environment_that_the_tool_made_is_examined_before_the_tests(
    developer: Patient, tool: str, file: str, language: str, command: str, environment: str
) -> None:
    developer.install(tool)
    (developer.project / file).write_text(example(language))
    done = developer.shell.run(f"{command} 2>&1")
    assert done.status == 0, done.stdout
    assert f"virtual environment {developer.project}/{environment}" in done.stdout
    assert "launched by" not in done.stdout
    assert done.stdout.index("exit 0") < done.stdout.index("Ran 1 test")
