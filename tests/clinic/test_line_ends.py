"""ENV017: programs, activation scripts and start-up files with the line ends of Windows."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.clinic.environments import by_uv, by_venv, install
from tests.clinic.patient import Patient
from tests.support import needs_tool

pytestmark = pytest.mark.clinic


def as_on_windows(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


@pytest.mark.sick("ENV017")
def test_a_program_with_windows_line_ends_is_converted(patient: Patient) -> None:
    root = by_uv(patient, patient.project / ".venv")
    install(patient, root, "alpha", "beta")
    patient.does(f"source {root}/bin/activate", "alpha", "beta")
    assert patient.examine().problems("warning") == []
    for name in ("alpha", "beta"):
        as_on_windows(root / "bin" / name)
    assert patient.shell.run("alpha").status in (126, 127)
    patient.cure("ENV017")
    patient.does("alpha", "beta")


@pytest.mark.sick("ENV017")
@pytest.mark.healthy("ENV017")
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_an_activation_script_with_windows_line_ends_is_converted(tmp_path: Path, shell: str) -> None:
    needs_tool(shell)
    with Patient(tmp_path / "patient", shell) as patient:
        root = by_venv(patient, patient.project / ".venv")
        script = root / "bin" / ("activate.fish" if shell == "fish" else "activate")
        assert "ENV017" not in patient.examine().codes
        as_on_windows(script)
        patient.cure("ENV017")
        patient.does(f"source {script}")
        assert patient.examine().problems("warning") == []


@pytest.mark.sick("ENV017")
def test_a_start_up_file_with_windows_line_ends_is_converted(patient: Patient) -> None:
    rc = patient.home / ".bashrc"
    rc.write_bytes(b"# mine\r\nexport EDITOR=vi\r\n")
    patient.shell_arguments = ["--noprofile", "--noediting", "-i"]
    assert patient.does("echo ${#EDITOR}").stdout == "3\n"
    patient.cure("ENV017")
    patient.close_shell()
    assert patient.does("echo ${#EDITOR}").stdout == "2\n"


@pytest.mark.healthy("ENV017")
def test_comments_with_windows_line_ends(patient: Patient) -> None:
    (patient.home / ".bashrc").write_bytes(b"# mine\r\nexport EDITOR=vi\n")
    patient.shell_arguments = ["--noprofile", "--noediting", "-i"]
    assert patient.examine().problems("warning") == []
