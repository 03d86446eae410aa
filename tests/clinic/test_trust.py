"""Nothing that a stranger has put here is run: each program that is planted would leave a mark."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.clinic.patient import Patient
from tests.support import needs_tool

COMMANDS = ("", "which --format json", "envs --format json --under .")


STRANGER = 54_321


def booby_trapped(root: Path, mark: Path) -> Path:
    """An environment as somebody may commit it: a link to the system's Python, and code that runs when it starts."""
    python = Path(os.path.realpath(sys.executable))
    site = root / f"lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages"
    site.mkdir(parents=True)
    (site / "evil.pth").write_text(f"import os; open({str(mark)!r}, 'w').close()\n")
    (root / "bin").mkdir()
    (root / "bin/python").symlink_to(python)
    (root / "bin/python3").symlink_to("python")
    (root / "pyvenv.cfg").write_text(f"home = {python.parent}\nversion = {sys.version.split()[0]}\n")
    return root


def leaves_a_mark(path: Path, mark: Path) -> Path:
    """A program that says that it has been run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\ntouch {mark}\n")
    path.chmod(0o755)
    return path


def at_dot_venv(project: Path, mark: Path) -> None:
    booby_trapped(project / ".venv", mark)


def at_venv_and_env(project: Path, mark: Path) -> None:
    for name in ("venv", "env"):
        booby_trapped(project / name, mark)


def a_link_to_it(project: Path, mark: Path) -> None:
    booby_trapped(project / "tools/environment", mark)
    (project / ".venv").symlink_to("tools/environment")


def a_file_that_names_it(project: Path, mark: Path) -> None:
    booby_trapped(project / "tools/environment", mark)
    (project / ".venv").write_text("tools/environment\n")


def the_project_itself(project: Path, mark: Path) -> None:
    booby_trapped(project, mark)


def above_it(project: Path, mark: Path) -> None:
    booby_trapped(project.parent / ".venv", mark)


def a_program_for_its_python(project: Path, mark: Path) -> None:
    root = booby_trapped(project / ".venv", mark)
    (root / "bin/python").unlink()
    leaves_a_mark(root / "bin/python", mark)


def one_that_uv_pdm_poetry_and_pixi_would_take(project: Path, mark: Path) -> None:
    at_dot_venv(project, mark)
    (project / "pyproject.toml").write_text('[project]\nname = "a"\nversion = "1"\n[tool.poetry]\n[tool.pdm]\n')
    (project / "uv.lock").write_text('version = 1\nrequires-python = ">=3.11"\n')
    (project / "poetry.toml").write_text("[virtualenvs]\nin-project = true\n")
    (project / ".pdm-python").write_text(f"{project}/.venv/bin/python")
    booby_trapped(project / ".pixi/envs/default", mark)
    (project / "pixi.toml").write_text('[project]\nname = "a"\n')


PLANTED: tuple[Callable[[Path, Path], None], ...] = (
    at_dot_venv,
    at_venv_and_env,
    a_link_to_it,
    a_file_that_names_it,
    the_project_itself,
    above_it,
    a_program_for_its_python,
    one_that_uv_pdm_poetry_and_pixi_would_take,
)


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
@pytest.mark.parametrize("trust", ["", "--trust"])
def test_an_environment_that_a_directory_brings_along_is_only_read(
    plant: Callable[[Path, Path], None], trust: str, patient: Patient
) -> None:
    mark = patient.root / "mark"
    (patient.project / "requirements.txt").write_text("six\n")
    plant(patient.project, mark)
    found = patient.examine(trust)
    assert not mark.exists()
    if (patient.project / ".venv").exists():
        environment = found.document["facts"]["ProjectEnvironment"]
        assert environment["version"] == list(sys.version_info[:3])
    for command in COMMANDS[1:]:
        patient.shell.run(f"{patient.command} {command}")
    assert not mark.exists()


def told_of(patient: Patient, *arguments: str) -> str:
    """The report as text."""
    return patient.shell.run(f"{patient.command} {' '.join(arguments)}").stdout


def test_the_report_says_what_was_not_run(patient: Patient) -> None:
    at_dot_venv(patient.project, patient.root / "mark")
    line = f"- {patient.project}/.venv/bin/python is not run: its environment is not active (it is judged by its files)"
    assert line in told_of(patient)
    assert "is not run" not in told_of(patient, "--quiet")
    patient.does(f"export VIRTUAL_ENV={patient.project}/.venv PATH={patient.project}/.venv/bin:$PATH")
    assert "is not run" not in told_of(patient)


def test_to_activate_is_the_users_word(patient: Patient) -> None:
    mark = patient.root / "mark"
    at_dot_venv(patient.project, mark)
    patient.does(f"export VIRTUAL_ENV={patient.project}/.venv PATH={patient.project}/.venv/bin:$PATH")
    assert patient.examine().document["facts"]["ActivePython"]["interpreter"]["prefix"] == f"{patient.project}/.venv"
    assert mark.exists()


@pytest.mark.parametrize("variable", ["VIRTUAL_ENV", "CONDA_PREFIX"])
@pytest.mark.parametrize("value", [".venv", "./.venv", "/proc/self/cwd/.venv"])
def test_what_is_active_by_a_relative_path_is_not_run(variable: str, value: str, patient: Patient) -> None:
    mark = patient.root / "mark"
    at_dot_venv(patient.project, mark)
    (patient.project / ".venv/conda-meta").mkdir()
    patient.does(f"export {variable}={value} PATH=.venv/bin:/proc/self/cwd/.venv/bin:$PATH")
    patient.examine()
    told_of(patient, "which")
    assert not mark.exists()


def test_a_name_given_to_python_is_never_a_file_of_the_directory(patient: Patient) -> None:
    mark = patient.root / "mark"
    for name in ("python3", "python3.77", "3.11", "plain"):
        leaves_a_mark(patient.project / name, mark)
    booby_trapped(patient.project / "python3.78", mark)
    patient.does("export PATH=.:$PATH: ")
    for name in ("python3", "python3.77", "3.11", "plain", "python3.78"):
        told_of(patient, "--python", name)
    assert not mark.exists()
    told_of(patient, "--python", "./plain")
    assert mark.exists()


# the working directory and what variables make of it


def planted_libraries(directory: Path, mark: Path) -> None:
    """Libraries that Python and the tools load, each of which leaves a mark when it is loaded."""
    source = directory / "planted.c"
    touch = f'open("{mark}", O_CREAT | O_WRONLY, 0644);'
    source.write_text(f"#include <fcntl.h>\n__attribute__((constructor)) static void m(void) {{ {touch} }}\n")
    library = directory / "planted.so"
    subprocess.run([needs_tool("gcc"), "-shared", "-fPIC", "-o", library, source], check=True)
    for name in ("libsqlite3.so.0", "libz.so.1", "libffi.so.8", "libssl.so.3", "libcrypto.so.3"):
        shutil.copy(library, directory / name)


@pytest.mark.parametrize(
    "setting",
    [
        "LD_LIBRARY_PATH=/x:",
        "LD_LIBRARY_PATH=:/x",
        "LD_LIBRARY_PATH=/x;",
        "LD_LIBRARY_PATH=.",
        "LD_LIBRARY_PATH=../project",
        "LD_LIBRARY_PATH=/proc/self/cwd",
        "LD_PRELOAD=./planted.so",
        "LD_AUDIT=./planted.so",
    ],
)
def test_own_questions_load_nothing_of_the_working_directory(setting: str, patient: Patient) -> None:
    mark = patient.root / "mark"
    planted_libraries(patient.project, mark)
    name, _, value = setting.partition("=")
    patient.install("uv")
    (patient.project / "uv.toml").write_text("offline = true\n")
    launch = patient.root / "launch.py"
    launch.write_text(
        "import os, sys\n"
        f"os.environ[{name!r}] = {value!r}\n"
        "sys.argv = sys.argv[1:]\n"
        "from envdoctor.__main__ import main\n"
        "sys.exit(main())\n"
    )
    done = patient.shell.run(f"{sys.executable} -I {launch} envdoctor check --format json")
    assert done.status in (0, 1, 3), done.stderr
    assert not mark.exists(), setting


def stand_in_for_libcrypto(directory: Path, mark: Path) -> None:
    """A library that Python's `_hashlib` takes for OpenSSL's, and that leaves a mark when it is loaded."""
    import _hashlib

    listed = subprocess.run(
        [needs_tool("nm"), "-D", "--undefined-only", _hashlib.__file__], capture_output=True, text=True, check=True
    )
    wanted = [line.split()[-1].split("@") for line in listed.stdout.splitlines() if "@OPENSSL" in line]
    assert wanted, "this Python has another OpenSSL"
    source, versions = directory / "crypto.c", directory / "crypto.map"
    touch = f'open("{mark}", O_CREAT | O_WRONLY, 0644);'
    stubs = "".join(f"void *{name}(void) {{ return 0; }}\n" for name, *_ in wanted)
    source.write_text(f"#include <fcntl.h>\n__attribute__((constructor)) static void m(void) {{ {touch} }}\n{stubs}")
    label = wanted[0][-1]
    versions.write_text(f"{label} {{ global: {''.join(f'{name}; ' for name, *_ in wanted)} }};")
    library = directory / "libcrypto.so.3"
    make = [needs_tool("gcc"), "-shared", "-fPIC", "-w", f"-Wl,--version-script={versions}"]
    subprocess.run([*make, "-Wl,-soname,libcrypto.so.3", "-o", library, source], check=True)


@pytest.mark.parametrize("value", ["/x:", ".", "/x;"])
def test_envdoctor_itself_loads_nothing_of_the_working_directory(value: str, patient: Patient) -> None:
    """In a project of pipenv's it needs `hashlib`, whose library the loader looks for only then."""
    mark = patient.root / "mark"
    stand_in_for_libcrypto(patient.project, mark)
    (patient.project / "Pipfile").write_text('[packages]\nsix = "*"\n')
    script = f"LD_LIBRARY_PATH='{value}' exec {patient.command} --format json"
    done = patient.shell.run(f"bash -c {shlex.quote(script)}")
    assert done.status in (0, 1, 3), done.stderr
    assert not mark.exists()
    assert json.loads(done.stdout)["facts"]["LibraryPath"]["value"] == value  # what the session has is examined


