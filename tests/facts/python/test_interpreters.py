"""What interpreters say of themselves, held against what the real ones and their real pips do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from envdoctor.facts.python.interpreters import (
    Failure,
    FailureKind,
    Interpreter,
    Interpreters,
    Pip,
)
from envdoctor.facts.python.query import (
    Question,
    ask,
    last_words,
    parse,
)
from envdoctor.system.session import Session
from tests.support import make_session, needs_python, needs_tool, see

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


def asked(path: str | Path, session: Session | None = None) -> Interpreter | Failure:
    session = session or make_session({"HOME": "/nonexistent", "PATH": "/usr/bin:/bin"})
    session.python = str(path)  # so that it may be run
    return ask(session, Question(str(path), (str(path),)))


def answered(path: str | Path, session: Session | None = None) -> Interpreter:
    answer = asked(path, session)
    assert isinstance(answer, Interpreter), answer
    return answer


def failed(path: str | Path, timeout: float = 10.0) -> Failure:
    answer = asked(path, make_session({"PATH": "/usr/bin:/bin"}, timeout=timeout))
    assert isinstance(answer, Failure), answer
    return answer


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


@pytest.fixture
def env(tmp_path: Path) -> Path:
    """A real environment without anything in it."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "env"], check=True)
    return tmp_path / "env"


def site_packages(env: Path) -> Path:
    [found] = env.glob("lib/python*/site-packages")
    return found


@pytest.mark.parametrize(
    "noise",
    [
        "print('hello', flush=True)",
        "print('{\"version\": 1}'); import sys; sys.stdout.close()",
        "import io, sys; sys.stdout = io.StringIO()",
        "import sys; print(sys.argv, sys.orig_argv, flush=True)",
        "import atexit; atexit.register(print, 'late')",
        "raise RuntimeError('broken')",
    ],
)
def test_what_site_hooks_print_does_not_matter(noise: str, env: Path) -> None:
    (site_packages(env) / "sitecustomize.py").write_text(f"{noise}\n")
    (site_packages(env) / "noise.pth").write_text("import sys; sys.stdout.write('noise')\n")
    assert answered(env / "bin/python").root == str(env)


def test_a_path_that_is_not_utf8_is_kept(env: Path) -> None:
    odd = os.fsencode(env.parent) + b"/\xff"
    os.rename(env, odd)
    found = answered(os.fsdecode(odd) + "/bin/python")
    assert os.fsencode(found.prefix) == odd


def test_pip_is_the_one_that_would_be_imported(env: Path) -> None:
    (site_packages(env) / "pip").mkdir()
    (site_packages(env) / "pip/__init__.py").write_text('x = 1\n__version__ = "99.1"\n')
    assert answered(env / "bin/python").pip == Pip(str(site_packages(env)), "99.1")
    (site_packages(env) / "pip/__init__.py").write_text("")
    assert answered(env / "bin/python").pip == Pip(str(site_packages(env)), None)


def test_nothing_is_written(env: Path) -> None:
    (site_packages(env) / "sitecustomize.py").write_text("import helper\n")
    (site_packages(env) / "helper.py").write_text("")
    before = sorted(env.rglob("*"))
    answered(env / "bin/python")
    assert sorted(env.rglob("*")) == before


def test_the_sessions_variables_do_not_change_the_answer(env: Path, tmp_path: Path) -> None:
    (tmp_path / "user").mkdir()
    session = make_session(
        {
            "PATH": "/usr/bin",
            "HOME": str(tmp_path),
            "PYTHONPATH": f"{tmp_path}/user",
            "PYTHONHOME": "/gone",
            "PYTHONUSERBASE": f"{tmp_path}/user",
            "LD_PRELOAD": "/gone.so",
        }
    )
    found = answered(env / "bin/python", session)
    assert f"{tmp_path}/user" not in found.sys_path
    assert found.user_base == f"{tmp_path}/.local"
    assert not found.in_session_only


def make_script(path: Path, body: str) -> Path:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def test_a_python_that_needs_the_sessions_variables_is_asked_with_them(env: Path, tmp_path: Path) -> None:
    refusal = '[ -n "$MODULES" ] || { echo "error while loading shared libraries" >&2; exit 127; }'
    wrapper = make_script(tmp_path / "python", f'{refusal}\nexec {env}/bin/python "$@"')
    found = answered(wrapper, make_session({"PATH": "/usr/bin", "MODULES": "yes"}))
    assert (found.in_session_only, found.root, found.path) == (True, str(env), str(wrapper))
    assert failed(wrapper).detail == "error while loading shared libraries"


@pytest.mark.parametrize(
    ("body", "kind", "detail"),
    [
        ("sleep 1000", FailureKind.TIMED_OUT, "gave no answer within 1 s"),
        ("exec >&- 2>&-; sleep 1000", FailureKind.TIMED_OUT, "gave no answer within 1 s"),
        ("sleep 1000 & exit 3", FailureKind.FAILED, "ended with status 3 and without an answer"),
        ("exit 0", FailureKind.FAILED, "ended with status 0 and without an answer"),
        ("kill -SEGV $$", FailureKind.FAILED, "was killed by SIGSEGV"),
        ("kill -40 $$", FailureKind.FAILED, "was killed by signal 40"),
        ("yes | head -c 100000000", FailureKind.FAILED, "printed without an end"),
        ("yes | head -c 100000000 >&2", FailureKind.FAILED, "printed without an end"),
        ("echo one >&2; echo two >&2; exit 1", FailureKind.FAILED, "two"),
        ('echo "$5{$5"', FailureKind.FAILED, "ended with status 0 and without an answer"),
        ('echo "$5{\\"version\\": []}$5"', FailureKind.FAILED, "ended with status 0 and without an answer"),
    ],
)
def test_a_hostile_python_is_a_failure_in_the_end(body: str, kind: FailureKind, detail: str, tmp_path: Path) -> None:
    python = make_script(tmp_path / "python", body)
    assert failed(python, timeout=1.0) == Failure(str(python), kind, detail, (str(python),))


