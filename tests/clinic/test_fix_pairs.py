"""Every two of thirteen faults, together in one home: one line for what lasts, one for the shell, and both are gone.

Each machine has four of the faults. Thirteen machines, as the lines of a plane that has thirteen points, bring every
pair together exactly once, and each fault meets all the others.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest

from tests.clinic.patient import Patient
from tests.clinic.tree import changed, tree_of

pytestmark = pytest.mark.clinic

EXPORTED = {
    "ENV001": ("VIRTUAL_ENV", "/gone/.venv"),
    "LIB002": ("LD_LIBRARY_PATH", "/nowhere:/no way"),
    "PY006": ("PYTHONPATH", "/none"),
    "NET001": ("SSL_CERT_FILE", "/no/such/ca.pem"),
    "NET003": ("HTTPS_PROXY", "http//127.0.0.1:7890"),
    "DSK004": ("TMPDIR", "{home}/gone/tmp"),
}
"""Variables that the shell has, and no start-up file sets."""
STARTED = {
    "UV003": "export UV_OFFLINE=perhaps",
    "PIP003": "export PIP_TARGET=/opt/packages",
    "PIP010": "export PIP_CONSTRAINT=/gone/constraints.txt",
    "MIR006": "export UV_INSECURE_HOST=mirror.example",
    "PY007": "export PYTHONHOME=/usr",
}
"""Lines of the start-up file."""
WRITTEN = {
    "PIP007": (".config/pip/pip.conf", "[global]\nno-cache-dir = perhaps\n"),
    "PRJ002": ("project/.python-version", "3.7.1\n"),
}
"""Other files, below the home."""
LASTING = {"DSK004", *STARTED, *WRITTEN}
FAULTS = (*EXPORTED, *STARTED, *WRITTEN)
FIRST = (0, 1, 3, 9)
"""A perfect difference set: the difference of every two points, modulo 13, comes of one pair of these alone."""
MACHINES = tuple(tuple(FAULTS[(point + step) % 13] for point in FIRST) for step in range(13))
RC = "alias ll='ls -l'\n"
PYPROJECT = '[project]\nname = "x"\nversion = "1"\nrequires-python = ">=3.11"\n'


def test_every_pair_is_there_once() -> None:
    pairs = Counter(frozenset(pair) for codes in MACHINES for pair in combinations(codes, 2))
    assert pairs == {frozenset(pair): 1 for pair in combinations(FAULTS, 2)}


def lay(patient: Patient, code: str) -> None:
    """Make the patient sick with one fault."""
    if code in EXPORTED:
        name, value = EXPORTED[code]
        patient.env[name] = value.format(home=patient.home)
    elif code in STARTED:
        with (patient.home / ".bashrc").open("a") as rc:
            rc.write(f"{STARTED[code]}\n")
    else:
        place, content = WRITTEN[code]
        (patient.home / place).parent.mkdir(parents=True, exist_ok=True)
        (patient.home / place).write_text(content)


@pytest.mark.parametrize("codes", MACHINES, ids=" ".join)
def test_faults_that_meet_are_gone_after_one_line_for_what_lasts_and_one_for_the_shell(
    patient: Patient, python_with_pip: Path, codes: tuple[str, ...]
) -> None:
    patient.install("uv")
    patient.env["PATH"] = f"{python_with_pip.parent}:{patient.env['PATH']}"
    (patient.project / "pyproject.toml").write_text(PYPROJECT)
    (patient.home / ".bashrc").write_text(RC)
    for code in codes:
        lay(patient, code)
    patient.shell_arguments = ["--noprofile", "--noediting", "-i"]
    patient.does("true")
    before = tree_of([str(patient.home)])
    narrow = f"--select {','.join(codes)}"
    applied = patient.does(f"{patient.command} fix --apply --yes {narrow}").stdout
    assert set(re.findall(r"^✓ (\w+): resolved", applied, re.MULTILINE)) == LASTING & set(codes)
    told = patient.does(f'eval "$({patient.command} fix --session {narrow})"').stderr
    assert set(re.findall(r"^envdoctor: (\w+): ", told, re.MULTILINE)) == set(codes) - {"DSK004", *WRITTEN}
    assert patient.examine().problems("warning") == []
    paths = {str(Path(path).relative_to(patient.home)) for path in changed(before, tree_of([str(patient.home)]))}
    own = {path for path in paths if not path.startswith((".cache", ".local", ".bash_history"))}
    assert own <= {".bashrc", "gone", "gone/tmp", ".config/pip/pip.conf", "project/.python-version"}
    assert RC in (patient.home / ".bashrc").read_text()
