"""A world in which uv can go to many places, and every state of a shell in it that makes a difference to uv."""

from __future__ import annotations

import sys
import venv
from pathlib import Path

from envdoctor.facts.commands.commands import probe_commands
from envdoctor.facts.session.search_path import probe_search_path
from envdoctor.facts.uv.context import Surroundings, probe_surroundings
from envdoctor.facts.uv.installations import UvCopies, UvCopy
from envdoctor.facts.uv.settings import probe_uv_settings
from tests.clinic.conda import make_prefix, make_root
from tests.support import make_session

MINOR = f"{sys.version_info.major}.{sys.version_info.minor}"

# In a value, `{w}` is the world and `{base}` the prefix of the Python that runs the tests.
Row = tuple[str, str, dict[str, str]]
CONDA = {"CONDA_PREFIX": "{w}/conda", "_CONDA_ROOT": "{w}/conda", "CONDA_DEFAULT_ENV": "base"}
CHILD = {"CONDA_PREFIX": "{w}/conda/envs/ml", "_CONDA_ROOT": "{w}/conda", "CONDA_DEFAULT_ENV": "ml"}

ROWS: tuple[Row, ...] = (
    ("nothing is set", "p", {}),
    ("nothing is set, in a subdirectory", "p/sub", {}),
    ("nothing is set and nothing near", "n", {}),
    ("VIRTUAL_ENV", "p", {"VIRTUAL_ENV": "{w}/other"}),
    ("VIRTUAL_ENV and a child of conda", "n", {"VIRTUAL_ENV": "{w}/other", **CHILD}),
    ("VIRTUAL_ENV names nothing", "p", {"VIRTUAL_ENV": "{w}/gone"}),
    ("VIRTUAL_ENV names nothing, and nothing near", "n", {"VIRTUAL_ENV": "{w}/gone"}),
    ("VIRTUAL_ENV names nothing, a child of conda is active", "p", {"VIRTUAL_ENV": "{w}/gone", **CHILD}),
    ("VIRTUAL_ENV has lost its Python", "p", {"VIRTUAL_ENV": "{w}/dangling/.venv"}),
    ("VIRTUAL_ENV names a conda environment", "p", {"VIRTUAL_ENV": "{w}/conda/envs/ml"}),
    ("VIRTUAL_ENV names a conda environment, and nothing near", "n", {"VIRTUAL_ENV": "{w}/conda/envs/ml"}),
    ("VIRTUAL_ENV is empty", "p", {"VIRTUAL_ENV": ""}),
    ("VIRTUAL_ENV is relative", "n", {"VIRTUAL_ENV": "../other"}),
    ("a child of conda", "p", CHILD),
    ("a child of conda, and nothing near", "n", CHILD),
    ("a child of conda named by its path", "p", {**CHILD, "CONDA_DEFAULT_ENV": "{w}/conda/envs/ml"}),
    ("a child of conda under another name", "p", {**CHILD, "CONDA_DEFAULT_ENV": "other"}),
    ("a child of conda called base", "p", {**CHILD, "CONDA_DEFAULT_ENV": "base"}),
    ("a child of conda that is in envs/base", "p", {**CONDA, "CONDA_PREFIX": "{w}/conda/envs/base"}),
    ("a child of conda without a Python", "p", {**CHILD, "CONDA_PREFIX": "{w}/conda/envs/tools"}),
    ("a child of conda without a Python, and nothing near", "n", {**CHILD, "CONDA_PREFIX": "{w}/conda/envs/tools"}),
    ("a child of conda that is gone", "p", {**CHILD, "CONDA_PREFIX": "{w}/conda/envs/gone"}),
    ("conda's base", "p", CONDA),
    ("conda's base, and nothing near", "n", CONDA),
    ("conda's base, first on the path", "n", {**CONDA, "PATH": "{w}/conda/bin"}),
    ("conda's base, a virtual environment first on the path", "n", {**CONDA, "PATH": "{w}/other/bin:{w}/conda/bin"}),
    ("conda's base under the name of its directory", "p", {"CONDA_PREFIX": "{w}/conda", "CONDA_DEFAULT_ENV": "conda"}),
    ("conda's base without a name", "p", {"CONDA_PREFIX": "{w}/conda"}),
    ("conda's base with an empty name", "p", {"CONDA_PREFIX": "{w}/conda", "CONDA_DEFAULT_ENV": ""}),
    ("an environment of pixi", "p", {"CONDA_PREFIX": "{w}/conda/envs/pixi", "CONDA_DEFAULT_ENV": "project"}),
    ("CONDA_PREFIX is empty", "p", {"CONDA_PREFIX": ""}),
    ("a virtual environment is first on the path", "n", {"PATH": "{w}/other/bin:{base}/bin"}),
    ("a virtual environment is second on the path", "n", {"PATH": "{base}/bin:{w}/other/bin"}),
    ("a conda environment is first on the path", "n", {"PATH": "{w}/conda/envs/ml/bin"}),
    ("the working directory is in an environment", "other/lib", {}),
    ("a .venv without pyvenv.cfg", "unconfigured", {}),
    ("a .venv that lost its Python", "dangling", {}),
    ("a .venv without a Python", "empty", {}),
    ("a .venv that is a link", "linked", {}),
    ("a .venv that is a link to nothing", "lost", {}),
    ("a .venv that is a link to nothing, below a .venv", "p/lost", {}),
    ("a .venv that is a file", "redirected", {}),
    ("a .venv that is an empty file", "blank", {}),
    ("UV_PROJECT_ENVIRONMENT", "p", {"UV_PROJECT_ENVIRONMENT": "{w}/other"}),
    ("UV_PYTHON names an environment", "p", {"UV_PYTHON": "{w}/other"}),
    ("UV_PYTHON names an environment from here", "p", {"UV_PYTHON": "../other"}),
    ("UV_PYTHON names a conda environment", "p", {"UV_PYTHON": "{w}/conda/envs/ml"}),
    ("UV_PYTHON names a program", "p", {"UV_PYTHON": "{w}/other/bin/python"}),
    ("UV_PYTHON names nothing", "p", {"UV_PYTHON": "{w}/gone"}),
    ("UV_PYTHON is a version that is near", "p", {"UV_PYTHON": MINOR}),
    ("UV_PYTHON is a version that is nowhere", "p", {"UV_PYTHON": "3.7"}),
    ("UV_PYTHON is a version of a kind", "p", {"UV_PYTHON": f"cpython@{MINOR}"}),
    ("UV_PYTHON is a version with a child of conda", "p", {"UV_PYTHON": f"python{MINOR}", **CHILD}),
    ("UV_PYTHON is a bound", "p", {"UV_PYTHON": ">=3.8"}),
    ("UV_PYTHON is a bound that is not met", "p", {"UV_PYTHON": "<3.8"}),
    ("UV_PYTHON is empty", "p", {"UV_PYTHON": ""}),
    ("UV_SYSTEM_PYTHON", "p", {"UV_SYSTEM_PYTHON": "1", "PATH": "{base}/bin"}),
    ("UV_SYSTEM_PYTHON is off", "p", {"UV_SYSTEM_PYTHON": "0"}),
    ("UV_SYSTEM_PYTHON and conda's base", "p", {"UV_SYSTEM_PYTHON": "true", "PATH": "{base}/bin", **CONDA}),
    ("UV_SYSTEM_PYTHON and a child of conda", "p", {"UV_SYSTEM_PYTHON": "1", "PATH": "{base}/bin", **CHILD}),
    (
        "UV_SYSTEM_PYTHON and an active environment",
        "p",
        {"UV_SYSTEM_PYTHON": "1", "VIRTUAL_ENV": "{w}/other", "PATH": "{w}/other/bin:{base}/bin"},
    ),
    ("UV_SYSTEM_PYTHON and UV_PYTHON", "p", {"UV_SYSTEM_PYTHON": "1", "UV_PYTHON": "{w}/other"}),
    ("[pip] system", "system", {"VIRTUAL_ENV": "{w}/other", "PATH": "{base}/bin"}),
    ("[pip] python", "asked", {}),
    ("[pip] python and UV_PYTHON", "asked", {"UV_PYTHON": "{w}/other"}),
    ("[pip] python and UV_SYSTEM_PYTHON", "asked", {"UV_SYSTEM_PYTHON": "1"}),
)


