"""What comes before a Python's library and packages: variables, the user's own packages, files of the same name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clinic.conda import make_root
from tests.clinic.environments import BASE, MINOR, another_python, by_venv, make_base
from tests.clinic.patient import TOOLS, Patient

PACKAGES = f"lib/python{MINOR}/site-packages"


@pytest.fixture(params=["bash", "zsh", "fish"])
def user(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Patient]:
    """A user of each shell with an active environment."""
    with Patient(tmp_path / "patient", request.param) as patient:
        activate(patient, by_venv(patient, patient.project / ".venv"))
        yield patient


@pytest.fixture
def bash_user(patient: Patient) -> Patient:
    """The same with bash alone."""
    activate(patient, by_venv(patient, patient.project / ".venv"))
    return patient


def activate(patient: Patient, root: Path) -> None:
    patient.does(f"source {root}/bin/activate{'.fish' if patient.shell_name == 'fish' else ''}")


def install(directory: Path, name: str, version: str) -> Path:
    """Put a package of one module into a directory, as pip would."""
    record = directory / f"{name}-{version}.dist-info"
    record.mkdir(parents=True)
    (record / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (directory / f"{name}.py").write_text(f"__version__ = {version!r}\n")
    return directory


@pytest.mark.sick("PY006")
def test_packages_of_another_version_are_taken_away(user: Patient) -> None:
    other = user.root / "other/lib/python3.9/site-packages"
    install(other, "small", "1.0")
    user.does(f"export PYTHONPATH={other}")
    assert user.does("python -c 'import small; print(small.__version__)'").stdout.strip() == "1.0"
    before = user.examine()
    assert before.finding("PY006")["severity"] == "error"
    user.cure("PY006", before=before)
    assert user.shell.run("python -c 'import small'").status == 1


@pytest.mark.sick("PY006")
def test_only_what_is_wrong_is_taken_away(user: Patient) -> None:
    (user.project / "src").mkdir()
    install(user.project / ".venv" / PACKAGES, "small", "2.0")
    install(user.root / "stray", "small", "1.0")
    user.does(f"export PYTHONPATH={user.project}/src:{user.root}/stray:/nowhere:")
    before = user.examine()
    finding = before.finding("PY006")
    assert finding["severity"] == "warning"
    assert "small 2.0 by 1.0" in finding["message"]
    assert len(finding["evidence"]) == 3
    user.cure("PY006", before=before)
    assert user.does("printenv PYTHONPATH").stdout.strip() == f"{user.project}/src"


@pytest.mark.healthy("PY006", "PY009")
def test_sources_and_tools_on_the_path(bash_user: Patient) -> None:
    for name in ("src/mine", "ide/pydev"):
        (bash_user.project / name).mkdir(parents=True)
        (bash_user.project / name / "__init__.py").touch()
    own = bash_user.project / ".venv" / PACKAGES
    bash_user.does(f"export PYTHONPATH=$PWD/src:$PWD/ide:{own}")
    assert {"PY006", "PY009"} & bash_user.examine().codes == set()


@pytest.mark.healthy("PY006")
def test_what_ros_puts_there_is_information(bash_user: Patient) -> None:
    ros = bash_user.root / f"opt/ros/jazzy/{PACKAGES}"
    ros.mkdir(parents=True)
    bash_user.does(f"export ROS_DISTRO=jazzy PYTHONPATH={ros}")
    assert bash_user.examine().finding("PY006")["severity"] == "info"


@pytest.mark.healthy("PY006")
def test_a_module_of_the_same_python_that_hides_nothing_is_information(bash_user: Patient) -> None:
    module = install(bash_user.root / f"software/small/1.0/{PACKAGES}", "small", "1.0")
    bash_user.does(f"export PYTHONPATH={module}")
    assert bash_user.examine().finding("PY006")["severity"] == "info"


@pytest.mark.sick("PY007")
def test_a_home_of_another_version_lets_nothing_start(user: Patient) -> None:
    user.command = f"{TOOLS}/python -I -m envdoctor"  # nothing else starts now
    user.does(f"export PYTHONHOME={Path(another_python()).resolve().parent.parent}")
    assert user.shell.run("python -c pass").status != 0
    before = user.examine()
    assert before.finding("PY007")["severity"] == "error"
    assert "PY004" not in before.codes
    user.cure("PY007", before=before)
    user.does("python -c pass")


@pytest.mark.sick("PY007")
def test_a_home_of_the_same_version_is_taken_without_a_word(bash_user: Patient) -> None:
    """The surprise of F1-09: nothing fails, `sys.prefix` is right, and the library is another one."""
    program = make_base(bash_user.root / "python")
    bash_user.does(f"export PYTHONHOME={program.parent.parent}")
    seen = bash_user.does("python -c 'import os, sys; print(sys.prefix, os.__file__)'").stdout
    assert seen.split() == [f"{bash_user.project}/.venv", f"{bash_user.root}/python/lib/python{MINOR}/os.py"]
    finding = bash_user.examine().finding("PY007")
    assert finding["severity"] == "error"
    assert "the standard library of another Python" in finding["message"]
    bash_user.cure("PY007")


@pytest.mark.sick("PY007")
def test_the_pythons_own_home_is_a_warning(bash_user: Patient) -> None:
    bash_user.does(f"export PYTHONHOME={Path(BASE).parent.parent}")
    assert bash_user.examine().finding("PY007")["severity"] == "warning"


@pytest.mark.healthy("PY007")
def test_an_empty_home_is_none(bash_user: Patient) -> None:
    bash_user.does("export PYTHONHOME=")
    assert "PY007" not in bash_user.examine().codes


@pytest.mark.sick("PY008")
@pytest.mark.parametrize("shell", ["bash", "fish"])
def test_the_users_package_is_imported_in_place_of_condas(patient: Patient, shell: str) -> None:
    patient.shell_name = shell
    conda = make_root(patient.home / "miniconda3", pip=True)
    install(conda.path / PACKAGES, "small", "2.0")
    install(patient.home / ".local" / PACKAGES, "small", "1.0")
    patient.env |= conda.active(patient.env["PATH"])
    assert patient.does("python -c 'import small; print(small.__version__)'").stdout.strip() == "1.0"
    before = patient.examine()
    assert before.finding("PY008")["severity"] == "warning"
    patient.cure("PY008", before=before)
    assert patient.does("python -c 'import small; print(small.__version__)'").stdout.strip() == "2.0"


@pytest.mark.healthy("PY008")
def test_users_packages_that_nobody_sees_or_that_are_meant(patient: Patient) -> None:
    conda = make_root(patient.home / "miniconda3", pip=True)
    install(conda.path / PACKAGES, "small", "2.0")
    patient.env |= conda.active(patient.env["PATH"])
    install(patient.home / ".local/lib/python3.9/site-packages", "small", "1.0")
    (patient.home / ".local" / PACKAGES).mkdir(parents=True)
    assert "PY008" not in patient.examine().codes
    install(patient.home / ".local" / PACKAGES, "small", "1.0")
    patient.does("export PYTHONUSERBASE=/nowhere")
    assert "PY008" not in patient.examine().codes
    patient.does("unset PYTHONUSERBASE; export PYTHONNOUSERSITE=1")
    assert "PY008" not in patient.examine().codes
    patient.does("unset PYTHONNOUSERSITE")
    activate(patient, by_venv(patient, patient.project / ".venv"))
    assert "PY008" not in patient.examine().codes


@pytest.mark.sick("PY009")
def test_a_file_that_takes_the_place_of_a_standard_module_is_renamed(user: Patient) -> None:
    (user.project / "random.py").write_text("print('mine')\n")
    assert user.does("python -c 'import random'").stdout == "mine\n"
    before = user.examine()
    assert before.finding("PY009")["severity"] == "warning"
    user.cure("PY009", before=before)
    user.does("python -c 'import random; random.choice([1])'")


@pytest.mark.sick("PY009")
@pytest.mark.parametrize("name", ["$(touch PWN)", "a\n`touch PWN`;touch PWN\x1b[0m'", "--;touch PWN"])
def test_a_rename_is_undone_in_a_directory_whose_name_is_a_command(user: Patient, name: str) -> None:
    place = user.project / name
    place.mkdir()
    (place / "random.py").write_text("print('mine')\n")
    (user.root / "place").symlink_to(place)
    user.does(
        f"cd -P {user.root}/place" if user.shell_name != "fish" else f"cd (realpath {user.root}/place | string collect)"
    )
    fix = user.examine().finding("PY009")["fix"]
    assert str(place / "random.py") in fix["undo"]["actions"][0]["argv"]
    user.does(*fix["commands"][user.shell_name])
    assert [path.name for path in place.iterdir()] == ["my_random.py"]
    assert "PY009" not in user.examine().codes
    user.does(*fix["undo"]["commands"][user.shell_name])
    assert [path.name for path in place.iterdir()] == ["random.py"]
    assert user.examine().finding("PY009")["fix"] == fix
    assert not list(user.root.rglob("PWN"))


@pytest.mark.sick("PY009")
def test_a_file_that_takes_the_place_of_a_package(bash_user: Patient) -> None:
    install(bash_user.project / ".venv" / PACKAGES, "torch", "2.9")
    (bash_user.project / "torch.py").write_text("import torch\n")
    bash_user.cure("PY009")


@pytest.mark.healthy("PY009")
def test_names_that_take_nothings_place(bash_user: Patient) -> None:
    project = bash_user.project
    for name in (
        "email/notes.txt",
        "queue/x.py",
        "venv/pyvenv.txt",
        "test.py",
        "tests/__init__.py",
        "os.py",
        "types.txt",
    ):
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).touch()
    assert "PY009" not in bash_user.examine().codes
    install(project / ".venv" / PACKAGES, "mine", "1.0")
    (project / "pyproject.toml").write_text('[project]\nname = "mine"\nversion = "1"\n')
    (project / "mine.py").touch()
    assert "PY009" not in bash_user.examine().codes
    (project / "random.py").touch()
    bash_user.does("export PYTHONSAFEPATH=1")
    assert "PY009" not in bash_user.examine().codes
    bash_user.does("unset PYTHONSAFEPATH", f"cd {os.path.dirname(os.__file__)}")
    assert "PY009" not in bash_user.examine().codes
