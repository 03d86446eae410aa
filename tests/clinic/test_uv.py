"""uv beside conda, old and new, with settings that stop it or send it elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.clinic.conda import CondaRoot, make_prefix, make_root
from tests.clinic.environments import by_virtualenv
from tests.clinic.patient import Patient
from tests.clinic.tree import in_effect
from tests.clinic.uv import install_uv, newest_uv, old_uv


@pytest.fixture
def conda(patient: Patient) -> CondaRoot:
    """conda, set up for bash, with one environment; and a project with an environment of its own."""
    root = make_root(patient.home / "miniconda3", pip=True)
    root.environment("ml", pip=True)
    (patient.home / ".bashrc").write_text(root.block())
    patient.install("uv")
    by_virtualenv(patient.project / ".venv")
    (patient.project / "pyproject.toml").write_text('[project]\nname = "app"\nversion = "0"\ndependencies = []\n')
    return root


def where_uv_goes(patient: Patient) -> str:
    """The environment that the shell's own uv would install into."""
    done = patient.shell.run(
        f"uv pip install --dry-run --offline -v -r {os.devnull} 2>&1 | grep -o 'environment at: .*'"
    )
    return os.path.normpath(patient.project / done.stdout.strip().removeprefix("environment at: "))


@pytest.mark.sick("UV001")
def test_a_child_of_conda_that_was_left_active(patient: Patient, conda: CondaRoot) -> None:
    patient.does("source ~/.bashrc", "conda activate ml")
    assert where_uv_goes(patient) == f"{conda.path}/envs/ml"
    before = patient.examine()
    assert before.finding("UV001")["severity"] == "error"
    patient.cure("UV001", before=before)
    assert where_uv_goes(patient) == f"{patient.project}/.venv"


@pytest.mark.sick("UV001")
def test_an_active_base_is_only_a_note(patient: Patient, conda: CondaRoot) -> None:
    (patient.project / "uv.lock").write_text('version = 1\nrequires-python = ">=3.9"\n')
    patient.does("source ~/.bashrc", "conda activate base")
    assert where_uv_goes(patient) == f"{patient.project}/.venv"
    assert patient.examine().finding("UV001")["severity"] == "info"


