"""The sessions in which runs are measured: a plain one, one in a project, and one in which everything is wrong."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import msgspec
from packages import fill

LINES = 300
PACKAGES = 100
SHIM = """#!/usr/bin/env bash
set -e
program="${0##*/}"
export PYENV_ROOT="%s"
exec "%s/libexec/pyenv" exec "$program" "$@"
"""
STARTUP = """
# some comment
alias ll{n}='ls -l --color=auto'
export EDITOR{n}="${{EDITOR:-vim}}"
if [ -d "$HOME/tools/{n}" ]; then
    export TOOL_{n}="$HOME/tools/{n}"
fi
greet_{n}() {{
    local name=$1
    echo "hello $name"
}}
"""


class Session(msgspec.Struct, frozen=True):
    """Where and with which variables commands are typed."""

    name: str
    cwd: Path
    env: dict[str, str]


def sessions(root: Path) -> tuple[Session, ...]:
    """All three, below an empty directory."""
    return plain(root / "plain"), project(root / "project"), sick(root / "sick")


def plain(home: Path) -> Session:
    """A virtual environment with pip is active, and there is nothing else."""
    environment = home / "env"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    return Session("plain", home, {**_login(home, f"{environment}/bin"), "VIRTUAL_ENV": str(environment)})


def project(home: Path) -> Session:
    """A project of uv with a hundred packages, pyenv's shims and conda on the search path, long start-up files."""
    work = home / "work"
    work.mkdir(parents=True)
    names = _environment(work / ".venv")
    dependencies = "".join(f'    "{name}",\n' for name in names[:40])
    table = f'[project]\nname = "work"\nversion = "1"\nrequires-python = ">=3.9"\ndependencies = [\n{dependencies}]\n'
    (work / "pyproject.toml").write_text(f"{table}\n[tool.uv]\npackage = false\n", encoding="utf-8")
    count = LINES // STARTUP.count("\n") + 1
    (home / ".bashrc").write_text("".join(STARTUP.format(n=n) for n in range(count)), encoding="utf-8")
    path = f"{work}/.venv/bin:{_pyenv(home / '.pyenv')}:{_conda(home / 'miniconda3')}"
    variables = {"VIRTUAL_ENV": f"{work}/.venv", "PYENV_ROOT": f"{home}/.pyenv", "CONDA_SHLVL": "0"}
    return Session("project", work, {**_login(home, path), **variables})


def sick(home: Path) -> Session:
    """The same project, and the session around it broken in ten ways."""
    well = project(home)
    library = home / "miniconda3" / "lib"
    library.mkdir(exist_ok=True)
    with (home / ".bashrc").open("a", encoding="utf-8") as file:
        file.write("export PIP_TARGET=$HOME/target\nexport PYTHONPATH=$HOME/old:\n")
    variables = {
        "VIRTUAL_ENV": str(home / "gone"),
        "PYTHONPATH": f"{home}/old:",
        "LD_LIBRARY_PATH": f"{library}:",
        "CONDA_PREFIX": str(home / "miniconda3" / "envs" / "lost"),
        "CONDA_SHLVL": "1",
        "PIP_TARGET": str(home / "target"),
        "PIP_INDEX_URL": "http://mirror.invalid/simple",
        "UV_DEFAULT_INDEX": "mirror.invalid/simple",
        "HTTPS_PROXY": "proxy.invalid:99999",
        "SSL_CERT_FILE": str(home / "no.pem"),
        "PYENV_VERSION": "3.99.9",
    }
    return Session("sick", well.cwd, {**well.env, **variables})


def _login(home: Path, path: str) -> dict[str, str]:
    return {
        "HOME": str(home),
        "PATH": f"{path}:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "SHELL": "/bin/bash",
        "TERM": "xterm",
    }


def _environment(root: Path) -> list[str]:
    """An environment as uv makes it with the metadata of a hundred distributions. Their names."""
    uv = shutil.which("uv") or str(Path(sys.executable).parent / "uv")
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(root)], check=True)
    [site] = root.glob("lib/python3*/site-packages")
    fill(site, Path(sysconfig.get_path("purelib")), PACKAGES)
    return sorted(found.name.partition("-")[0] for found in site.glob("*.dist-info"))


def _pyenv(root: Path) -> Path:
    """Pyenv with three versions and a hundred shims. The directory of the shims."""
    shims = root / "shims"
    shims.mkdir(parents=True)
    for version in ("3.10.13", "3.11.7", "3.12.1"):
        (root / "versions" / version / "bin").mkdir(parents=True)
        (root / "versions" / version / "bin" / "python").symlink_to(sys.executable)
    (root / "version").write_text("3.11.7\n", encoding="utf-8")
    for name in ("python", "python3", "pip", "pip3", *(f"tool{n}" for n in range(96))):
        shim = shims / name
        shim.write_text(SHIM % (root, root), encoding="utf-8")
        shim.chmod(0o755)
    return shims


def _conda(root: Path) -> Path:
    """A base of conda with some packages. Its `condabin`."""
    for directory in ("condabin", "bin", "conda-meta", "envs"):
        (root / directory).mkdir(parents=True)
    for place in ("condabin", "bin"):
        program = root / place / "conda"
        program.write_text(f"#!{root}/bin/python\n", encoding="utf-8")
        program.chmod(0o755)
    (root / "bin" / "python").symlink_to(sys.executable)
    (root / "conda-meta" / "history").write_text("", encoding="utf-8")
    for number in range(PACKAGES):
        record = {"name": f"package{number}", "version": "1.0", "build": "0", "channel": "local", "files": []}
        (root / "conda-meta" / f"package{number}-1.0-0.json").write_bytes(msgspec.json.encode(record))
    return root / "condabin"
