"""PKG: packages that do not fit together, installed by the real pip and uv, and broken as these break them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clinic.environments import MINOR, by_uv, by_venv
from tests.clinic.patient import Patient
from tests.clinic.projects import stock
from tests.support import needs_tool
from tests.wheels import write_wheel

LONG_AGO = 1_700_000_000


@pytest.fixture
def user(patient: Patient) -> Patient:
    """A user with packages to install."""
    stock(patient)
    return patient


def wheel(user: Patient, name: str, version: str, *requires: str, **files: str) -> None:
    """One more package that can be installed."""
    content = files or {f"{name}.py": ""}
    write_wheel(user.root / "wheels", name, version, files=content, requires=requires)


def put(user: Patient, root: Path, *packages: str) -> Path:
    """Install packages with uv. The directory of packages."""
    user.prepares(needs_tool("uv"), "pip", "install", "-q", "-p", root, *packages)
    return site_of(root)


def site_of(root: Path) -> Path:
    return root / "lib" / f"python{MINOR}" / "site-packages"


def enter(user: Patient, root: Path) -> None:
    user.does(f"source {root}/bin/activate")


def with_pip(user: Patient, *packages: str) -> Path:
    """An active environment made by venv, with these packages.

    Its pip is links, which pip does not see: a package that were all the files besides would take them along.
    """
    root = by_venv(user, user.home / "env")
    enter(user, root)
    if packages:
        put(user, root, *packages)
    return root


def age(*paths: Path) -> None:
    """Nobody works on these any more."""
    for path in paths:
        os.utime(path, (LONG_AGO, LONG_AGO), follow_symlinks=False)


def silent(user: Patient) -> None:
    assert user.examine("--select", "PKG").problems() == []


@pytest.mark.sick("PKG001")
@pytest.mark.parametrize("made", ["venv", "uv"])
def test_a_dependency_that_was_replaced_by_an_older_one(user: Patient, made: str) -> None:
    wheel(user, "asks", "1.0", "beta>=2", "delta")
    if made == "uv":
        root = by_uv(user, user.home / "env", pip=False)
        enter(user, root)
    else:
        root = with_pip(user)
    put(user, root, "asks")
    silent(user)
    user.prepares(needs_tool("uv"), "pip", "install", "-q", "-p", root, "beta==1.0")
    user.prepares(needs_tool("uv"), "pip", "uninstall", "-q", "-p", root, "delta")
    before = user.examine()
    assert [finding["message"] for finding in before.result("PKG001")["findings"]] == [
        "asks 1.0 requires beta>=2, and beta is 1.0",
        "asks 1.0 requires delta, which is not installed",
    ]
    user.cure("PKG001", before=before)


@pytest.mark.sick("PKG001")
def test_one_version_is_found_that_suits_all(user: Patient) -> None:
    wheel(user, "newer", "1.0", "part>=2")
    wheel(user, "older", "1.0", "part<3")
    for version in ("1.0", "2.5", "3.0"):
        wheel(user, "part", version)
    root = with_pip(user, "newer", "older")
    put(user, root, "part==3.0")
    user.cure("PKG001")
    assert "2.5" in user.does("python -m pip show part").stdout


@pytest.mark.healthy("PKG001")
def test_requirements_that_only_look_unmet(user: Patient) -> None:
    wheel(
        user,
        "asks",
        "1.0",
        "beta (>=2)",
        "absent; extra == 'x'",
        "pywin32; sys_platform == 'win32'",
        "gamma[more]",
        "epsilon==2.0",
    )
    wheel(user, "delta", "9.0rc1")
    root = with_pip(user)
    put(user, root, "--no-deps", "asks", "beta==2.0", "gamma", "epsilon==2.0+local.1")
    silent(user)
    user.does("python -m pip check")


@pytest.mark.sick("PKG002")
def test_an_uninstall_that_was_killed(user: Patient) -> None:
    root = with_pip(user, "alpha==1.0")
    site = site_of(root)
    kill_while_removing(root, "alpha")
    left = [path for path in site.iterdir() if path.name.startswith("~")]
    assert left, "pip renames what it removes"
    assert "WARNING: Ignoring" in user.shell.run("python -m pip list").stderr
    age(*left)
    before = user.examine()
    assert before.finding("PKG002")["severity"] == "warning"
    user.cure("PKG002", before=before)
    assert "alpha" in user.does("python -m pip list").stdout


def kill_while_removing(root: Path, name: str) -> None:
    """Let the real pip uninstall a package, and kill it between the two halves of its work."""
    code = (
        "import os, sys\n"
        "from pip._internal.req import req_uninstall\n"
        "req_uninstall.UninstallPathSet.commit = lambda self: os.kill(os.getpid(), 9)\n"
        "from pip._internal.cli.main import main\n"
        f"sys.exit(main(['uninstall', '--yes', {name!r}]))\n"
    )
    done = subprocess.run([f"{root}/bin/python", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == -9, done.stderr


@pytest.mark.healthy("PKG002")
def test_what_is_left_beside_the_package_itself_is_no_warning(user: Patient) -> None:
    site = put(user, with_pip(user), "alpha==1.0")
    (site / "~lpha").mkdir()
    silent(user)  # pip may be at work
    age(site / "~lpha")
    before = user.examine()
    assert before.finding("PKG002")["severity"] == "info"
    user.cure("PKG002", before=before)


def two_records(user: Patient, root: Path, *versions: str) -> Path:
    """Versions of one package over each other, as copying, syncing and old tools leave them."""
    site = site_of(root)
    for version in versions:
        target = user.root / f"beta-{version}"
        user.prepares(needs_tool("uv"), "pip", "install", "-q", "--target", target, "--no-deps", f"beta=={version}")
        user.prepares("cp", "-r", f"{target}/.", site)
    return site


@pytest.mark.sick("PKG003")
@pytest.mark.parametrize("tool", ["pip", "uv"])
def test_two_records_of_one_package(user: Patient, tool: str) -> None:
    root = with_pip(user)
    if tool == "uv":
        user.install("uv")
    site = two_records(user, root, "2.0", "1.0")
    assert "multiple" in user.shell.run(f"{needs_tool('uv')} pip check -p {root}").stderr
    user.cure("PKG003")
    assert len(list(site.glob("beta-*.dist-info"))) == 1
    user.does("python -c 'import beta'")


@pytest.mark.healthy("PKG003", "PKG001")
def test_a_package_that_is_hidden_by_another_directory(user: Patient) -> None:
    root = with_pip(user, "beta==1.0")
    target = user.home / "more"
    user.prepares(needs_tool("uv"), "pip", "install", "-q", "--target", target, "beta==2.0")
    (site_of(root) / "more.pth").write_text(f"{target}\n")
    silent(user)


@pytest.mark.sick("PKG004")
@pytest.mark.parametrize("left", ["nothing", "an empty list"])
def test_a_package_whose_files_are_listed_nowhere(user: Patient, left: str) -> None:
    site = put(user, with_pip(user), "beta==1.0")
    info = site / "beta-1.0.dist-info"
    (info / "RECORD").unlink()
    if left != "nothing":
        (info / "RECORD").touch()
    age(info)
    said = user.shell.run("python -m pip install --upgrade beta")
    assert left != "nothing" or "no-record-file" in said.stderr
    age(*site.glob("beta-*.dist-info"))
    if left == "nothing":
        user.cure("PKG004")
        user.does("python -m pip install --upgrade beta")


@pytest.mark.sick("PKG011")
def test_a_record_without_metadata(user: Patient) -> None:
    site = put(user, with_pip(user), "beta==1.0")
    info = site / "beta-1.0.dist-info"
    (info / "METADATA").unlink()
    (site / "beta.py").unlink()
    age(info)
    assert "already satisfied" in user.does("python -m pip install beta").stdout
    user.cure("PKG011")
    user.does("python -c 'import beta'")


@pytest.mark.sick("PKG011")
def test_a_version_at_which_uv_stops(user: Patient) -> None:
    user.install("uv")
    site = put(user, with_pip(user), "beta==1.0")
    (site / "beta-1.0.dist-info").rename(site / "beta-2004d-x.dist-info")
    assert user.shell.run("uv pip list").status == 2
    before = user.examine()
    finding = before.finding("PKG011")
    assert finding["severity"] == "error"
    [command, *_] = finding["fix"]["commands"]["bash"]
    user.does(command, "uv pip list")


@pytest.mark.sick("PKG011")
def test_a_requirement_that_cannot_be_read_is_mended_by_an_upgrade(user: Patient) -> None:
    wheel(user, "odd", "1.0")
    site = put(user, with_pip(user), "odd==1.0", "delta")
    wheel(user, "odd", "2.0")
    info = site / "odd-1.0.dist-info"
    with (info / "METADATA").open("a") as metadata:
        metadata.write('Requires-Dist: pip; a == "b";extra == "c"\n')
    assert "Error parsing dependencies of odd" in user.shell.run("python -m pip check").stderr
    user.cure("PKG011")


@pytest.mark.sick("PKG012")
def test_a_package_for_a_newer_python(user: Patient) -> None:
    wheels = user.root / "wheels"
    write_wheel(wheels, "fresh", "2.0", files={"fresh.py": ""}, headers="Requires-Python: >=3.99\n")
    write_wheel(wheels, "fresh", "1.0", files={"fresh.py": ""}, headers="Requires-Python: >=3.8,<3.9\n")
    root = with_pip(user, "delta")
    user.prepares(f"{root}/bin/python", "-m", "pip", "install", "-q", "--ignore-requires-python", "fresh==2.0")
    before = user.examine()
    assert "needs Python >=3.99" in before.finding("PKG012")["message"]
    write_wheel(wheels, "fresh", "1.5", files={"fresh.py": ""}, headers="Requires-Python: >=3.8\n")
    user.cure("PKG012", before=before)


@pytest.mark.healthy("PKG012")
def test_a_cap_on_python_is_never_reported(user: Patient) -> None:
    write_wheel(user.root / "wheels", "capped", "1.0", files={"c.py": ""}, headers="Requires-Python: >=3.8,<3.9\n")
    root = with_pip(user)
    user.prepares(f"{root}/bin/python", "-m", "pip", "install", "-q", "--ignore-requires-python", "capped")
    silent(user)


@pytest.mark.healthy("PKG001", "PKG002", "PKG003", "PKG004", "PKG011", "PKG012")
def test_the_environment_of_these_tests_is_healthy(user: Patient) -> None:
    enter(user, Path(sys.prefix))
    silent(user)
    assert json.loads(user.does(f"{user.command} --format json --select PKG").stdout)["verdict"]
