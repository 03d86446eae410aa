from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from envdoctor.facts.python.interpreters import (
    Interpreter,
    Pip,
)
from tests.facts.python.interpreters_world import answered, site_packages
from tests.support import needs_python, needs_tool

pytestmark = pytest.mark.tools


MINORS = ("2.7", "3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13")


TRUTH = """
import json, site, sys, sysconfig
from pip._internal.locations import {scheme}
import pip
scheme = {scheme}("x")
get = lambda key: scheme[key] if isinstance(scheme, dict) else getattr(scheme, key)
print(json.dumps([
    list(sys.version_info[:3]), sys.prefix, get("purelib"), get("platlib"), sysconfig.get_path("stdlib"),
    bool(site.ENABLE_USER_SITE), site.getusersitepackages(), pip.__version__,
    sysconfig.get_config_var("EXT_SUFFIX") if sys.version_info[0] > 2 else None,
]))
"""


def truth(python: str | Path) -> list[object]:
    """What the interpreter and its pip themselves say."""
    env = {"HOME": "/nonexistent", "PATH": "/usr/bin:/bin"}
    asks = [[str(python), "-c", TRUTH.format(scheme=scheme)] for scheme in ("get_scheme", "distutils_scheme")]
    done = [subprocess.run(ask, env=env, cwd="/", capture_output=True, text=True, check=False) for ask in asks]
    result: list[object] = json.loads(next(one.stdout for one in done if one.returncode == 0))
    return result


def said(python: Interpreter) -> list[object]:
    """The same from what envdoctor has been told."""
    return [
        list(python.version),
        python.prefix,
        python.purelib,
        python.platlib,
        python.stdlib,
        python.sees_user_site,
        python.user_site,
        python.pip and python.pip.version,
        python.extension_suffix,
    ]


@pytest.mark.parametrize("minor", MINORS)
def test_every_version_says_what_is_true(minor: str) -> None:
    python = needs_python(minor)
    found = answered(python)
    assert said(found) == truth(python)
    assert (found.minor, found.implementation, found.level) == (minor, "cpython", "final")
    assert (found.is_venv, found.in_session_only, found.pointer_bits) == (False, False, 64)
    assert found.root == found.base_root == os.path.realpath(found.prefix)
    assert found.site_packages == (found.purelib,)
    assert found.bin == os.path.dirname(python)
    assert "" not in found.sys_path


def test_the_system_python_says_what_is_true() -> None:
    if not os.path.exists("/usr/bin/python3"):
        pytest.skip("no /usr/bin/python3")
    found = answered("/usr/bin/python3")
    if found.pip is None:
        pytest.skip("the system's Python has no pip")
    assert said(found) == truth("/usr/bin/python3")


@pytest.mark.parametrize("options", [(), ("--system-site-packages",)])
def test_an_environment_says_what_is_true(options: tuple[str, ...], tmp_path: Path) -> None:
    make = [needs_tool("virtualenv"), "-q", "--no-download", *options, "-p", needs_python("3.12")]
    subprocess.run([*make, tmp_path / "env"], check=True)
    found = answered(tmp_path / "env/bin/python")
    assert said(found) == truth(tmp_path / "env/bin/python")
    assert (found.is_venv, found.root) == (True, str(tmp_path / "env"))
    assert found.base_root == os.path.realpath(found.base_prefix) != found.root
    assert found.writable


def test_an_environment_of_uv_has_no_pip(tmp_path: Path) -> None:
    make = [needs_tool("uv"), "venv", "-q", "--offline", "-p", needs_python("3.13")]
    subprocess.run([*make, tmp_path / "env"], check=True)
    found = answered(tmp_path / "env/bin/python")
    assert (found.is_venv, found.pip, found.sees_user_site) == (True, None, False)
    assert found.purelib == f"{tmp_path}/env/lib/python3.13/site-packages"


def test_pip_is_the_one_that_would_be_imported(env: Path) -> None:
    pip = site_packages(env) / "pip"
    for needed in ("pip.__main__", "pip._internal", "pip._vendor"):
        pip.mkdir(exist_ok=True)
        (pip / "__init__.py").write_text('x = 1\n__version__ = "99.1"\n')
        half = answered(env / "bin/python")
        assert (half.pip, half.pip_lacks) == (None, needed)
        (pip / f"{needed.removeprefix('pip.')}.py").touch()
    assert answered(env / "bin/python").pip == Pip(str(site_packages(env)), "99.1")
    for left in ("__main__", "_internal", "_vendor"):
        (pip / f"{left}.py").unlink()
    (pip / "__init__.py").write_text('__version__ = "9.0.3"\n')
    assert answered(env / "bin/python").pip == Pip(str(site_packages(env)), "9.0.3")
    (site_packages(env) / "pip/__init__.py").write_text("")
    assert answered(env / "bin/python").pip == Pip(str(site_packages(env)), None)
