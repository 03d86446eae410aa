"""Locks and workspaces that their own tools refuse or pass over, held against those tools in several versions."""

from __future__ import annotations

import re

import pytest
from rattler import MatchSpec
from rattler.exceptions import InvalidMatchSpecError

from tests.clinic.patient import Patient
from tests.clinic.projects import pyproject, stock, write
from tests.clinic.uv import OLD, newest_uv, old_uv

MEMBER = '[project]\nname = "{}"\nversion = "1"\nrequires-python = ">=3.9"\ndependencies = []\n'
PYLOCK = 'lock-version = "{}"\ncreated-by = "x"\npackages = []\n'


@pytest.fixture
def user(patient: Patient) -> Patient:
    """A user with packages to install."""
    stock(patient)
    return patient


@pytest.fixture(params=[*OLD, "newest"])
def uv(request: pytest.FixtureRequest, user: Patient, tmp_path_factory: pytest.TempPathFactory) -> Patient:
    """The same with one of several versions of uv."""
    shared = tmp_path_factory.getbasetemp().parent / "old-uv"
    program = newest_uv() if request.param == "newest" else old_uv(request.param, shared)
    (user.bin / "uv").symlink_to(program)
    return user


def of_files(patient: Patient) -> list[str]:
    """What is said of the project's files."""
    seen = patient.examine("--select", "PRJ008")
    return [finding["message"] for finding in seen.result("PRJ008")["findings"]]


DAMAGES = {
    "no requires-python": (r"(?m)^requires-python = .*\n", ""),
    "no version": (r"(?m)^version = 1\n", ""),
    "version": (r"(?m)^version = 1$", 'version = "1"'),
    "specifier": (r'(?m)^requires-python = ".*"$', 'requires-python = "3.9+"'),
    "twice": (r"(?s)(\[\[package\]\]\nname = .app.*)", r"\1\n\1"),
}


@pytest.mark.sick("PRJ008")
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_lock_of_another_shape_is_made_again(uv: Patient, damage: str) -> None:
    pyproject(uv, "alpha", more="[tool.uv]\n")
    uv.does("uv lock", "uv lock --check")
    assert of_files(uv) == []
    lock = uv.project / "uv.lock"
    pattern, instead = DAMAGES[damage]
    lock.write_text(re.sub(pattern, instead, lock.read_text(), count=1))
    assert uv.shell.run("uv lock --check").status == 2
    assert uv.shell.run("uv sync --frozen --dry-run").status == 2
    assert len(of_files(uv)) == 1
    uv.cure("PRJ008")
    uv.does("uv lock --check")


WORKSPACES = {
    "nested": f"{MEMBER.format('a')}[tool.uv.workspace]\nmembers = ['x']\n",
    "no project": "[tool.uv]\npackage = false\n",
    "same name": MEMBER.format("App"),
}


@pytest.mark.sick("PRJ008")
@pytest.mark.parametrize("fault", WORKSPACES)
def test_members_that_cannot_be_in_one_workspace(uv: Patient, fault: str) -> None:
    pyproject(uv, python=">=3.9", more='[tool.uv.workspace]\nmembers = ["packages/*"]\n')
    manifest = write(uv.project / "packages/a/pyproject.toml", WORKSPACES[fault])
    assert uv.shell.run("uv lock").status == 2
    assert len(of_files(uv)) == 1
    manifest.write_text(MEMBER.format("a"))  # as the step to read asks
    uv.does("uv lock")
    assert of_files(uv) == []


@pytest.mark.sick("PRJ009")
def test_a_workspace_above_has_its_own_lock(uv: Patient) -> None:
    above = uv.home / "work"
    write(above / "pyproject.toml", MEMBER.format("all") + '[tool.uv.workspace]\nmembers = ["*"]\n')
    write(above / "app/pyproject.toml", MEMBER.format("app") + "[tool.uv]\n")
    lock = write(above / "app/uv.lock", "# kept from before\n")
    uv.cwd = above / "app"
    uv.does("uv lock", "uv lock --check")
    assert lock.read_text() == "# kept from before\n"
    before = uv.examine("--select", "PRJ")
    assert f"the workspace {above} takes the project" in before.finding("PRJ009")["message"]
    uv.cure("PRJ009", before=before, arguments=("--select", "PRJ"))
    uv.does("uv lock --check")


