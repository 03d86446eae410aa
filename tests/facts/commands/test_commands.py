from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from envdoctor.facts.commands.commands import (
    Commands,
    Hit,
    find,
    probe_commands,
)
from envdoctor.facts.commands.resolve import HitKind, ShimManager
from envdoctor.facts.pyenv.versions import (
    Pin,
    Pyenv,
    PyenvRoot,
    Selection,
)
from envdoctor.facts.session.search_path import probe_search_path
from tests.support import make_session, needs_tool

REAL_PYTHON = os.path.realpath(sys.executable)


def make_file(path: Path, content: str | bytes = "", mode: int = 0o755) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    path.chmod(mode)
    return str(path)


def make_python(path: Path) -> str:
    """A link to a real interpreter, as in an environment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(REAL_PYTHON)
    return str(path)


def search(name: str, *directories: Path | str, cwd: Path | None = None, pyenv: Pyenv | None = None) -> list[Hit]:
    session = make_session({"PATH": ":".join(map(str, directories))}, cwd=cwd)
    return list(find(name, probe_search_path(session), pyenv))


def one(name: str, *directories: Path | str, cwd: Path | None = None, pyenv: Pyenv | None = None) -> Hit:
    [hit] = search(name, *directories, cwd=cwd, pyenv=pyenv)
    return hit


def test_a_python_runs_itself_and_is_not_resolved(tmp_path: Path) -> None:
    python = make_python(tmp_path / "bin/python")
    assert search("python", tmp_path / "gone", tmp_path / "bin") == [
        Hit("python", python, 1, REAL_PYTHON, HitKind.PYTHON, runs=python)
    ]


def test_a_script_runs_the_interpreter_that_its_header_names(tmp_path: Path) -> None:
    python = make_python(tmp_path / "env/bin/python")
    make_file(tmp_path / "bin/pip", f"#!{python} -E\n")
    hit = one("pip", tmp_path / "bin")
    assert (hit.kind, hit.runs, hit.problem) == (HitKind.SCRIPT, python, None)
    assert hit.header is not None
    assert hit.header.arguments == ("-E",)


def test_a_script_beside_its_interpreter_is_followed_through_links(tmp_path: Path) -> None:
    python = make_python(tmp_path / "env/bin/python")
    call = '"$(dirname -- "$(realpath -- "$0")")"/\'python\''
    make_file(tmp_path / "env/bin/pip", f"#!/bin/sh\n'''exec' {call} \"$0\" \"$@\"\n' '''\n")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/pip").symlink_to("../env/bin/pip")
    assert one("pip", tmp_path / "bin").runs == python


def test_a_name_in_a_header_is_looked_up_on_the_search_path(tmp_path: Path) -> None:
    python = make_python(tmp_path / "first/python")
    make_file(tmp_path / "second/pip", "#!/usr/bin/env python\n")
    assert one("pip", tmp_path / "first", tmp_path / "second").runs == python


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("#!/gone/python", "asks for /gone/python, which does not exist"),
        ("#!/gone/python\r", "asks for /gone/python\r, which does not exist"),
        ("#!/etc/passwd", "asks for /etc/passwd, which is not executable"),
        ("#!/usr/bin/env python9", "asks for python9, which is not on the search path"),
        ("#!bin/python", "asks for bin/python, which depends on the working directory"),
        (f"#!/{'x' * 600}/python", "is longer than the system reads"),
    ],
)
def test_a_script_that_cannot_run_says_why(header: str, problem: str, tmp_path: Path) -> None:
    make_file(tmp_path / "pip", f"{header}\n")
    hit = one("pip", tmp_path)
    assert hit.runs is None
    assert problem in (hit.problem or "")


@pytest.mark.tools
@pytest.mark.skipif(sys.platform != "linux", reason="each system has a limit of its own")
@pytest.mark.parametrize("reach", [254, 255, 256, 257])
@pytest.mark.parametrize("argument", ["", " -E", " " + "x" * 300])
def test_a_header_is_too_long_where_the_kernel_says_so(reach: int, argument: str, tmp_path: Path) -> None:
    room = reach - len(f"#!{tmp_path}//python")
    python = make_python(tmp_path / f"{'d' * (room // 2)}/{'e' * (room - room // 2 - 1)}" / "python")
    script = make_file(tmp_path / "pip", f"#!{python}{argument}\nprint('ran')\n")
    try:
        subprocess.run([script], capture_output=True, check=False)
        runs = True
    except OSError:
        runs = False
    assert (one("pip", tmp_path).runs is not None) == runs


def test_the_reason_is_found_at_the_end_of_the_chain(tmp_path: Path) -> None:
    python = make_file(tmp_path / "env/bin/python", "#!/gone/python3\n")
    make_file(tmp_path / "bin/pip", f"#!{python}\n")
    assert one("pip", tmp_path / "bin").problem == f"{python} asks for /gone/python3, which does not exist"


def test_scripts_in_a_ring_come_to_an_end(tmp_path: Path) -> None:
    make_file(tmp_path / "python", f"#!{tmp_path}/python3\n")
    make_file(tmp_path / "python3", f"#!{tmp_path}/python\n")
    assert "too many scripts" in (one("python", tmp_path).problem or "")


def test_a_wrapper_called_python_is_to_be_asked_itself(tmp_path: Path) -> None:
    python = make_file(tmp_path / "python", '#!/bin/bash\nexec /usr/bin/python3 "$@"\n')
    make_file(tmp_path / "pip", '#!/bin/bash\nexec python3 -m pip "$@"\n')
    assert (one("python", tmp_path).kind, one("python", tmp_path).runs) == (HitKind.SCRIPT, python)
    assert (one("pip", tmp_path).runs, one("pip", tmp_path).problem) == (None, None)


def test_the_same_file_by_another_name_of_its_directory_is_marked(tmp_path: Path) -> None:
    python = make_python(tmp_path / "usr/bin/python")
    (tmp_path / "bin").symlink_to("usr/bin")
    first, second = search("python", tmp_path / "usr/bin", tmp_path / "bin")
    assert (first.same_as, second.same_as) == (None, python)


def test_an_environment_and_its_base_are_not_the_same_file(tmp_path: Path) -> None:
    make_python(tmp_path / "one/bin/python")
    make_python(tmp_path / "two/bin/python")
    hits = search("python", tmp_path / "one/bin", tmp_path / "two/bin")
    assert [hit.same_as for hit in hits] == [None, None]


def test_nothing_is_run_from_a_relative_element(tmp_path: Path) -> None:
    make_python(tmp_path / "bin/python")
    make_python(tmp_path / "python")
    relative, empty = search("python", "bin", "", cwd=tmp_path)
    for hit, path in ((relative, "bin/python"), (empty, "python")):
        assert (hit.path, hit.runs) == (f"{tmp_path}/{path}", None)
        assert "relative element" in (hit.problem or "")


def test_a_literal_tilde_is_searched_by_bash_alone(tmp_path: Path) -> None:
    make_python(tmp_path / "bin/python")
    session = make_session({"PATH": "~/bin", "HOME": str(tmp_path)})
    assert list(find("python", probe_search_path(session), None)) == []


def test_a_windows_program_is_recognised(tmp_path: Path) -> None:
    make_file(tmp_path / "python.exe", b"MZ\x90\0")
    hit = one("python.exe", tmp_path)
    assert (hit.kind, hit.runs) == (HitKind.WINDOWS, None)


def test_what_the_shell_passes_over_is_no_hit(tmp_path: Path) -> None:
    make_file(tmp_path / "plain/python", mode=0o644)
    (tmp_path / "directory/python").mkdir(parents=True)
    (tmp_path / "dangling").mkdir()
    (tmp_path / "dangling/python").symlink_to("/gone/python")
    (tmp_path / "loop").mkdir()
    (tmp_path / "loop/python").symlink_to("python")
    (tmp_path / "fifo").mkdir()
    os.mkfifo(tmp_path / "fifo/python", 0o755)
    assert search("python", *tmp_path.iterdir()) == []


def test_text_without_a_header_is_unknown(tmp_path: Path) -> None:
    python = make_file(tmp_path / "python", "exec python3\n")
    make_file(tmp_path / "pip", b"\0\1\2")
    assert (one("python", tmp_path).kind, one("python", tmp_path).runs) == (HitKind.UNKNOWN, python)
    assert (one("pip", tmp_path).kind, one("pip", tmp_path).runs) == (HitKind.UNKNOWN, None)


def test_a_native_program_has_no_interpreter(tmp_path: Path) -> None:
    shutil.copy("/bin/true", tmp_path / "uv")
    assert (one("uv", tmp_path).kind, one("uv", tmp_path).runs) == (HitKind.NATIVE, None)


def make_pyenv(tmp_path: Path, *versions: str, selected: str) -> Pyenv:
    root, program = tmp_path / "pyenv", make_file(tmp_path / "pyenv/libexec/pyenv")
    for name in ("python", "pip"):
        text = f'#!/usr/bin/env bash\nexport PYENV_ROOT="{root}"\nexec "{program}" exec "$program" "$@"\n'
        make_file(root / "shims" / name, text)
    for version in versions:
        make_python(root / "versions" / version / "bin/python")
        make_file(root / "versions" / version / "bin/pip", "#!/usr/bin/env python\n")
    chosen = Selection((Pin(selected, selected if selected in versions else None),), "PYENV_VERSION")
    return Pyenv((PyenvRoot(str(root), "PYENV_ROOT", versions, chosen),))


def test_a_pyenv_shim_runs_the_selected_version(tmp_path: Path) -> None:
    pyenv = make_pyenv(tmp_path, "3.11.7", selected="3.11.7")
    for name in ("python", "pip"):
        hit = one(name, f"{tmp_path}/pyenv/shims", pyenv=pyenv)
        assert (hit.kind, hit.manager, hit.version) == (HitKind.SHIM, ShimManager.PYENV, "3.11.7")
        assert hit.runs == f"{tmp_path}/pyenv/versions/3.11.7/bin/python"


def test_a_pyenv_shim_falls_through_to_the_system(tmp_path: Path) -> None:
    pyenv = make_pyenv(tmp_path, selected="3.14")
    python3 = make_python(tmp_path / "usr/bin/python3")
    make_file(tmp_path / "usr/bin/pip", f"#!{python3}\n")
    path = (f"{tmp_path}/pyenv/shims/", tmp_path / "usr/bin")
    python, [pip, _] = one("python", *path, pyenv=pyenv), search("pip", *path, pyenv=pyenv)
    assert (python.runs, python.problem) == (None, "pyenv version 3.14 is not installed (set by PYENV_VERSION)")
    assert (pip.runs, pip.version, pip.problem) == (python3, "system", None)


def test_a_stale_shim_names_the_pyenv_that_is_gone(tmp_path: Path) -> None:
    pyenv = make_pyenv(tmp_path, "3.11.7", selected="3.11.7")
    (tmp_path / "pyenv/libexec/pyenv").unlink()
    shim = f"{tmp_path}/pyenv/shims/python"
    hit = one("python", tmp_path / "pyenv/shims", pyenv=pyenv)
    assert hit.problem == f"the shim {shim} calls {tmp_path}/pyenv/libexec/pyenv, which does not exist"


def test_shims_of_asdf_and_mise_are_recognised_and_python_is_to_be_asked(tmp_path: Path) -> None:
    asdf = make_file(tmp_path / "asdf/python", '#!/usr/bin/env bash\nexec /opt/asdf/bin/asdf exec "python" "$@"\n')
    shutil.copy("/bin/true", tmp_path / "mise")
    (tmp_path / "shims").mkdir()
    (tmp_path / "shims/python").symlink_to(tmp_path / "mise")
    hit = one("python", tmp_path / "asdf")
    assert (hit.kind, hit.manager, hit.runs) == (HitKind.SHIM, ShimManager.ASDF, asdf)
    hit = one("python", tmp_path / "shims")
    assert (hit.kind, hit.manager, hit.runs) == (HitKind.SHIM, ShimManager.MISE, f"{tmp_path}/shims/python")


def test_every_command_of_interest_is_searched(tmp_path: Path) -> None:
    python = make_python(tmp_path / "python")
    make_file(tmp_path / "uv", b"\x7fELF")
    session = make_session({"PATH": str(tmp_path)})
    commands = probe_commands(probe_search_path(session), None)
    assert [hit.name for hit in commands.hits] == ["python", "uv"]
    assert commands.first("python") == commands.all("python")[0] == commands.hits[0]
    assert commands.hits[0].runs == python
    assert (commands.first("pip"), commands.all("pip"), Commands().first("python")) == (None, (), None)


@pytest.mark.tools
def test_a_real_environment_and_the_real_system_agree_with_the_shell(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "env"], check=True)
    path = f"{tmp_path}/env/bin:{os.environ['PATH']}"
    session = make_session({"PATH": path}, cwd="/")
    commands = probe_commands(probe_search_path(session), None)
    for name in ("python", "python3", "pip", "uv"):
        ask = [needs_tool("bash"), "-c", f"type -P {name} || true"]
        shell = subprocess.run(ask, env={"PATH": path}, capture_output=True, text=True, check=True).stdout.strip()
        hit = commands.first(name)
        assert (hit.path if hit else "") == shell
