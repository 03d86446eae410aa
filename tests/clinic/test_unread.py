"""Real files that cannot be read, and what the installed command says of them."""

from __future__ import annotations

import json
import os
import subprocess

import pytest

from tests.clinic.patient import SYSTEM_PATH, TOOLS, Patient

SECRETLY_FINE = ("PIP_CONFIG_FILE=/dev/null", "UV_NO_CONFIG=1", "CONDARC=/nowhere/condarc")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"#" * 5_000_000, "larger than "),
        (b"# caf\xe9\n", "line 1 is not UTF-8"),
        (b"echo \0\n", "a binary file"),
        (None, "not a regular file"),
    ],
)
def test_a_start_up_file_that_cannot_be_read(patient: Patient, content: bytes | None, reason: str) -> None:
    file = patient.home / ".bashrc"
    file.unlink(missing_ok=True)
    if content is None:
        os.mkfifo(file)
    else:
        file.write_bytes(content)
    done = patient.examine()
    assert done.exit_code == 3
    assert done.document["facts"]["UnreadFiles"]["files"][0]["path"] == str(file)
    aliases = done.result("PY010")
    assert aliases["outcome"] == "skipped"
    assert aliases["reason"].startswith(f"{file}: {reason}")


@pytest.mark.parametrize("name", [".vscode/settings.json", "uv.toml"])
def test_a_file_of_a_project_that_cannot_be_parsed(patient: Patient, name: str) -> None:
    patient.install("uv")
    file = patient.home / "sources" / name
    file.parent.mkdir(parents=True)
    file.write_text("{[pip\n")
    patient.does(f"cd {patient.home}/sources", "export TERM_PROGRAM=vscode")
    done = patient.examine()
    told = done.document["facts"]["UnreadFiles"]["files"]
    assert any(unread["path"].startswith(str(file)) for unread in told)
    assert done.exit_code in (1, 3)


@pytest.mark.parametrize("setting", SECRETLY_FINE)
def test_what_is_empty_or_not_there_is_no_problem(patient: Patient, setting: str) -> None:
    patient.does(f"export {setting}")
    done = patient.examine()
    assert done.exit_code == 0
    assert done.document["facts"]["UnreadFiles"]["files"] == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may hide /proc")
def test_without_proc_it_says_what_it_could_not_see(patient: Patient) -> None:
    hidden = f'mount -t tmpfs none /proc && exec env -i PATH={SYSTEM_PATH} HOME={patient.home} "$@"'
    command = ["unshare", "-m", "sh", "-c", hidden, "sh", str(TOOLS / "envdoctor"), "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=patient.home, check=False)
    assert (done.returncode, done.stderr) == (3, "")
    told = json.loads(done.stdout)["facts"]["UnreadFiles"]["files"]
    reason = "nothing there: the shell, the programs above it and the mounts are not known"
    assert [file["reason"] for file in told if file["path"] == "/proc"] == [reason]
