from __future__ import annotations

import subprocess

import pytest

from envdoctor import Manual
from envdoctor.facts.shell.startup_files import StartupFiles
from envdoctor.facts.shell.startup_lines import LineKind, StartupLine
from envdoctor_checks.common.extending_lines import for_new_shells
from tests.support import needs_tool

RC = "/home/me/.bashrc"


def startup(text: str, kind: LineKind = LineKind.EXPORT) -> StartupFiles:
    return StartupFiles(lines=(StartupLine(file=RC, number=7, text=text, kind=kind, name="PYTHONPATH"),))


LINES = {
    "export PYTHONPATH=$PYTHONPATH:$HOME/lib": "export PYTHONPATH=${PYTHONPATH:+$PYTHONPATH:}$HOME/lib",
    'export PYTHONPATH="${PYTHONPATH}:/a b"': 'export PYTHONPATH="${PYTHONPATH:+$PYTHONPATH:}/a b"',
    "export PYTHONPATH=/a:$PYTHONPATH": "export PYTHONPATH=/a${PYTHONPATH:+:$PYTHONPATH}",
    'PYTHONPATH="/a:${PYTHONPATH}"; export PYTHONPATH': 'PYTHONPATH="/a${PYTHONPATH:+:$PYTHONPATH}"; export PYTHONPATH',
}


@pytest.mark.parametrize("line", LINES)
def test_the_colon_is_written_only_where_there_is_an_old_value(line: str) -> None:
    [advice] = for_new_shells("PYTHONPATH", startup(line))
    assert advice == Manual(f"For new shells write `{LINES[line]}` in {RC}:7")
    assert for_new_shells("LD_LIBRARY_PATH", startup(line)) == ()
    assert for_new_shells("PYTHONPATH", startup(LINES[line])) == ()


@pytest.mark.tools
@pytest.mark.parametrize("shell", ["bash", "zsh", "sh"])
@pytest.mark.parametrize("line", LINES.values())
def test_the_line_adds_no_empty_element(line: str, shell: str) -> None:
    for old in "", "/old":
        env = {"PYTHONPATH": old, "HOME": "/h"}
        done = subprocess.run(
            [needs_tool(shell), "-c", f'{line}; echo "$PYTHONPATH"'],
            env=env,
            capture_output=True,
            text=True,
            check=True,
        )
        elements = done.stdout.strip().split(":")
        assert all(elements)
        assert len(elements) == (2 if old else 1)


@pytest.mark.parametrize(
    "line",
    [
        "export PYTHONPATH=/a:$PYTHONPATH:/b",
        "export PYTHONPATH='$PYTHONPATH:/a'",
        "export PYTHONPATH=$PYTHONPATH",
        "export PYTHONPATH=/a:$PYTHONPATH_OLD",
        "set -gx PYTHONPATH $PYTHONPATH:/a",
        "export PYTHONPATH=/a",
    ],
)
def test_lines_that_need_nothing_or_of_which_nothing_is_known(line: str) -> None:
    assert for_new_shells("PYTHONPATH", startup(line)) == ()
    assert for_new_shells("PYTHONPATH", startup("PYTHONPATH=$PYTHONPATH:/a", LineKind.PATH)) == ()
    assert for_new_shells("PYTHONPATH", None) == ()
