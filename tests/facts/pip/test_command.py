from __future__ import annotations

import sys
import venv
from pathlib import Path

import pytest

from envdoctor.engine.fact import TimedOut, Unavailable
from envdoctor.facts.pip.command import BarePip
from tests.builders import SYSTEM_MARKER, make_hit, make_python, make_venv_python
from tests.support import make_session, see

LAUNCHER = """\
# -*- coding: utf-8 -*-
import re
import sys
from pip._internal.cli.main import main
if __name__ == '__main__':
    sys.argv[0] = re.sub(r'(-script\\.pyw|\\.exe)?$', '', sys.argv[0])
    sys.exit(main())
"""


def make_script(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


def bare(directory: Path, *others: str) -> BarePip:
    path = ":".join([str(directory), *others])
    return see(BarePip, make_session({"PATH": path, "HOME": "/nowhere"}, timeout=2.0))


@pytest.mark.tools
def test_pip_is_typed_and_pip3_where_there_is_no_pip(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="there is no `pip` and no `pip3`"):
        bare(tmp_path)
    make_script(tmp_path / "pip3", f"#!{sys.executable}\n{LAUNCHER}")
    third = bare(tmp_path)
    assert (third.command, third.fault) == ("pip3", None)
    assert third.interpreter
    assert third.interpreter.path == sys.executable
    make_script(tmp_path / "pip", "#!/gone/python\n")
    first = bare(tmp_path)
    assert (first.command, first.interpreter) == ("pip", None)
    assert first.fault == f"{tmp_path}/pip asks for /gone/python, which does not exist"


@pytest.mark.tools
def test_a_pip_whose_python_is_slow_may_be_any(tmp_path: Path) -> None:
    make_script(tmp_path / "python3", "#!/bin/sh\nsleep 1000\n")
    make_script(tmp_path / "pip", f"#!{tmp_path}/python3\n")
    with pytest.raises(TimedOut, match="the Python of `pip` did not answer"):
        bare(tmp_path, "/bin")


def test_a_guard_binds_no_virtual_environment() -> None:
    hit = make_hit("pip", "/usr/bin/pip", "/usr/bin/python3")
    assert BarePip("pip", hit, make_python()).is_guarded
    assert not BarePip("pip", hit, make_python("/opt/own")).is_guarded
    inside = make_venv_python("/p/.venv", base_prefix="/usr", externally_managed=SYSTEM_MARKER)
    assert not BarePip("pip", hit, inside).is_guarded
    assert not BarePip("pip", hit).is_guarded


@pytest.mark.tools
@pytest.mark.parametrize(
    ("text", "package", "lacks"),
    [
        (LAUNCHER, False, True),
        (LAUNCHER, True, False),
        ("import runpy\nrunpy.run_path('/opt/pip.pyz')\n", False, False),
    ],
)
def test_a_launcher_whose_package_is_gone(tmp_path: Path, text: str, package: bool, lacks: bool) -> None:
    venv.create(tmp_path / "env", with_pip=False)
    if package:
        [site] = (tmp_path / "env").glob("lib/python3*/site-packages")
        (site / "pip").mkdir()
        (site / "pip/__init__.py").write_text("__version__ = '25.0'\n")
        for part in ("__main__", "_internal", "_vendor"):
            (site / f"pip/{part}.py").touch()
        (site / "pip-25.0.dist-info").mkdir()
        (site / "pip-25.0.dist-info/METADATA").write_text("Name: pip\nVersion: 25.0\n")
    make_script(tmp_path / "env/bin/pip", f"#!{tmp_path}/env/bin/python\n{text}")
    assert bare(tmp_path / "env/bin").lacks_package == lacks


@pytest.mark.tools
def test_a_launcher_that_is_cut_short_runs_no_pip(tmp_path: Path) -> None:
    make_script(tmp_path / "pip", f"#!{sys.executable}\n{LAUNCHER[:-12]}")
    assert bare(tmp_path).fault == f"{tmp_path}/pip is cut short"
    make_script(tmp_path / "pip", "")
    assert bare(tmp_path).fault == f"{tmp_path}/pip is empty"
    make_script(tmp_path / "pip", f'#!/bin/sh\nexec {sys.executable} -m pip "$@"')
    assert bare(tmp_path).fault is None
