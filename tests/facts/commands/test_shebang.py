from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from virtualenv.seed.wheels.embed import BUNDLE_FOLDER

from envdoctor.facts.commands.shebang import Means, ScriptHeader, parse
from tests.support import needs_tool

TRAMPOLINE = """#!/bin/sh
'''exec' {} "$0" "$@"
' '''
import sys
"""


def header(text: str, platform: str = "linux") -> ScriptHeader | None:
    return parse(text.encode(), platform)


@pytest.mark.parametrize(
    ("line", "interpreter", "means", "arguments"),
    [
        ("#!/env/bin/python", "/env/bin/python", Means.ABSOLUTE, ()),
        ("#! /env/bin/python3 -E", "/env/bin/python3", Means.ABSOLUTE, ("-E",)),
        ("#!/env/bin/python \t", "/env/bin/python", Means.ABSOLUTE, ()),
        ("#!/env/bin/python\t-s -E", "/env/bin/python", Means.ABSOLUTE, ("-s -E",)),
        ('#!"/my env/bin/python"', '"/my', Means.WORKING_DIRECTORY, ('env/bin/python"',)),
        ("#!/env/bin/python\r", "/env/bin/python\r", Means.ABSOLUTE, ()),
        ("#!bin/python", "bin/python", Means.WORKING_DIRECTORY, ()),
        ("#!python", "python", Means.SEARCH_PATH, ()),
        ("#!/bin/sh", "/bin/sh", Means.ABSOLUTE, ()),
        ("#!/usr/bin/env bash", "bash", Means.SEARCH_PATH, ()),
        ("#!/usr/bin/env python", "python", Means.SEARCH_PATH, ()),
        ("#!/usr/bin/env python -u", "python -u", Means.SEARCH_PATH, ()),
        ("#!/usr/bin/env /env/bin/python", "/env/bin/python", Means.ABSOLUTE, ()),
        ("#!/usr/bin/env -S python -I -u", "python", Means.SEARCH_PATH, ("-I", "-u")),
        ("#!/usr/bin/env -S -u PYTHONHOME A=b python -I", "python", Means.SEARCH_PATH, ("-I",)),
        ("#!/usr/bin/env -vSpython", "python", Means.SEARCH_PATH, ()),
        ("#!/usr/bin/env --split-string='/my env/python'", "/my env/python", Means.ABSOLUTE, ()),
        ("#!/usr/bin/env -S 'open", "/usr/bin/env", Means.ABSOLUTE, ("-S 'open",)),
        ("#!/usr/bin/env", "/usr/bin/env", Means.ABSOLUTE, ()),
    ],
)
def test_the_first_line_names_the_interpreter(
    line: str, interpreter: str, means: Means, arguments: tuple[str, ...]
) -> None:
    assert header(f"{line}\nimport sys\n") == ScriptHeader(interpreter, means, arguments, line)


def test_macos_splits_the_arguments() -> None:
    found = header("#!/usr/bin/env python -u\n", "darwin")
    assert found == ScriptHeader("python", Means.SEARCH_PATH, ("-u",), "#!/usr/bin/env python -u")


@pytest.mark.parametrize(
    ("call", "interpreter", "means", "arguments"),
    [
        ("/long/bin/python", "/long/bin/python", Means.ABSOLUTE, ()),
        ("/long/bin/python -sE", "/long/bin/python", Means.ABSOLUTE, ("-sE",)),
        ('"/my env/bin/python"', "/my env/bin/python", Means.ABSOLUTE, ()),
        ("'/my env/bin/python'", "/my env/bin/python", Means.ABSOLUTE, ()),
        ("'/it'\"'\"'s/bin/python'", "/it's/bin/python", Means.ABSOLUTE, ()),
        ('/usr/bin/env "my python"', "my python", Means.SEARCH_PATH, ()),
        ('"$(dirname -- "$(realpath -- "$0")")"/\'python\'', "python", Means.BESIDE_SCRIPT, ()),
        ('"$(dirname -- "$(realpath -- "$0")")"/\'python3\' -P', "python3", Means.BESIDE_SCRIPT, ("-P",)),
        ('"$(CDPATH= cd -- "$(dirname -- "$0")" && echo "$PWD")"/\'python\'', "python", Means.BESIDE_SCRIPT, ()),
        ('"$(dirname $0)/../bin/python"', "../bin/python", Means.BESIDE_SCRIPT, ()),
        ('"`dirname $0`/python"', "python", Means.BESIDE_SCRIPT, ()),
    ],
)
def test_a_trampoline_is_followed(call: str, interpreter: str, means: Means, arguments: tuple[str, ...]) -> None:
    expected = ScriptHeader(interpreter, means, arguments, "#!/bin/sh", trampoline=True)
    assert header(TRAMPOLINE.format(call)) == expected


