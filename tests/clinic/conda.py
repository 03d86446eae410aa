"""Conda on a machine without conda: roots and environments as a client leaves them, and sessions that have them active.

Activation of conda is variables and a search path, and an environment is a directory with `conda-meta/history`, so
nothing here needs an installer. Prefixes with true records, linked by a real client, are in `tests.clinic.channel`.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from tests.clinic.standard_library import link, link_library

COMMAND = Path(__file__).with_name("conda_command.py")
HISTORY = "==> 2026-01-15 10:00:00 <==\n# cmd: conda create\n# conda version: 26.7.1\n"


def make_prefix(path: Path, *, python: bool = True, pip: bool = False) -> Path:
    """A conda environment: `conda-meta/history`, and if asked for a Python and a pip that are its own."""
    (path / "bin").mkdir(parents=True, exist_ok=True)
    (path / "conda-meta").mkdir(exist_ok=True)
    (path / "conda-meta" / "history").write_text(HISTORY)
    if python:
        install_python(path)
    if pip:
        install_pip(path)
    return path


def install_python(prefix: Path) -> Path:
    """Put a Python into a prefix that takes the prefix for its own: a copied program, a linked standard library."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    base = Path(sys.base_prefix)
    library = prefix / "lib" / version
    (library / "site-packages").mkdir(parents=True, exist_ok=True)
    (prefix / "bin").mkdir(exist_ok=True)
    link_library(base / "lib" / version, library)
    for entry in (base / "lib").glob("libpython*"):
        link(prefix / "lib" / entry.name, entry)
    program = prefix / "bin" / version
    shutil.copy2((base / "bin" / version).resolve(), program)
    for name in ("python", "python3"):
        link(prefix / "bin" / name, Path(version))
    return program


def install_pip(prefix: Path) -> Path:
    """Put a working pip into a prefix that has a Python."""
    [library] = (prefix / "lib").glob("python3*")
    zipfile.ZipFile(pip_wheel(library.name.removeprefix("python"))).extractall(library / "site-packages")
    text = f"#!{prefix}/bin/python\nimport sys\nfrom pip._internal.cli.main import main\nsys.exit(main())\n"
    make_executable(prefix / "bin" / "pip3", text)
    return make_executable(prefix / "bin" / "pip", text)


def pip_wheel(version: str = f"{sys.version_info.major}.{sys.version_info.minor}") -> Path:
    """A wheel of pip that this version of Python can run, without any network."""
    from virtualenv.seed.wheels.embed import get_embed_wheel

    wheel = get_embed_wheel("pip", version)
    assert wheel is not None, version
    return Path(wheel.path)


def make_executable(path: Path, text: str) -> Path:
    """Write a script that can be run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    return path


def add_record(prefix: Path, name: str, version: str, *, build: str = "0", files: tuple[str, ...] = ()) -> Path:
    """Say in `conda-meta` that conda has installed this package with these files (relative to the prefix)."""
    record = {"name": name, "version": version, "build": build, "build_number": 0, "files": list(files)}
    path = prefix / "conda-meta" / f"{name}-{version}-{build}.json"
    path.write_text(json.dumps(record, indent=2))
    return path


@dataclass(frozen=True)
class CondaRoot:
    """A conda installation, and what its shells hold.

    Attributes:
        path: its directory.
    """

    path: Path

    def environment(self, name: str, *, python: bool = True, pip: bool = False) -> Path:
        """A new environment in `envs`."""
        return make_prefix(self.path / "envs" / name, python=python, pip=pip)

    def idle(self, path: str) -> dict[str, str]:
        """The variables of a shell that has run the hook and has nothing active; `path` is the search path before."""
        return {
            "CONDA_EXE": f"{self.path}/bin/conda",
            "_CONDA_EXE": f"{self.path}/bin/conda",
            "_CONDA_ROOT": str(self.path),
            "CONDA_PYTHON_EXE": f"{self.path}/bin/python",
            "_CE_M": "",
            "_CE_CONDA": "",
            "CONDA_SHLVL": "0",
            "PATH": f"{self.path}/condabin{os.pathsep}{path}",
        }

    def active(self, path: str, prefix: Path | None = None) -> dict[str, str]:
        """The variables of a shell that has one environment active, the base if none is named."""
        prefix = prefix or self.path
        named = prefix.name if prefix.parent.name == "envs" else str(prefix)
        name = "base" if prefix == self.path else named
        idle = self.idle(path)
        return {
            **idle,
            "CONDA_PREFIX": str(prefix),
            "CONDA_DEFAULT_ENV": name,
            "CONDA_PROMPT_MODIFIER": f"({name}) ",
            "CONDA_SHLVL": "1",
            "PATH": f"{prefix}/bin{os.pathsep}{idle['PATH']}",
        }

    def block(self, shell: str = "bash") -> str:
        """What `conda init` writes into a start-up file."""
        start, end = "# >>> conda initialize >>>", "# <<< conda initialize <<<"
        note = "# !! Contents within this block are managed by 'conda init' !!"
        if shell == "fish":
            evaluate = f'eval {self.path}/bin/conda "shell.fish" "hook" $argv | source'
            hook = f"if test -f {self.path}/bin/conda\n    {evaluate}\nend"
        else:
            hook = (
                f"__conda_setup=\"$('{self.path}/bin/conda' 'shell.{shell}' 'hook' 2> /dev/null)\"\n"
                'if [ $? -eq 0 ]; then\n    eval "$__conda_setup"\nelse\n'
                f'    if [ -f "{self.path}/etc/profile.d/conda.sh" ]; then\n'
                f'        . "{self.path}/etc/profile.d/conda.sh"\n    else\n'
                f'        export PATH="{self.path}/bin:$PATH"\n    fi\nfi\nunset __conda_setup'
            )
        return f"{start}\n{note}\n{hook}\n{end}\n"


def make_root(path: Path, *, pip: bool = False, auto_activate: bool = False, channel: Path | None = None) -> CondaRoot:
    """A conda installation: the base environment, a `conda` that can activate, and its shell hook.

    `auto_activate` is conda's default, that every interactive shell activates the base environment. With a channel,
    `conda install` works too.
    """
    make_prefix(path, pip=pip)
    for directory in ("condabin", "envs", "pkgs", "etc/profile.d"):
        (path / directory).mkdir(parents=True, exist_ok=True)
    add_record(path, "conda", "26.7.1", build="py311_0")
    command = make_executable(path / "bin" / "conda", f"#!{path}/bin/python\n{COMMAND.read_text()}")
    (path / "condabin" / "conda").symlink_to(command)
    (path / "etc/profile.d/conda.sh").write_text(f'eval "$("{command}" shell.posix hook)"\n')
    if channel is not None:
        (path / ".channel").write_text(f"{sys.executable}\n{Path(__file__).parents[2]}\n{channel}\n")
    if not auto_activate:
        (path / ".condarc").write_text("auto_activate: false\n")
    return CondaRoot(path)


def make_micromamba_root(path: Path, *environments: str) -> Path:
    """A micromamba root: packages and environments, no Python and no command of its own."""
    (path / "pkgs").mkdir(parents=True)
    make_prefix(path, python=False)
    for name in environments:
        make_prefix(path / "envs" / name)
    return path
