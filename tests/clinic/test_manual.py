"""What the manual shows is real: the report of the README, and the recipe for scripts and coding agents."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from tests.clinic.conda import make_root
from tests.clinic.patient import Patient
from tests.test_docs import blocks

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
SUMMARY = re.compile(r"^[✓-] [0-9]+ checks? .*\n", re.MULTILINE)


def test_the_report_of_the_readme_is_what_a_machine_shows(patient: Patient, rewrite_golden: bool) -> None:
    patient.install("uv")
    conda = make_root(patient.home / "miniconda3", pip=True)
    patient.env["PATH"] = f"{patient.bin}:{conda.path}/bin:{patient.env['PATH']}"
    patient.prepares("uv", "venv", "--quiet", "--offline", "--python", sys.executable)
    patient.does("source .venv/bin/activate")
    done = patient.shell.run(patient.command)
    assert done.status == 1
    shown = neutral(done.stdout, patient)
    written = README.read_text(encoding="utf-8")
    [block] = [block for block in blocks(README, "text") if block.startswith("envdoctor ")]
    if rewrite_golden:
        written = written.replace(block, shown)
        README.write_text(written, encoding="utf-8")
        block = shown
    assert SUMMARY.sub("", block) == SUMMARY.sub("", shown)  # how many checks apply is the machine's own
    assert len(SUMMARY.findall(block)) == len(SUMMARY.findall(shown)) == 2


def neutral(text: str, patient: Patient) -> str:
    """The same on the machine of somebody else, with the versions of that day."""
    text = text.replace(str(patient.home), "/home/ada")
    text = re.sub(r"^(envdoctor .*) examined this .* in (?=/)", r"\1 examined this bash session in ", text)
    own = ".".join(map(str, sys.version_info[:3]))
    text = re.sub(rf"Python {re.escape(own)}\b", "Python 3.12.1", text)
    text = re.sub(rf"Python {sys.version_info.major}\.{sys.version_info.minor}\b", "Python 3.12", text)
    return re.sub(r"\buv = [0-9.]+", "uv = 0.9.2", text)


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_the_recipe_for_scripts_works_as_it_stands(patient: Patient, shell: str) -> None:
    patient.shell_name = shell
    patient.install("envdoctor")
    patient.does("export VIRTUAL_ENV=$HOME/gone/.venv PATH=$HOME/gone/.venv/bin:$PATH")
    [recipe] = [block for block in blocks(ROOT / "docs" / "agents.md", "sh") if "diff" in block]
    said = [patient.shell.run(line) for line in recipe.strip().splitlines()]
    assert [done.stdout for done in (said[0], said[3])] == ["exit 1\n", "exit 0\n"]
    assert "ENV001 error session safe " in said[1].stdout
    assert "ENV001" in said[4].stdout
    after = json.loads((patient.project / "after.json").read_text())
    assert after["exit_code"] == 0