@pytest.mark.sick("UV006")
def test_an_old_uv_installs_into_the_base(
    patient: Patient, conda: CondaRoot, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (patient.bin / "uv").unlink()
    (patient.bin / "uv").symlink_to(old_uv("0.8.17", tmp_path_factory.getbasetemp().parent / "old-uv"))
    patient.does("source ~/.bashrc", "conda activate base")
    assert where_uv_goes(patient) == str(conda.path)
    patient.cure("UV006")
    assert where_uv_goes(patient) == f"{patient.project}/.venv"


@pytest.mark.sick("UV002")
def test_an_old_uv_in_the_base_hides_the_newer(patient: Patient, conda: CondaRoot) -> None:
    install_uv("0.8.17", conda.path)
    patient.does("source ~/.bashrc", "conda activate base", "cd ~")
    before = patient.examine()
    assert before.finding("UV002")["where"] == f"{conda.path}/bin/uv"
    patient.cure("UV002", before=before)
    assert patient.does("command -v uv").stdout.strip() == str(patient.bin / "uv")


@pytest.mark.sick("UV003")
@pytest.mark.parametrize("patient", ["fish"], indirect=True)
def test_an_empty_value_stops_uv(patient: Patient) -> None:
    patient.install("uv")
    patient.env["UV_OFFLINE"] = ""
    assert patient.shell.run("uv cache dir").status == 2
    patient.cure("UV003")
    patient.does("uv cache dir")


@pytest.mark.sick("UV003")
def test_a_value_stops_only_some_commands(patient: Patient) -> None:
    patient.install("uv")
    patient.env["UV_SYSTEM_PYTHON"] = ""
    patient.does("uv cache dir")
    assert patient.shell.run("uv pip list").status == 2
    patient.cure("UV003")


@pytest.mark.sick("UV003")
@pytest.mark.healthy("UV003")
def test_another_uv_is_asked_for(patient: Patient) -> None:
    patient.install("uv")
    manifest, head = patient.project / "pyproject.toml", '[project]\nname = "app"\nversion = "1"\n[tool.uv]\n'
    manifest.write_text(f'{head}required-version = ">=99"\n')
    said = patient.shell.run("uv lock")
    [finding] = patient.examine("--select", "UV,PRJ").result("UV003")["findings"]
    assert (said.status, finding["where"]) == (2, f"{manifest}:5")
    assert said.stderr.removeprefix("error: ").strip() in finding["message"]
    manifest.write_text(f'{head}required-version = ">=0.5"\n')  # as the step to read says
    patient.does("uv lock --dry-run")
    assert "UV003" not in patient.examine("--select", "UV,PRJ").codes
    manifest.write_text(f"{head}index = 3\n")  # one cause, one finding
    assert patient.shell.run("uv lock").status == 2
    assert {"UV003", "PRJ008"} & patient.examine("--select", "UV,PRJ").codes == {"PRJ008"}


@pytest.mark.sick("UV003")
def test_a_key_that_this_uv_does_not_know(patient: Patient) -> None:
    patient.install("uv")
    config = patient.home / ".config/uv/uv.toml"
    config.parent.mkdir(parents=True)
    config.write_text('link-mode = "copy"\nshiny = true\n')
    patient.cure("UV003")
    assert in_effect(config) == 'link-mode = "copy"\n'
    patient.does("uv cache dir")


@pytest.mark.sick("UV004")
@pytest.mark.parametrize("patient", ["zsh"], indirect=True)
def test_a_variable_beats_the_active_environment(patient: Patient) -> None:
    patient.install("uv")
    by_virtualenv(patient.project / ".venv")
    by_virtualenv(patient.home / "other")
    patient.env["UV_PYTHON"] = f"{patient.home}/other"
    patient.does("source .venv/bin/activate")
    assert where_uv_goes(patient) == f"{patient.home}/other"
    patient.cure("UV004")
    assert where_uv_goes(patient) == f"{patient.project}/.venv"


@pytest.mark.sick("UV004")
def test_the_projects_environment_is_condas_base(patient: Patient, conda: CondaRoot) -> None:
    patient.env["UV_PROJECT_ENVIRONMENT"] = str(conda.path)
    before = patient.examine()
    assert before.finding("UV004")["severity"] == "error"
    patient.cure("UV004", before=before)


@pytest.mark.sick("UV005")
def test_another_environment_than_the_projects_is_active(patient: Patient) -> None:
    patient.install("uv")
    (patient.project / "pyproject.toml").write_text(
        '[project]\nname = "app"\nversion = "0"\n[tool.uv]\npackage = false\n'
    )
    by_virtualenv(patient.home / "tools")
    patient.does("source ../tools/bin/activate")
    patient.cure("UV005")
    assert patient.does("echo ${VIRTUAL_ENV-unset}; echo $PATH").stdout.splitlines()[0] == "unset"
    assert "/tools/bin" not in patient.does("echo $PATH").stdout


@pytest.mark.sick("ENV007")
def test_where_the_project_has_an_environment_the_other_one_is_no_matter_of_uv_alone(patient: Patient) -> None:
    patient.install("uv")
    (patient.project / "pyproject.toml").write_text(
        '[project]\nname = "app"\nversion = "0"\n[tool.uv]\npackage = false\n'
    )
    for root in (patient.project / ".venv", patient.home / "tools"):
        by_virtualenv(root)
    patient.does("source ../tools/bin/activate")
    before = patient.examine()
    assert "UV005" not in before.codes
    patient.cure("ENV007", before=before)
    assert patient.does("echo $VIRTUAL_ENV").stdout.strip() == f"{patient.project}/.venv"


@pytest.mark.sick("UV007")
def test_uv_as_a_module_goes_to_its_own_python(patient: Patient) -> None:
    own = make_prefix(patient.home / "python", pip=True)
    by_virtualenv(patient.project / ".venv")
    install_uv("0.12.5", own)
    patient.env["PATH"] = f"{own}/bin:{patient.env['PATH']}"
    assert where_uv_goes(patient) == f"{patient.project}/.venv"
    as_module = patient.shell.run(f"python -m uv pip install --dry-run --offline -r {os.devnull} 2>&1")
    assert f"environment at: {own}" in as_module.stdout
    assert patient.examine().finding("UV007")["severity"] == "info"
    patient.does("hash -r", f"export PATH=${{PATH#{own}/bin:}}")
    assert "UV007" not in patient.examine().codes


# The healthy ward


@pytest.mark.healthy("UV001", "UV002", "UV004", "UV005", "UV006")
def test_uv_in_condas_base_with_the_base_under_an_active_environment(patient: Patient, conda: CondaRoot) -> None:
    (conda.path / "bin/uv").symlink_to(newest_uv())
    patient.does("source ~/.bashrc", "conda activate base", "source .venv/bin/activate")
    assert patient.does("command -v uv").stdout.strip() == f"{conda.path}/bin/uv"
    assert where_uv_goes(patient) == f"{patient.project}/.venv"
    assert patient.examine().problems() == []


@pytest.mark.healthy("UV004", "UV005")
def test_an_environment_elsewhere_that_a_variable_makes_the_projects_own(patient: Patient) -> None:
    patient.install("uv")
    (patient.project / "pyproject.toml").write_text(
        '[project]\nname = "p"\nversion = "1"\n[tool.uv]\npackage = false\n'
    )
    patient.prepares(newest_uv(), "venv", "-q", patient.home / "envs/p")
    patient.does(f"source {patient.home}/envs/p/bin/activate", "export UV_PROJECT_ENVIRONMENT=$VIRTUAL_ENV")
    assert {"UV001", "UV004", "UV005"} & patient.examine().codes == set()
    patient.does("unset UV_PROJECT_ENVIRONMENT")
    patient.cure("UV005", arguments=("--select", "UV"))
    assert patient.shell.run("command -v python").stdout != f"{patient.home}/envs/p/bin/python\n"


@pytest.mark.healthy("UV002")
def test_several_copies_of_one_version(patient: Patient, conda: CondaRoot) -> None:
    Path(conda.path / "bin/uv").write_bytes(Path(newest_uv()).read_bytes())
    (conda.path / "bin/uv").chmod(0o755)
    patient.does("source ~/.bashrc", "conda activate base", "source .venv/bin/activate")
    assert "UV002" not in patient.examine().codes


@pytest.mark.healthy("UV001", "UV004")
def test_uv_finds_the_projects_environment_and_nothing_is_active(patient: Patient, conda: CondaRoot) -> None:
    assert not {code for code in patient.examine().codes if code.startswith(("UV", "CND"))}
