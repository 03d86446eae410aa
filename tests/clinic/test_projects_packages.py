"""PRJ003, PRJ004, PRJ007: packages that are missing, differ from the lock, or that nothing pins."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from tests.clinic.conda import make_root
from tests.clinic.environments import by_uv, by_venv
from tests.clinic.patient import Patient
from tests.clinic.projects import pyproject, stock, write
from tests.support import needs_tool

POETRY = '[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\npython = ">=3.9"\n{}'


@pytest.fixture
def user(patient: Patient) -> Patient:
    """A user with packages to install."""
    stock(patient)
    return patient


def requirements(patient: Patient, *lines: str) -> Path:
    return write(patient.project / "requirements.txt", "\n".join(lines) + "\n")


def put(patient: Patient, root: Path, *packages: str) -> None:
    """Install packages into an environment."""
    patient.prepares(needs_tool("uv"), "pip", "install", "-q", "-p", root, *packages)


def enter(patient: Patient, *packages: str) -> Path:
    """Make the project's environment with these packages, and activate it."""
    root = by_venv(patient, patient.project / ".venv")
    if packages:
        put(patient, root, *packages)
    patient.does(f"source {root}/bin/activate")
    return root


def of_projects(patient: Patient) -> list[str]:
    """What this family says."""
    seen = patient.examine("--select", "PRJ")
    assert {result["outcome"] for result in seen.document["results"]} <= {"ok", "skipped", "found"}
    return seen.problems()


@pytest.mark.sick("PRJ003")
def test_what_is_missing_is_installed_with_pip(user: Patient) -> None:
    requirements(user, "alpha==1.0", "-r more.txt", "delta")
    write(user.project / "more.txt", "beta>=2\n")
    enter(user, "beta==1.0", "delta")
    before = user.examine()
    finding = before.finding("PRJ003")
    assert (finding["severity"], len(finding["evidence"])) == ("warning", 2)
    assert finding["evidence"][1]["origin"].endswith("more.txt:1")
    user.cure("PRJ003", before=before)
    assert "alpha" in user.does("python -m pip list").stdout


@pytest.mark.sick("PRJ003")
def test_what_is_missing_is_installed_with_uv(user: Patient) -> None:
    requirements(user, "alpha<2", "gamma[more]")
    by_uv(user, user.project / ".venv", pip=False)
    put(user, user.project / ".venv", "alpha<2", "gamma")
    before = user.examine()
    assert "delta is missing" in before.finding("PRJ003")["message"]
    user.cure("PRJ003", before=before)


@pytest.mark.sick("PRJ003")
def test_without_pip_and_uv_the_environment_gets_a_pip_first(user: Patient) -> None:
    requirements(user, "alpha<2")
    root = by_venv(user, user.project / ".venv", pip=False)
    user.does(f"source {root}/bin/activate")
    said = user.shell.run("python -m pip --version")
    assert "No module named pip" in said.stderr
    user.cure("PRJ003")
    assert "alpha" in user.does("python -m pip list").stdout


@pytest.mark.sick("PRJ003")
def test_what_pyproject_asks_for_counts_too(user: Patient) -> None:
    pyproject(user, "alpha>=2", "beta<2")
    enter(user, "alpha<2")
    user.cure("PRJ003")


@pytest.mark.sick("PRJ003")
def test_without_an_environment_it_is_a_note_and_one_is_made(user: Patient) -> None:
    user.install("uv")
    requirements(user, "alpha==1.0")
    before = user.examine()
    assert before.finding("PRJ003")["severity"] == "info"
    user.cure("PRJ003", before=before)
    assert user.does("echo $VIRTUAL_ENV").stdout.strip() == f"{user.project}/.venv"


@pytest.mark.healthy("PRJ003", "PRJ007")
def test_requirements_that_only_look_unmet(user: Patient) -> None:
    wheels = user.root / "wheels"
    requirements(
        user,
        "# what follows is satisfied",
        "--index-url https://mirror.example/simple",
        "Alpha==1.0 ; python_version >= '3.8'",
        "pywin32==306 ; sys_platform == 'win32'",
        "backport==1 ; python_version < '3'",
        "epsilon==2.0",  # a local label makes no difference
        f"beta @ file://{wheels}/beta-2.0-py3-none-any.whl",
        "gamma[more]>=1,<2  # with an extra",
        "delta==1.0 --hash=sha256:0000000000000000000000000000000000000000000000000000000000000000",
        "-c limits.txt",
    )
    write(user.project / "limits.txt", "beta<3\nabsent<1\n")
    write(user.project / "requirements-dev.txt", "pytest\n")
    enter(user, "alpha==1.0", "beta==2.0", "gamma[more]", "epsilon==2.0+local.1")
    assert of_projects(user) == []