# whose it is


@pytest.fixture
def image(patient: Patient) -> Path:
    """An image in which another user than the one who works there owns the active conda."""
    root = patient.root / "opt/conda"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", root], check=True)
    (root / "pyvenv.cfg").unlink()
    shutil.rmtree(root / "bin")
    (root / "conda-meta").mkdir()
    leaves_a_mark(root / "bin/python", patient.root / "mark")
    leaves_a_mark(root / "bin/uv", patient.root / "mark")
    leaves_a_mark(root / "bin/tmux", patient.root / "mark")
    for path in (root.parent, *root.parent.rglob("*")):
        os.lchown(path, STRANGER, STRANGER)
    patient.does(f"export CONDA_PREFIX={root} PATH={root}/bin:$PATH")
    return root


def test_what_belongs_to_another_is_not_run_and_never_ok(image: Path, patient: Patient) -> None:
    found = patient.examine()
    assert not (patient.root / "mark").exists()
    assert found.exit_code == 3
    reason = f"{image}/bin/python is not run: {image.parent} belongs to user {STRANGER}"
    for code in ("PIP001", "PY002", "PY003", "PRJ003", "LIB005"):
        result = found.result(code)
        assert (result["outcome"], result["findings"]) == ("skipped", [])
    assert found.result("PIP001")["reason"].startswith(reason)
    assert told_of(patient).count(reason) == 1
    patient.shell.run(f"{patient.command} which; {patient.command} which --indexes; {patient.command} envs")
    assert not (patient.root / "mark").exists()


