"""Pythons that are past their days or made for another machine, and names that the shell has redefined."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clinic.conda import make_executable
from tests.clinic.environments import BASE, by_uv, by_venv, by_virtualenv, provides_pip
from tests.clinic.patient import Patient
from tests.clinic.pyenvs import give_pyenv, installed
from tests.clinic.tree import in_effect
from tests.native import make_extension
from tests.support import needs_python, needs_tool

AARCH64 = 183


@pytest.fixture(params=["bash", "zsh", "fish"])
def user(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Patient]:
    """A user of each shell."""
    with Patient(tmp_path / "patient", request.param) as patient:
        yield patient


@pytest.mark.sick("PY005")
def test_an_environment_of_uv_moves_to_a_newer_python(patient: Patient) -> None:
    newer = Path(needs_python("3.13")).parent
    root = by_uv(patient, patient.project / ".venv", python=needs_python("3.8"))
    provides_pip(patient)
    patient.env |= {"PATH": f"{patient.bin}:/usr/bin:/bin:{newer}", "UV_OFFLINE": "1", "UV_PYTHON_DOWNLOADS": "never"}
    patient.does(f"source {root}/bin/activate")
    before = patient.examine()
    assert "3.8" in before.finding("PY005")["message"]
    patient.cure("PY005", before=before)
    assert patient.does("python -V").stdout.startswith("Python 3.13")


@pytest.mark.sick("PY005")
def test_pyenv_selects_a_newer_version(user: Patient) -> None:
    root = give_pyenv(user, "2.7", "3.13")
    (root / "version").write_text("2.7\n")
    user.cure("PY005")
    assert (user.project / ".python-version").read_text().strip() == installed(root, "3.13")


@pytest.mark.sick("PY005")
def test_what_a_variable_selects_is_changed_in_the_variable(user: Patient) -> None:
    root = give_pyenv(user, "2.7", "3.13")
    (root / "version").write_text("3.13\n")
    user.env["PYENV_VERSION"] = installed(root, "2.7")
    user.cure("PY005")
    assert user.does("python -V").stdout.startswith("Python 3.13")


@pytest.mark.healthy("PY005", "PY011")
def test_a_maintained_python_and_the_systems_own(patient: Patient) -> None:
    by_venv(patient, patient.project / ".venv", python=needs_python("3.13"))
    patient.does("source .venv/bin/activate")
    assert {"PY005", "PY011"} & patient.examine().codes == set()
    patient.does("deactivate")
    assert {"PY005", "PY011"} & patient.examine().codes == set()


@pytest.mark.sick("PY010")
@pytest.mark.parametrize(
    ("shell", "file"), [("bash", ".bashrc"), ("zsh", ".zshrc"), ("fish", ".config/fish/config.fish")]
)
def test_an_alias_goes_out_of_the_file_that_the_shell_reads(tmp_path: Path, shell: str, file: str) -> None:
    with Patient(tmp_path / "patient", shell) as user:
        needs_tool(shell)
        path = user.home / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# mine\nalias python={BASE}\nalias ll='ls -l'\n")
        for other in (".bashrc", ".zshrc"):
            if not (user.home / other).exists():
                (user.home / other).write_text("alias pip=/usr/bin/pip\n")
        before = user.examine()
        finding = before.finding("PY010")
        assert (finding["severity"], finding["where"]) == ("warning", f"{path}:2")
        user.cure("PY010", before=before)
        assert in_effect(path) == "# mine\nalias ll='ls -l'\n"


@pytest.mark.healthy("PY010")
def test_aliases_that_lead_into_the_environment_or_are_for_another_machine(patient: Patient) -> None:
    (patient.home / ".bashrc").write_text(
        "# alias python=/usr/bin/python3\n"
        "alias pip='python -m pip'\n"
        "alias pip3='uv pip'\n"
        'if [ "$(uname)" = Darwin ]; then\n    alias python=/opt/homebrew/bin/python3\nfi\n'
        "alias py=/usr/bin/python3\n"
        'cd() { builtin cd "$@"; }\n'
    )
    assert "PY010" not in patient.examine().codes


def native_wheel(directory: Path, library: bytes, suffix: str = ".abi3.so", tag: str = "py3-none-any") -> Path:
    """A wheel with one extension module."""
    info = "fast-1.0.dist-info"
    content = {
        "fast/__init__.py": b"",
        f"fast/_core{suffix}": library,
        f"{info}/METADATA": b"Metadata-Version: 2.1\nName: fast\nVersion: 1.0\n",
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: false\nTag: {tag}\n".encode(),
    }
    lines = (
        f"{path},sha256={base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode()},{len(data)}\n"
        for path, data in content.items()
    )
    directory.mkdir(exist_ok=True)
    wheel = directory / f"fast-1.0-{tag}.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, data in {**content, f"{info}/RECORD": ("".join(lines) + f"{info}/RECORD,,\n").encode()}.items():
            archive.writestr(path, data)
    return wheel


def for_another_machine(path: Path) -> None:
    content = bytearray(path.read_bytes())
    struct.pack_into("<H", content, 18, AARCH64)
    path.unlink()
    path.write_bytes(content)


@pytest.mark.sick("PY011")
def test_a_module_for_another_machine_is_installed_again(patient: Patient) -> None:
    libraries = list(Path("/").glob("lib*/*-linux-gnu/libdl.so.2"))
    if not libraries:
        pytest.skip("there is no libdl.so.2 to make an extension module of")
    wheels = patient.root / "wheels"
    native_wheel(wheels, libraries[0].read_bytes())
    patient.env |= {"UV_FIND_LINKS": str(wheels), "UV_OFFLINE": "1"}
    root = by_uv(patient, patient.project / ".venv")
    patient.prepares("uv", "pip", "install", "--quiet", "--link-mode", "copy", "--python", root, "fast")
    [module] = root.glob("lib/python3*/site-packages/fast/_core.abi3.so")
    patient.does("source .venv/bin/activate")
    assert "PY011" not in patient.examine().codes
    for_another_machine(module)
    before = patient.examine()
    assert before.finding("PY011")["severity"] == "error"
    assert before.finding("PY011")["fix"]["commands"]["bash"][0].endswith("--reinstall fast")
    patient.cure("PY011", before=before)


def wheels_for_both(patient: Patient, minor: str) -> tuple[Path, str]:
    """A virtual environment, and a package with an extension module for glibc and for musl; the machine's name."""
    machine, tag = os.uname().machine, f"cp{minor.replace('.', '')}"
    wheels = patient.root / "wheels"
    for system, platform in (("gnu", f"manylinux_2_17_{machine}"), ("musl", f"musllinux_1_2_{machine}")):
        suffix = f".cpython-{tag[2:]}-{machine}-linux-{system}.so"
        library = make_extension(patient.root / system / f"_core{suffix}")
        native_wheel(wheels, library.read_bytes(), suffix, f"{tag}-{tag}-{platform}")
    patient.env |= {"UV_FIND_LINKS": str(wheels), "UV_OFFLINE": "1"}
    return by_uv(patient, patient.project / ".venv", python=needs_python(minor)), machine


