"""Kernels that lead nowhere, an editor's terminal with another Python, and sudo, with real environments."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.clinic.conda import make_executable
from tests.clinic.patient import TOOLS, Patient
from tests.clinic.test_terminals import activate, make_venv, of_terminals
from tests.wheels import write_wheel


def make_kernel(patient: Patient, name: str, *argv: str, language: str = "python") -> Path:
    path = patient.home / ".local/share/jupyter/kernels" / name / "kernel.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"argv": argv, "language": language, "display_name": name}))
    patient.env["JUPYTER_DATA_DIR"] = str(path.parents[2])
    return path


@pytest.mark.sick("TRM007")
def test_a_kernel_of_a_removed_environment_is_removed(patient: Patient) -> None:
    venv = make_venv(patient, ".venv")
    [library] = venv.glob("lib/python3*/site-packages")
    (library / "ipykernel").mkdir()
    path = make_kernel(patient, "proj", f"{venv}/bin/python", "-m", "ipykernel_launcher", "-f", "{connection_file}")
    assert not of_terminals(patient.examine().codes)
    shutil.rmtree(venv)
    assert patient.examine().finding("TRM007")["severity"] == "error"
    patient.cure("TRM007")
    assert not path.parent.exists()


@pytest.mark.sick("TRM007")
def test_notebooks_of_another_jupyter_get_a_kernel_of_the_active_environment(patient: Patient) -> None:
    venv = make_venv(patient, ".venv")
    [library] = venv.glob("lib/python3*/site-packages")
    module = library / "ipykernel"
    module.mkdir()
    (module / "__init__.py").touch()
    (module / "__main__.py").write_text(  # what ipykernel's own `install --user` writes
        "import json, os, sys\n"
        "place = os.path.join(os.environ['JUPYTER_DATA_DIR'], 'kernels', sys.argv[-1])\n"
        "os.makedirs(place)\n"
        "described = {'argv': [sys.executable, '-m', 'ipykernel_launcher'], 'language': 'python'}\n"
        "json.dump(described, open(os.path.join(place, 'kernel.json'), 'w'))\n"
    )
    other = make_venv(patient, "tools")
    make_executable(patient.bin / "jupyter", f"#!{other}/bin/python\n")
    make_kernel(patient, "python3", "python", "-m", "ipykernel_launcher")
    activate(patient)
    assert patient.examine().finding("TRM007")["severity"] == "warning"
    patient.cure("TRM007")


@pytest.mark.healthy("TRM007")
def test_other_languages_wrappers_and_named_kernels_are_fine(patient: Patient) -> None:
    make_venv(patient, ".venv")
    make_kernel(patient, "ir", "/gone/bin/R", language="R")
    make_kernel(patient, "ml", "conda", "run", "-n", "ml", "python", "-m", "ipykernel_launcher")
    [library] = make_venv(patient, "other").glob("lib/python3*/site-packages")
    (library / "ipykernel").mkdir()
    make_kernel(patient, "other", f"{patient.project}/other/bin/python", "-m", "ipykernel_launcher")
    make_kernel(patient, "plain", f"{patient.project}/.venv/bin/python", "-c", "import mine")
    activate(patient)
    assert not of_terminals(patient.examine().codes)


@pytest.mark.sick("TRM007")
def test_a_kernel_of_an_environment_without_ipykernel_gets_it(patient: Patient, tmp_path: Path) -> None:
    venv = make_venv(patient, ".venv")
    write_wheel(tmp_path, "ipykernel", "6.29", files={"ipykernel/__init__.py": "", "ipykernel_launcher.py": ""})
    patient.install("uv")
    patient.env |= {"UV_FIND_LINKS": str(tmp_path), "UV_OFFLINE": "1"}
    make_kernel(patient, "proj", f"{venv}/bin/python", "-m", "ipykernel_launcher", "-f", "{connection_file}")
    starts = f"{venv}/bin/python -m ipykernel_launcher"
    assert "No module named ipykernel_launcher" in patient.shell.run(starts).stderr
    before = patient.examine("--select TRM")
    assert before.finding("TRM007")["message"] == f"the Jupyter kernel proj cannot start: {venv} has no ipykernel"
    patient.cure("TRM007", before=before, arguments=["--select TRM"])
    patient.does(starts)


@pytest.mark.sick("TRM008")
def test_the_editors_environment_is_activated_in_its_terminal(patient: Patient) -> None:
    make_venv(patient, ".venv")
    settings = patient.project / ".vscode/settings.json"
    settings.parent.mkdir()
    settings.write_text('{\n  // ours\n  "python.defaultInterpreterPath": "${workspaceFolder}/.venv/bin/python",\n}\n')
    make_venv(patient, "other")
    activate(patient, "other")
    assert not of_terminals(patient.examine().codes)
    patient.does("export TERM_PROGRAM=vscode")
    patient.cure("TRM008")


SUDO = """#!/bin/bash
# takes away what sudo takes away
env -i HOME=/root TERM=$TERM SUDO_USER=${SUDO_AS-ann} SUDO_UID=1000 PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
status=$?
exit $status
"""


@pytest.mark.sick("TRM009")
def test_an_activation_under_sudo_is_gone_and_the_program_by_its_path_is_not(patient: Patient) -> None:
    if Path("/root").owner() != Path.home().owner():
        pytest.skip("this must be run by root")
    make_executable(patient.bin / "sudo", SUDO)
    venv = make_venv(patient, ".venv")
    activate(patient)
    examine = f"sudo {TOOLS}/envdoctor --format json"
    found = json.loads(patient.shell.run(examine).stdout)
    if patient.register:
        patient.register.sees(patient.shell_name, found)
    [finding] = next(result for result in found["results"] if result["code"] == "TRM009")["findings"]
    assert str(venv) in finding["message"]
    assert patient.does(f"sudo {venv}/bin/python -c 'import sys; print(sys.prefix)'").stdout.strip() == str(venv)
    assert not of_terminals(patient.examine().codes)
    patient.does("deactivate")
    again = json.loads(patient.shell.run(examine).stdout)
    assert not next(result for result in again["results"] if result["code"] == "TRM009")["findings"]