def test_trust_lifts_the_rule_of_owners(image: Path, patient: Patient) -> None:
    patient.examine("--trust")
    assert (patient.root / "mark").exists()
    (patient.root / "mark").unlink()
    patient.shell.run(f"{patient.command} which --trust python")
    assert (patient.root / "mark").exists()


def test_root_runs_nothing_of_who_typed_sudo(image: Path, patient: Patient) -> None:
    patient.does(f"export SUDO_UID={STRANGER} SUDO_GID={STRANGER} SUDO_USER=somebody")
    assert patient.examine().exit_code == 3
    assert not (patient.root / "mark").exists()


@pytest.mark.parametrize("mode", [0o777, 0o1777])
def test_a_link_of_a_stranger_in_an_open_directory_is_not_followed(mode: int, patient: Patient) -> None:
    own = leaves_a_mark(patient.root / "own/python", patient.root / "mark").parent
    common = patient.root / "common"
    common.mkdir()
    common.chmod(mode)
    (common / "bin").symlink_to(own)
    os.lchown(common / "bin", STRANGER, STRANGER)
    patient.does(f"export PATH={common}/bin:$PATH")
    patient.examine()
    assert not (patient.root / "mark").exists()
    patient.does(f"export PATH={own}:$PATH")
    patient.examine()
    assert (patient.root / "mark").exists()
