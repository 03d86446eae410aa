"""ENV003, ENV004, ENV005, ENV009: environments moved, copied, on another Python, at impossible paths."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.clinic.conda import pip_wheel
from tests.clinic.environments import another_python, by_uv, by_venv, install, make_base, provides_pip
from tests.clinic.patient import Patient
from tests.support import needs_tool


def has_prefix(patient: Patient, root: Path) -> bool:
    return patient.does("python -c 'import sys; print(sys.prefix)'").stdout.strip() == str(root)


@pytest.mark.sick("ENV003")
def test_a_moved_environment_is_recreated_where_it_is(patient: Patient) -> None:
    provides_pip(patient)
    by_uv(patient, patient.home / "old")
    install(patient, patient.home / "old", "alpha")
    root = patient.project / ".venv"
    (patient.home / "old").rename(root)
    before = patient.examine()
    finding = before.finding("ENV003")
    assert finding["evidence"][1]["text"] == f"#!{patient.home}/old/bin/python, and so in 2 more"
    patient.cure("ENV003", before=before, unmasked=["PIP001"])
    assert has_prefix(patient, root)


@pytest.mark.sick("ENV003")
def test_the_activation_of_a_moved_environment_is_one_finding_and_mended_too(patient: Patient) -> None:
    provides_pip(patient)
    by_uv(patient, patient.home / "old")
    root = patient.project / ".venv"
    (patient.home / "old").rename(root)
    patient.does(f"source {root}/bin/activate")
    before = patient.examine()
    assert "ENV003" in before.codes
    assert "ENV001" not in before.codes
    patient.cure("ENV003", before=before, unmasked=["PIP001"])
    assert has_prefix(patient, root)
    assert f"{patient.home}/old" not in patient.does("echo $PATH $VIRTUAL_ENV").stdout


@pytest.mark.healthy("ENV003", "ENV004")
def test_an_environment_that_moved_behind_a_link_is_at_its_place(patient: Patient) -> None:
    by_venv(patient, patient.home / "old")
    root = patient.project / ".venv"
    (patient.home / "old").rename(root)
    (patient.home / "old").symlink_to(root)
    patient.does(f"source {root}/bin/activate")
    assert patient.examine().problems("warning") == []


@pytest.mark.healthy("ENV003", "ENV004")
def test_programs_of_other_languages_and_links_to_other_tools_are_not_mismatched(patient: Patient) -> None:
    root = by_venv(patient, patient.project / ".venv")
    other = by_venv(patient, patient.home / "other")
    install(patient, other, "alpha")
    (root / "bin" / "alpha").symlink_to(other / "bin" / "alpha")
    for name, line in (("shell", "#!/bin/sh"), ("system", "#!/usr/bin/python3"), ("by-name", "#!/usr/bin/env python")):
        (root / "bin" / name).write_text(f"{line}\n")
        (root / "bin" / name).chmod(0o755)
    patient.does(f"source {root}/bin/activate")
    assert patient.examine().problems("warning") == []


@pytest.mark.sick("ENV004")
def test_a_copy_runs_the_original_until_it_is_recreated(patient: Patient) -> None:
    provides_pip(patient)
    original = by_uv(patient, patient.home / "original")
    install(patient, original, "alpha")
    root = patient.project / ".venv"
    shutil.copytree(original, root, symlinks=True)
    assert patient.prepares(root / "bin" / "alpha").strip() == str(original)
    patient.does(f"source {root}/bin/activate")
    before = patient.examine()
    assert str(original) in before.finding("ENV004")["message"]
    patient.cure("ENV004", before=before, unmasked=["PIP001"])
    assert has_prefix(patient, root)
    assert (original / "bin" / "alpha").exists()


@pytest.mark.sick("ENV005")
def test_an_environment_on_another_minor_version_is_recreated_with_its_own(patient: Patient) -> None:
    make_base(patient.home / "opt")
    other = Path(another_python()).resolve()
    root = by_uv(patient, patient.project / ".venv", python=patient.home / "opt/bin/python3")
    install(patient, root, "alpha")
    provides_pip(patient)
    patient.does(f"source {root}/bin/activate")
    assert patient.examine().problems("warning") == []
    for name in ("python", "python3"):
        (root / "bin" / name).unlink(missing_ok=True)
        (root / "bin" / name).symlink_to(other)
    assert patient.shell.run("python -c 'import alpha'").status == 1
    before = patient.examine()
    assert before.finding("ENV005")["severity"] == "error"
    patient.cure("ENV005", before=before, unmasked=["PIP001"])
    assert patient.does("python -V").stdout.startswith("Python 3.11")


@pytest.mark.sick("ENV005")
def test_an_older_patch_under_uv_is_mentioned(patient: Patient) -> None:
    provides_pip(patient)
    root = by_uv(patient, patient.project / ".venv")
    config = root / "pyvenv.cfg"
    lines = [f"{line}9" if line.startswith("version_info") else line for line in config.read_text().splitlines()]
    config.write_text("\n".join(lines))
    patient.does(f"source {root}/bin/activate")
    before = patient.examine()
    assert before.finding("ENV005")["severity"] == "info"
    patient.cure("ENV005", before=before, unmasked=["PIP001"])


@pytest.mark.healthy("ENV005")
def test_a_newer_patch_is_normal(patient: Patient) -> None:
    root = by_venv(patient, patient.project / ".venv")
    config = root / "pyvenv.cfg"
    config.write_text(config.read_text().replace("version = 3.11.", "version = 3.11.0\nold = "))
    patient.does(f"source {root}/bin/activate")
    assert patient.examine().problems("warning") == []


@pytest.mark.sick("ENV009")
def test_a_colon_in_the_path_needs_another_place(patient: Patient) -> None:
    patient.cwd = patient.home / "co:lon"
    patient.cwd.mkdir()
    root = by_uv(patient, patient.cwd / ".venv")
    provides_pip(patient)
    patient.cure("ENV009")
    assert not root.exists()
    assert has_prefix(patient, patient.home / ".virtualenvs" / "co-lon")


@pytest.mark.sick("ENV009")
@pytest.mark.parametrize("patient", ["zsh", "fish"], indirect=True)
def test_a_path_that_the_shell_expands_needs_another_place(patient: Patient) -> None:
    patient.cwd = patient.home / "p$USER"
    patient.cwd.mkdir()
    root = by_venv(patient, patient.cwd / ".venv")
    suffix = ".fish" if patient.shell.name == "fish" else ""
    leads = patient.does(f"source '{root}/bin/activate{suffix}'; echo $VIRTUAL_ENV; deactivate").stdout.strip()
    assert leads != str(root)
    patient.cure("ENV009")
    assert not root.exists()
    assert has_prefix(patient, patient.home / ".virtualenvs" / "p-USER")


@pytest.mark.sick("ENV009")
def test_quotes_in_a_path_need_another_place_and_are_no_move(patient: Patient) -> None:
    patient.cwd = patient.home / 'a "b" c'
    patient.cwd.mkdir()
    root = by_venv(patient, patient.cwd / ".venv", pip=False)
    pip = root / "bin" / "pip"
    pip.write_text(f"""#!/bin/sh\n'''exec' "{root}/bin/python" "$0" "$@"\n' '''\n""")  # as pip writes it
    pip.chmod(0o755)
    assert "not found" in patient.shell.run(f"'{pip}'").stderr
    patient.cure("ENV009")
    assert not root.exists()


@pytest.mark.sick("ENV009")
def test_a_script_whose_first_line_is_cut_at_a_blank_is_written_anew(patient: Patient) -> None:
    patient.cwd = patient.home / "my project"
    patient.cwd.mkdir()
    root = by_uv(patient, patient.cwd / ".venv", pip=False)
    (root / "bin" / "tool").write_text(f"#!{root}/bin/python\nprint()\n")
    (root / "bin" / "tool").chmod(0o755)
    patient.cure("ENV009", unmasked=["PIP001"])


@pytest.mark.healthy("ENV009")
def test_blanks_and_length_are_fine_with_the_scripts_of_today(patient: Patient) -> None:
    patient.cwd = patient.home / f"my {'very ' * 20}long project"
    patient.cwd.mkdir()
    root = by_venv(patient, patient.cwd / ".venv", pip=False)
    install(patient, root, "alpha")
    patient.prepares(needs_tool("uv"), "pip", "install", "-q", "--offline", "-p", root, pip_wheel())
    patient.does(f"source '{root}/bin/activate'")
    assert patient.does("alpha").stdout.strip() == str(root)
    assert patient.examine().problems("warning") == []
