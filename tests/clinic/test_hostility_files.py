"""Files of every wrong kind in the places that are read: skipped with their reason, and never the end of a run."""

from __future__ import annotations

import json
import os
import random
import stat
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from envdoctor.facts.python import query
from envdoctor.system import child_processes, files
from tests.clinic.hostile_world import Answers, Remembered, SameCookie, defects, furnish
from tests.clinic.patient import Patient, assert_replay_agrees
from tests.clinic.test_hostility import COMMAND, assert_nothing_crashed, assert_survived
from tests.support import needs_tool

GROUPS = 2
LEVELS = "".join(f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]\n" for level in range(1, 12))
TYPES = """
[project]
name = "\\u0000"
requires-python = ">=\\u0000"
dependencies = [1, { a = 2 }, "a @ b @ c", "\\u0000"]
[tool.uv]
index = 3
index-url = []
environments = 9
sources = 3
[tool.poetry]
dependencies = []
source = 3
[virtualenvs]
in-project = "perhaps"
path = 3
[tool.envs]
"""


def holding(content: str | bytes) -> Callable[[Path], object]:
    """Writes a file with this content."""
    return lambda path: path.write_bytes(content if isinstance(content, bytes) else content.encode())


def _make_sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(100_000_000)


SICKNESSES: dict[str, Callable[[Path], object]] = {
    "directory": Path.mkdir,
    "FIFO": os.mkfifo,
    "loop of links": lambda path: path.symlink_to(path),
    "dangling link": lambda path: path.symlink_to("/no/such/file"),
    "device": lambda path: path.symlink_to("/dev/zero"),
    "100 MB of nothing": _make_sparse,
    "empty": holding(""),
    "not UTF-8": holding(b'[a]\nb = "\xff\xfe"\nhome = \xff\n'),
    "UTF-16": holding('[project]\nname = "a"\n'.encode("utf-16")),
    "NUL bytes": holding("[a]\0\nb\0=1\n"),
    "random bytes": holding(random.Random(1).randbytes(50_000)),
    "CRLF": holding('[project]\r\nname = "a"\r\nhome = /usr/bin\r\nx: y\r\n'),
    "byte order mark": holding('\ufeff[project]\nname = "a"\n'),
    "one line of 1 MB": holding(f'a = "{"x" * 1_000_000}"'),
    "nested lists": holding("a = " + "[" * 100_000),
    "keys of many parts": holding("a" + ".a" * 50_000 + " = 1"),
    "nested YAML": holding("[" * 20_000),
    "YAML bomb": holding(f"a0: &a0 [x]\n{LEVELS}? *a11\n: 1\nchannels: *a11\ncustom_channels:\n  ? *a11\n  : 1\n"),
    "nested JSON": holding('{"a":' * 20_000),
    "JSON that is a list": holding("[]"),
    "JSON of other types": holding('{"name": 1, "version": [], "files": {}, "argv": 7, "link": 3, "dir_info": 4}'),
    "JSON with lone surrogates": holding('{"name": "\\ud800", "files": ["\\ud800", "\\u0000"], "argv": ["\\u0000"]}'),
    "a huge number in TOML": holding(f"a = {'9' * 5000}\nversion = {'9' * 5000}\n"),
    "a huge number in JSON": holding(f'{{"a": {"9" * 5000}}}'),
    "a huge version": holding(f"home = /usr/bin\nversion = 3.{'9' * 5000}\n"),
    "a huge pin": holding(f"3.{'9' * 5000}\n"),
    "TOML of other types": holding(TYPES),
    "TOML without tables": holding("project = 3\ntool = [1]\nvirtualenvs = 1\n"),
    "nothing that anybody writes": holding("= = =\n[[[]]]\n::::\nhome\n"),
}


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Patient]:
    """A patient whose home is full. Each test puts back what it takes away."""
    with Patient(tmp_path_factory.mktemp("files") / "patient") as patient:
        furnish(patient)
        yield patient


