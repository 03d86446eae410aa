"""Which Python answers: activations that the search path lost, names that part, Pythons that fail, and healthy ones."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clinic.conda import make_executable, make_root
from tests.clinic.environments import BASE, another_python, by_uv, by_venv
from tests.clinic.patient import Patient
from tests.clinic.pyenvs import give_pyenv
from tests.support import needs_python


@pytest.fixture(params=["bash", "zsh", "fish"])
def user(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Patient]:
    """A user of each shell."""
    with Patient(tmp_path / "patient", request.param) as patient:
        yield patient


def activate(patient: Patient, root: Path) -> None:
    patient.does(f"source {root}/bin/activate{'.fish' if patient.shell_name == 'fish' else ''}")


def set_path(patient: Patient, *directories: Path | str) -> None:
    """Type a new search path; the shell itself, and what it was started with, stay."""
    fish = patient.shell_name == "fish"
    patient.does(
        "set -gx PATH " + " ".join(map(str, directories)) if fish else f"export PATH={':'.join(map(str, directories))}"
    )


def make_directory(path: Path, **links: str) -> Path:
    """A directory of programs, by links."""
    path.mkdir()
    for name, target in links.items():
        (path / name).symlink_to(target)
    return path


@pytest.mark.sick("PY001")
def test_a_forgotten_directory_comes_back(user: Patient) -> None:
    if not Path("/usr/bin/python3").exists():
        pytest.skip("/usr/bin has no python3")
    set_path(user, user.bin)
    before = user.examine()
    assert before.finding("PY001")["severity"] == "warning"
    user.cure("PY001", before=before)
    user.does("python3 -c pass")


@pytest.mark.sick("PY001")
def test_the_projects_environment_is_nearer_than_any_other(user: Patient) -> None:
    by_venv(user, user.project / ".venv")
    set_path(user, user.bin)
    user.cure("PY001")
    assert user.does("python -c 'import sys; print(sys.prefix)'").stdout.strip() == f"{user.project}/.venv"


@pytest.mark.healthy("PY001", "PY003")
def test_a_system_with_python3_alone(patient: Patient) -> None:
    set_path(patient, make_directory(patient.root / "usr", python3=BASE))
    assert {"PY001", "PY003"} & patient.examine().codes == set()


@pytest.mark.sick("PY002")
def test_a_login_shell_forgets_the_environment(patient: Patient) -> None:
    root = by_venv(patient, patient.project / ".venv")
    patient.env |= {"VIRTUAL_ENV": str(root), "PATH": f"{root}/bin:{patient.env['PATH']}"}
    profile = patient.home / ".bash_profile"
    profile.write_text("# mine\nexport PATH=/usr/local/bin:/usr/bin:/bin\n")
    patient.shell_arguments = ("--login",)
    before = patient.examine()
    finding = before.finding("PY002")
    assert f"which {profile}:2 replaces" in finding["message"]
    assert "PY001" not in before.codes
    assert "PIP001" not in before.codes
    patient.cure("PY002", before=before)
    assert patient.does("command -v python").stdout.strip() == f"{root}/bin/python"


@pytest.mark.sick("PY002")
def test_a_line_of_a_nested_shell_puts_another_python_first(user: Patient) -> None:
    root = by_uv(user, user.project / ".venv")
    other = make_directory(user.root / "tools", python=BASE)
    activate(user, root)
    set_path(user, other, "$PATH")
    before = user.examine()
    assert f"{other} comes before it" in before.finding("PY002")["message"]
    user.cure("PY002", before=before)


@pytest.mark.sick("PY002")
def test_the_line_in_the_start_up_file_is_named(patient: Patient) -> None:
    root = by_venv(patient, patient.project / ".venv")
    other = make_executable(patient.root / "tools/python3", f'#!/bin/sh\nexec {BASE} "$@"\n').parent
    (other / "python").symlink_to("python3")
    (patient.home / ".bashrc").write_text(f'export EDITOR=vi\nexport PATH="{other}:$PATH"\n')
    patient.env |= {"VIRTUAL_ENV": str(root), "PATH": f"{root}/bin:{patient.env['PATH']}", "TERM_PROGRAM": "vscode"}
    patient.does("source ~/.bashrc")
    before = patient.examine()
    finding = before.finding("PY002")
    assert finding["message"].endswith(f"put there by {patient.home}/.bashrc:2")
    assert finding["evidence"][-1] == {"text": "a terminal of VS Code", "origin": "TERM_PROGRAM=vscode"}
    patient.cure("PY002", before=before)


@pytest.mark.healthy("PY002", "PY003", "PIP001")
def test_environments_by_other_spellings_and_stacked_ones(patient: Patient) -> None:
    root = by_venv(patient, patient.project / "real")
    (patient.project / "link").symlink_to("real")
    codes = {"PY002", "PY003", "PIP001"}
    patient.does(f"export VIRTUAL_ENV={patient.project}/link/ PATH={root}//bin:$PATH")
    assert codes & patient.examine().codes == set()
    inner = by_venv(patient, patient.project / "inner")
    activate(patient, inner)
    patient.does(f"export TERM_PROGRAM=vscode PATH={inner}/bin:{root}/bin:$PATH")
    assert codes & patient.examine().codes == set()
    conda = make_root(patient.home / "miniconda3", pip=True)
    patient.close_shell()
    patient.env |= conda.active(patient.env["PATH"])
    activate(patient, root)
    assert codes & patient.examine().codes == set()


@pytest.mark.healthy("PY002")
def test_a_shim_that_runs_the_environments_own_python(patient: Patient) -> None:
    root = give_pyenv(patient, "3.11")
    by_venv(patient, root / "versions/mine")
    patient.prepares("pyenv", "rehash")
    patient.env |= {"PYENV_VERSION": "mine", "VIRTUAL_ENV": f"{root}/versions/mine"}
    assert "PY002" not in patient.examine().codes


@pytest.mark.sick("PY003")
def test_an_environment_whose_other_name_was_taken_comes_to_the_front(user: Patient) -> None:
    root = by_venv(user, user.project / ".venv")
    activate(user, root)
    set_path(user, make_directory(user.root / "early", python3=BASE), "$PATH")
    before = user.examine()
    assert before.finding("PY003")["severity"] == "error"
    user.cure("PY003", before=before)


@pytest.mark.sick("PY003")
def test_a_name_of_the_environment_that_leads_out_of_it_is_led_back(user: Patient) -> None:
    root = by_venv(user, user.project / ".venv")
    activate(user, root)
    third = root / "bin" / "python3"
    third.unlink()
    third.symlink_to(needs_python("3.10"))
    user.cure("PY003")
    assert third.resolve() == (root / "bin" / "python").resolve()


@pytest.mark.sick("PY003")
def test_a_conda_environment_with_one_name_gets_the_other(patient: Patient) -> None:
    conda = make_root(patient.home / "miniconda3", pip=True)
    (conda.path / "bin/python3").unlink()
    usr = make_directory(patient.root / "usr", python3=BASE)
    patient.env |= conda.active(f"{usr}:{patient.env['PATH']}")
    assert patient.examine().finding("PY003")["severity"] == "error"
    patient.cure("PY003")


@pytest.mark.sick("PY003")
def test_two_pythons_without_an_environment_make_one_worth_while(patient: Patient) -> None:
    patient.install("uv")
    patient.env |= {"UV_OFFLINE": "1", "UV_PYTHON_DOWNLOADS": "never"}
    set_path(patient, make_directory(patient.root / "first", python=another_python("3.12"), python3=BASE), patient.bin)
    before = patient.examine()
    assert before.finding("PY003")["severity"] == "warning"
    patient.cure("PY003", before=before)


@pytest.mark.healthy("PY003")
def test_several_versions_that_pyenv_was_asked_for(patient: Patient) -> None:
    give_pyenv(patient, "3.1", "2.7")
    (patient.project / ".python-version").write_text("2.7\n3.12\n3.11\n")
    assert patient.does("python3 -c 'import sys; print(sys.version_info[1])'").stdout.strip() == "12"
    assert "PY003" not in patient.examine().codes


@pytest.mark.sick("PY004")
def test_a_script_that_starts_nothing_is_switched_off(user: Patient) -> None:
    set_path(user, user.bin, make_directory(user.root / "usr", python=BASE, python3=BASE, chmod="/bin/chmod"))
    make_executable(user.bin / "python", "#!/usr/lib/gone/python3.8\n")
    before = user.examine()
    assert before.finding("PY004")["severity"] == "error"
    assert "ENV013" not in before.codes
    user.cure("PY004", before=before)
    user.does("python -c pass")


@pytest.mark.sick("PY004")
def test_shims_of_a_pyenv_that_is_gone_leave_the_search_path(patient: Patient) -> None:
    root = give_pyenv(patient, "3.11")
    (root / "version").write_text("3.11\n")
    gone = patient.home / "old-pyenv"
    for shim in (root / "shims").iterdir():
        shim.write_text(shim.read_text().replace(str(root), str(gone)))
        shim.write_text(shim.read_text().replace('exec "', f'exec "{gone}/bin/pyenv" exec "$program" "$@" # "', 1))
    shutil.move(root / "shims", patient.home / "shims")
    shutil.rmtree(root)
    patient.env.pop("PYENV_ROOT")
    patient.env["PATH"] = f"{patient.home}/shims:{patient.bin}:/usr/bin:/bin"
    before = patient.examine()
    assert "which does not exist" in before.finding("PY004")["message"]
    patient.cure("PY004", before=before)


@pytest.mark.healthy("PY004", "PIP001")
def test_a_pin_that_is_not_installed_has_a_name_of_its_own(patient: Patient) -> None:
    """Python fails, and pip quietly becomes the system's: one trouble, told once."""
    give_pyenv(patient, "3.11")
    (patient.project / ".python-version").write_text("3.14\n")
    assert patient.shell.run("python -V").status in (1, 127)
    codes = patient.examine().codes
    assert "PYE002" in codes
    assert {"PY004", "PIP001", "PIP002"} & codes == set()


@pytest.mark.healthy("PY004")
def test_what_is_slow_may_be_well_and_the_run_says_that_it_does_not_know(patient: Patient) -> None:
    make_executable(patient.bin / "python", "#!/bin/sh\nsleep 1000\n")
    examined = patient.examine("--timeout", "1")
    assert examined.result("PY004")["outcome"] == "skipped"
    assert examined.exit_code == 3


@pytest.mark.sick("PY004")
def test_an_interpreter_that_was_asked_for_and_does_not_start(patient: Patient) -> None:
    finding = patient.examine("--python", "/bin/false").finding("PY004")
    assert finding["message"].startswith("`/bin/false` does not start")


@pytest.mark.healthy("PY004", "PY007")
def test_every_python_of_the_machine_starts(patient: Patient) -> None:
    root = give_pyenv(patient)
    for version in sorted(os.listdir(root / "versions")):
        patient.does(f"export PYENV_VERSION={version}")
        assert "PY004" not in patient.examine().codes, version
