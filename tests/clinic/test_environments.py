"""ENV001, ENV002, ENV008, ENV010: environments that are not there or cannot run, made sick and cured for real."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from tests.clinic.conda import make_prefix
from tests.clinic.environments import BASE, MINOR, add_pip, by_uv, by_venv, install, make_base, provides_pip, uv_project
from tests.clinic.patient import Patient
from tests.support import needs_python, needs_tool


@pytest.mark.sick("ENV001")
@pytest.mark.parametrize("shell", ["bash", "fish"])
def test_an_active_environment_that_is_deleted_is_left(shell: str, tmp_path: Path) -> None:
    with Patient(tmp_path / "patient", shell) as patient:
        root = by_venv(patient, patient.home / "old")
        patient.does(f"source {root}/bin/activate{'.fish' if shell == 'fish' else ''}")
        assert "ENV001" not in patient.examine().codes
        shutil.rmtree(root)
        before = patient.examine()
        assert before.finding("ENV001")["severity"] == "error"
        patient.cure("ENV001", before=before)
        assert patient.does("echo $PATH").stdout.replace(" ", ":").split(":")[0].strip() == str(patient.bin)


@pytest.mark.sick("ENV001")
def test_a_variable_that_was_inherited_without_its_function_is_removed(patient: Patient) -> None:
    patient.env["VIRTUAL_ENV"] = f"{patient.home}/gone"
    before = patient.examine()
    assert before.finding("ENV001")["severity"] == "warning"
    patient.cure("ENV001", before=before)
    assert patient.does("echo ${VIRTUAL_ENV-unset}").stdout == "unset\n"


@pytest.mark.sick("ENV001")
def test_a_relative_value_becomes_absolute(patient: Patient) -> None:
    root = by_venv(patient, patient.project / ".venv")
    patient.env.update(VIRTUAL_ENV=".venv", PATH=f"{root}/bin:{patient.env['PATH']}")
    patient.cure("ENV001")
    assert patient.does("echo $VIRTUAL_ENV").stdout == f"{root}\n"


@pytest.mark.sick("ENV001")
def test_a_variable_that_names_the_bin_directory_is_left(patient: Patient) -> None:
    root = by_venv(patient, patient.home / "env")
    patient.env["VIRTUAL_ENV"] = f"{root}/bin"
    patient.cure("ENV001")


@pytest.mark.healthy("ENV001", "ENV007")
def test_an_environment_behind_a_link_or_with_a_slash_is_active(patient: Patient) -> None:
    root = by_venv(patient, patient.home / "env")
    (patient.project / ".venv").symlink_to(root)
    for spelling in (f"{patient.project}/.venv", f"{root}/", f"{root}//"):
        patient.env.update(VIRTUAL_ENV=spelling, PATH=f"{root}/bin:/usr/bin:/bin")
        patient.close_shell()
        assert patient.examine().problems("warning") == []


@pytest.mark.sick("ENV002")
def test_a_venv_whose_base_is_gone_is_recreated_on_what_there_is(patient: Patient) -> None:
    python = make_base(patient.home / "opt")
    root = by_venv(patient, patient.project / ".venv", python=python)
    patient.does(f"source {root}/bin/activate")
    assert patient.examine().problems("warning") == []
    shutil.rmtree(patient.home / "opt")
    before = patient.examine()
    assert before.finding("ENV002")["severity"] == "error"
    patient.cure("ENV002", before=before)
    assert patient.does("python -c 'import sys; print(sys.prefix)'").stdout.strip() == str(root)


OTHER = "3.12" if MINOR != "3.12" else "3.13"  # of its own version, a tool takes the Python that runs it
SESSION = f"""import nox
@nox.session(python={OTHER!r}, reuse_venv=True)
def py(session):
    session.run("python", "-V")
