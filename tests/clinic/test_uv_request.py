"""PRJ010, held against the real uv: a Python that is neither here nor to be downloaded."""

from __future__ import annotations

import shutil

import pytest

from tests.clinic.environments import uv_project
from tests.clinic.patient import Patient
from tests.clinic.projects import write
from tests.support import needs_python

STOPS = "No interpreter found for Python"


def project(patient: Patient, pin: str | None = None) -> None:
    patient.install("uv")
    uv_project(patient)
    if pin:
        write(patient.project / ".python-version", f"{pin}\n")


@pytest.mark.sick("PRJ010")
def test_a_pin_of_a_python_that_does_not_exist_is_exchanged(patient: Patient) -> None:
    project(patient, "3.99")
    for command in ("sync", "run true", "lock", "export", "tree", "add alpha", "build"):
        assert STOPS in patient.shell.run(f"uv {command}").stderr
    patient.cure("PRJ010")
    patient.does("uv sync")


@pytest.mark.sick("PRJ010")
def test_an_environment_that_is_made_again_waits_for_the_pin(patient: Patient) -> None:
    project(patient)
    patient.does("uv sync --offline")
    (patient.project / ".venv/pyvenv.cfg").write_text("home = /gone/bin\nversion_info = 3.11.2\nuv = 0.13.9\n")
    (patient.project / ".venv/bin/python").unlink()
    (patient.project / ".venv/bin/python").symlink_to("/gone/bin/python3")
    write(patient.project / ".python-version", "3.99\n")
    before = patient.examine()
    [broken] = [code for code in before.codes if code.startswith("ENV")]
    assert before.finding(broken)["fix"]["summary"].endswith("(after PRJ010)")
    patient.cure("PRJ010", before=before, unmasked=("ENV002",))
    patient.cure(broken)
    patient.does("uv run python -c 'import sys'")


@pytest.mark.sick("PRJ010")
@pytest.mark.parametrize(
    ("settings", "step"),
    [
        ("UV_PYTHON_DOWNLOADS=manual", {"kind": "run", "argv": ["uv", "python", "install", "3.9"]}),
        ("UV_PYTHON_DOWNLOADS=never", None),
        ("UV_OFFLINE=1", None),
    ],
)
def test_a_pin_that_may_not_be_downloaded(patient: Patient, settings: str, step: dict[str, object] | None) -> None:
    project(patient, "3.9")
    patient.does(f"export {settings}")
    refused = patient.shell.run("uv sync").stderr
    assert STOPS in refused
    finding = patient.examine().finding("PRJ010")
    [action] = finding["fix"]["actions"]
    assert finding["evidence"][1]["text"] in (settings, settings.partition("=")[0])
    if step:
        assert "uv python install 3.9" in refused
        assert {name: action[name] for name in step} == step
    else:
        assert action["kind"] == "manual"
    (patient.bin / "python3.9").symlink_to(needs_python("3.9"))
    patient.close_shell()
    patient.does(f"export {settings}", "uv sync")
    assert patient.examine().problems() == []


@pytest.mark.sick("PRJ010")
def test_a_variable_that_asks_for_it_is_unset(patient: Patient) -> None:
    project(patient)
    patient.does("uv sync --offline", "export UV_PYTHON=3.99")
    assert STOPS in patient.shell.run("uv sync").stderr
    patient.cure("PRJ010")
    patient.does("uv sync --offline")


@pytest.mark.healthy("PRJ010")
def test_what_the_environment_has_or_what_has_no_telling_name_is_enough(patient: Patient) -> None:
    project(patient, "3.9")
    patient.does("export UV_OFFLINE=1", f"uv venv --python {needs_python('3.9')}")
    assert patient.examine("--select", "PRJ010").problems() == []
    patient.does("uv sync")
    shutil.rmtree(patient.project / ".venv")
    plain = patient.root / "plain"
    shutil.copytree(
        needs_python("3.9").rpartition("/bin/")[0], plain, symlinks=True, ignore=shutil.ignore_patterns("test")
    )
    for name in ("python", "python3", "python3.9"):
        (plain / "bin" / name).unlink(missing_ok=True)
    shutil.copy(needs_python("3.9"), plain / "bin/python3")
    patient.does(f"export PATH=$PATH:{plain}/bin")
    assert patient.examine("--select", "PRJ010").problems() == []
    patient.does("uv sync")
