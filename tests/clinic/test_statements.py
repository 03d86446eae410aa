"""Statements that were once wrong, each on a machine of its kind: what is said now, what is not, and the fix run."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.clinic.environments import BASE, by_uv, by_venv
from tests.clinic.patient import SYSTEM_PATH, Patient
from tests.clinic.projects import stock, write
from tests.mirror_server import MirrorServer
from tests.native import loaded, make_extension, make_library

pytestmark = pytest.mark.clinic

LIBC = "libc.so.6"


# PY003: a `pip` whose package is gone runs nowhere


@pytest.fixture
def two_pips(patient: Patient) -> Patient:
    """An active environment with a `pip`, whose `pip3` is another Python's."""
    root = by_venv(patient, patient.project / ".venv")
    other = by_venv(patient, patient.home / "other")
    (root / "bin/pip3").unlink()
    (patient.bin / "pip3").symlink_to(other / "bin/pip3")
    patient.does("source .venv/bin/activate")
    return patient


@pytest.mark.sick("PY003")
def test_pip_and_pip3_of_two_pythons(two_pips: Patient) -> None:
    before = two_pips.examine()
    assert "`pip` runs in" in before.finding("PY003")["message"]
    two_pips.cure("PY003", before=before)
    assert f"{two_pips.project}/.venv" in two_pips.does("pip3 --version").stdout


@pytest.mark.sick("PY003")
def test_an_environment_behind_the_systems_python3(patient: Patient) -> None:
    root = by_uv(patient, patient.home / "venv", pip=True)
    (patient.bin / "python3").symlink_to(BASE)
    patient.does(f"export PATH=~/.local/bin:~/venv/bin:{SYSTEM_PATH}")
    patient.cure("PY003")
    assert patient.does("command -v python python3").stdout == f"{root}/bin/python\n{root}/bin/python3\n"


@pytest.mark.healthy("PY003")
@pytest.mark.sick("PIP002")
def test_a_pip_that_cannot_be_imported_is_not_said_to_run(two_pips: Patient) -> None:
    for left in (two_pips.project / ".venv/lib").glob("python3*/site-packages/pip*"):
        left.unlink()
    assert "No module named 'pip" in two_pips.shell.run("pip --version").stderr
    before = two_pips.examine()
    assert "PY003" not in before.codes
    assert "PIP002" in before.codes
    two_pips.cure("PIP002", before=before, unmasked=("PY003",))
    two_pips.does("pip --version")


# LIB004: which of two libraries is which


def cudnn(patient: Patient, wheel: str, directory: Path, own: str) -> Path:
    """An active environment with the wheel of cuDNN in one version; another in a directory. What needs it."""
    [packages] = (by_uv(patient, patient.project / ".venv", pip=False) / "lib").glob("python3*/site-packages")
    (packages / f"nvidia_cudnn_cu12-{wheel}.dist-info").mkdir()
    library = make_library(packages / "nvidia/cudnn/lib/libcudnn.so.9")
    flags = ["-Wl,--enable-new-dtags", "-Wl,-rpath,$ORIGIN/../../nvidia/cudnn/lib"]
    needing = make_library(packages / "torch/lib/libtorch_cuda.so", needs=[library], flags=flags)
    make_library(directory / f"libcudnn.so.{own}", soname="libcudnn.so.9")
    (directory / "libcudnn.so.9").symlink_to(f"libcudnn.so.{own}")
    patient.does("source .venv/bin/activate")
    return needing


@pytest.mark.sick("LIB004")
def test_a_toolkit_of_another_release_is_told_from_the_wheel(patient: Patient) -> None:
    toolkit = patient.home / "cuda/lib64"
    torch = cudnn(patient, "9.1.0.70", toolkit, "9.8.0")
    assert loaded(torch, str(toolkit))["libcudnn.so.9"] == f"{toolkit}/libcudnn.so.9"
    patient.does(f"export LD_LIBRARY_PATH={toolkit}")
    before = patient.examine("--select", "LIB")
    assert "it has libcudnn.so.9 9.8.0, the wheel brings 9.1.0" in before.finding("LIB004")["message"]
    patient.cure("LIB004", before=before, arguments=("--select", "LIB"))
    left = patient.shell.run("printenv LD_LIBRARY_PATH").stdout.strip()
    assert "/.venv/" in str(loaded(torch, left)["libcudnn.so.9"])