def build(world: Path) -> Path:
    """Build the world."""
    for name in ("p", "other", "asked/chosen"):
        make_environment(world / name / ".venv" if name == "p" else world / name)
    for name in ("p/sub", "p/lost", "n", "linked", "lost", "redirected", "blank", "system", "empty/.venv"):
        (world / name).mkdir(parents=True)
    (world / "unconfigured/.venv/bin").mkdir(parents=True)
    (world / "dangling/.venv/bin").mkdir(parents=True)
    for path in ("dangling/.venv/pyvenv.cfg", "empty/.venv/pyvenv.cfg"):
        (world / path).write_text("home = /gone\n")
    for name in ("python", "python3"):
        (world / "dangling/.venv/bin" / name).symlink_to("/gone/python")
    (world / "linked/.venv").symlink_to(world / "other")
    (world / "lost/.venv").symlink_to("/gone/.venv")
    (world / "p/lost/.venv").symlink_to("/gone/.venv")
    (world / "redirected/.venv").write_text("../other\n")
    (world / "blank/.venv").write_text("")
    (world / "system/uv.toml").write_text("[pip]\nsystem = true\n")
    (world / "asked/uv.toml").write_text(f'[pip]\npython = "{world}/asked/chosen"\n')
    root = make_root(world / "conda")
    root.environment("ml")
    root.environment("base")
    root.environment("tools", python=False)
    pixi = make_prefix(root.path / "envs" / "pixi")
    (pixi / "conda-meta" / "pixi").write_text("{}")
    return world


def make_environment(path: Path) -> Path:
    """A virtual environment without pip."""
    venv.create(path, symlinks=True, with_pip=False)
    return path


def filled(world: Path, variables: dict[str, str]) -> dict[str, str]:
    """The variables of a row, in this world."""
    home = {"HOME": str(world / "home"), "PATH": "/nonexistent", "XDG_CONFIG_DIRS": "/nonexistent"}
    return {
        name: value.replace("{w}", str(world)).replace("{base}", sys.base_prefix)
        for name, value in {**home, **variables}.items()
    }


def surroundings(directory: Path, env: dict[str, str], version: str) -> Surroundings:
    """What envdoctor sees in a row's shell, as if this uv answered."""
    session = make_session(env, cwd=directory)
    commands = probe_commands(probe_search_path(session), None)
    uv = UvCopies((UvCopy("/uv", "/uv", tuple(map(int, version.split(".")))),))
    return probe_surroundings(session, uv, probe_uv_settings(session), commands)
