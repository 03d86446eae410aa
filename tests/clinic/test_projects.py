"""PRJ001, PRJ002: a Python that does not fit the project, by its environment or by a pin."""

from __future__ import annotations

import pytest

from tests.clinic.environments import MINOR, by_uv, by_venv
from tests.clinic.patient import Patient
from tests.clinic.projects import has_python, pyproject, stock, write
from tests.clinic.uv import old_uv

POETRY = '[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\npython = "{}"\n'


@pytest.fixture
def user(patient: Patient) -> Patient:
    """A user with packages to install, and two Pythons beside that of the tests."""
    stock(patient)
    has_python(patient, "3.9", "3.12")
    return patient


def of_projects(patient: Patient) -> list[str]:
    """What this family says; nothing of it crashes, whatever the files hold."""
    seen = patient.examine("--select", "PRJ")
    assert {result["outcome"] for result in seen.document["results"]} <= {"ok", "skipped", "found"}
    return seen.problems()


def answers(patient: Patient, python: str) -> str:
    """The minor version of a Python."""
    return patient.does(f"{python} -c 'import sys; print(\"%d.%d\" % sys.version_info[:2])'").stdout.strip()


@pytest.mark.sick("PRJ001")
def test_an_environment_by_venv_is_made_again_with_a_python_that_fits(user: Patient) -> None:
    pyproject(user, "alpha<2", python=">=3.12")
    root = by_venv(user, user.project / ".venv")
    user.does(f"source {root}/bin/activate")
    before = user.examine()
    assert before.finding("PRJ001")["severity"] == "error"
    user.cure("PRJ001", before=before)
    assert answers(user, "python") == "3.12"
    assert "alpha" in user.does("python -m pip list").stdout


@pytest.mark.sick("PRJ001")
def test_an_environment_of_uv_is_made_again_by_uv(user: Patient) -> None:
    pyproject(user, "alpha", python=">=3.12", more="[tool.uv]\n")
    by_uv(user, user.project / ".venv", pip=False)
    user.cure("PRJ001")
    assert answers(user, ".venv/bin/python") == "3.12"


@pytest.mark.sick("PRJ001")
def test_without_any_environment_one_is_made_with_a_python_that_fits(user: Patient) -> None:
    user.install("uv")
    (user.bin / "python").symlink_to(user.bin / "python3.9")
    pyproject(user, "alpha", python=">=3.12")
    user.cure("PRJ001")
    assert answers(user, "python") == "3.12"


@pytest.mark.sick("PRJ001")
def test_poetry_is_told_to_use_a_python_that_fits(user: Patient) -> None:
    user.install("poetry")
    write(user.project / "pyproject.toml", POETRY.format(f"~{MINOR}"))
    user.prepares(
        "poetry", "env", "use", user.bin / f"python{MINOR}" if MINOR in ("3.9", "3.12") else "/usr/bin/python3"
    )
    write(user.project / "pyproject.toml", POETRY.format("^3.12"))
    user.cure("PRJ001")
    root = user.does("poetry env info -p").stdout.strip()
    assert answers(user, f"{root}/bin/python") == "3.12"


@pytest.mark.healthy("PRJ001")
def test_a_python_that_fits(user: Patient) -> None:
    by_venv(user, user.project / ".venv")
    user.does("source .venv/bin/activate")
    for python in (">=3.9", "<4", "~=3.9", ">=3.9,<4,!=3.10.0", "", ">=2.7,!=3.0.*"):
        pyproject(user, python=python)
        assert of_projects(user) == [], python


@pytest.mark.healthy("PRJ001", "PRJ002", "PRJ003", "PRJ004", "PRJ005", "PRJ006", "PRJ007")
def test_a_fresh_clone_of_a_project_whose_manager_makes_the_environment(user: Patient) -> None:
    user.install("uv")
    pyproject(user, "alpha", python=">=3.9", more="[tool.uv]\n")
    user.prepares("uv", "lock", "-q")
    assert of_projects(user) == []


@pytest.mark.healthy("PRJ001")
def test_a_clone_that_only_another_python_fits(user: Patient) -> None:
    user.install("uv")
    pyproject(user, python=">=3.12", more="[tool.uv]\n")
    assert of_projects(user) == []


@pytest.mark.sick("PRJ002")
def test_a_pin_of_uv_is_changed_by_uv(user: Patient) -> None:
    user.install("uv")
    pyproject(user, python=">=3.12", more="[tool.uv]\n")
    write(user.project / ".python-version", "3.9\n")
    assert user.shell.run("uv sync").status == 2
    user.cure("PRJ002")
    user.does("uv sync")


