"""What is said about pins is what the real uv does with them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.project.project import probe_project
from envdoctor.facts.project.python_pins import (
    PinFile,
    PinForm,
    PinScope,
    PythonPin,
    PythonPins,
    parse,
    probe_python_pins,
    understand,
)
from tests.support import make_session, needs_tool

PROJECT = '[project]\nname = "x"\nversion = "0"\nrequires-python = ">=3"\n'
OWN = "{}.{}".format(*sys.version_info)


@pytest.mark.parametrize(
    ("request_", "meaning"),
    [
        ("3", (PinForm.VERSION, "3", None)),
        ("3.12", (PinForm.VERSION, "3.12", None)),
        ("3.12.1", (PinForm.VERSION, "3.12.1", None)),
        ("312", (PinForm.VERSION, "3.12", None)),
        ("3.14.0rc1", (PinForm.VERSION, "3.14.0rc1", None)),
        ("3.13t", (PinForm.VERSION, "3.13", None)),
        ("313t", (PinForm.VERSION, "3.13", None)),
        ("3.14+freethreaded", (PinForm.VERSION, "3.14", None)),
        ("cpython-3.12.1-linux-x86_64-gnu", (PinForm.VERSION, "3.12.1", "cpython")),
        ("cpython-3.13.1+freethreaded-linux-x86_64-gnu", (PinForm.VERSION, "3.13.1", "cpython")),
        ("cpython@3.12", (PinForm.VERSION, "3.12", "cpython")),
        ("cpython-3.12", (PinForm.VERSION, "3.12", "cpython")),
        ("CPython3.12", (PinForm.VERSION, "3.12", "cpython")),
        ("cp312", (PinForm.VERSION, "3.12", "cpython")),
        ("python3.12", (PinForm.VERSION, "3.12", "cpython")),
        ("pypy@3.10", (PinForm.VERSION, "3.10", "pypy")),
        ("pp310", (PinForm.VERSION, "3.10", "pypy")),
        (">=3.11,<3.13", (PinForm.RANGE, ">=3.11,<3.13", None)),
        ("cpython@>=3.11", (PinForm.RANGE, ">=3.11", "cpython")),
        ("~=3.10", (PinForm.RANGE, "~=3.10", None)),
        ("==3.11.*", (PinForm.RANGE, "==3.11.*", None)),
        ("any", (PinForm.ANY, None, None)),
        ("default", (PinForm.ANY, None, None)),
        ("cpython", (PinForm.ANY, None, "cpython")),
        ("pypy", (PinForm.ANY, None, "pypy")),
        ("./python", (PinForm.PATH, None, None)),
        ("3.11.7/envs/foo", (PinForm.PATH, None, None)),
        ("system", (PinForm.OTHER, None, None)),
        ("miniconda3-4.7.12", (PinForm.OTHER, None, None)),
        ("pypy3.10-7.3.12", (PinForm.OTHER, None, None)),
        ("3.12-dev", (PinForm.OTHER, None, None)),
        ("3.12 # note", (PinForm.OTHER, None, None)),
        ("my-env", (PinForm.OTHER, None, None)),
    ],
)
def test_requests(request_: str, meaning: tuple[PinForm, str | None, str | None]) -> None:
    assert understand(request_) == meaning


def test_lines() -> None:
    assert [(pin.line, pin.text) for pin in parse("# note\r\n\r\n 3.12 \r\n3.11\n")] == [(3, "3.12"), (4, "3.11")]
    assert list(parse("")) == []


class Lab(NamedTuple):
    """A home and a search path with nothing but one Python."""

    home: Path
    bin: Path

    def uv(self, cwd: Path, *arguments: str) -> str:
        """What uv says, on both outputs."""
        done = subprocess.run(
            [needs_tool("uv"), *arguments, "--offline", "--no-managed-python", "--no-python-downloads"],
            cwd=cwd,
            env={"HOME": str(self.home), "PATH": str(self.bin), "UV_CACHE_DIR": str(self.home / "cache")},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout + done.stderr


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    root = tmp_path_factory.mktemp("lab")
    lab = Lab(root / "home", root / "bin")
    for directory in lab:
        directory.mkdir()
    (lab.bin / f"python{OWN}").symlink_to(Path(sys.base_prefix, "bin", f"python{OWN}"))
    return lab


@pytest.mark.tools
@pytest.mark.parametrize(
    "line",
    [
        *("3", OWN, OWN.replace(".", ""), f"cpython@{OWN}", f"cpython-{OWN}", f"cp{OWN.replace('.', '')}"),
        *(f">={OWN}", f"=={OWN}.*", f"~={OWN}", "any", "default", "cpython", f"python{OWN}", "CPython"),
        *("2.7", "99", "3.99.1", "pypy@3.10", "<3", "pypy", "/no/where", "3.11.7/envs/foo"),
        *("system", "miniconda3-4.7.12", f"{OWN} # note", f"{OWN} 2.7", f"{OWN}-dev", "pypy3.10-7.3.12", "my-env"),
    ],
)
def test_uv_understands_a_line_as_is_said_here(lab: Lab, tmp_path: Path, line: str) -> None:
    (tmp_path / ".python-version").write_text(f"# note\r\n{line}\r\n2.7\n")
    said = lab.uv(tmp_path, "python", "find")
    form, version, implementation = understand(line)
    assert (form is PinForm.OTHER) == ("Ignoring unsupported Python request" in said), said
    if form is PinForm.PATH:
        assert "No interpreter found at path" in said
    elif form is not PinForm.OTHER:
        from packaging.specifiers import SpecifierSet

        specifier = f"=={version}.*" if form is PinForm.VERSION else version or ""
        fits = SpecifierSet(specifier).contains(OWN) and implementation in (None, "cpython")
        assert fits == (str(lab.bin) in said), said


def look(cwd: Path, home: Path, **env: str) -> PythonPins:
    session = make_session({"HOME": str(home), **env}, cwd=cwd)
    try:
        project = probe_project(session)
    except Unavailable:
        project = None
    return probe_python_pins(session, project)


def put(root: Path, *files: str) -> None:
    for file in files:
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PROJECT if path.name == "pyproject.toml" else "3.11\n")


def test_each_file_has_its_scope(tmp_path: Path) -> None:
    put(tmp_path, ".python-version", "p/pyproject.toml", "p/.python-version", "p/a/b/.python-versions")
    put(tmp_path, "home/.config/uv/.python-version")
    pins = (PythonPin("3.11", 1, PinForm.VERSION, "3.11"),)
    seen = look(tmp_path / "p/a/b", tmp_path / "home")
    assert seen.files == (
        PinFile(str(tmp_path / "p/a/b/.python-versions"), PinScope.INSIDE, pins),
        PinFile(str(tmp_path / "p/.python-version"), PinScope.PROJECT, pins),
        PinFile(str(tmp_path / ".python-version"), PinScope.OUTSIDE, pins),
        PinFile(str(tmp_path / "home/.config/uv/.python-version"), PinScope.GLOBAL, pins),
    )
    assert seen.nearest is seen.files[0]
    assert seen.of(PinScope.PROJECT) is seen.files[1]
    assert seen.files[1].origin(pins[0]) == f"{tmp_path}/p/.python-version:1"


def test_no_project_no_scope(tmp_path: Path) -> None:
    put(tmp_path, "a/.python-version", "a/.python-versions")
    [file] = look(tmp_path / "a", tmp_path / "home").files
    assert (file.path, file.scope) == (str(tmp_path / "a/.python-version"), PinScope.OUTSIDE)
    with pytest.raises(Unavailable):
        look(tmp_path, tmp_path / "home")


def test_the_global_pin_has_its_places_and_its_switch(tmp_path: Path) -> None:
    put(tmp_path, "xdg/uv/.python-version")
    (tmp_path / "cwd").mkdir()
    [file] = look(tmp_path / "cwd", tmp_path / "home", XDG_CONFIG_HOME=str(tmp_path / "xdg")).files
    assert file.scope is PinScope.GLOBAL
    with pytest.raises(Unavailable):
        look(tmp_path / "cwd", tmp_path / "home", XDG_CONFIG_HOME=str(tmp_path / "xdg"), UV_NO_CONFIG="1")


def test_a_pin_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    (tmp_path / ".python-version").write_bytes(b"\xff3.12")
    [file] = look(tmp_path, tmp_path / "home").files
    assert (file.pins, file.problem) == ((), f"{tmp_path}/.python-version: line 1 is not UTF-8")


@pytest.mark.tools
@pytest.mark.parametrize(
    ("places", "start", "taken"),
    [
        (("p/.python-version",), "p/a", "p/.python-version"),
        (("p/a/.python-version",), "p/a", None),
        ((".python-version",), "p/a", None),
        (("p/.python-versions",), "p", "p/.python-versions"),
        (("p/.python-version", "p/.python-versions"), "p", "p/.python-version"),
    ],
)
def test_the_project_commands_of_uv_take_the_pin_of_the_project(
    lab: Lab, tmp_path: Path, places: tuple[str, ...], start: str, taken: str | None
) -> None:
    put(tmp_path, "p/pyproject.toml")
    (tmp_path / start).mkdir(exist_ok=True)
    for place in places:
        (tmp_path / place).write_text("2.7\n")
    said = lab.uv(tmp_path / start, "sync", "--dry-run")
    assert (re.search(r"2\.7", said) is not None) == (taken is not None), said
    file = look(tmp_path / start, lab.home).of(PinScope.PROJECT)
    assert (file and file.path) == (taken and str(tmp_path / taken))