@pytest.mark.healthy("PRJ003")
def test_an_environment_without_pip_that_has_what_is_asked_for(user: Patient) -> None:
    user.install("uv")
    requirements(user, "alpha==1.0")
    user.prepares("uv", "venv", "-q", "--offline", ".venv")
    wheel = user.root / "wheels/alpha-1.0-py3-none-any.whl"
    user.prepares("uv", "pip", "install", "-q", "--offline", "--no-deps", wheel)
    user.does("source .venv/bin/activate")
    assert of_projects(user) == []


@pytest.mark.healthy("PRJ003")
def test_a_pre_release_that_is_installed_satisfies(user: Patient) -> None:
    requirements(user, "epsilon>=2", "alpha==2.0")
    enter(user, "epsilon==3.0rc1", "alpha==2.0")
    assert of_projects(user) == []


@pytest.mark.healthy("PRJ003")
def test_a_working_copy_and_the_project_itself(user: Patient) -> None:
    requirements(user, "-e ./lib", "lib", "alpha==1.0")
    write(user.project / "lib/pyproject.toml", '[project]\nname="lib"\nversion="7"\n')
    root = enter(user, "alpha==1.0")
    [packages] = root.glob("lib/python3*/site-packages")
    write(packages / "lib-7.dist-info/METADATA", "Metadata-Version: 2.1\nName: lib\nVersion: 7\n")
    url = {"url": f"file://{user.project}/lib", "dir_info": {"editable": True}}
    write(packages / "lib-7.dist-info/direct_url.json", json.dumps(url))
    assert of_projects(user) == []


@pytest.mark.healthy("PRJ003", "PRJ004", "PRJ005")
def test_requirements_that_were_exported_beside_a_lock(user: Patient) -> None:
    user.install("uv")
    pyproject(user, "alpha<2", more="[tool.uv]\n")
    user.prepares("uv", "sync", "-q")
    requirements(user, "alpha==0.9", "something-else==3")
    assert of_projects(user) == []


@pytest.mark.healthy("PRJ003")
def test_conda_has_one_of_several_names(user: Patient) -> None:
    conda = make_root(user.home / "miniconda3")
    root = conda.environment("ml", pip=True)
    [packages] = root.glob("lib/python3*/site-packages")
    write(packages / "psycopg2-2.9.9.dist-info/METADATA", "Metadata-Version: 2.1\nName: psycopg2\nVersion: 2.9.9\n")
    (user.home / ".bashrc").write_text(conda.block())
    requirements(user, "psycopg2-binary==2.9.9")
    user.does("source ~/.bashrc", "conda activate ml")
    assert of_projects(user) == []


@pytest.mark.sick("PRJ004")
def test_a_dependency_that_was_added_after_locking(user: Patient) -> None:
    user.install("uv")
    pyproject(user, "alpha<2", more="[tool.uv]\n")
    user.prepares("uv", "sync", "-q")
    assert of_projects(user) == []
    pyproject(user, "alpha<2", "delta", more="[tool.uv]\n")
    assert user.shell.run("uv lock --check").status != 0
    before = user.examine()
    assert before.finding("PRJ004")["severity"] == "warning"
    assert "does not know `delta`" in before.finding("PRJ004")["message"]
    user.cure("PRJ004", before=before)
    user.does("uv lock --check", "test -e .venv/lib/python3*/site-packages/delta.py")


@pytest.mark.sick("PRJ004")
def test_an_environment_that_was_left_behind_by_its_lock(user: Patient) -> None:
    user.install("uv")
    pyproject(user, "alpha", "delta", more="[tool.uv]\n")
    user.prepares("uv", "sync", "-q")
    put(user, user.project / ".venv", "alpha==1.0", "epsilon==1.0")
    user.prepares("uv", "pip", "uninstall", "-q", "delta")
    before = user.examine()
    message = before.finding("PRJ004")["message"]
    assert "delta is missing; alpha is 1.0, and locked at 2.0" in message
    user.cure("PRJ004", before=before)
    user.does("test -e .venv/lib/python3*/site-packages/epsilon.py")


@pytest.mark.sick("PRJ004")
def test_a_lock_of_poetry(user: Patient) -> None:
    user.install("poetry")
    wheels = user.root / "wheels"
    line = f'{{0}} = {{{{ path = "{wheels}/{{0}}-{{1}}-py3-none-any.whl" }}}}\n'
    beta = line.format("beta", "2.0")
    write(user.project / "poetry.toml", "[virtualenvs]\nin-project = true\n")
    write(user.project / "pyproject.toml", POETRY.format(line.format("alpha", "1.0") + beta))
    by_uv(user, user.project / ".venv")
    put(user, user.project / ".venv", "alpha==1.0", "beta==2.0")
    user.prepares("poetry", "lock", "--no-interaction")
    assert of_projects(user) == []
    write(user.project / "pyproject.toml", POETRY.format(line.format("alpha", "2.0") + beta))
    before = user.examine()
    assert "poetry.lock is out of date" in before.finding("PRJ004")["message"]
    user.cure("PRJ004", before=before)
    user.does("test -d .venv/lib/python3*/site-packages/alpha-2.0.dist-info")


