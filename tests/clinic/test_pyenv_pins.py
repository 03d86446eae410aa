"""PYE002 and PYE004: pins that pyenv cannot fulfil, or uv cannot read, with both for real."""

from __future__ import annotations

import os

import pytest

from tests.clinic.environments import uv_project
from tests.clinic.patient import Patient
from tests.clinic.pyenvs import give_pyenv, installed


@pytest.mark.sick("PYE002")
def test_another_patch_of_the_pinned_version_is_installed(patient: Patient) -> None:
    root = give_pyenv(patient, "3.1")
    (patient.project / ".python-version").write_text("3.12.99\n")
    assert patient.shell.run("python -V").status in (1, 127)
    before = patient.examine()
    finding = before.finding("PYE002")
    assert finding["severity"] == "error"
    assert "`python` fails" in finding["message"]
    assert "`pip` quietly becomes that of /usr/bin/python3" in finding["message"]
    assert [item["then_gone"] for item in before.document["plan"]] == [["PIP006"]]
    assert "PIP006" not in patient.cure("PYE002", before=before).codes
    assert installed(root, "3.12") in patient.does("python -V").stdout


@pytest.mark.sick("PYE002")
def test_a_version_that_is_not_installed_is_installed(patient: Patient) -> None:
    root = give_pyenv(patient, "3.11")
    recipes = patient.home / "recipes"
    recipes.mkdir()
    python = root / "versions" / installed(root, "3.11") / "bin"
    (recipes / "3.98.1").write_text(f'mkdir -p "$PREFIX_PATH"\nln -s "{python}" "$PREFIX_PATH/bin"\n')
    patient.env["PYTHON_BUILD_DEFINITIONS"] = str(recipes)
    (root / "version").write_text("3.98.1\n")
    patient.cure("PYE002", unmasked=["PIP009"])
    assert patient.does("pyenv version-name").stdout == "3.98.1\n"


@pytest.mark.sick("PYE002")
def test_a_pin_that_only_uv_can_fulfil_becomes_one_for_both(patient: Patient) -> None:
    root = give_pyenv(patient, "3.12")
    patient.install("uv")
    (uv_project(patient) / ".python-version").write_text(">=3.12\n")
    before = patient.examine()
    assert before.finding("PYE002")["severity"] == "warning"
    patient.cure("PYE002", before=before)
    assert (patient.project / ".python-version").read_text() == f"{installed(root, '3.12')}\n"


@pytest.mark.sick("PYE002")
def test_a_variable_that_asks_for_what_is_not_there_is_removed(patient: Patient) -> None:
    root = give_pyenv(patient, "3.12")
    (root / "version").write_text("3.12\n")
    patient.env["PYENV_VERSION"] = "3.99"
    patient.cure("PYE002", unmasked=["PIP009"])


@pytest.mark.healthy("PYE002")
def test_one_of_several_versions_is_enough_and_shims_that_nobody_uses_need_none(patient: Patient) -> None:
    root = give_pyenv(patient, "3.12")
    (patient.project / ".python-version").write_text("3.99\n3.12\n")
    assert patient.examine().problems() == []
    (patient.project / ".python-version").write_text("3.99\n")
    patient.env["PATH"] = (
        f"{os.path.realpath(root / 'versions' / installed(root, '3.12') / 'bin')}:{patient.env['PATH']}"
    )
    patient.close_shell()
    assert "PYE002" not in patient.examine().codes


@pytest.mark.sick("PYE004")
@pytest.mark.parametrize(("pin", "severity"), [("3.12.1/envs/mine", "error"), ("system", "warning")])
def test_a_pin_that_uv_cannot_read_is_exchanged(pin: str, severity: str, patient: Patient) -> None:
    patient.install("uv")
    (uv_project(patient) / ".python-version").write_text(f"{pin}\n")
    assert (patient.shell.run("uv python find --offline").status == 0) is (severity == "warning")
    before = patient.examine()
    assert before.finding("PYE004")["severity"] == severity
    patient.cure("PYE004", before=before)


@pytest.mark.healthy("PYE004")
def test_pins_that_both_read_or_that_are_not_uvs_affair(patient: Patient) -> None:
    (patient.project / ".python-version").write_text("miniconda3-latest\n")
    assert "PYE004" not in patient.examine().codes
    patient.install("uv")
    assert "PYE004" not in patient.examine().codes
    for pin in ("3.12", "3.12.1\n3.11\n", "pypy@3.10", ">=3.9", "# none\n3.12\r"):
        (uv_project(patient) / ".python-version").write_text(f"{pin}\n")
        assert "PYE004" not in patient.examine().codes