def test_a_trampoline_in_one_line_is_followed() -> None:
    found = header("""#!/bin/sh\n'''exec' "/my env/bin/python" "$0" "$@" #'''\nimport sys\n""")
    assert found == ScriptHeader("/my env/bin/python", Means.ABSOLUTE, (), "#!/bin/sh", trampoline=True)


@pytest.mark.parametrize("text", ["", "#", "#!", "#!  \t\n", "\x7fELF", "import sys\n", TRAMPOLINE.format('"open')])
def test_what_names_no_interpreter_has_no_header(text: str) -> None:
    assert header(text) is None


def test_an_ordinary_shell_script_is_no_trampoline() -> None:
    found = header('#!/bin/sh\nset -e\nexec "/env/bin/python" "$0" "$@"\n')
    assert found == ScriptHeader("/bin/sh", Means.ABSOLUTE, (), "#!/bin/sh")


@given(st.binary(max_size=300), st.sampled_from([b"", b"#!", b"#!/bin/sh\n'''exec' ", b"#!/usr/bin/env -S "]))
@example(b"", b"#!")
def test_nothing_makes_it_raise(tail: bytes, start: bytes) -> None:
    found = parse(start + tail)
    assert found is None or found.interpreter


@given(st.text("'\" $()/`0dirname-\\", max_size=120))
def test_no_path_in_a_trampoline_makes_it_raise(call: str) -> None:
    found = header(TRAMPOLINE.format(call))
    assert found is None or found.interpreter


@pytest.mark.tools
@pytest.mark.parametrize("name", ["plain", "with space", "x" * 130, "it's"])
@pytest.mark.parametrize("relocatable", [False, True])
def test_what_uv_writes_is_understood(name: str, relocatable: bool, tmp_path: Path) -> None:
    uv, env, options = needs_tool("uv"), tmp_path / name, ["--relocatable"] if relocatable else []
    subprocess.run([uv, "venv", "-q", "--offline", *options, "--python", sys.executable, env], check=True)
    install = [
        uv,
        "pip",
        "install",
        "-q",
        "--python",
        str(env),
        "--no-index",
        "--find-links",
        str(BUNDLE_FOLDER),
        "pip",
    ]
    subprocess.run(install, check=True)
    found = parse((env / "bin/pip").read_bytes())
    assert found is not None
    if relocatable:
        assert (found.interpreter, found.means) == ("python", Means.BESIDE_SCRIPT)
    else:
        assert (found.interpreter, found.means) == (f"{env}/bin/python", Means.ABSOLUTE)


@pytest.mark.tools
@pytest.mark.parametrize("name", ["plain", "with space", "x" * 130])
def test_what_virtualenv_writes_is_understood(name: str, tmp_path: Path) -> None:
    virtualenv, env = needs_tool("virtualenv"), tmp_path / name
    subprocess.run([virtualenv, "-q", "--no-download", "--python", sys.executable, env], check=True)
    found = parse((env / "bin/pip").read_bytes())
    assert found is not None
    assert (found.interpreter, found.means) == (f"{env}/bin/python", Means.ABSOLUTE)
    assert found.trampoline == (name != "plain")