"""
SESSIONS = {
    "tox": ("tox.ini", f"[testenv:py]\nskip_install = true\nbase_python = python{OTHER}\n", "tox run -e py"),
    "nox": ("noxfile.py", SESSION, "nox"),
}


@pytest.mark.healthy("ENV002", "ENV008")
@pytest.mark.parametrize("tool", SESSIONS)
def test_an_environment_of_tox_or_nox_is_made_again_by_them(patient: Patient, tool: str) -> None:
    name, text, command = SESSIONS[tool]
    (patient.project / name).write_text(text)
    patient.install(tool)
    another = needs_python(OTHER)
    base = make_base(patient.home / "opt", another).parent
    (patient.bin / f"python{OTHER}").symlink_to(another)
    patient.does(f"(export PATH={base}:$PATH; {command})")
    [environment] = patient.project.glob(f".{tool}/py*")
    python = environment / "bin" / "python"
    assert os.path.realpath(python).startswith(str(base))
    before = patient.examine().problems()
    shutil.rmtree(patient.home / "opt")
    assert not python.exists()
    assert patient.examine().problems() == before
    patient.does(command, f"{python} --version")


@pytest.mark.sick("ENV002")
def test_a_project_of_uv_gets_its_environment_back_from_the_lock(patient: Patient) -> None:
    patient.install("uv")
    project = uv_project(patient)
    python = make_base(patient.home / "opt")
    by_uv(patient, project / ".venv", python=python)
    shutil.rmtree(patient.home / "opt")
    before = patient.examine()
    assert [command.split("&& ")[1] for command in before.finding("ENV002")["fix"]["commands"]["bash"]] == [
        f"uv venv --clear {project}/.venv)",
        "uv sync)",
    ]
    patient.cure("ENV002", before=before)


@pytest.mark.sick("ENV002")
def test_a_project_of_poetry_is_recreated_by_poetry(patient: Patient) -> None:
    patient.install("poetry")
    (patient.project / "pyproject.toml").write_text(
        '[project]\nname = "p"\nversion = "1"\nrequires-python = ">=3.9"\n\n[tool.poetry]\npackage-mode = false\n'
    )
    (patient.project / "poetry.toml").write_text("[virtualenvs]\nin-project = true\n")
    root = by_venv(patient, patient.project / ".venv")
    python = root / "bin" / "python"
    python.unlink()
    python.symlink_to("/gone/bin/python3.11")
    patient.cure("ENV002")
    assert os.path.exists(python)


@pytest.mark.sick("ENV002")
@pytest.mark.healthy("ENV002")
def test_poetrys_other_environments_of_the_project_are_left_alone(patient: Patient) -> None:
    patient.install("poetry")
    (patient.project / "pyproject.toml").write_text(
        '[project]\nname = "p"\nversion = "1"\nrequires-python = ">=3.9"\n\n[tool.poetry]\npackage-mode = false\n'
    )
    patient.prepares("poetry", "env", "use", needs_python("3.12"))
    patient.prepares("poetry", "env", "use", needs_python("3.13"))
    made = patient.home / ".cache/pypoetry/virtualenvs"
    [sound] = made.glob("*-py3.12")
    [broken] = made.glob("*-py3.13")
    assert patient.examine().problems("warning") == []
    python = broken / "bin" / "python"
    python.unlink()
    python.symlink_to("/gone/bin/python3.13")
    patient.cure("ENV002")
    assert (sound / "bin" / "python").exists()
    assert not any(os.readlink(one / "bin" / "python").startswith("/gone") for one in made.glob("*-py3.*"))


@pytest.mark.sick("ENV002")
@pytest.mark.parametrize("active", [False, True])
def test_what_pipenv_keeps_elsewhere_is_recreated_by_pipenv(patient: Patient, active: bool) -> None:
    patient.install("pipenv")
    (patient.project / "Pipfile").write_text("[packages]\n")
    meta = {"hash": {"sha256": ""}, "pipfile-spec": 6, "requires": {}, "sources": []}
    lock = {"_meta": meta, "default": {}, "develop": {}}
    (patient.project / "Pipfile.lock").write_text(json.dumps(lock))
    patient.env["PIPENV_PYTHON"] = BASE
    patient.prepares("pipenv", "sync")
    [root] = (patient.home / ".local/share/virtualenvs").iterdir()
    python = root / "bin" / "python"
    if active:
        patient.does(f"source {root}/bin/activate")
    python.unlink()
    python.symlink_to("/gone/bin/python3.11")
    patient.cure("ENV002")
    assert python.exists()


@pytest.mark.healthy("ENV008")
def test_a_conda_environment_may_be_called_so(patient: Patient) -> None:
    make_prefix(patient.project / ".venv")
    assert "ENV008" not in patient.examine().codes


@pytest.mark.healthy("ENV002", "ENV010")
def test_a_wrong_home_does_not_matter_while_the_link_is_good(patient: Patient) -> None:
    root = by_venv(patient, patient.project / ".venv")
    config = root / "pyvenv.cfg"
    config.write_text(config.read_text().replace(f"home = {os.path.dirname(BASE)}", "home = /gone/bin"))
    patient.does(f"source {root}/bin/activate")
    assert patient.examine().problems("warning") == []


@pytest.mark.healthy("ENV002", "ENV008", "ENV003", "ENV004", "ENV005", "ENV009", "ENV011", "ENV014")
@pytest.mark.parametrize(
    "tool", ["venv", "copies", "virtualenv", "uv", "moved though relocatable", "symlink", "redirect"]
)
def test_an_environment_by_any_tool_and_in_any_form_is_healthy(tool: str, patient: Patient) -> None:
    root = active = patient.project / ".venv"
    match tool:
        case "venv":
            by_venv(patient, root, python=make_base(patient.home / "opt"))
        case "copies":
            by_venv(patient, root, "--copies", python=needs_python("3.12"))
        case "virtualenv":
            make = (needs_tool("virtualenv"), "-q", "--no-download", "--no-periodic-update")
            patient.prepares(*make, "-p", BASE, root)
        case "uv":
            by_uv(patient, root)
        case "moved though relocatable":
            by_uv(patient, patient.home / "made", "--relocatable", pip=False)
            install(patient, patient.home / "made", "alpha")
            os.rename(patient.home / "made", root)
            add_pip(root)
        case "symlink":
            active = by_uv(patient, patient.home / "store")
            root.symlink_to(active)
        case _:
            active = by_uv(patient, patient.home / "store")
            root.write_text("../store\n")
    patient.does(f"source {active}/bin/activate")
    assert patient.examine().problems("warning") == []


@pytest.mark.sick("ENV008")
@pytest.mark.parametrize("part", ["python", "pyvenv.cfg", "lib", "config"])
def test_an_incomplete_environment_is_made_whole(part: str, patient: Patient) -> None:
    root = by_uv(patient, patient.project / ".venv", pip=False)
    provides_pip(patient)
    if part == "python":
        for name in ("python", "python3", f"python{MINOR}"):
            (root / "bin" / name).unlink()
    elif part == "lib":
        shutil.rmtree(root / "lib")
    elif part == "config":
        (root / "pyvenv.cfg").write_bytes(b"\0\xff" * 100)
    else:
        (root / "pyvenv.cfg").unlink()
        (root / "bin" / "activate").unlink()
    patient.cure("ENV008", unmasked=["PIP001"])


@pytest.mark.sick("ENV008")
def test_an_active_environment_without_its_configuration_is_made_anew_and_its_base_is_left_alone(
    patient: Patient,
) -> None:
    base = make_base(patient.home / "opt").parent.parent
    uv_project(patient)
    root = by_uv(patient, patient.project / ".venv", python=base / "bin" / f"python{MINOR}", pip=False)
    patient.does(f"source {root}/bin/activate")
    (root / "pyvenv.cfg").unlink()
    untouched = sorted(base.rglob("*"))
    before = patient.examine()
    assert "PY002" not in before.codes
    patient.cure("ENV008", before=before)
    assert patient.does("python -c 'import sys; print(sys.prefix)'").stdout.strip() == str(root)
    assert sorted(base.rglob("*")) == untouched


@pytest.mark.sick("ENV008")
def test_a_link_to_nothing_is_replaced(patient: Patient) -> None:
    patient.install("uv")
    uv_project(patient)
    (patient.project / ".venv").symlink_to("/gone/environments/project")
    before = patient.examine()
    assert before.finding("ENV008")["severity"] == "error"
    patient.cure("ENV008", before=before)


@pytest.mark.healthy("ENV008")
def test_a_venv_directory_for_something_else_is_left_alone(patient: Patient) -> None:
    (patient.project / ".venv").mkdir()
    assert patient.examine().problems("warning") == []
    by_venv(patient, patient.project / ".venv" / "dev")
    patient.close_shell()
    assert patient.examine().problems("warning") == []


@pytest.mark.sick("ENV010")
def test_a_windows_environment_is_left_alone_and_a_second_one_made(patient: Patient) -> None:
    root = patient.project / ".venv"
    (root / "Scripts").mkdir(parents=True)
    (root / "Lib" / "site-packages").mkdir(parents=True)
    (root / "Scripts" / "python.exe").write_bytes(b"MZ\0\0")
    (root / "pyvenv.cfg").write_text("home = C:\\Python312\nversion = 3.12.1\n")
    before = patient.examine()
    assert before.finding("ENV010")["severity"] == "error"
    patient.cure("ENV010", before=before)
    assert (root / "Scripts" / "python.exe").exists()
    assert patient.does("python -c 'import sys; print(sys.prefix)'").stdout.startswith(f"{root}-")


@pytest.mark.sick("ENV010")
def test_the_environment_of_a_container_is_left_alone(patient: Patient) -> None:
    patient.install("uv")
    project = uv_project(patient)
    root = by_uv(patient, project / ".venv")
    python = root / "bin" / "python"
    python.unlink()
    python.symlink_to("/usr/local/lib/python-of-an-image/bin/python3.12")
    activate = root / "bin" / "activate"
    activate.write_text(activate.read_text().replace(str(root), "/app-of-an-image/.venv"))
    patient.shell_arguments = ["--noprofile", "--noediting", "-i"]
    patient.cure("ENV010", unmasked=["PIP001"])
    patient.close_shell()  # a new shell has no variable but what its start-up file sets
    seen = patient.does("uv run --offline python -c 'import sys; print(sys.prefix)'", "ls -d .venv*").stdout
    assert patient.does("uv sync --offline && uv run --offline python -c 'import sys; print(sys.prefix)'").stdout == (
        f"{seen.splitlines()[-1].replace('.venv', str(root))}\n"
    )
    assert "ENV010" not in patient.examine().codes
    assert python.is_symlink()


@pytest.mark.sick("ENV010")
def test_without_the_line_uv_would_remove_the_environment_of_the_container(patient: Patient) -> None:
    patient.install("uv")
    root = by_uv(patient, uv_project(patient) / ".venv")
    (root / "bin" / "python").unlink()
    (root / "bin" / "python").symlink_to("/usr/local/lib/python-of-an-image/bin/python3.12")
    patient.does("uv run --offline python -c pass")
    assert os.readlink(root / "bin" / "python") != "/usr/local/lib/python-of-an-image/bin/python3.12"