@pytest.mark.sick("PY011")
def test_a_module_for_musl_is_installed_again_for_glibc(patient: Patient) -> None:
    root, machine = wheels_for_both(patient, "3.12")
    foreign = ("--python-platform", f"{machine}-unknown-linux-musl")
    patient.prepares("uv", "pip", "install", "--quiet", "--python", root, *foreign, "fast")
    patient.does("source .venv/bin/activate")
    assert "No module named 'fast._core'" in patient.shell.run("python -c 'import fast._core'").stderr
    before = patient.examine()
    assert "is made for musl, but Python runs with glibc" in before.finding("PY011")["message"]
    patient.cure("PY011", before=before)
    assert "No module named" not in patient.shell.run("python -c 'import fast._core'").stderr


@pytest.mark.healthy("PY011")
def test_a_module_for_musl_beside_one_for_glibc_does_no_harm(patient: Patient) -> None:
    root, _ = wheels_for_both(patient, "3.12")
    patient.prepares("uv", "pip", "install", "--quiet", "--python", root, "fast")
    [module] = root.glob("lib/python3*/site-packages/fast/_core.*.so")
    module.with_name(module.name.replace("-gnu", "-musl")).write_bytes(module.read_bytes())
    patient.does("source .venv/bin/activate")
    assert "PY011" not in patient.examine().codes


@pytest.mark.healthy("PY011")
def test_a_python_for_another_machine_that_cannot_start_is_another_trouble(patient: Patient) -> None:
    program = make_executable(patient.bin / "python", "")
    shutil.copy(BASE, program)
    for_another_machine(program)
    program.chmod(0o755)
    codes = patient.examine().codes
    assert "PY011" not in codes
    assert "PY004" in codes


@pytest.mark.healthy("PY010")
def test_an_environment_that_a_start_up_file_activates(patient: Patient) -> None:
    by_virtualenv(patient.home / "envs/main")
    (patient.home / ".bashrc").write_text(". ~/envs/main/bin/activate\n")
    patient.does(". ~/.bashrc")
    assert "PY010" not in patient.examine().codes
