from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from envdoctor.facts.python.interpreters import (
    Failure,
    FailureKind,
)
from envdoctor.facts.python.query import (
    last_words,
    parse,
)
from tests.clinic.environments import make_base
from tests.facts.python.interpreters_world import answered, asked, make_script, site_packages
from tests.support import make_session

pytestmark = pytest.mark.tools


def failed(path: str | Path, timeout: float = 10.0) -> Failure:
    answer = asked(path, make_session({"PATH": "/usr/bin:/bin"}, timeout=timeout))
    assert isinstance(answer, Failure), answer
    return answer


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


def test_a_python_that_needs_the_sessions_variables_is_asked_with_them(env: Path, tmp_path: Path) -> None:
    loader = "error while loading shared libraries: libx.so.1: cannot open shared object file"
    refusal = f'[ -n "$MODULES" ] || {{ echo "{loader}" >&2; exit 127; }}'
    wrapper = make_script(tmp_path / "python", f'{refusal}\nexec {env}/bin/python "$@"')
    found = answered(wrapper, make_session({"PATH": "/usr/bin", "MODULES": "yes"}))
    assert (found.in_session_only, found.root, found.path) == (True, str(env), str(wrapper))
    assert failed(wrapper).detail == loader


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
        (
            "echo one >&2; echo ImportError: No module named b >&2; exit 1",
            FailureKind.FAILED,
            "ImportError: No module named b",
        ),
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


ASDF_MISSES = (
    "No preset version installed for command python\nPlease install a version by running one of the following:\n"
)
MISE_MISSES = (
    "mise ERROR Tool not installed for shim: python\nMissing tool version: core:python@3.12.9\n"
    "Install all missing tools with: mise install"
)
UNTRUSTED = (
    "mise ERROR error parsing config file: /p/mise.toml\nmise ERROR Config files in /p/mise.toml are not trusted.\n"
)
AFTERWARDS = "\nmise ERROR Version: 2026.9.15 linux-x64 (2026-09-27)\nmise ERROR Run with --verbose or MISE_VERBOSE=1\n"


@pytest.mark.parametrize(
    ("stderr", "words"),
    [
        (f"{ASDF_MISSES}\nasdf install python 3.12.9\n", "No preset version installed for command python"),
        ("No version is set for command python\nConsider adding one\n", "No version is set for command python"),
        (MISE_MISSES + AFTERWARDS, "Missing tool version: core:python@3.12.9"),
        (
            f"mise ERROR No version is set for shim: python\nSet a{AFTERWARDS}",
            "mise ERROR No version is set for shim: python",
        ),
        (UNTRUSTED + AFTERWARDS, "mise ERROR Config files in /p/mise.toml are not trusted."),
    ],
)
def test_what_real_shims_of_asdf_and_mise_say(stderr: str, words: str) -> None:
    assert last_words(stderr) == words


def test_the_last_words_are_those_that_tell() -> None:
    assert last_words("Traceback:\n  noise\nModuleNotFoundError: No module named 'encodings'\n  more\n") == (
        "ModuleNotFoundError: No module named 'encodings'"
    )
    assert last_words("\n\n") == ""
    assert last_words("a\nb\n") == ""
    assert last_words("error" * 1000) == ""


@pytest.mark.parametrize(
    "line",
    [
        "python: error while loading shared libraries: libpython3.9.so.1.0: cannot open shared object file",
        "ModuleNotFoundError: No module named 'encodings'",
        "Fatal Python error: init_fs_encoding: failed to get the Python codec of the filesystem encoding",
        "pyenv: version `3.9.1' is not installed (set by /home/me/.python-version)",
        "/usr/bin/python: line 3: /gone/python: No such file or directory",
        "/lib/libc.so.6: version `GLIBC_2.34' not found (required by /opt/python)",
    ],
)
def test_a_known_message_is_kept(line: str) -> None:
    assert last_words(f"noise\n{line}\n") == line


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("ValueError: cannot log in with hunter-2", "ValueError: …"),
        ("corp.errors.LoginError: hunter-2", "corp.errors.LoginError: …"),
        ("error: wrong password hunter-2", ""),
        ("hunter-2", ""),
    ],
)
def test_of_any_other_message_the_type_is_kept(line: str, kept: str) -> None:
    assert last_words(line) == kept


def test_only_what_stands_between_the_last_two_cookies_counts() -> None:
    assert parse("cookie", "cookie") is None
    assert parse("cookie{}cookie", "cookie") is None
    assert parse("cookie" + "[" * 100_000 + "cookie", "cookie") is None


def test_a_python_without_ensurepip_says_so(tmp_path: Path) -> None:
    python = make_base(tmp_path / "usr")
    assert answered(python).bundles_pip
    directory = python.parent.parent / "lib" / python.name / "ensurepip"
    directory.unlink()
    assert not answered(python).bundles_pip
    (directory / "_bundled").mkdir(parents=True)
    (directory / "__init__.py").write_text(
        'DISABLED = "ensurepip is disabled in Debian/Ubuntu for the system python"\n'
    )
    assert not answered(python).bundles_pip
    (directory / "_bundled/pip-26.3-py3-none-any.whl").touch()
    assert not answered(python).bundles_pip
    subprocess.run([python, "-m", "venv", "--without-pip", tmp_path / "env"], check=True)
    assert answered(tmp_path / "env/bin/python").bundles_pip
    (directory / "_bundled/pip-26.3-py3-none-any.whl").unlink()
    assert not answered(tmp_path / "env/bin/python").bundles_pip
