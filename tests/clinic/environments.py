"""Real environments to make sick: made by venv, virtualenv and uv, on bases that can be taken away."""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path

from virtualenv import cli_run

from tests.clinic.conda import make_executable, pip_wheel
from tests.clinic.patient import Patient
from tests.clinic.standard_library import link_library
from tests.support import needs_python, needs_tool
from tests.wheels import write_command_wheel

BASE = os.path.realpath(sys.executable)
MINOR = f"{sys.version_info[0]}.{sys.version_info[1]}"


def make_base(directory: Path, python: str = BASE) -> Path:
    """A Python of its own, as a package manager installs one: a program, and a library that is only linked."""
    home = Path(python).resolve().parent.parent
    program = next(path.name for path in sorted((home / "bin").glob("python3.*")) if path.name[9:].isdigit())
    link_library(home / "lib" / program, directory / "lib" / program)
    for entry in (home / "lib").glob("libpython*"):
        (directory / "lib" / entry.name).symlink_to(entry)
    (directory / "bin").mkdir()
    shutil.copy2(home / "bin" / program, directory / "bin" / program)
    (directory / "bin" / "python3").symlink_to(program)
    return directory / "bin" / program


def by_venv(patient: Patient, root: Path, *options: str, python: str | Path = BASE, pip: bool = True) -> Path:
    """An environment by `python -m venv`. Its pip is real, and put there faster than venv does."""
    patient.prepares(python, "-m", "venv", "--without-pip", *options, root)
    config = root / "pyvenv.cfg"
    config.write_text(config.read_text().replace(" --without-pip", ""))
    return add_pip(root) if pip else root


def by_virtualenv(root: Path, *options: str) -> Path:
    """An environment by virtualenv, which is asked within this process: to start it costs more than its work."""
    cli_run(
        ["--quiet", "--no-download", "--no-periodic-update", "--app-data", _app_data(), *options, str(root)],
        setup_logging=False,
    )
    return root


@functools.cache
def _app_data() -> str:
    """Where virtualenv keeps the pip that it has unpacked."""
    directory = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, directory)
    return directory


def by_uv(patient: Patient, root: Path, *options: str, python: str | Path = BASE, pip: bool = True) -> Path:
    """An environment by uv, as with `--seed` unless that is not wanted, of a user who has uv."""
    if not (patient.bin / "uv").exists():
        patient.install("uv")
    patient.prepares(needs_tool("uv"), "venv", "-q", "--offline", *options, "-p", python, root)
    return add_pip(root) if pip else root


def add_pip(root: Path, *, linked: bool = True) -> Path:
    """Put pip into an environment, its files by link unless they are going to be changed."""
    [packages] = root.glob("lib/python3*/site-packages")
    for directory in pip_tree().iterdir():
        if linked:
            (packages / directory.name).symlink_to(directory)
        else:
            shutil.copytree(directory, packages / directory.name)
    for name in ("pip", "pip3"):
        text = f"#!{root}/bin/python\nimport sys\nfrom pip._internal.cli.main import main\nsys.exit(main())\n"
        make_executable(root / "bin" / name, text)
    (root / "bin" / "activate").touch()  # the last file that venv writes: what is newer came later
    return root


def provides_pip(patient: Patient) -> None:
    """Give the user of uv what `uv venv --seed` installs, and settings by which uv looks nowhere else for it."""
    wheels = patient.root / "seeds"
    wheels.mkdir()
    write_seeds(wheels)
    settings = patient.home / ".config" / "uv" / "uv.toml"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(f'no-index = true\nfind-links = ["{wheels}"]\n')


def write_seeds(wheels: Path) -> None:
    """The wheels that uv puts into a new environment: pip, and with an older Python what builds packages."""
    for seed in ("setuptools", "wheel"):
        write_command_wheel(wheels, seed)
    pip = Path(pip_wheel())
    (wheels / pip.name).symlink_to(pip)


@functools.cache
def pip_tree() -> Path:
    """The files of a pip, unpacked once."""
    directory = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, directory)
    zipfile.ZipFile(pip_wheel()).extractall(directory)
    return Path(directory)


def install(patient: Patient, root: Path, *names: str) -> None:
    """Install tiny packages, each with a command of its own name, into an environment by uv."""
    wheels = patient.root / "wheels"
    wheels.mkdir(exist_ok=True)
    paths = [write_command_wheel(wheels, name) for name in names]
    patient.prepares(needs_tool("uv"), "pip", "install", "-q", "--offline", "-p", root, *paths)


def uv_project(patient: Patient, root: Path | None = None, name: str = "project") -> Path:
    """A project that is kept with uv and needs nothing."""
    root = root or patient.project
    root.mkdir(exist_ok=True, parents=True)
    (root / "pyproject.toml").write_text(
        f'[project]\nname = "{name}"\nversion = "1"\nrequires-python = ">=3.9"\n\n[tool.uv]\npackage = false\n'
    )
    package = f'[[package]]\nname = "{name}"\nversion = "1"\nsource = {{ virtual = "." }}\n'
    (root / "uv.lock").write_text(f'version = 1\nrequires-python = ">=3.9"\n\n{package}')
    return root


def another_python(minor: str = "3.12") -> str:
    """A Python of another minor version than that of the tests."""
    return needs_python(minor)