@pytest.mark.sick("PRJ002")
def test_an_environment_that_was_made_by_the_pin_is_made_again_with_it(user: Patient) -> None:
    pyproject(user, python=">=3.12", more="[tool.uv]\n")
    write(user.project / ".python-version", "3.9\n")
    by_uv(user, user.project / ".venv", python=user.bin / "python3.9", pip=False)
    after = user.cure("PRJ002")
    assert "PRJ001" not in after.codes
    assert answers(user, ".venv/bin/python") == "3.12"


@pytest.mark.sick("PRJ002")
def test_a_pin_without_uv_is_edited(user: Patient) -> None:
    pyproject(user, python=">=3.12")
    write(user.project / ".python-version", "# for tox too\n3.9\n3.12\n")
    user.cure("PRJ002")
    assert (user.project / ".python-version").read_text() == "# for tox too\n3.12\n"


@pytest.mark.sick("PRJ002")
def test_a_variable_pins_too(user: Patient) -> None:
    user.install("uv")
    pyproject(user, python=">=3.12", more="[tool.uv]\n")
    user.does("export UV_PYTHON=3.9")
    assert user.shell.run("uv sync").status == 2
    user.cure("PRJ002")
    user.does("uv sync")


@pytest.mark.sick("PRJ002")
def test_an_older_uv_stops_at_a_global_pin(user: Patient, tmp_path_factory: pytest.TempPathFactory) -> None:
    (user.bin / "uv").symlink_to(old_uv("0.8.17", tmp_path_factory.getbasetemp().parent / "old-uv"))
    pyproject(user, python=">=3.12", more="[tool.uv]\n")
    write(user.home / ".config/uv/.python-version", "3.9\n")
    assert user.shell.run("uv sync").status == 2
    user.cure("PRJ002")
    user.does("uv sync")


@pytest.mark.healthy("PRJ002")
@pytest.mark.parametrize(
    ("place", "pin"),
    [
        ("home/.python-version", "3.9"),  # above the project: it belongs to something else
        ("home/.config/uv/.python-version", "3.9"),  # global: passed over by a new uv
        ("home/project/.python-version", "3.12\n3.9\n"),  # the second line is for tox
        ("home/project/.python-version", "3"),
        ("home/project/.python-version", ">=3.9"),
        ("home/project/.python-version", "cpython-3.12.1-linux-x86_64-gnu"),
        ("home/project/.python-version", "pypy@3.12"),
        ("home/project/sub/.python-version", "3.9"),
    ],
)
def test_a_pin_that_does_not_contradict(user: Patient, place: str, pin: str) -> None:
    user.install("uv")
    pyproject(user, python=">=3.12,<3.14", more="[tool.uv]\n")
    write(user.root / place, pin)
    by_uv(user, user.project / ".venv", python=user.bin / "python3.12", pip=False)
    user.cwd = user.project / "sub" if "sub" in place else user.cwd
    assert of_projects(user) == []


@pytest.mark.healthy("PRJ001", "PRJ002", "PRJ003", "PRJ004", "PRJ005", "PRJ006", "PRJ007")
@pytest.mark.parametrize(
    ("name", "content", "refused"),
    [
        ("pyproject.toml", b"[project]\nname = \n", True),
        ("pyproject.toml", b"\xff\xfe\0", True),
        ("pyproject.toml", b"project = 1\ntool = 2\n", False),
        ("uv.lock", b"[[package]]\nname = 1\n", True),
        ("poetry.lock", b"]", True),
        ("Pipfile", b"[packages", True),
        ("Pipfile.lock", b"{", True),
        ("requirements.txt", b"-r requirements.txt\n", True),
        ("requirements.txt", b"=== nonsense\n", True),
        (".python-version", b"\xff\xff", False),
    ],
)
def test_what_cannot_be_read_is_nothing_but_refused(user: Patient, name: str, content: bytes, refused: bool) -> None:
    user.install("uv", "poetry", "pipenv")
    (user.project / "requirements.txt").write_text("")
    (user.project / name).write_bytes(content)
    assert [problem.partition(":")[0] for problem in of_projects(user)] == ["PRJ008"] * refused


@pytest.mark.healthy("PRJ001", "PRJ002", "PRJ003", "PRJ004", "PRJ005", "PRJ006", "PRJ007")
def test_no_project(user: Patient) -> None:
    (user.project / "notes.txt").write_text("x")
    write(user.project / "pyproject.toml", "[tool.ruff]\nline-length = 100\n")
    seen = user.examine("--select", "PRJ")
    assert seen.problems() == []
    assert "belongs to no project" in seen.result("PRJ001")["reason"]
