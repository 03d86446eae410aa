"""Who has lasting faults types one line, and is healthy; and takes every file back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.clinic.patient import Patient

pytestmark = pytest.mark.clinic

RC = b"# mine, \xc3\xa0 moi\nexport PATH=%s:$PATH\nexport PIP_NO_INPUT=perhaps\nexport PYTHONHOME=/usr\n# the end"
CONF = b"[global]\nno-cache-dir = perhaps"
PIN = b"3.7.1"


def tree(directory: Path) -> dict[str, tuple[bytes, int]]:
    """Content and mode of every file but envdoctor's own record."""
    files = (file for file in directory.rglob("*") if file.is_file() and "state" not in file.parts)
    files = (file for file in files if file.name != ".bash_history")
    return {str(file.relative_to(directory)): (file.read_bytes(), file.stat().st_mode) for file in files}


def test_lasting_faults_are_cured_by_one_line_and_every_file_comes_back(
    patient: Patient, python_with_pip: Path
) -> None:
    dotfiles = patient.home / "dotfiles"
    dotfiles.mkdir()
    rc, conf = dotfiles / "bashrc", patient.home / ".config" / "pip" / "pip.conf"
    rc.write_bytes(RC % str(python_with_pip.parent).encode())
    (patient.home / ".bashrc").symlink_to("dotfiles/bashrc")
    conf.parent.mkdir(parents=True)
    conf.write_bytes(CONF)
    conf.chmod(0o600)
    (patient.project / "pyproject.toml").write_text(
        '[project]\nname = "x"\nversion = "1"\nrequires-python = ">=3.11"\n'
    )
    (patient.project / ".python-version").write_bytes(PIN)
    before = tree(patient.home)
    patient.shell_arguments = ["--noprofile", "--noediting", "-i"]
    sick = patient.examine()
    assert {"PIP007", "PY007", "PRJ002"} <= sick.codes
    done = patient.shell.run(f"{patient.command} fix --apply --yes")
    assert done.status == 0, done.stdout + done.stderr
    assert f"{patient.home}/.bashrc, which is {rc}" in done.stdout
    assert [line for line in done.stdout.splitlines() if line.startswith("✗")] == []
    patient.close_shell()
    healthy = patient.examine()
    assert healthy.problems("warning") == []
    assert (patient.home / ".bashrc").is_symlink()
    undone = patient.shell.run(f"{patient.command} fix --undo")
    assert undone.status == 0, undone.stdout + undone.stderr
    assert tree(patient.home) == before
    patient.close_shell()
    assert patient.examine().codes == sick.codes
