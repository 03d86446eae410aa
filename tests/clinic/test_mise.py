"""Pythons that the real mise chooses."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.clinic.patient import Patient
from tests.support import needs_python, needs_tool

pytestmark = pytest.mark.clinic


@pytest.fixture
def mise(patient: Patient) -> Patient:
    """A user of mise with three Pythons, which need not be downloaded."""
    (patient.bin / "mise").symlink_to(needs_tool("mise"))
    installs = patient.home / ".local/share/mise/installs/python"
    installs.mkdir(parents=True)
    for minor in ("3.8", "3.12", "3.13"):
        prefix = Path(needs_python(minor)).parent.parent
        (installs / prefix.name).symlink_to(prefix)
    patient.does("export MISE_OFFLINE=1", "mise reshim", "export PATH=~/.local/share/mise/shims:$PATH")
    return patient


@pytest.mark.sick("PY005")
@pytest.mark.healthy("PY004")
def test_mise_selects_a_python_that_is_maintained(mise: Patient) -> None:
    old = Path(needs_python("3.8")).parent.parent.name
    (mise.project / "mise.toml").write_text(f'[tools]\npython = "{old}"\n')
    assert mise.does("python --version").stdout == f"Python {old}\n"
    before = mise.examine()
    assert "PY004" not in before.codes
    assert "mise use python@3.1" in str(before.finding("PY005")["fix"]["commands"])
    mise.cure("PY005", before=before)
    assert mise.does("python --version").stdout >= "Python 3.12"
    assert "python = " in (mise.project / "mise.toml").read_text()


@pytest.mark.sick("PY004")
def test_mise_has_not_got_the_python_that_a_file_selects(mise: Patient) -> None:
    (mise.project / "mise.toml").write_text('[tools]\npython = "3.9.1"\n')
    assert mise.shell.run("python --version").status != 0
    finding = mise.examine().finding("PY004")
    assert finding["fix"]["actions"] == [
        {"kind": "run", "argv": ["mise", "install"], "variables": [], "directory": None}
    ]