@pytest.mark.sick("PRJ004")
def test_a_lock_of_pipenv(user: Patient) -> None:
    user.install("pipenv")
    wheel = user.root / "wheels/delta-1.0-py3-none-any.whl"
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    index = write(user.root / "simple/delta/index.html", f'<a href="{wheel.as_uri()}#sha256={digest}">{wheel.name}</a>')
    source = {"name": "own", "url": index.parent.parent.as_uri(), "verify_ssl": False}
    lock = {
        "_meta": {"hash": {}, "pipfile-spec": 6, "requires": {}, "sources": [source]},
        "default": {"delta": {"hashes": [f"sha256:{digest}"], "index": "own", "version": "==1.0"}},
        "develop": {},
    }
    write(user.project / "Pipfile", '[packages]\ndelta = "*"\n')
    write(user.project / "Pipfile.lock", json.dumps(lock, indent=4))
    by_uv(user, user.project / ".venv")
    before = user.examine()
    assert "delta is missing" in before.finding("PRJ004")["message"]
    user.cure("PRJ004", before=before)


@pytest.mark.healthy("PRJ004")
def test_what_the_lock_has_for_others_is_not_missing(user: Patient) -> None:
    user.install("uv")
    more = (
        '[project.optional-dependencies]\nweb = ["gamma"]\n'
        '[dependency-groups]\ndev = ["epsilon<3"]\ndocs = ["delta"]\n[tool.uv]\n'
    )
    pyproject(user, "alpha", "beta<2 ; sys_platform == 'win32'", "beta>=2 ; sys_platform != 'win32'", more=more)
    user.prepares("uv", "sync", "-q", "--no-dev")
    put(user, user.project / ".venv", "gamma", "delta")
    assert of_projects(user) == []
    user.prepares("uv", "sync", "-q")
    assert of_projects(user) == []


@pytest.mark.healthy("PRJ004")
def test_members_of_a_workspace_take_turns(user: Patient) -> None:
    user.install("uv")
    for name, asked in (("one", "alpha"), ("two", "delta")):
        text = f'[project]\nname = "{name}"\nversion = "1"\nrequires-python = ">=3.9"\ndependencies = ["{asked}"]\n'
        write(user.project / f"packages/{name}/pyproject.toml", text)
    write(user.project / "pyproject.toml", '[tool.uv.workspace]\nmembers = ["packages/*"]\n')
    user.prepares("uv", "sync", "-q", "--package", "two")
    for place in ("", "packages/one", "packages/two"):
        user.cwd = user.project / place
        user.close_shell()
        assert of_projects(user) == [], place


@pytest.mark.sick("PRJ007")
def test_requirements_without_versions_are_written_down(user: Patient) -> None:
    user.install("uv")
    requirements(user, "alpha", "delta>=1")
    by_uv(user, user.project / ".venv", pip=False)
    put(user, user.project / ".venv", "alpha", "delta")
    before = user.examine()
    assert before.finding("PRJ007")["severity"] == "info"
    user.cure("PRJ007", before=before)
    assert "alpha==2.0" in (user.project / "requirements.lock").read_text()


@pytest.mark.sick("PRJ007")
def test_a_project_of_uv_without_a_lock(user: Patient) -> None:
    user.install("uv")
    pyproject(user, "alpha", more="[tool.uv]\n")
    user.cure("PRJ007")
    assert (user.project / "uv.lock").exists()


PINNED = (
    {"requirements.txt": "alpha==1.0\ndelta==1.0 ; python_version > '3'\n"},
    {"requirements.txt": "alpha==1.0\ndelta\n"},
    {"requirements.txt": "alpha\n", "constraints.txt": "alpha==1.0\n"},
    {"requirements.txt": "alpha\n", "requirements.lock": "alpha==1.0\n"},
    {"requirements.txt": "alpha\n-c pins.txt\n", "pins.txt": "alpha==1.0\n"},
    {"requirements.txt": "# nothing\n-e .\n"},
    {"pyproject.toml": '[project]\nname="x"\ndependencies=["alpha"]\n[build-system]\nrequires=["hatchling"]\n'},
    {"pyproject.toml": '[project]\nname="x"\ndependencies=[]\n[tool.uv]\n'},
)


@pytest.mark.healthy("PRJ007")
def test_what_is_pinned_or_must_not_be(user: Patient) -> None:
    user.install("uv")
    for number, files in enumerate(PINNED):
        for name, text in files.items():
            write(user.project / f"{number}/{name}", text)
        user.does(f"cd {user.project}/{number}")
        assert "PRJ007" not in user.examine("--select", "PRJ").codes, files
