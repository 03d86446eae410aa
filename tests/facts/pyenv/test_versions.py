"""What is said about pyenv is what the real pyenv does: a table of configurations, each put to both."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from envdoctor.engine.fact import Unavailable
from envdoctor.facts.project.python_pins import probe_python_pins
from envdoctor.facts.pyenv.versions import (
    Pin,
    PyenvRoot,
    Selection,
    ShimTarget,
    latest,
    probe_pyenv,
    what_runs,
)
from envdoctor.facts.session.search_path import probe_search_path
from envdoctor.system.unread import noting
from tests.support import make_session, needs_tool

FAKE_VERSIONS = (
    "3.14.0rc1",
    "3.14-dev",
    "3.14.0a7",
    "3.13.0t",
    "3.13.99t",
    "pypy3.9-7.3.9",
    "pypy3.9-7.3.11",
    "miniconda3-4.7.12",
    "miniconda3-22.11.1-1",
    "miniconda3-latest",
    "python-odd",
    "3.5.9",
    "3.5.9/envs/foo",
)


class Lab(NamedTuple):
    """A pyenv root of its own, whose versions are links to the real ones and a few that are made up."""

    pyenv: str
    root: Path
    behind: Path
    path: str


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    pyenv = needs_tool("pyenv")
    real = subprocess.run([pyenv, "root"], capture_output=True, text=True, check=True).stdout.strip()
    root, behind = tmp_path_factory.mktemp("pyenv"), tmp_path_factory.mktemp("behind")
    (root / "versions").mkdir()
    for version in Path(real, "versions").iterdir():
        (root / "versions" / version.name).symlink_to(version)
    for name in FAKE_VERSIONS:
        make_tool(root / "versions" / name / "bin/python")
        make_tool(root / "versions" / name / "bin/tool")
    (root / "versions/foo").symlink_to("3.5.9/envs/foo")
    make_tool(behind / "tool")
    path = f"{root}/shims:{behind}:{os.path.dirname(pyenv)}:/usr/bin:/bin"
    subprocess.run([pyenv, "rehash"], env={"PYENV_ROOT": str(root), "PATH": path}, check=True)
    return Lab(pyenv, root, behind, path)


def make_tool(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('#!/bin/sh\necho "$0"\n')
    path.chmod(0o755)


@pytest.fixture
def deep(tmp_path: Path) -> Path:
    directory = tmp_path / "project/src/deep"
    directory.mkdir(parents=True)
    return directory


class Real(NamedTuple):
    versions: tuple[str, ...]
    missing: tuple[str, ...]


def real_selection(lab: Lab, env: dict[str, str], cwd: Path) -> Real:
    done = subprocess.run([lab.pyenv, "version-name"], env=env, cwd=cwd, capture_output=True, text=True, check=False)
    missing = [line.split("`")[1].split("'")[0] for line in done.stderr.splitlines() if "is not installed" in line]
    return Real(tuple(done.stdout.strip().split(":")) if done.stdout.strip() else (), tuple(missing))


def real_run(lab: Lab, command: str, env: dict[str, str], cwd: Path) -> str | None:
    """The file that the real shim ends up running."""
    shim = f"{lab.root}/shims/{command}"
    ask = ["-c", "import sys; print(sys.executable)"] if command.startswith("python") else []
    done = subprocess.run([shim, *ask], env=env, cwd=cwd, capture_output=True, text=True, check=False)
    return done.stdout.strip() or None


def examined(lab: Lab, env: dict[str, str], cwd: Path) -> PyenvRoot:
    session = make_session(env, cwd=cwd)
    found = probe_pyenv(session, probe_search_path(session)).at(str(lab.root))
    assert found is not None
    return found


def behind(lab: Lab, command: str) -> str | None:
    return shutil.which(command, path=f"{lab.behind}:/usr/bin:/bin")


# What stands in PYENV_VERSION (None: unset), in the nearest .python-version, in one further up, and in <root>/version.
CONFIGURATIONS: tuple[tuple[str | None, str | None, str | None, str | None], ...] = (
    (None, None, None, None),
    (None, None, None, "3.12\n"),
    (None, None, "3.10\n", "3.12\n"),
    (None, "3.9\n", "3.10\n", "3.12\n"),
    ("3.8", "3.9\n", "3.10\n", "3.12\n"),
    ("", "3.9\n", None, None),
    ("system", "3.9\n", None, None),
    ("system:3.9", None, None, None),
    ("3.9:system", None, None, None),
    ("3.99:3.9", None, None, None),
    ("3.99:system", None, None, None),
    ("3.99:3.98", None, None, None),
    ("python-3.12.1:python-3.9", None, None, None),
    ("python-odd", None, None, None),
    ("python-3.99", None, None, None),
    ("3:2", None, None, None),
    ("3.1", None, None, None),
    ("3.11.7", None, None, None),
    ("3.11", None, None, None),
    ("3.13", None, None, None),
    ("3.13t:3.13.0t", None, None, None),
    ("3.14", None, None, None),
    ("3.14-dev:3.14.0rc1", None, None, None),
    ("pypy3.9:pypy3.9-7.3.9", None, None, None),
    ("miniconda3", None, None, None),
    ("miniconda3-latest", None, None, None),
    ("foo", None, None, None),
    ("3.5.9/envs/foo", None, None, None),
    (None, "3.5.9/envs/foo\n", None, None),
    (None, "3.5.9/envs/gone\n", None, "3.12\n"),
    (None, "../../etc\n3.12\n", None, None),
    (None, "..\n", None, None),
    (None, "3.9\r\n\r\n 3.8 and more\r\n# 3.7\n\t3.12", None, None),
    (None, "", "3.10\n", "3.12\n"),
    (None, "\n# nothing\n", "3.10\n", "3.12\n"),
    (None, "\ufeff3.9\n", None, None),
    (None, "3.9\0\n", None, None),
    (None, "system\n3.9\n", None, None),
    (None, "3.99\n3.9\n", None, None),
    (None, ">=3.11\n", None, None),
    (None, "cpython-3.12.1-linux-x86_64-gnu\n", None, None),
)


@pytest.mark.clinic
@pytest.mark.parametrize("configuration", CONFIGURATIONS, ids=repr)
def test_pyenv_itself_agrees(
    configuration: tuple[str | None, str | None, str | None, str | None], lab: Lab, deep: Path
) -> None:
    variable, near, far, default = configuration
    for file, content in ((deep, near), (deep.parent.parent, far)):
        if content is not None:
            (file / ".python-version").write_text(content)
    root = lab.root if default is None else copy_with_default(lab, deep, default)
    lab = lab._replace(root=root, path=lab.path.replace(str(lab.root), str(root)))
    env = {"PYENV_ROOT": str(root), "PATH": lab.path, "HOME": "/nonexistent"}
    if variable is not None:
        env["PYENV_VERSION"] = variable
    found = examined(lab, env, deep)
    assert Real(found.selection.versions, found.selection.missing) == real_selection(lab, env, deep)
    for command in ("python", "tool"):
        expected = real_run(lab, command, env, deep)
        assert what_runs(found, command, lambda name: behind(lab, name)).path == expected


def copy_with_default(lab: Lab, near: Path, default: str) -> Path:
    """Another root with the same versions, whose shims are its own, and a global version."""
    root = near.parent.parent.parent / "root"
    root.mkdir()
    (root / "versions").symlink_to(lab.root / "versions")
    (root / "version").write_text(default)
    subprocess.run([lab.pyenv, "rehash"], env={"PYENV_ROOT": str(root), "PATH": lab.path}, check=True)
    return root


def make_root(path: Path, *versions: str) -> Path:
    for version in versions:
        make_tool(path / "versions" / version / "bin/python")
    return path


def test_a_pin_keeps_its_file_and_line(tmp_path: Path) -> None:
    root, project = make_root(tmp_path / "root", "3.11.7"), tmp_path / "project"
    project.mkdir()
    (project / ".python-version").write_text("# mine\n3.11\n3.12\n../../x\n")
    session = make_session({"PYENV_ROOT": f"{root}/"}, cwd=project)
    assert probe_pyenv(session, probe_search_path(session)).roots == (
        PyenvRoot(
            str(root),
            "PYENV_ROOT",
            ("3.11.7",),
            Selection((Pin("3.11", "3.11.7", 2), Pin("3.12", None, 3)), f"{project}/.python-version", ("../../x",)),
        ),
    )


@pytest.mark.parametrize(
    ("asked", "definitions", "env", "unknown"),
    [
        ("3.14.9", "plugins/python-build", {}, ("3.14.9",)),
        ("3.13.1", "plugins/python-build", {}, ()),
        ("3.13", "plugins/python-build", {}, ()),
        ("3.1", "plugins/python-build", {}, ("3.1",)),
        ("myenv", "plugins/python-build", {}, ()),  # no number: a plugin may make it
        ("3.14.9", "elsewhere", {}, ()),
        ("3.14.9", "plugins/python-build", {"PYTHON_BUILD_DEFINITIONS": "/mine"}, ()),
    ],
)
def test_a_pyenv_that_is_too_old_does_not_know_a_version(
    tmp_path: Path, asked: str, definitions: str, env: dict[str, str], unknown: tuple[str, ...]
) -> None:
    known = tmp_path / definitions / "share/python-build/3.13.1"
    known.parent.mkdir(parents=True)
    known.touch()
    session = make_session({"PYENV_ROOT": str(tmp_path), "PYENV_VERSION": asked, **env}, cwd=tmp_path)
    [root] = probe_pyenv(session, probe_search_path(session)).roots
    assert (root.selection.missing, root.unknown) == ((asked,), unknown)


def test_the_shim_falls_through_when_the_pin_is_not_installed(tmp_path: Path) -> None:
    pin = Selection((Pin("3.14", None, 1),), "/project/.python-version")
    pyenv = PyenvRoot(str(tmp_path), "PYENV_ROOT", (), pin)
    make_tool(tmp_path / "usr/pip")
    usr = {"pip": f"{tmp_path}/usr/pip"}
    assert what_runs(pyenv, "pip", usr.get) == ShimTarget(usr["pip"], "system")
    assert what_runs(pyenv, "python", usr.get) == ShimTarget(
        problem="pyenv version 3.14 is not installed (set by /project/.python-version)"
    )


def test_a_version_without_the_command_says_so(tmp_path: Path) -> None:
    root = make_root(tmp_path, "3.11.7")
    pyenv = PyenvRoot(str(root), "PYENV_ROOT", ("3.11.7",), Selection((Pin("3.11", "3.11.7"),), "PYENV_VERSION"))
    assert what_runs(pyenv, "pip", lambda _: None) == ShimTarget(problem="the pyenv version 3.11.7 has no command pip")


@pytest.mark.parametrize(("cwd", "env"), [(None, {}), ("/", {"PYENV_DIR": "/gone"})])
def test_pyenv_cannot_work_in_a_directory_that_is_gone(cwd: str | None, env: dict[str, str], tmp_path: Path) -> None:
    session = make_session({"PYENV_ROOT": str(tmp_path), **env}, cwd=cwd)
    [pyenv] = probe_pyenv(session, probe_search_path(session)).roots
    assert what_runs(pyenv, "python", lambda name: f"/bin/{name}").problem == pyenv.selection.problem
    assert "does not exist" in (pyenv.selection.problem or "")


def test_the_pin_is_searched_along_the_links_of_the_working_directory(tmp_path: Path) -> None:
    root, outside = make_root(tmp_path / "root", "3.11.7"), tmp_path / "outside"
    (tmp_path / "links").mkdir()
    (outside / "project").mkdir(parents=True)
    (tmp_path / "links/project").symlink_to(outside / "project")
    (tmp_path / "links/.python-version").write_text("3.11\n")
    env = {"PYENV_ROOT": str(root), "PWD": f"{tmp_path}/links/project"}
    session = make_session(env, cwd=outside / "project")
    [pyenv] = probe_pyenv(session, probe_search_path(session)).roots
    assert pyenv.selection.origin == f"{tmp_path}/links/.python-version"
    session = make_session({**env, "PWD": "/"}, cwd=outside / "project")
    [pyenv] = probe_pyenv(session, probe_search_path(session)).roots
    assert pyenv.selection.origin == f"{root}/version"


def test_a_root_is_found_by_its_shims_and_rbenv_is_not_one(tmp_path: Path) -> None:
    for name in ("pyenv", "rbenv"):
        make_tool(tmp_path / name / "shims/python")
        text = (
            f'#!/bin/sh\nexport {name.upper()}_ROOT="{tmp_path}/{name}"\nexec "/opt/bin/{name}" exec "$program" "$@"\n'
        )
        (tmp_path / name / "shims/python").write_text(text)
    path = f"{tmp_path}/rbenv/shims:{tmp_path}/pyenv/shims/"
    session = make_session({"PATH": path, "HOME": str(tmp_path)})
    [pyenv] = probe_pyenv(session, probe_search_path(session)).roots
    assert (pyenv.root, pyenv.origin, pyenv.shims) == (f"{tmp_path}/pyenv", "PATH", f"{tmp_path}/pyenv/shims")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/python3").symlink_to(tmp_path / "pyenv/shims/python")
    session = make_session({"PATH": f"{tmp_path}/bin", "HOME": str(tmp_path)})
    assert [root.root for root in probe_pyenv(session, probe_search_path(session)).roots] == [f"{tmp_path}/pyenv"]


def test_without_pyenv_there_is_none(tmp_path: Path) -> None:
    session = make_session({"HOME": str(tmp_path)})
    with pytest.raises(Unavailable, match="pyenv is not installed"):
        probe_pyenv(session, probe_search_path(session))


@pytest.mark.parametrize("kind", ["fifo", "directory", "loop", "binary"])
def test_a_pin_file_that_is_none_leaves_the_default(kind: str, tmp_path: Path) -> None:
    root, file = make_root(tmp_path / "root", "3.11.7"), tmp_path / ".python-version"
    match kind:
        case "fifo":
            os.mkfifo(file)
        case "directory":
            file.mkdir()
        case "loop":
            file.symlink_to(file)
        case _:
            file.write_bytes(b"\xff\xfe\0\1" * 50_000)
    session = make_session({"PYENV_ROOT": str(root)}, cwd=tmp_path)
    [pyenv] = probe_pyenv(session, probe_search_path(session)).roots
    assert pyenv.selection.origin == (str(file) if kind == "binary" else f"{root}/version")


def test_a_huge_pin_file_is_noted_and_not_looked_up_line_by_line(tmp_path: Path) -> None:
    root, file = make_root(tmp_path / "root", "3.11.7"), tmp_path / ".python-version"
    file.write_text("3.11.7\n" * 20_000)
    session = make_session({"PYENV_ROOT": str(root)}, cwd=tmp_path)
    with noting() as notes:
        [pyenv] = probe_pyenv(session, probe_search_path(session)).roots
    assert pyenv.selection.pins == ()
    assert notes == {str(file): "larger than 100,000 bytes"}


def test_a_pin_file_that_is_a_link_to_a_private_file_is_not_quoted(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    root, file, other = make_root(tmp_path / "root", "3.11.7"), project / ".python-version", tmp_path / "other"
    other.write_text("3.11.7\n")
    file.symlink_to(other)
    session = make_session({"PYENV_ROOT": str(root)}, cwd=project)
    for mode, pins in ((0o644, 1), (0o640, 0), (0o600, 0)):
        other.chmod(mode)
        with noting() as notes:
            [pyenv] = probe_pyenv(session, probe_search_path(session)).roots
            [uv] = [pin for pin in probe_python_pins(session, None).files if pin.path == str(file)]
        assert (len(pyenv.selection.pins), len(uv.pins)) == (pins, pins)
        assert notes == ({} if pins else {str(file): "leads to a private file elsewhere"})


@pytest.mark.parametrize(
    ("prefix", "installed", "expected"),
    [
        ("3.1", ("3.10.0", "3.1.4"), "3.1.4"),
        ("3", ("3.9.18", "3.13.0", "3.12.1"), "3.13.0"),
        ("3.14", ("3.14.0a1", "3.14-dev", "3.14.0rc2"), None),
        ("3.13", ("3.13.0t",), None),
        ("3.13t", ("3.13.0t", "3.13.1"), "3.13.0t"),
        ("", ("3.13.0",), None),
    ],
)
def test_a_prefix_selects_the_newest_release(prefix: str, installed: tuple[str, ...], expected: str | None) -> None:
    assert latest(prefix, installed) == expected
