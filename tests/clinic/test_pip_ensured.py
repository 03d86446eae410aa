"""A Python whose ensurepip the distribution has split off, and a pip of which only the records are left."""

from __future__ import annotations

import pytest

from tests.clinic.environments import add_pip, by_venv, make_base, provides_pip
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
    first, ensure = split.examine().finding("PIP001")["fix"]["commands"]["bash"]
    assert "sudo apt install python3." in first
    assert split.shell.run(f"{ensure} --version").status == 1
    library = next(split.root.glob("usr/lib/python3.*"))
    (split.root / "python3-venv").rename(library / "ensurepip")  # as the step to read says
    split.does(f"{ensure} --version")  # what it does for real is in `tests.clinic.test_pip`
    assert split.examine().finding("PIP001")["fix"]["commands"]["bash"] == [ensure]


@pytest.mark.sick("PIP002")
@pytest.mark.parametrize("with_uv", [True, False])
def test_a_pip_of_which_only_a_part_is_left(patient: Patient, with_uv: bool) -> None:
    if with_uv:
        provides_pip(patient)
        patient.install("uv")
    [packages] = by_venv(patient, patient.project / ".venv", pip=False).glob("lib/python3*/site-packages")
    add_pip(patient.project / ".venv", linked=False)
    patient.does("source .venv/bin/activate", f"mv {packages}/pip kept")
    assert "No module named 'pip'" in patient.shell.run("pip --version").stderr
    gone = patient.examine("--select", "PIP002").finding("PIP002")
    assert (gone["evidence"][1]["text"], len(gone["fix"]["actions"])) == ("No module named 'pip'", 1 if with_uv else 2)
    patient.does(f"mv kept {packages}/pip", f"rm -r {packages}/pip/_internal")
    assert "No module named 'pip._internal'" in patient.shell.run("pip --version").stderr
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
