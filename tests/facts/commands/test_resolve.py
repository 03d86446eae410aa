from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from envdoctor.facts.commands.resolve import HitKind, ShimManager
from envdoctor.facts.pyenv.versions import (
    Pin,
    Pyenv,
    PyenvRoot,
    Selection,
)
from tests.facts.commands.commands_world import make_file, make_python, one, search


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
        ("", "holds no command"),
        ("#!/usr/bin/env", "asks for /usr/bin/env without a program, so that it starts itself without end"),
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


def test_a_copy_of_a_shim_is_asked_where_its_pyenv_is_not_known(tmp_path: Path) -> None:
    make_pyenv(tmp_path, "3.11.7", selected="3.11.7")
    (tmp_path / "bin").mkdir()
    shutil.copy(tmp_path / "pyenv/shims/python", tmp_path / "bin")
    hit = one("python", tmp_path / "bin")
    assert (hit.kind, hit.runs, hit.problem) == (HitKind.SHIM, None, None)


def test_shims_of_asdf_and_mise_are_recognised_and_python_is_to_be_asked(tmp_path: Path) -> None:
    asdf = make_file(tmp_path / "asdf/python", '#!/usr/bin/env bash\nexec /opt/asdf/bin/asdf exec "python" "$@"\n')
    shutil.copy("/bin/true", tmp_path / "mise")
    (tmp_path / "shims").mkdir()
    (tmp_path / "shims/python").symlink_to(tmp_path / "mise")
    hit = one("python", tmp_path / "asdf")
    assert (hit.kind, hit.manager, hit.runs, hit.by_script) == (HitKind.SHIM, ShimManager.ASDF, asdf, True)
    # as asdf 0.16 and later write it
    make_file(
        tmp_path / "newer/python", '#!/usr/bin/env bash\n# asdf-plugin: python 3.12.1\nexec asdf exec "python" "$@"'
    )
    assert (one("python", tmp_path / "newer").manager, one("python", tmp_path / "newer").by_script) == (
        ShimManager.ASDF,
        False,
    )
    hit = one("python", tmp_path / "shims")
    assert (hit.kind, hit.manager, hit.runs) == (HitKind.SHIM, ShimManager.MISE, f"{tmp_path}/shims/python")
