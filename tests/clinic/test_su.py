"""Another user's session after a real `su`, in a mount namespace whose /etc is a copy with a user more."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clinic.environments import by_venv
from tests.clinic.patient import TOOLS, Examination, Patient
from tests.support import needs_tool

pytestmark = [
    pytest.mark.clinic,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount, and change to any user"),
]
ANN = 4242


@pytest.fixture
def ann(patient: Patient) -> Iterator[Patient]:
    """A user of her own, who knows root's password: of her, `su` asks none."""
    copy = patient.root / "etc"
    shutil.copytree("/etc", copy, symlinks=True)
    users = [line for line in (copy / "passwd").read_text().splitlines() if not line.startswith("root:")]
    root = patient.root / "home-of-root"
    root.mkdir()
    shell = "/bin/bash"
    users += [f"root:x:0:0::{root}:{shell}", f"ann:x:{ANN}:{ANN}::{patient.home}:{shell}"]
    (copy / "passwd").write_text("\n".join(users) + "\n")
    for name in ("su", "su-l"):
        kinds = ("auth", "account", "session")
        (copy / "pam.d" / name).write_text("".join(f"{kind} required pam_permit.so\n" for kind in kinds))
    start = patient.bin / "bash"
    start.write_text(f'#!/bin/sh\nexec {needs_tool("unshare")} --mount --propagation private /bin/bash "$@"\n')
    start.chmod(0o755)
    patient.does(f"mount --bind {copy} /etc", f"rm {start}", "unset XDG_DATA_HOME")
    yield patient
    patient.close_shell()
    assert "ann:" not in Path("/etc/passwd").read_text()


def examine(patient: Patient, su: str) -> Examination:
    """What root's shell says that ann has opened with these words."""
    command = f"{TOOLS}/envdoctor --format json --select TRM"
    done = patient.shell.run(f"""su ann -c "{su} -c '{command}'" """)
    document = json.loads(done.stdout)
    if patient.register:
        patient.register.sees(patient.shell_name, document)
    return Examination(document, done.status)


@pytest.mark.sick("TRM010")
def test_without_a_dash_the_other_users_environment_stays(ann: Patient) -> None:
    venv = by_venv(ann, ann.project / ".venv", pip=False)
    ann.does(f"chown -R {ANN} {ann.home}", f"export PATH={venv}/bin:/usr/bin:/bin")
    finding = examine(ann, "su root").finding("TRM010")
    assert finding["message"] == f"this shell of root has the search path of ann: `python` is {venv}/bin/python"
    finding = examine(ann, "su -m root").finding("TRM010")
    assert finding["message"] == f"this shell of root has the home of ann: HOME is {ann.home}"
    assert finding["fix"]["commands"]["bash"] == ["# Exit this shell, and type `su - root`"]
    assert "TRM010" not in examine(ann, "su - root").codes


@pytest.mark.healthy("TRM010")
def test_a_user_of_the_systems_python_may_use_su(ann: Patient) -> None:
    ann.does(f"chown -R {ANN} {ann.home}", f"export PATH={ann.bin}:/usr/bin:/bin")
    assert "TRM010" not in examine(ann, "su root").codes