def test_what_is_no_python_at_all_says_why(tmp_path: Path) -> None:
    (tmp_path / "dangling").symlink_to("/gone/python3.11")
    (tmp_path / "plain").touch()
    (tmp_path / "empty").touch(0o755)
    (tmp_path / "binary").write_bytes(b"\x7fELF" + b"\0" * 100)
    (tmp_path / "binary").chmod(0o755)
    (tmp_path / "script").write_text("#!/gone/sh\n")
    (tmp_path / "script").chmod(0o755)
    told = {name: failed(tmp_path / name) for name in ("gone", "dangling", "plain", "empty", "binary", "script")}
    assert {name: failure.kind.name for name, failure in told.items()} == {
        "gone": "MISSING",
        "dangling": "MISSING",
        "plain": "NOT_EXECUTABLE",
        "empty": "NOT_EXECUTABLE",
        "binary": "NOT_EXECUTABLE",
        "script": "NOT_EXECUTABLE",
    }
    assert told["dangling"].detail == "links to /gone/python3.11, which does not exist"


def test_the_last_words_are_those_that_tell() -> None:
    assert last_words("Traceback:\n  noise\nModuleNotFoundError: No module named 'encodings'\n  more\n") == (
        "ModuleNotFoundError: No module named 'encodings'"
    )
    assert last_words("\n\n") == ""
    assert last_words("a\nb\n") == "b"
    assert len(last_words("error" * 1000)) == 300


def test_only_what_stands_between_the_last_two_cookies_counts() -> None:
    assert parse("cookie", "cookie") is None
    assert parse("cookie{}cookie", "cookie") is None
    assert parse("cookie" + "[" * 100_000 + "cookie", "cookie") is None


def everything(path: str, python: str | None = None, **variables: str) -> Interpreters:
    return see(Interpreters, make_session({"PATH": path, "HOME": "/nonexistent", **variables}, python=python))


def test_each_python_of_each_environment_is_asked_once(env: Path, tmp_path: Path) -> None:
    make_script(env / "bin/pip", "").write_text(f"#!{env}/bin/python3\n")
    (tmp_path / "link").symlink_to(env)
    found = everything(f"{env}/bin", VIRTUAL_ENV=f"{tmp_path}/link")
    [python] = found.answered
    expected = (f"{env}/bin/python", f"{env}/bin/python3", f"{tmp_path}/link/bin/python")
    assert python.asked_as == expected
    assert all(found.at(path) is python for path in expected)
    assert found.at("/elsewhere") is found.at(None) is None


def test_an_environment_and_its_base_are_two_answers(env: Path) -> None:
    base = os.path.dirname(os.path.realpath(sys.executable))
    found = everything(base, CONDA_PREFIX=str(env))
    assert [python.is_venv for python in found.answered] == [False, True]


def test_the_projects_environment_is_asked_only_if_it_is_active(env: Path) -> None:
    (env.parent / ".venv").symlink_to(env)
    variables = {"PATH": "/nonexistent", "HOME": "/nonexistent"}
    found = see(Interpreters, make_session(variables, cwd=env.parent))
    assert found == Interpreters()
    found = see(Interpreters, make_session({**variables, "VIRTUAL_ENV": str(env)}, cwd=env.parent))
    assert [python.asked_as for python in found.answered] == [(f"{env}/bin/python", f"{env.parent}/.venv/bin/python")]


def test_a_dangling_python_of_the_active_environment_is_a_failure(env: Path) -> None:
    (env / "bin/python").unlink()
    (env / "bin/python").symlink_to("/gone/python3")
    found = everything("/nonexistent", VIRTUAL_ENV=str(env))
    failure = found.failure_at(f"{env}/bin/python")
    assert failure is not None
    assert failure.kind is FailureKind.MISSING


def test_a_failure_is_found_by_its_path(tmp_path: Path) -> None:
    python = make_script(tmp_path / "python", "exit 1")
    found = everything(f"{tmp_path}:/bin", VIRTUAL_ENV="/gone", CONDA_PREFIX="relative")
    failure = found.failure_at(str(python))
    assert failure is not None
    assert failure.kind is FailureKind.FAILED


@pytest.mark.parametrize("form", ["{env}/bin/python", "{env}", "{env}/bin/../bin/python"])
def test_the_chosen_python_is_asked(form: str, env: Path) -> None:
    found = everything("/nonexistent", python=form.format(env=env))
    chosen = found.at(found.chosen)
    assert chosen is not None
    assert chosen.root == str(env)


def test_a_chosen_name_is_looked_up(env: Path) -> None:
    found = everything(f"{env}/bin", python="python3")
    assert found.chosen == f"{env}/bin/python3"
    found = everything(f"{env}/bin", python="python9")
    failure = found.failure_at(found.chosen)
    assert failure is not None
    assert failure.kind is FailureKind.MISSING