@pytest.mark.healthy("LIB004")
def test_a_toolkit_that_is_not_on_the_path_says_nothing(patient: Patient) -> None:
    torch = cudnn(patient, "9.1.0.70", patient.home / "cuda/lib64", "9.8.0")
    assert "/.venv/" in str(loaded(torch)["libcudnn.so.9"])
    patient.does("export LD_LIBRARY_PATH=")
    assert "LIB004" not in patient.examine("--select", "LIB").codes


# LIB011: the system's C library is never to be exchanged


def needs_libc(patient: Patient, label: str, function: str = "future") -> Path:
    """An extension in the active environment that asks the C library for this label."""
    [packages] = (by_uv(patient, patient.project / ".venv", pip=False) / "lib").glob("python3*/site-packages")
    libc = make_library(patient.scratch / "libc" / LIBC, [function], versions={label: [function]})
    patient.does("source .venv/bin/activate")
    return make_extension(packages / "fast.abi3.so", calls=[function], needs=[libc])


@pytest.mark.sick("LIB011")
def test_a_wheel_for_a_newer_system_wants_another_wheel(patient: Patient) -> None:
    extension = needs_libc(patient, "GLIBC_2.99")
    assert "GLIBC_2.99' not found" in patient.shell.run("python -c 'import fast'").stderr
    finding = patient.examine("--deep", "--select", "LIB").finding("LIB011")
    assert "GLIBC_2.99" in finding["message"]
    said = " ".join((finding["fix"]["summary"], *finding["fix"]["commands"]["bash"]))
    assert "Install a build of the package made for this system" in said
    assert LIBC not in said
    extension.unlink()
    make_extension(extension)  # a build for this system
    assert patient.examine("--deep", "--select", "LIB").problems() == []


@pytest.mark.healthy("LIB011")
def test_a_label_that_this_c_library_has_says_nothing(patient: Patient) -> None:
    needs_libc(patient, "GLIBC_2.2.5" if os.uname().machine == "x86_64" else "GLIBC_2.17", "qsort")
    assert "LIB011" not in patient.examine("--deep", "--select", "LIB").codes


# NET003: a port that no computer has is in no fix


@pytest.mark.sick("NET003")
@pytest.mark.parametrize("port", ["99999", "0x50", "-1"])
def test_an_impossible_port_is_not_repeated(patient: Patient, mirror: MirrorServer, port: str) -> None:
    patient.install("uv")
    patient.env |= {"PIP_CONFIG_FILE": "/dev/null", "UV_HTTP_RETRIES": "0", "UV_PYTHON_DOWNLOADS": "never"}
    patient.does(*(f"export {name}=http://127.0.0.1:{port}" for name in ("HTTP_PROXY", "HTTPS_PROXY")))
    finding = patient.examine("--select", "NET").result("NET003")["findings"][0]
    assert all(port not in command for command in finding["fix"]["commands"]["bash"])
    patient.does(*(f"export {name}={mirror.url}" for name in ("HTTP_PROXY", "HTTPS_PROXY")))  # as the step to read says
    assert "NET003" not in patient.examine("--select", "NET").codes


@pytest.mark.healthy("NET003")
def test_the_highest_port_is_one(patient: Patient) -> None:
    patient.env |= {"PIP_CONFIG_FILE": "/dev/null", "HTTPS_PROXY": "http://proxy.example:65535"}
    assert patient.examine("--select", "NET003").problems() == []


# PRJ007: a lower bound admits more than one version, and not any


@pytest.mark.sick("PRJ007")
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("alpha>=2", "alpha>=2 can be more than one version"),
        ("alpha", "alpha can be any version"),
        ('alpha; python_version >= "3"', 'alpha; python_version >= "3" can be any version'),
    ],
)
def test_what_a_requirement_leaves_open(patient: Patient, asked: str, said: str) -> None:
    stock(patient)
    patient.install("uv")
    write(patient.project / "requirements.txt", f"{asked}\n")
    by_uv(patient, patient.project / ".venv", python=BASE, pip=False)
    before = patient.examine("--select", "PRJ007")
    assert before.finding("PRJ007")["message"].endswith(said)
    patient.cure("PRJ007", before=before, arguments=("--select", "PRJ007"))
    assert re.search(r"(?m)^alpha==2\.0", (patient.project / "requirements.lock").read_text())


@pytest.mark.healthy("PRJ007")
def test_an_exact_version_leaves_nothing_open(patient: Patient) -> None:
    write(patient.project / "requirements.txt", "alpha===1.0\nbeta==1.0,>=0\n")
    assert patient.examine("--select", "PRJ007").problems() == []
