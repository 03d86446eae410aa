"""Real shells that take in what envdoctor prints, as their users would type it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import tree_sitter_powershell
from tree_sitter import Language, Node, Parser

from envdoctor.engine.fix import (
    Activate,
    AnyAction,
    CopyVariable,
    Deactivate,
    EditFile,
    Manager,
    Manual,
    PrependPath,
    RemoveFromPath,
    Run,
    SetFromOutput,
    SetVariable,
    UnsetVariable,
)
from envdoctor.shells.dialects import Shell
from envdoctor.shells.evaluated import TAKEN_IN, evaluated
from envdoctor.shells.part import Part
from tests.support import needs_tool

PATH = "/usr/bin:/bin"
TELL = "import json, os; print(json.dumps({k: os.fsencode(v).hex() for k, v in os.environ.items()}))"
COMMANDS: Mapping[Shell, Sequence[str]] = {
    Shell.BASH: ("bash", "--norc", "--noprofile"),
    Shell.ZSH: ("zsh", "-f"),
    Shell.FISH: ("fish", "--no-config"),
    Shell.TCSH: ("tcsh", "-f"),
    Shell.NU: ("nu", "--no-config-file"),
    Shell.XONSH: (str(Path(sys.executable).parent / "xonsh"), "--no-rc"),
}
STATUS = {
    Shell.FISH: "echo $status",
    Shell.TCSH: "echo $status",
    Shell.NU: "print 0",
    Shell.XONSH: "echo 0",
}

EVERY_KIND: tuple[AnyAction, ...] = (
    Run("tool", "an argument", variables=(("V", "a b"),), directory="/a dir"),
    SetVariable("V", "a b"),
    CopyVariable("V", "W"),
    SetFromOutput("V", ("tool", "an argument")),
    UnsetVariable("V"),
    PrependPath("/a dir"),
    RemoveFromPath("/a dir", "LD_LIBRARY_PATH", semicolons=True),
    Activate("/an env"),
    Activate("an env", Manager.CONDA),
    Deactivate(),
    Deactivate(Manager.CONDA),
    EditFile("/a file", ("a line",), ("it's another",)),
    Manual("Read `this`"),
)
"""One step of each kind."""


class Taken:
    """What a shell is after it has taken in a text.

    Attributes:
        variables: its exported variables.
        status: the exit status with which it took the text in.
        stderr: what was said.
    """

    def __init__(self, variables: dict[str, str], status: str, stderr: str) -> None:
        self.variables = variables
        self.status = status
        self.stderr = stderr


def take_in(shell: Shell, text: str, directory: Path, before: str = "", **variables: str) -> Taken:
    """Have a shell take in a text, after some lines of its own."""
    (directory / "printed").write_text(text, encoding="utf-8", errors="surrogateescape")
    cat = f"{'^' if shell is Shell.NU else ''}/bin/cat {directory}/printed"
    return run_lines(shell, (before, TAKEN_IN[shell].format(cat)), directory, **variables)


def run_lines(shell: Shell, lines: Sequence[str], directory: Path, **variables: str) -> Taken:
    """Have a shell run these lines as a script."""
    (directory / "tell.py").write_text(TELL)
    tell = f"{'^' if shell is Shell.NU else ''}{sys.executable} -I {directory}/tell.py"
    script = directory / "script"
    whole = "\n".join((*lines, STATUS.get(shell, "echo $?"), tell, ""))
    script.write_text(whole, encoding="utf-8", errors="surrogateescape")
    program, *options = COMMANDS[shell]
    environment = {"PATH": PATH, "HOME": str(directory), "LANG": "C.UTF-8", **variables}
    command = [needs_tool(program), *options, str(script)]
    done = subprocess.run(
        command, env=environment, cwd=directory, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    stderr = done.stderr.decode(errors="replace")
    *_, status, told = ("", "", *done.stdout.decode().splitlines())
    values = {name: bytes.fromhex(value).decode(errors="surrogateescape") for name, value in json.loads(told).items()}
    return Taken(values, status, stderr)


def applied(shell: Shell, parts: Sequence[Part], directory: Path, before: str = "", **variables: str) -> Taken:
    """What a shell is after the fixes."""
    session = {"PATH": PATH, **variables}
    return take_in(shell, evaluated(parts, shell, session), directory, before, **variables)


def faults(script: str) -> list[str]:
    """What a grammar of PowerShell does not understand of a script. There is no PowerShell to run it."""
    parser = Parser(Language(tree_sitter_powershell.language()))
    source = script.encode(errors="replace")
    return [source[node.start_byte : node.end_byte].decode() for node in _wrong(parser.parse(source).root_node)]


def _wrong(node: Node) -> Iterator[Node]:
    if node.is_error or node.is_missing:
        yield node
    for child in node.children if node.has_error else ():
        yield from _wrong(child)
