"""What kind of environment is in a directory, where tools keep theirs, and how much of the disk each takes."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest

from envdoctor.facts.conda.installations import (
    CondaRoot,
    CondaRoots,
    RootKind,
    RootName,
)
from envdoctor.facts.environments.disk_usage import BLOCK, DiskUsage, Measurement
from envdoctor.facts.environments.kinds import Kind, KnownEnvironment, recognise
from envdoctor.facts.environments.registered import RegisteredEnvironments, probe_registered_environments
from envdoctor.facts.environments.search import Search
from envdoctor.facts.pyenv.versions import Pyenv, PyenvRoot, Selection
from envdoctor.facts.session.conda_activation import CondaActivation
from envdoctor.facts.session.mounts import Mount, Mounts
from envdoctor.facts.venv import layout
from envdoctor.facts.venv.active import ActiveVenv
from tests.facts.environments.test_condition import BASE, MINOR, make
from tests.support import make_session


def make_conda(path: Path, *, python: str | None = "3.12.1", pixi: bool = False) -> Path:
    (path / "conda-meta").mkdir(parents=True)
    (path / "bin").mkdir()
    (path / "conda-meta" / "history").touch()
    if pixi:
        (path / "conda-meta" / "pixi").touch()
    if python:
        (path / "conda-meta" / f"python-{python}-h955ad1f_0.json").touch()
        (path / "bin" / "python").symlink_to(BASE)
    return path


def known(path: Path, kind: Kind | None = None) -> KnownEnvironment:
    found = recognise(str(path), kind, "here")
    assert found is not None
    return found


def test_virtual_environments_by_their_makers(tmp_path: Path) -> None:
    root = make(tmp_path / "env")
    found = known(root)
    assert (found.kind, found.python, found.base, found.problem) == (Kind.UV, f"{MINOR}.1", BASE, None)
    (root / "pyvenv.cfg").write_text("home = /usr/bin\nversion_info = 3.12.1.final.0\nvirtualenv = 20\n")
    assert (known(root).kind, known(root).python) == (Kind.VIRTUALENV, "3.12.1")
    (root / "pyvenv.cfg").write_text("home = /usr/bin\n")
    assert (known(root).kind, known(root).python) == (Kind.VENV, MINOR)
    assert known(root, Kind.POETRY).kind is Kind.POETRY
    assert known(make(tmp_path / ".tox" / "py311")).kind is Kind.TOX
    assert known(make(tmp_path / ".nox" / "tests")).kind is Kind.NOX


def test_conda_environments(tmp_path: Path) -> None:
    root = make_conda(tmp_path / "miniforge3")
    environment = make_conda(root / "envs" / "ml", python="3.10.4")
    assert (known(root).kind, known(root).python, known(root).base) == (Kind.CONDA, "3.12.1", None)
    assert (known(environment).python, known(environment).base) == ("3.10.4", str(root))
    assert known(make_conda(tmp_path / "pixi", pixi=True)).kind is Kind.PIXI
    assert known(make_conda(tmp_path / "r", python=None)).python is None
    (environment / "bin" / "python").unlink()
    (environment / "bin" / "python").symlink_to("/gone/python3.10")
    assert known(environment).problem == "its Python is gone: /gone/python3.10"


def test_installed_pythons(tmp_path: Path) -> None:
    (tmp_path / "3.12.1" / "bin").mkdir(parents=True)
    assert known(tmp_path / "3.12.1", Kind.PYENV).problem == f"{tmp_path}/3.12.1/bin/python3 does not exist"
    (tmp_path / "3.12.1" / "bin" / "python").symlink_to(BASE)
    found = known(tmp_path / "3.12.1", Kind.PYENV)
    assert (found.python, found.problem) == ("3.12.1", None)
    (tmp_path / "link").symlink_to("gone")
    assert known(tmp_path / "link", Kind.PYENV).problem is not None


def test_what_is_no_environment(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    assert recognise(str(tmp_path)) is None
    assert recognise(str(tmp_path), Kind.POETRY) is None
    assert recognise("/nonexistent", Kind.PYENV) is None


@pytest.mark.parametrize(
    ("base", "activate", "problem"),
    [
        ("/gone/python3.11", None, "its Python is gone: /gone/python3.11"),
        ("/gone/python3.11", "/app/.venv", "made elsewhere, on /gone/python3.11"),
        (BASE, "/old/.venv", "moved from /old/.venv, which its scripts name"),
    ],
)
def test_why_an_environment_is_broken(base: str, activate: str | None, problem: str, tmp_path: Path) -> None:
    assert known(make(tmp_path / "env", base, activate=activate)).problem == problem


def test_last_used_is_when_its_files_were_read_or_changed_and_looking_does_not_count(tmp_path: Path) -> None:
    root = make(tmp_path / "env")
    [packages] = root.glob("lib/python*/site-packages")
    for path, read, changed in ((root / "pyvenv.cfg", 2_000_000, 1_000_000), (packages, 5_000_000, 1_500_000)):
        os.utime(path, (read, changed))
    assert known(root).used == 2_000_000
    assert known(root).used == 2_000_000
    os.utime(packages, (5_000_000, 3_000_000))
    assert known(root).used == 3_000_000


def test_the_places_where_tools_keep_environments(tmp_path: Path) -> None:
    home = tmp_path
    share, cache = home / ".local/share", home / ".cache"
    places = {
        share / "uv/tools/black": Kind.UV_TOOL,
        cache / "uv/environments-v2/script-0a1b2c": Kind.UV_CACHE,
        share / "pipx/venvs/nox": Kind.PIPX,
        cache / "pypoetry/virtualenvs/thing-AbCdEfGh-py3.11": Kind.POETRY,
        share / "virtualenvs/app-12345678": Kind.PIPENV,
        home / ".virtualenvs/mine": Kind.VIRTUALENVWRAPPER,
        home / ".virtualenvs/web-aB3_x-9Z": Kind.PIPENV,
        share / "hatch/env/virtual/pkg/Xy12/test": Kind.HATCH,
        home / ".pyenv/versions/3.11.7/envs/work": Kind.PYENV_VIRTUALENV,
    }
    for path in places:
        make(path)
    (home / ".pyenv/versions/work").symlink_to("3.11.7/envs/work")
    for path in (home / ".pyenv/versions/3.11.7/bin", share / "uv/python/cpython-3.12.1-linux-x86_64-gnu/bin"):
        path.mkdir(parents=True)
        (path / "python3").symlink_to(BASE)
    (share / "uv/python/cpython-3.12-linux-x86_64-gnu").symlink_to("cpython-3.12.1-linux-x86_64-gnu")
    conda = make_conda(home / "miniforge3")
    listed = make_conda(home / "elsewhere")
    (home / ".conda").mkdir()
    (home / ".conda/environments.txt").write_text(f"{listed}\n/gone/env\n{conda}\n")
    found = probe_registered_environments(
        make_session({"HOME": str(home)}),
        ActiveVenv(f"{home}/.virtualenvs/mine", layout.examine(f"{home}/.virtualenvs/mine")),
        None,
        CondaActivation(prefix=str(conda), real=str(conda)),
        CondaRoots((CondaRoot(str(conda), str(conda), RootKind.CONDA, (RootName("CONDA_EXE", ""),)),)),
        Pyenv((PyenvRoot(f"{home}/.pyenv", "HOME", ("3.11.7",), Selection((), "")),)),
    )
    kinds = {environment.path: environment.kind for environment in found.environments}
    assert kinds == {
        **{str(path): kind for path, kind in places.items()},
        f"{home}/.pyenv/versions/3.11.7": Kind.PYENV,
        f"{share}/uv/python/cpython-3.12.1-linux-x86_64-gnu": Kind.UV_PYTHON,
        str(conda): Kind.CONDA,
        str(listed): Kind.CONDA,
    }
    active = [environment.path for environment in found.environments if environment.active]
    assert active == [f"{home}/.virtualenvs/mine", str(conda)]
    assert found.skipped == ()


def test_no_home_and_an_unreadable_list_are_survived(tmp_path: Path) -> None:
    (tmp_path / ".conda").mkdir()
    (tmp_path / ".conda/environments.txt").write_bytes(b"\0")
    session = make_session({"HOME": str(tmp_path)})
    found = probe_registered_environments(session, None, None, None, None, None)
    assert found == RegisteredEnvironments((), (f"{tmp_path}/.conda/environments.txt: a binary file",))


def searched(start: Path, depth: int = 5, *mounts: Mount) -> Search:
    search = Search((str(start),), depth, Mounts(mounts))
    search.run(30)
    return search


def test_a_search_finds_environments_in_every_form_and_nothing_inside_them(tmp_path: Path) -> None:
    for name in ("a/.venv", "b/deep/env", "c/.tox/py311", "node_modules/x/.venv", ".hidden/env", "a/.venv/lib/nested"):
        make(tmp_path / name)
    make_conda(tmp_path / "conda")
    make_conda(tmp_path / "conda/envs/ml")
    (tmp_path / "d").mkdir()
    (tmp_path / "d/.venv").symlink_to("../.hidden/env")
    (tmp_path / "e").mkdir()
    (tmp_path / "e/.venv").write_text("../.hidden/env\n")
    (tmp_path / "f").mkdir()
    (tmp_path / "f/.venv").symlink_to("gone")
    (tmp_path / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "fifo")
    search = searched(tmp_path)
    found = sorted(os.path.relpath(path, tmp_path) for path in search.found)
    assert found == [".hidden/env", "a/.venv", "b/deep/env", "c/.tox/py311", "conda", "conda/envs/ml", "d/.venv"]
    assert (search.timed_out, search.left, search.skipped) == (False, 0, [])


def test_a_search_goes_so_deep_and_no_deeper_and_not_onto_network_drives(tmp_path: Path) -> None:
    make(tmp_path / "a/b/c/env")
    make(tmp_path / "share/env")
    assert searched(tmp_path, 3, Mount(f"{tmp_path}/share", "nfs4")).found == []
    search = searched(tmp_path, 4, Mount(f"{tmp_path}/share", "nfs4"))
    assert search.found == [f"{tmp_path}/a/b/c/env"]
    assert search.skipped == [f"{tmp_path}/share: on a network drive"]
    assert searched(tmp_path / "share", 4, Mount(f"{tmp_path}/share", "nfs4")).found == [f"{tmp_path}/share/env"]


def test_a_drive_that_does_not_answer_costs_the_time_that_was_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = threading.Event()
    monkeypatch.setattr(Search, "_look", lambda *_: released.wait(30))
    search = Search((str(tmp_path),), 3, Mounts())
    watched: list[int] = []
    search.run(0.2, lambda looked, _: watched.append(looked))
    released.set()
    assert search.timed_out
    assert watched


def test_ten_thousand_directories_are_searched(tmp_path: Path) -> None:
    for number in range(10_000):
        (tmp_path / f"d{number:05}").mkdir()
    assert searched(tmp_path).looked == 10_001


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir(0o000)
    assert searched(tmp_path).skipped == [f"{tmp_path}/secret: permission denied"]


def test_files_with_several_names_are_counted_once(tmp_path: Path) -> None:
    cache, one, two = tmp_path / "cache", tmp_path / "one", tmp_path / "two"
    for directory in (cache, one / "lib", two):
        directory.mkdir(parents=True)
    (cache / "big").write_bytes(b"x" * 100_000)
    for place in (one / "big", one / "lib" / "big", two / "big"):
        os.link(cache / "big", place)
    (one / "own").write_bytes(b"x" * 10_000)
    (two / "twice").write_bytes(b"x" * 10_000)
    os.link(two / "twice", two / "again")
    big, own, twice = ((path).stat().st_blocks * BLOCK for path in (cache / "big", one / "own", two / "twice"))
    lib = (one / "lib").stat().st_blocks * BLOCK
    measurement = Measurement()
    assert measurement.add(str(one)) == DiskUsage(big + own + lib, own + lib)
    assert measurement.add(str(two)) == DiskUsage(big + twice, twice)
    assert measurement.together == big + own + lib + twice
    assert measurement.add(str(one), lambda: False) is None


def test_this_environment_is_recognised() -> None:
    assert known(Path(sys.prefix)).problem is None
