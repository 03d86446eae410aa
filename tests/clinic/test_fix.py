"""Eight findings at once, and one line that is typed: gone is all that the shell can do alone, the rest is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.clinic.pane import Tmux
from tests.clinic.patient import Patient

SICK = {
    "VIRTUAL_ENV": "/gone/.venv",
    "LD_LIBRARY_PATH": "/nowhere:/no way",
    "PYTHONPATH": "/none",
    "SSL_CERT_FILE": "/no/such/ca.pem",
    "PIP_CERT": "/no/such/ca.pem",
    "UV_LINK_MODE": "hardlnk",
    "HTTPS_PROXY": "http//127.0.0.1:7890",
}
LINES = {
    "bash": 'eval "$({} fix --session)"',
    "zsh": 'eval "$({} fix --session)"',
    "fish": "{} fix --session | source",
}


@pytest.mark.parametrize("shell", LINES)
def test_one_line_cures_what_the_shell_can(shell: str, tmp_path: Path) -> None:
    with Patient(tmp_path, shell) as patient:
        patient.install("uv")
        patient.env |= {**SICK, "PATH": f"/gone/.venv/bin:{patient.env['PATH']}"}
        (patient.project / "random.py").write_text("")
        before = patient.examine()
        assert len(before.problems()) >= 7
        assert {"ENV001", "LIB002", "NET001", "NET003", "PY006", "PY009", "UV003"} <= before.codes
        files = sorted(patient.home.rglob("*"))
        line = LINES[shell].format(patient.command)
        told = patient.does(line).stderr.splitlines()
        assert told[-1] == "envdoctor: not for this shell alone, see `envdoctor fix`: PY009"
        assert {text.split(": ")[1] for text in told[:-1]} == before.codes - {"PY009"}
        after = patient.examine()
        new = {problem.partition(":")[0] for problem in after.problems("warning")} - before.codes
        assert new == set()
        assert after.codes & before.codes == {"PY009"}
        again = patient.does(f"{patient.command} fix --session")
        assert again.stdout == ""
        assert len(again.stderr.splitlines()) == 1
        assert sorted(patient.home.rglob("*")) == files


def test_in_a_pane_of_tmux_that_pane_is_cured_and_the_line_cures_new_ones(patient: Patient) -> None:
    patient.env["PIP_TARGET"] = "/opt/packages"
    narrow = ("--select", "PIP003")
    with Tmux(patient) as tmux:
        pane = tmux.session()
        assert pane.examine(*narrow).codes == {"PIP003"}
        told = patient.scratch / "told"
        line = f"{patient.command} fix --session {' '.join(narrow)} 2> {told}"
        assert pane.types(f'eval "$({line})"') == 0
        assert pane.examine(*narrow).codes == set()
        assert tmux.window().examine(*narrow).codes == {"PIP003"}
        said, command = told.read_text().splitlines()[-1].split(", type: ")
        assert said.endswith("of tmux alone; where new panes have PIP_TARGET again")
        assert pane.types(command) == 0
        assert tmux.window().examine(*narrow).codes == set()


def test_an_ordinary_user_has_their_files_changed_and_taken_back_and_they_stay_theirs(ordinary: Patient) -> None:
    narrow = "--select PIP007,PY006"
    ordinary.does(
        "export PYTHONPATH=/none; mkdir -p ~/.config/pip",
        r"printf '[global]\nno-cache-dir = perhaps\n' > ~/.config/pip/pip.conf",
    )
    conf = ordinary.home / ".config" / "pip" / "pip.conf"
    before = conf.read_text()
    assert ordinary.examine(narrow).codes == {"PIP007", "PY006"}
    ordinary.does(f"{ordinary.command} fix --apply --yes {narrow}")
    ordinary.does(f'eval "$({ordinary.command} fix --session {narrow})"')
    assert ordinary.examine(narrow).codes == set()
    assert conf.read_text() != before
    ordinary.does(f"{ordinary.command} fix --undo")
    assert conf.read_text() == before
    assert {file.owner() for file in ordinary.home.rglob("*")} == {ordinary.home.owner()}