@pytest.fixture(scope="module")
def healthy(furnished: Patient) -> tuple[list[Path], Answers]:
    """Every file of the patient's that an examination opens or tries to open, and what programs answer to it."""
    seen: set[str] = set()
    original = files.open_regular

    def watching(path: str) -> AbstractContextManager[int]:
        seen.add(path)
        return original(path)

    with pytest.MonkeyPatch.context() as watched:
        programs = Remembered()
        watched.setattr(child_processes, "run", programs)
        watched.setattr(query, "os", SameCookie())
        watched.setattr(files, "open_regular", watching)
        assert defects(furnished.env, furnished.cwd) == []
    inside = sorted(path for path in map(Path, seen) if path.is_relative_to(furnished.home))
    return [path for path in inside if path.parent.is_dir() and "functions" not in path.parts], programs.answers


@pytest.fixture
def read(healthy: tuple[list[Path], Answers], monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files, while programs answer what they have answered when all of these were well."""
    paths, answers = healthy
    monkeypatch.setattr(child_processes, "run", Remembered(answers))
    monkeypatch.setattr(query, "os", SameCookie())
    return paths


@contextmanager
def replaced(paths: list[Path], make: Callable[[Path], object]) -> Iterator[None]:
    """Something else in the place of these files, for as long as it lasts."""
    kept = [path for path in paths if os.path.lexists(path)]
    for path in kept:
        path.rename(f"{path}.kept")
    try:
        for path in paths:
            make(path)
        yield
    finally:
        for path in paths:
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
        for path in kept:
            Path(f"{path}.kept").rename(path)


def test_what_is_read_is_what_matters(read: list[Path], furnished: Patient) -> None:
    names = {str(path.relative_to(furnished.home)) for path in read}
    assert {
        ".bashrc",
        ".condarc",
        ".config/pip/pip.conf",
        "project/pyproject.toml",
        "project/.venv/pyvenv.cfg",
    } <= names


@pytest.mark.parametrize("make", SICKNESSES.values(), ids=SICKNESSES)
def test_every_file_of_every_wrong_kind(make: Callable[[Path], object], read: list[Path], furnished: Patient) -> None:
    patience = 3.0 if make is os.mkfifo else 10.0  # the patient's own Python waits for a FIFO, and in vain
    for group in (read[first::GROUPS] for first in range(GROUPS)):
        with replaced(group, make):
            assert defects(furnished.env, furnished.cwd, patience) == [], group


def test_the_real_command_over_files_that_may_not_be_read(read: list[Path], furnished: Patient) -> None:
    """Root may read everything, so it gives up its privileges; the working directory itself is closed as well."""
    closed = (*read, furnished.home / "miniconda3" / "conda-meta", furnished.project)
    modes = [(path, stat.S_IMODE(path.stat().st_mode)) for path in closed if path.exists() and not path.is_symlink()]
    unprivileged = f"{needs_tool('setpriv')} --bounding-set=-all " if os.geteuid() == 0 else ""
    with Patient(furnished.root / "closed") as patient:
        patient.env, patient.cwd = {**furnished.env, "HOME": str(furnished.home)}, furnished.cwd
        patient.does("true")  # the shell is there before the doors close
        for path, _ in modes:
            path.chmod(0)
        try:
            done = patient.shell.run(f"{unprivileged}{COMMAND} --format json")
        finally:
            for path, mode in reversed(modes):
                path.chmod(mode)
    assert done.stderr == ""
    document = json.loads(done.stdout)
    assert document["exit_code"] == done.status
    assert_replay_agrees(document)
    assert_nothing_crashed(document)


@pytest.mark.parametrize("sickness", ["FIFO", "loop of links", "random bytes"])
def test_the_real_command_over_files_of_the_wrong_kind(sickness: str, patient: Patient) -> None:
    names = (".bashrc", ".profile", ".condarc", ".config/pip/pip.conf", "project/pyproject.toml", "project/uv.lock")
    for name in (*names, "project/.python-version", "project/requirements.txt", "project/.venv/pyvenv.cfg"):
        (patient.home / name).parent.mkdir(parents=True, exist_ok=True)
        SICKNESSES[sickness](patient.home / name)
    assert_survived(patient.examine("--timeout", "2"), patient)