@pytest.mark.healthy("PRJ009")
def test_a_project_that_the_workspace_excludes_keeps_its_lock(uv: Patient) -> None:
    above, table = uv.home / "work", '[tool.uv.workspace]\nmembers = ["*"]\nexclude = ["app"]\n'
    write(above / "pyproject.toml", MEMBER.format("all") + table)
    write(above / "app/pyproject.toml", MEMBER.format("app") + "[tool.uv]\n")
    uv.cwd = above / "app"
    uv.does("uv lock")
    assert (above / "app/uv.lock").exists()
    assert uv.examine("--select", "PRJ009,PRJ008").problems() == []


@pytest.mark.sick("PRJ008")
@pytest.mark.parametrize("text", [PYLOCK.format("2.0"), 'lock-version = "1.0"\npackages = []\n', "<<<<<<< HEAD\n"])
def test_an_exported_lock_that_uv_refuses(user: Patient, text: str) -> None:
    user.install("uv")
    user.does("uv venv -q")
    write(user.project / "requirements.txt", "alpha==1.0\n")
    lock = write(user.project / "pylock.toml", text)
    assert user.shell.run("uv pip sync --dry-run pylock.toml").status == 2
    assert len(of_files(user)) == 1
    lock.unlink()  # as the step to read says
    user.does("uv pip compile -q requirements.txt -o pylock.toml", "uv pip sync --dry-run pylock.toml")
    assert of_files(user) == []


@pytest.mark.sick("PRJ004")
def test_a_lock_of_poetry_that_lost_its_hash(user: Patient) -> None:
    user.install("poetry")
    write(user.project / "pyproject.toml", f"{MEMBER.format('app')}[tool.poetry]\npackage-mode = false\n")
    user.does("poetry lock", "poetry check --lock", "poetry install")
    assert "PRJ004" not in user.examine("--select", "PRJ").codes
    user.does("sed -i '/^content-hash/d' poetry.lock")
    assert user.shell.run("poetry install").status == 1
    user.cure("PRJ004", arguments=("--select", "PRJ"))
    user.does("poetry check --lock")


@pytest.mark.healthy("PRJ008", "PRJ004")
def test_a_python_of_pdm_that_is_gone_is_chosen_again_by_pdm_itself(user: Patient) -> None:
    user.install("pdm")
    write(user.project / "pyproject.toml", f"{MEMBER.format('app')}[tool.pdm]\ndistribution = false\n")
    user.does("pdm lock")
    pin = write(user.project / ".pdm-python", "/gone/bin/python")
    assert user.examine("--select", "PRJ").problems() == []
    user.does("pdm install --dry-run")  # no refusal: it makes the environment, and writes it down
    assert pin.read_text() == f"{user.project}/.venv/bin/python"
    assert user.examine("--select", "PRJ").problems() == []


@pytest.mark.sick("PRJ008")
@pytest.mark.parametrize("spec", ["numpy>=", "requests[security]", "git+https://code.example/x.git"])
def test_an_entry_that_conda_clients_refuse(user: Patient, spec: str) -> None:
    with pytest.raises(InvalidMatchSpecError):
        MatchSpec(spec)
    described = write(user.project / "environment.yml", f"name: x\ndependencies:\n- python\n- {spec}\n")
    [said] = of_files(user)
    assert said.startswith(f"conda refuses {described}: ")
    assert user.examine("--select", "PRJ008").finding("PRJ008")["where"] == f"{described}:4"
    described.write_text(f"name: x\ndependencies:\n- python\n- numpy>=1\n- pip:\n  - {spec}\n")
    assert of_files(user) == []
