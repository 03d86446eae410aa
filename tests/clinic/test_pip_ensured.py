"""A Python whose ensurepip the distribution has split off, and a pip of which only the records are left."""

from __future__ import annotations

import pytest

from tests.clinic.environments import by_venv, make_base, provides_pip
from tests.clinic.patient import Patient


@pytest.fixture
def split(patient: Patient) -> Patient:
    """An active environment without pip, on a Python without ensurepip, behind which another pip answers."""
    base = make_base(patient.root / "usr")
    (base.parent.parent / "lib" / base.name / "ensurepip").rename(patient.root / "python3-venv")
    by_venv(patient, patient.project / ".venv", python=base, pip=False)
    other = by_venv(patient, patient.home / "other")
    (patient.bin / "pip").symlink_to(other / "bin/pip")
    patient.does("source .venv/bin/activate")
    return patient


@pytest.mark.sick("PIP001")
def test_uv_brings_a_pip_where_the_distribution_has_none(split: Patient) -> None:
    provides_pip(split)
    split.install("uv")
    assert "No module named ensurepip" in split.shell.run("python -m ensurepip").stderr
    before = split.examine()
    [command] = before.finding("PIP001")["fix"]["commands"]["bash"]
    assert command.startswith("uv pip install --python ")
    split.cure("PIP001", before=before)
    assert f"{split.project}/.venv" in split.does("pip --version").stdout


@pytest.mark.sick("PIP001")
def test_without_uv_the_systems_package_comes_first(split: Patient) -> None:
    finding = split.examine().finding("PIP001")
    first, ensure = finding["fix"]["commands"]["bash"]
    assert "sudo apt install python3." in first
    library = next(split.root.glob("usr/lib/python3.*"))
    (split.root / "python3-venv").rename(library / "ensurepip")  # as the step to read says
    split.does(ensure)
    assert "PIP001" not in split.examine().codes


@pytest.mark.sick("PIP002")
@pytest.mark.parametrize(
    ("with_uv", "gone", "module"), [(True, "", "pip"), (False, "", "pip"), (False, "/_internal", "pip._internal")]
)
def test_a_pip_of_which_only_a_part_is_left(patient: Patient, with_uv: bool, gone: str, module: str) -> None:
    if with_uv:
        provides_pip(patient)
        patient.install("uv")
    patient.prepares("python3", "-m", "venv", patient.project / ".venv")
    patient.does("source .venv/bin/activate", f"rm -r .venv/lib/python3*/site-packages/pip{gone}")
    assert f"No module named '{module}'" in patient.shell.run("pip --version").stderr
    patient.cure("PIP002")
    patient.does("pip --version")


@pytest.mark.sick("PIP002")
def test_a_launcher_of_which_only_a_part_is_left(patient: Patient) -> None:
    provides_pip(patient)
    patient.env |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": f"{patient.root}/seeds"}
    pip = by_venv(patient, patient.project / ".venv") / "bin/pip"
    pip.write_text("")
    patient.does("source .venv/bin/activate")
    assert patient.does("pip --version").stdout == ""
    patient.cure("PIP002")
    assert f"{patient.project}/.venv" in patient.does("pip --version").stdout
    whole = pip.read_text()  # as pip itself writes it
    said = []
    for rest in (whole.partition("\n")[2], "\0" * len(whole), whole[:-30]):
        pip.write_text(rest)
        said.append(patient.examine("--select PIP002").finding("PIP002")["message"].rpartition("/bin/pip ")[2])
    first = "has lost its first line, which names its Python"
    assert said == [first, "holds nothing but zero bytes", "is cut short"]


@pytest.mark.healthy("PIP001")
def test_an_environment_whose_own_pip_answers_needs_no_ensurepip(patient: Patient) -> None:
    base = make_base(patient.root / "usr")
    (base.parent.parent / "lib" / base.name / "ensurepip").unlink()
    by_venv(patient, patient.project / ".venv", python=base)
    patient.does("source .venv/bin/activate")
    assert {"PIP001", "PIP002"} & patient.examine().codes == set()
