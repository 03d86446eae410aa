"""What a start-up file sets is mended there: a new shell is as healthy as the one in which the fix was run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.clinic.patient import Patient

pytestmark = pytest.mark.clinic

INTERACTIVE = ["--noprofile", "--noediting", "-i"]


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("PY006", "export PYTHONPATH=$HOME/empty::"),
        ("PY007", "export PYTHONHOME=/usr"),
        ("PIP003", "export PIP_TARGET=/opt/packages"),
        ("PIP007", "export PIP_NO_INPUT=perhaps"),
        ("PIP010", "export PIP_CONSTRAINT=/gone/constraints.txt"),
        ("UV003", "export UV_OFFLINE=perhaps"),
        ("MIR006", "export UV_INSECURE_HOST=mirror.example"),
        ("NET004", "export NO_PROXY=*.example"),
    ],
)
def test_the_line_goes_with_the_variable(patient: Patient, python_with_pip: Path, code: str, line: str) -> None:
    patient.install("uv")
    (patient.home / "empty").mkdir()
    rc = patient.home / ".bashrc"
    before = f"alias ll='ls -l'\nexport PATH={python_with_pip.parent}:$PATH\n"
    rc.write_text(f"{before}export HTTPS_PROXY=http://proxy.example:3128\n{line}\n")
    patient.shell_arguments = INTERACTIVE
    patient.cure(code)
    patient.close_shell()
    assert code not in patient.examine().codes
    assert rc.read_text().startswith(before)


def test_a_line_that_sets_two_variables_is_named(patient: Patient, python_with_pip: Path) -> None:
    (patient.home / ".bashrc").write_text("export EDITOR=vi PYTHONHOME=/usr\n")
    patient.env["PATH"] = f"{python_with_pip.parent}:{patient.env['PATH']}"
    patient.shell_arguments = INTERACTIVE
    steps = patient.examine().finding("PY007")["fix"]["actions"]
    assert steps[0] == {"kind": "manual", "text": f"Remove PYTHONHOME from line 1 of {patient.home}/.bashrc"}
    assert [step["kind"] for step in steps] == ["manual", "unset-variable"]
